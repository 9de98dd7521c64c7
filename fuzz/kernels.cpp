// The array kernels against their definitions, element by element: copies between strided views,
// fills, and the three ways to halve a volume.
//
// Input: kernel, dtype, shape (3 bytes), layout, then element bytes, repeated as often as needed.
#include "array/convert.h"
#include "array/downsample.h"
#include "array/shuffle.h"
#include "array/unshuffle.h"
#include "array/wide.h"
#include "choices.h"

#include <copick/error.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

using namespace copick;
using namespace copick::array;
using fuzz::require;

namespace {

// A volume of any of these types whose element (z, y, x) sits wherever the layout says.
struct Strided {
  AnyArray memory;
  ArrayView view;
};

// Bits of `layout`: transpose, reverse each axis, leave gaps along x.
Strided make_strided(DType dtype, const Shape& shape, std::uint8_t layout) {
  const std::int64_t item = static_cast<std::int64_t>(size_of(dtype)), gap = layout & 16 ? 2 : 1;
  Strided volume{AnyArray(dtype, {shape[0], shape[1], shape[2] * gap}), {}};
  std::memset(volume.memory.bytes().data(), 0x33, volume.memory.bytes().size());
  Strides strides =
      layout & 1 ? Strides{item * gap, item * gap * shape[0], item * gap * shape[0] * shape[1]}
                 : Strides{item * gap * shape[2] * shape[1], item * gap * shape[2], item * gap};
  volume.view = {volume.memory.bytes().data(), dtype, shape, strides};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!(layout >> (1 + axis) & 1)) continue;
    volume.view.data += volume.view.strides[axis] * (shape[axis] - 1);
    volume.view.strides[axis] = -volume.view.strides[axis];
  }
  return volume;
}

std::byte* at(const ArrayView& view, std::int64_t z, std::int64_t y, std::int64_t x) {
  return view.data + z * view.strides[0] + y * view.strides[1] + x * view.strides[2];
}

template <typename Function>
void for_each(const Shape& shape, Function&& function) {
  for (std::int64_t z = 0; z < shape[0]; ++z)
    for (std::int64_t y = 0; y < shape[1]; ++y)
      for (std::int64_t x = 0; x < shape[2]; ++x) function(z, y, x);
}

template <typename T>
T get(const ArrayView& view, std::int64_t z, std::int64_t y, std::int64_t x) {
  T value;
  std::memcpy(&value, at(view, z, y, x), sizeof value);
  return value;
}

// One block's mean in the order that the format note gives, in F.
template <typename T, typename F>
F naive_mean(const ArrayView& source, std::int64_t z, std::int64_t y, std::int64_t x,
             bool true_edge) {
  F v[8];
  int count = 0;
  for (int i = 0; i < 8; ++i) {
    const std::int64_t k = 2 * z + i / 4, j = 2 * y + i / 2 % 2, l = 2 * x + i % 2;
    const bool inside = k < source.shape[0] && j < source.shape[1] && l < source.shape[2];
    v[i] = inside ? static_cast<F>(get<T>(source, k, j, l)) : F{0};
    count += inside;
  }
  F sum;
  if (source.shape[2] > 2)
    sum = (((v[0] + v[1]) + (v[2] + v[3])) + (v[4] + v[5])) + (v[6] + v[7]);
  else if (source.shape[1] > 2)
    sum = (((v[0] + v[1]) + v[2]) + v[3]) + (((v[4] + v[5]) + v[6]) + v[7]);
  else
    sum = ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
  return (sum + F{0}) / static_cast<F>(true_edge ? count : 8);
}

// `kernel` fills `memory`: the same bytes without wide loops as with them.
template <typename Kernel>
void with_and_without_wide_loops(AnyArray& memory, Kernel&& kernel) {
  const Bytes before = Bytes::copy_of(memory.bytes());
  const bool are_there = wide_loops().exchange(false);
  kernel();
  const Bytes without = Bytes::copy_of(memory.bytes());
  std::copy_n(before.data(), before.size(), memory.bytes().data());
  wide_loops() = are_there;
  kernel();
  require(without.text() == Bytes::copy_of(memory.bytes()).text());
}

