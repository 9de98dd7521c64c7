#include "array/convert.h"
#include "array/element.h"
#include "array/traversal.h"
#include "array/value_cast.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>

namespace copick::array {

namespace {

[[noreturn]] void throw_not_a_label(const ConstArrayView& view) {
  std::string value;
  const Shape index = visit_dtype(view.dtype, [&]<typename T>(Element<T>) {
    return find_first(view, [&](const std::byte* at) {
      Misfit misfit = 0;
      cast_value<std::uint64_t>(load<T>(at), misfit);
      if constexpr (!is_complex_type<T>)
        if (misfit != 0) value = fmt::format("{}", value_of(load<T>(at)));
      return misfit != 0;
    });
  });
  throw ValidationError({"store values as labels", "",
                         fmt::format("{} at index {} is not a whole number from 0 to 2^64 - 1",
                                     value, shape_text(index)),
                         ""});
}

std::uint64_t largest(const ConstArrayView& view) {
  std::uint64_t most = 0;
  Misfit misfit = 0;
  const Traversal<1> walk(view.shape, {view.strides});
  visit_dtype(view.dtype, [&]<typename T>(Element<T>) {
    walk.rows([&](const auto& offset, const auto& step, std::int64_t n) {
      const std::byte* at = view.data + offset[0];
      for (std::int64_t i = 0; i < n; ++i, at += step[0])
        most = std::max(most, cast_value<std::uint64_t>(load<T>(at), misfit));
    });
  });
  if (misfit != 0) throw_not_a_label(view);
  return most;
}

}  // namespace

DType smallest_unsigned(const ConstArrayView& view, DType floor) {
  require_strides(view, "store values as labels");
  if (is_complex(view.dtype))
    throw ValidationError({"store values as labels", "",
                           fmt::format("{} values are not labels", name_of(view.dtype)), ""});
  const std::uint64_t most = largest(view);
  for (DType type : {DType::uint8, DType::uint16, DType::uint32}) {
    const std::uint64_t limit = (std::uint64_t{1} << (8 * size_of(type))) - 1;
    if (most <= limit && size_of(type) >= size_of(floor)) return type;
  }
  return DType::uint64;
}

}  // namespace copick::array
