// Byte planes: n elements stored as all their first bytes, then all their second bytes, ...; what
// compressors like better than the elements themselves.
//
//   planes[b] + i   is byte b of element i
//
// Threads: pure functions on memory the caller owns. Nothing is checked: [first, first + count)
// lies inside the planes, and planes and elements do not overlap.
#pragma once

#include <cstddef>
#include <vector>

namespace copick::array {

// Where each plane begins; as many as an element has bytes.
using BytePlanes = std::vector<const std::byte*>;

// Planes that lie one behind the other, each of `elements` bytes.
BytePlanes planes_in_a_row(const std::byte* data, std::size_t elements, std::size_t item_size);

// Elements [first, first + count) of the planes, one after the other to `out`. With the widest
// vectors that the processor has for elements of 2, 4 and 8 bytes.
void unshuffle(const BytePlanes& planes, std::size_t first, std::size_t count, std::byte* out);
// The same by its definition, for what is left and for comparison.
void unshuffle_portable(const BytePlanes& planes, std::size_t first, std::size_t count,
                        std::byte* out);

}  // namespace copick::array
