// The check that every reader of boxes makes of what is asked of it.
#pragma once

#include <copick/error.h>
#include <copick/slab_source.h>

#include <string>

namespace copick::format {

// ValidationError unless [begin, end) lies inside the (z, y, x) volume and `destination` has its
// shape.
inline void require_box(const SlabSource& source, const std::string& doing, const Shape& begin,
                        const Shape& end, const ArrayView& destination) {
  const Shape& shape = source.shape();
  bool inside = begin.size() == 3 && end.size() == 3 && destination.shape.size() == 3;
  for (std::size_t axis = 0; inside && axis < 3; ++axis)
    inside = begin[axis] >= 0 && begin[axis] <= end[axis] && end[axis] <= shape[axis] &&
             destination.shape[axis] == end[axis] - begin[axis];
  if (inside) return;
  throw ValidationError({doing, source.where(),
                         "the box from " + shape_text(begin) + " to " + shape_text(end) +
                             " was asked of " + shape_text(shape) + " into memory of shape " +
                             shape_text(destination.shape),
                         "ask for a box inside the volume, into memory of the box's shape"});
}

}  // namespace copick::format
