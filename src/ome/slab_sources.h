// What the writer of images may know of a source besides its interface.
#pragma once

#include "ome/multiscale.h"

namespace copick::ome {

// The memory behind a memory_source; nullptr for any other source.
const ConstArrayView* memory_of(const SlabSource& source);

}  // namespace copick::ome
