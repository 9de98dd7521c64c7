// A volume with its axes in another order or direction.
#pragma once

#include <copick/slab_source.h>

#include <memory>
#include <vector>

namespace copick::ops {

// First transpose (axis i of the result is axis transpose[i] of `source`; empty: as it is), then
// the axes in `flip` are reversed. Axes are 0 = z, 1 = y, 2 = x; channels stay. Rows and columns
// are turned while they are read, without a copy. Moving z reads boxes; a source without boxes
// whose z is moved, or reversed though it cannot seek, is spooled on first use (ome/spool.h).
// ValidationError when `transpose` is no order of 0, 1, 2 or `flip` names another axis.
std::unique_ptr<SlabSource> oriented(std::unique_ptr<SlabSource> source,
                                     const std::vector<int>& transpose,
                                     const std::vector<int>& flip);

}  // namespace copick::ops
