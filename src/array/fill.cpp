#include "array/convert.h"
#include "array/element.h"
#include "array/traversal.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::array {

namespace {

bool is_one_byte_repeated(ByteView value) {
  return std::all_of(value.begin(), value.end(), [&](std::byte b) { return b == value.front(); });
}

}  // namespace

void fill(const ArrayView& destination, ByteView value) {
  const std::size_t item = size_of(destination.dtype);
  require_strides(destination, "fill an array");
  if (value.size() != item)
    throw ValidationError({"fill an array", "",
                           "the value has " + std::to_string(value.size()) + " bytes, one " +
                               std::string(name_of(destination.dtype)) + " has " +
                               std::to_string(item),
                           ""});
  const bool uniform = is_one_byte_repeated(value);
  const Traversal<1> walk(destination.shape, {destination.strides});
  visit_size(item, [&]<typename T>(Element<T>) {
    const T element = load<T>(value.data());
    walk.rows([&](const auto& offset, const auto& step, std::int64_t n) {
      std::byte* at = destination.data + offset[0];
      if (step[0] == kBytes<T> && uniform) {
        std::memset(at, static_cast<int>(value.front()), static_cast<std::size_t>(n) * sizeof(T));
      } else if (step[0] == kBytes<T>) {
        for (std::int64_t i = 0; i < n; ++i) store(at + i * kBytes<T>, element);
      } else {
        for (std::int64_t i = 0; i < n; ++i) store(at + i * step[0], element);
      }
    });
  });
}

}  // namespace copick::array
