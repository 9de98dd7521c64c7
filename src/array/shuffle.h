// Elements taken apart into byte planes: what unshuffle.h puts together again.
//
// Threads: pure functions on memory the caller owns. Nothing is checked; elements and planes do not
// overlap.
#pragma once

#include <cstddef>

namespace copick::array {

// Byte b of element i goes to planes[b * plane_size + i]. With the widest vectors that the
// processor has for elements of 2, 4 and 8 bytes.
void shuffle(const std::byte* elements, std::size_t count, std::size_t item_size, std::byte* planes,
             std::size_t plane_size);
// The same by its definition, for what is left and for comparison.
void shuffle_portable(const std::byte* elements, std::size_t count, std::size_t item_size,
                      std::byte* planes, std::size_t plane_size);

}  // namespace copick::array
