// The check that every reader of boxes makes of what is asked of it.
#pragma once

#include <copick/error.h>
#include <copick/slab_source.h>

#include <string>

namespace copick::format {

// ValidationError unless [begin, end) lies inside the (z, y, x) volume.
inline void require_inside(const SlabSource& source, const std::string& doing, const Shape& begin,
                           const Shape& end) {
  const Shape& shape = source.shape();
  bool inside = begin.size() == 3 && end.size() == 3;
  for (std::size_t axis = 0; inside && axis < 3; ++axis)
    inside = begin[axis] >= 0 && begin[axis] <= end[axis] && end[axis] <= shape[axis];
  if (inside) return;
  throw ValidationError({doing, source.where(),
                         "the box from " + shape_text(begin) + " to " + shape_text(end) +
                             " was asked of " + shape_text(shape),
                         "ask for a box inside the volume"});
}

// The same, and unless `destination` has the box's shape.
inline void require_box(const SlabSource& source, const std::string& doing, const Shape& begin,
                        const Shape& end, const ArrayView& destination) {
  require_inside(source, doing, begin, end);
  bool fits = destination.shape.size() == 3;
  for (std::size_t axis = 0; fits && axis < 3; ++axis)
    fits = destination.shape[axis] == end[axis] - begin[axis];
  if (fits) return;
  throw ValidationError({doing, source.where(),
                         "the box from " + shape_text(begin) + " to " + shape_text(end) +
                             " was asked into memory of shape " + shape_text(destination.shape),
                         "give memory of the box's shape"});
}

}  // namespace copick::format
