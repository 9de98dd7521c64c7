#include "array/traversal.h"

#include <copick/error.h>

namespace copick::array {

void require_strides(const ConstArrayView& view, const std::string& doing) {
  if (view.strides.size() == view.shape.size()) return;
  throw ValidationError({doing, "",
                         "the view has " + std::to_string(view.shape.size()) + " axes and " +
                             std::to_string(view.strides.size()) + " strides",
                         "fill in both; copick::c_strides gives those of a dense array"});
}

void require_equal_shapes(const ConstArrayView& source, const ConstArrayView& destination,
                          const std::string& doing) {
  require_strides(source, doing);
  require_strides(destination, doing);
  if (source.shape == destination.shape) return;
  throw ValidationError({doing, "",
                         "the source has shape " + shape_text(source.shape) + ", the destination " +
                             shape_text(destination.shape),
                         ""});
}

}  // namespace copick::array
