#include <copick/array.h>
#include <copick/error.h>

namespace copick {

namespace {

[[noreturn]] void refuse(const Shape& shape, const std::string& why) {
  throw ValidationError({"make an array of shape " + shape_text(shape), "", why, ""});
}

}  // namespace

std::string shape_text(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    text += (axis ? ", " : "") + std::to_string(shape[axis]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  bool empty = false, overflow = false;
  for (std::int64_t length : shape) {
    if (length < 0) refuse(shape, "a length is negative");
    empty |= length == 0;
    overflow |= length != 0 && __builtin_mul_overflow(count, length, &count);
  }
  if (empty) return 0;
  if (overflow) refuse(shape, "it has more than 2^63 elements");
  return count;
}

std::size_t byte_count(const Shape& shape, std::size_t item_size) {
  std::int64_t bytes;
  if (__builtin_mul_overflow(element_count(shape), item_size, &bytes))
    refuse(shape, "its elements of " + std::to_string(item_size) + " bytes exceed 2^63 bytes");
  return static_cast<std::size_t>(bytes);
}

Strides c_strides(const Shape& shape, std::size_t item_size) {
  Strides strides(shape.size(), static_cast<std::int64_t>(item_size));
  if (byte_count(shape, item_size) == 0) return strides;  // never stepped through
  for (std::size_t axis = shape.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * shape[axis];
  return strides;
}

}  // namespace copick