template <typename T, typename F>
void check_mean(const Strided& source, std::uint8_t layout, bool true_edge) {
  Shape shape = source.view.shape;
  for (std::int64_t& length : shape) length = (length + 1) / 2;
  Strided level = make_strided(source.view.dtype, shape, layout);
  with_and_without_wide_loops(level.memory,
                              [&] { downsample_mean(source.view, level.view, true_edge); });
  for_each(shape, [&](auto z, auto y, auto x) {
    const T expected = static_cast<T>(naive_mean<T, F>(source.view, z, y, x, true_edge));
    const T found = get<T>(level.view, z, y, x);
    require(std::memcmp(&expected, &found, sizeof(T)) == 0 ||
            (expected != expected && found != found));
  });
}

void check_nearest(const Strided& source, std::uint8_t layout) {
  Shape shape = source.view.shape;
  for (std::int64_t& length : shape) length = halved(length, Downsampling::nearest);
  const Strided level = make_strided(source.view.dtype, shape, layout);
  downsample_nearest(source.view, level.view);
  for_each(shape, [&](auto z, auto y, auto x) {
    const auto pick = [&](std::int64_t i, std::size_t axis) {
      const double n = static_cast<double>(source.view.shape[axis]);
      return static_cast<std::int64_t>(std::min(
          n - 1,
          std::floor((static_cast<double>(i) + 0.5) * n / static_cast<double>(shape[axis]))));
    };
    require(std::memcmp(at(level.view, z, y, x),
                        at(source.view, pick(z, 0), pick(y, 1), pick(x, 2)),
                        size_of(source.view.dtype)) == 0);
  });
}

void check_mode(const Strided& source, std::uint8_t layout) {
  Shape shape = source.view.shape;
  for (std::int64_t& length : shape) length = (length + 1) / 2;
  const Strided level = make_strided(DType::uint8, shape, layout);
  downsample_mode(source.view, level.view);
  for_each(shape, [&](auto z, auto y, auto x) {
    std::map<std::uint8_t, int> votes;
    for (int i = 0; i < 8; ++i) {
      const std::int64_t k = 2 * z + i / 4, j = 2 * y + i / 2 % 2, l = 2 * x + i % 2;
      if (k < source.view.shape[0] && j < source.view.shape[1] && l < source.view.shape[2])
        ++votes[get<std::uint8_t>(source.view, k, j, l)];
    }
    const auto best = std::max_element(votes.begin(), votes.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    require(get<std::uint8_t>(level.view, z, y, x) == best->first);
  });
}

// Whatever vectors the processor has, against the definition; nothing beyond `count` is written.
void check_unshuffle(ByteView stored, std::size_t item, std::size_t share) {
  const std::size_t elements = stored.size() / item, first = elements * (share % 16) / 16;
  const std::size_t count = (elements - first) * (share / 16 + 1) / 16;
  const BytePlanes planes = planes_in_a_row(stored.data(), elements, item);
  std::vector<std::byte> fast(count * item + 1, std::byte{0x5a}), plain = fast;
  unshuffle(planes, first, count, fast.data());
  unshuffle_portable(planes, first, count, plain.data());
  require(fast == plain);
}

// And back: the planes are those of the definition, and the elements come out again.
void check_shuffle(ByteView stored, std::size_t item, std::size_t share) {
  const std::size_t elements = stored.size() / item, first = elements * (share % 16) / 16;
  const std::size_t count = (elements - first) * (share / 16 + 1) / 16, plane = count + 3;
  std::vector<std::byte> fast(plane * item, std::byte{0x5a}), plain = fast, back(count * item);
  const std::byte* from = stored.data() + first * item;
  shuffle(from, count, item, fast.data() + 1, plane);
  shuffle_portable(from, count, item, plain.data() + 1, plane);
  require(fast == plain);
  unshuffle(planes_in_a_row(fast.data(), plane, item), 1, count, back.data());
  require(std::equal(back.begin(), back.end(), from));
}

void check_byteswap(ByteView stored, std::size_t word, std::size_t share) {
  const std::size_t begin = std::min<std::size_t>(share % 16, stored.size());
  const std::size_t count = (stored.size() - begin) / word;
  AnyArray memory(DType::uint8, {static_cast<std::int64_t>(stored.size())});
  std::copy(stored.begin(), stored.end(), memory.bytes().begin());
  const DType dtype = word == 2 ? DType::int16 : word == 4 ? DType::int32 : DType::int64;
  with_and_without_wide_loops(memory, [&] {
    byteswap(MutableByteView(memory.bytes()).subspan(begin, count * word), dtype);
  });
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const std::size_t at =
        i < begin || i - begin >= count * word ? i : begin + ((i - begin) ^ (word - 1));
    require(memory.bytes()[i] == stored[at]);
  }
}

