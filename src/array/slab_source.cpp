#include <copick/slab_source.h>

#include <copick/error.h>

namespace copick {

void SlabSource::read_box(const Shape&, const Shape&, ArrayView) {
  throw ValidationError({"read a box of a volume", where(),
                         "it can be read in slabs of whole planes only",
                         "ask can_read_boxes() first"});
}

bool SlabSource::use_box(const Shape&, const Shape&,
                         const std::function<void(const ConstArrayView&)>&) {
  return false;
}

}  // namespace copick
