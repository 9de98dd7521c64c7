// How an MRC file is written, in one pass over the source.
//   1. Leave room for the header in a part file.
//   2. Slab by slab: read, convert, measure, append. Planes are converted and measured in parallel.
//   3. Write the header, now that minimum, maximum, mean and deviation are known.
//   4. Publish. Whatever fails before leaves the old file, or none.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <fmt/core.h>

#include <copick/error.h>

#include "array/convert.h"
#include "base/executor.h"
#include "format/file.h"
#include "format/mrc.h"
#include "format/mrc_layout.h"

namespace copick::format {
namespace {

constexpr const char* kDoing = "write the MRC file";
constexpr std::int64_t kSlabSize = 32 << 20;  // bytes converted at a time

// Running moments of a part of the data; parts are joined in order, so the result does not depend
// on the threads.
struct Moments {
  double count = 0;
  double mean = 0;
  double squares = 0;  // sum of (value - mean)^2
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  void join(const Moments& other) {
    if (other.count == 0) return;
    const double total = count + other.count;
    const double step = other.mean - mean;
    squares += other.squares + step * step * count * other.count / total;
    mean += step * other.count / total;
    count = total;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
  // False as soon as one value was NaN or infinite.
  bool finite() const { return std::isfinite(mean) && std::isfinite(squares); }
};

// `number` turns a stored value into a double.
template <typename Value, typename Number>
Moments moments_of(const Value* values, std::size_t count, const Number& number) {
  Moments result;
  if (count == 0) return result;
  // Sums around the first value: differences stay small, so nothing cancels.
  const double shift = number(values[0]);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = number(values[i]);
    const double difference = value - shift;
    sum += difference;
    squares += difference * difference;
    result.min = std::min(result.min, value);
    result.max = std::max(result.max, value);
  }
  result.count = static_cast<double>(count);
  result.mean = shift + sum / result.count;
  result.squares = std::max(0.0, squares - sum * sum / result.count);
  if (!std::isfinite(sum)) result.mean = std::numeric_limits<double>::quiet_NaN();
  return result;
}

Moments moments_of(ByteView bytes, DType dtype) {
  const auto measure = [&]<typename Value>(Value, const auto& number) {
    return moments_of(reinterpret_cast<const Value*>(bytes.data()), bytes.size() / sizeof(Value),
                      number);
  };
  const auto plain = [](auto value) { return static_cast<double>(value); };
  switch (dtype) {
    case DType::int8:
      return measure(std::int8_t{}, plain);
    case DType::int16:
      return measure(std::int16_t{}, plain);
    case DType::uint16:
      return measure(std::uint16_t{}, plain);
    case DType::float16:
      return measure(std::uint16_t{},
                     [](std::uint16_t bits) -> double { return array::half_to_float(bits); });
    default:
      return measure(float{}, plain);
  }
}

class HeaderBytes {
 public:
  void integer(std::size_t offset, std::int32_t value) {
    auto bits = std::bit_cast<std::uint32_t>(value);
    if constexpr (std::endian::native == std::endian::big) bits = __builtin_bswap32(bits);
    std::memcpy(bytes_.data() + offset, &bits, sizeof bits);
  }
  void real(std::size_t offset, double value) {
    integer(offset, std::bit_cast<std::int32_t>(static_cast<float>(value)));
  }
  void text(std::size_t offset, std::string_view value) {
    std::memcpy(bytes_.data() + offset, value.data(), value.size());
  }
  ByteView view() const { return std::as_bytes(std::span(bytes_)); }

