#include "array/convert.h"
#include "array/traversal.h"

#include <copick/error.h>

namespace copick::array {

namespace {

void require_inside(const ConstArrayView& view, const Shape& begin, const Shape& end) {
  require_strides(view, "select part of an array");
  bool inside = begin.size() == view.shape.size() && end.size() == view.shape.size();
  for (std::size_t axis = 0; inside && axis < begin.size(); ++axis)
    inside = 0 <= begin[axis] && begin[axis] <= end[axis] && end[axis] <= view.shape[axis];
  if (inside) return;
  throw ValidationError({"select part of an array", "",
                         "the range " + shape_text(begin) + " to " + shape_text(end) +
                             " is not inside the shape " + shape_text(view.shape),
                         ""});
}

template <typename View>
View part_of(const View& view, const Shape& begin, const Shape& end) {
  require_inside(view, begin, end);
  View part = view;
  bool empty = false;
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < begin.size(); ++axis) {
    part.shape[axis] = end[axis] - begin[axis];
    offset += begin[axis] * view.strides[axis];
    empty |= part.shape[axis] == 0;
  }
  if (!empty) part.data += offset;  // an empty part keeps a pointer that is surely inside
  return part;
}

}  // namespace

ArrayView subview(const ArrayView& view, const Shape& begin, const Shape& end) {
  return part_of(view, begin, end);
}

ConstArrayView subview(const ConstArrayView& view, const Shape& begin, const Shape& end) {
  return part_of(view, begin, end);
}

bool is_c_contiguous(const ConstArrayView& view) {
  if (element_count(view.shape) == 0) return true;
  std::int64_t expected = static_cast<std::int64_t>(size_of(view.dtype));
  for (std::size_t axis = view.shape.size(); axis-- > 0;) {
    if (view.shape[axis] != 1 && view.strides[axis] != expected) return false;
    expected *= view.shape[axis];
  }
  return true;
}

}  // namespace copick::array
