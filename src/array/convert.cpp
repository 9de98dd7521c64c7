#include "array/convert.h"

#include "array/element.h"
#include "array/traversal.h"
#include "array/value_cast.h"
#include "array/wide.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>

namespace copick::array {

namespace {

// Converts n elements; false when one of them does not fit.
using RowCopy = bool (*)(const std::byte* source, std::int64_t source_step, std::byte* destination,
                         std::int64_t destination_step, std::int64_t n);

// Dense on both sides: this loop vectorises.
template <typename S, typename D>
struct ConvertDense {
  [[gnu::always_inline]] static Misfit run(const std::byte* source, std::byte* destination,
                                           std::int64_t n) {
    Misfit misfit = 0;
    for (std::int64_t i = 0; i < n; ++i)
      store(destination + i * kBytes<D>, cast_value<D>(load<S>(source + i * kBytes<S>), misfit));
    return misfit;
  }
};

// As measured: other pairs are as fast without.
template <typename S, typename D>
inline constexpr bool kGainsFromWide =
    (std::is_same_v<S, float> && std::is_same_v<D, Float16>) ||
    (std::is_same_v<D, float> && (std::is_same_v<S, Float16> || std::is_same_v<S, std::int8_t> ||
                                  std::is_same_v<S, std::uint16_t>));

template <typename S, typename D>
bool convert_row(const std::byte* source, std::int64_t source_step, std::byte* destination,
                 std::int64_t destination_step, std::int64_t n) {
  Misfit misfit = 0;
  if (source_step == kBytes<S> && destination_step == kBytes<D>) {
    if constexpr (kGainsFromWide<S, D>)
      misfit = widest<ConvertDense<S, D>>(source, destination, n);
    else
      misfit = ConvertDense<S, D>::run(source, destination, n);
  } else {
    for (std::int64_t i = 0; i < n; ++i, source += source_step, destination += destination_step)
      store(destination, cast_value<D>(load<S>(source), misfit));
  }
  return kAlwaysFits<S, D> || misfit == 0;
}

template <typename T>
bool move_row(const std::byte* source, std::int64_t source_step, std::byte* destination,
              std::int64_t destination_step, std::int64_t n) {
  if (source_step == kBytes<T> && destination_step == kBytes<T>) {
    std::memcpy(destination, source, static_cast<std::size_t>(n) * sizeof(T));
  } else {
    for (std::int64_t i = 0; i < n; ++i, source += source_step, destination += destination_step)
      store(destination, load<T>(source));
  }
  return true;
}

RowCopy row_copy(DType source, DType destination) {
  if (source == destination)
    return visit_size(size_of(source),
                      []<typename T>(Element<T>) -> RowCopy { return move_row<T>; });
  return visit_dtype(source, [&]<typename S>(Element<S>) {
    return visit_dtype(destination,
                       []<typename D>(Element<D>) -> RowCopy { return convert_row<S, D>; });
  });
}

// One element, in the machine's order, as text.
std::string text_of(const std::byte* element, DType dtype) {
  return visit_dtype(dtype, [&]<typename T>(Element<T>) {
    const auto value = value_of(load<T>(element));
    if constexpr (is_complex_type<T>)
      return fmt::format("{}{:+}j", value.real(), value.imag());
    else
      return fmt::format("{}", value);
  });
}

[[noreturn]] void throw_misfit(const ConstArrayView& source, DType destination, bool swapped) {
  const RowCopy convert = row_copy(source.dtype, destination);
  std::array<std::byte, 16> element, converted;
  const Shape index = find_first(source, [&](const std::byte* at) {
    std::memcpy(element.data(), at, size_of(source.dtype));
    if (swapped) byteswap({element.data(), size_of(source.dtype)}, source.dtype);
    return !convert(element.data(), 0, converted.data(), 0, 1);
  });
  throw ValidationError(
      {fmt::format("convert {} values to {}", name_of(source.dtype), name_of(destination)), "",
       fmt::format("{} at index {} is not a {} value", text_of(element.data(), source.dtype),
                   shape_text(index), name_of(destination)),
       fmt::format("read it as {}", name_of(source.dtype))});
}

void copy(const ConstArrayView& source, const ArrayView& destination, bool swapped) {
  require_equal_shapes(source, destination, "copy array elements");
  const RowCopy copy_row = row_copy(source.dtype, destination.dtype);
  const std::int64_t item = static_cast<std::int64_t>(size_of(source.dtype));
  const RowCopy gather = row_copy(source.dtype, source.dtype);
  bool fits = true;
  const Traversal<2> walk(source.shape, {destination.strides, source.strides});
  walk.rows([&](const auto& offset, const auto& step, std::int64_t n) {
    std::byte* to = destination.data + offset[0];
    const std::byte* from = source.data + offset[1];
    if (!swapped) {
      fits &= copy_row(from, step[1], to, step[0], n);
      return;
    }
    // In pieces that stay in the first-level cache between the swap and the conversion.
    alignas(16) std::array<std::byte, 4096> piece;
    const std::int64_t most = static_cast<std::int64_t>(piece.size()) / item;
    for (std::int64_t i = 0; i < n; i += most) {
      const std::int64_t count = std::min(most, n - i);
      gather(from + i * step[1], step[1], piece.data(), item, count);
      byteswap({piece.data(), static_cast<std::size_t>(count * item)}, source.dtype);
      fits &= copy_row(piece.data(), item, to + i * step[0], step[0], count);
    }
  });
  if (!fits) throw_misfit(source, destination.dtype, swapped);
}

}  // namespace

void copy_convert(const ConstArrayView& source, const ArrayView& destination) {
  copy(source, destination, false);
}

void copy_convert_swapped(const ConstArrayView& source, const ArrayView& destination) {
  copy(source, destination, true);
}

}  // namespace copick::array