 private:
  std::array<char, mrc::kHeaderSize> bytes_{};
};

// The standard's marks for "not determined": maximum below minimum, mean below both, negative
// deviation.
void set_statistics(HeaderBytes& header, const Moments& moments) {
  const bool known = moments.count > 0 && moments.finite();
  header.real(mrc::at::statistics, known ? moments.min : 0);
  header.real(mrc::at::statistics + 4, known ? moments.max : -1);
  header.real(mrc::at::statistics + 8, known ? moments.mean : -2);
  header.real(mrc::at::rms, known ? std::sqrt(moments.squares / moments.count) : -1);
}

HeaderBytes header_bytes(const Shape& shape, DType dtype, double voxel_size,
                         const Moments& moments) {
  constexpr std::int32_t single_volume = 1, mrc2014_with_float16 = 20141;
  constexpr std::size_t label_length = 80;
  HeaderBytes header;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto length = static_cast<std::int32_t>(shape[2 - i]);
    header.integer(mrc::at::size + 4 * i, length);
    header.integer(mrc::at::sampling + 4 * i, length);
    header.real(mrc::at::cell + 4 * i, voxel_size * length);
    header.real(mrc::at::angles + 4 * i, 90);
    header.integer(mrc::at::axes + 4 * i, static_cast<std::int32_t>(i) + 1);
  }
  header.integer(mrc::at::mode, *mrc::mode_of_dtype(dtype));
  set_statistics(header, moments);
  header.integer(mrc::at::space_group, single_volume);
  header.integer(mrc::at::version, mrc2014_with_float16);
  header.text(mrc::at::map, "MAP ");
  header.text(mrc::at::machine, std::string_view("DD\0\0", 4));
  header.integer(mrc::at::label_count, 1);
  header.text(mrc::at::labels, fmt::format("{:<{}}", "Created by copick", label_length));
  return header;
}

void check_arguments(const std::string& path, const SlabSource& source, DType dtype,
                     double voxel_size) {
  const auto refuse = [&](std::string why, std::string hint = "") {
    throw ValidationError({kDoing, path, std::move(why), std::move(hint)});
  };
  if (!mrc::mode_of_dtype(dtype)) {
    refuse(fmt::format("MRC has no mode for {}", name_of(dtype)),
           "int8, int16, uint16, float16 and float32 can be written");
  }
  if (!std::isfinite(voxel_size) || voxel_size <= 0) {
    refuse(fmt::format("the voxel size is {} angstrom; expected a positive number", voxel_size));
  }
  const Shape& shape = source.shape();
  if (shape.size() != 3) {
    refuse(fmt::format("the volume has {} axes; MRC holds 3 (z, y, x)", shape.size()),
           "write each channel to a file of its own");
  }
  for (const std::int64_t length : shape) {
    if (length < 1 || length > std::numeric_limits<std::int32_t>::max()) {
      refuse(fmt::format("the volume is {} x {} x {} voxels", shape[2], shape[1], shape[0]));
    }
  }
}

// One plane of a (z, y, x) view as (y, x).
template <typename View>
View plane_of(View view, std::int64_t z) {
  view.data += z * view.strides[0];
  view.shape.erase(view.shape.begin());
  view.strides.erase(view.strides.begin());
  return view;
}

// Step 2: converts the planes of one slab, which begins at section `first`, into `stored` and
// returns their moments. The slab may be `stored` itself.
Moments convert_planes(const ConstArrayView& slab, const ArrayView& stored, std::int64_t first,
                       const std::string& path) {
  const auto planes = static_cast<std::size_t>(slab.shape[0]);
  const auto plane_bytes = static_cast<std::size_t>(stored.strides[0]);
  std::vector<Moments> parts(planes);
  base::parallel_for(planes, [&](std::size_t i) {
    const auto z = static_cast<std::int64_t>(i);
    const ArrayView plane = plane_of(stored, z);
    try {
      if (slab.data != stored.data) array::copy_convert(plane_of(slab, z), plane);
    } catch (const ValidationError& error) {
      throw ValidationError({kDoing, path,
                             fmt::format("section {}: {}", first + z, error.facts().why),
                             "choose a type that holds every value"});
    }
    const MutableByteView bytes(plane.data, plane_bytes);
    parts[i] = moments_of(bytes, stored.dtype);
    if constexpr (std::endian::native == std::endian::big) array::byteswap(bytes, stored.dtype);
  });
  Moments moments;
  for (const Moments& part : parts) moments.join(part);
  return moments;
}

}  // namespace

void write_mrc(const std::string& path, SlabSource& source, DType dtype, double voxel_size) {
  check_arguments(path, source, dtype, voxel_size);
  const Shape& shape = source.shape();
  const std::int64_t plane =
      element_count({shape[1], shape[2]}) *
      static_cast<std::int64_t>(std::max(size_of(dtype), size_of(source.dtype())));
  const std::int64_t step = std::clamp<std::int64_t>(kSlabSize / plane, 1, shape[0]);

  AtomicFile file(path, kDoing);
  file.append(HeaderBytes().view());
  const bool converts = source.dtype() != dtype;
  AnyArray stored(dtype, {step, shape[1], shape[2]});
  AnyArray slab(source.dtype(), {converts ? step : 0, shape[1], shape[2]});
  Moments moments;
  for (std::int64_t z = 0; z < shape[0]; z += step) {
    const std::int64_t planes = std::min(step, shape[0] - z);
    ArrayView write = stored.view(), read = converts ? slab.view() : stored.view();
    read.shape[0] = write.shape[0] = planes;
    source.read_slab(z, z + planes, read);
    moments.join(convert_planes(read, write, z, path));
    file.append(stored.bytes().first(static_cast<std::size_t>(planes * write.strides[0])));
  }
  file.overwrite(0, header_bytes(shape, dtype, voxel_size, moments).view());
  file.publish();
}

}  // namespace copick::format