// Each element on its own against all at once.
void check_copy(const Strided& source, DType to, std::uint8_t layout, bool swapped) {
  Strided copy = make_strided(to, source.view.shape, layout);
  const Strided single = make_strided(to, source.view.shape, 0);
  const auto convert = [&](const ConstArrayView& from, const ArrayView& into) {
    try {
      swapped ? copy_convert_swapped(from, into) : copy_convert(from, into);
      return true;
    } catch (const ValidationError&) { return false; }
  };
  bool each_fits = true;
  for_each(source.view.shape, [&](auto z, auto y, auto x) {
    each_fits &= convert({at(source.view, z, y, x), source.view.dtype, {}, {}},
                         {at(single.view, z, y, x), to, {}, {}});
  });
  with_and_without_wide_loops(copy.memory,
                              [&] { require(convert(source.view, copy.view) == each_fits); });
  if (!each_fits) return;
  for_each(source.view.shape, [&](auto z, auto y, auto x) {
    require(std::memcmp(at(copy.view, z, y, x), at(single.view, z, y, x), size_of(to)) == 0);
  });
}

void check_fill(DType dtype, const Shape& shape, std::uint8_t layout, ByteView value) {
  const Strided volume = make_strided(dtype, shape, layout);
  fill(volume.view, value);
  for_each(shape, [&](auto z, auto y, auto x) {
    require(std::memcmp(at(volume.view, z, y, x), value.data(), value.size()) == 0);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 7) return 0;
  const std::uint8_t kernel = data[0] % 11, layout = data[5] % 32;
  const Shape shape{data[2] % 4 + 1, data[3] % 18 + 1, data[4] % (kernel < 8 ? 80 : 20) + 1};
  const auto type = static_cast<DType>(data[1] % 14);
  constexpr DType means[] = {DType::float32, DType::float64, DType::int16, DType::uint8};
  const DType dtype = kernel < 4 ? means[kernel] : kernel == 6 ? DType::uint8 : type;
  const Strided source = make_strided(dtype, shape, static_cast<std::uint8_t>(data[5] / 32));
  MutableByteView bytes{source.memory.bytes().size() == 0
                            ? nullptr
                            : const_cast<std::byte*>(source.memory.bytes().data()),
                        source.memory.bytes().size()};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(data[6 + i % (size - 6)]);
  switch (kernel) {
    case 0:
      check_mean<float, float>(source, layout, data[1] & 1);
      break;
    case 1:
      check_mean<double, double>(source, layout, data[1] & 1);
      break;
    case 2:
      check_mean<std::int16_t, double>(source, layout, data[1] & 1);
      break;
    case 3:
      check_mean<std::uint8_t, double>(source, layout, data[1] & 1);
      break;
    case 4:
    case 5:
      check_nearest(source, layout);
      break;
    case 6:
      check_mode(source, layout);
      break;
    case 7:
      check_fill(dtype, shape, layout, bytes.first(size_of(dtype)));
      break;
    case 8:
      check_unshuffle(bytes, data[1] % 16 + 1, data[6]);
      check_shuffle(bytes, data[1] % 16 + 1, data[6]);
      check_byteswap(bytes, std::size_t{2} << data[1] % 3, data[6]);
      break;
    default:
      check_copy(source, static_cast<DType>(data[6] % 14), layout, kernel == 10);
  }
  return 0;
}
