#include "zarr/raw_pieces.h"

namespace copick::zarr {

namespace {

// Bytes that are cheaper to fetch than to ask around: about what arrives during the latency of a
// disk or a near server.
constexpr std::uint64_t kGap = std::uint64_t{64} << 10;

// `copy` at position `i` (of its box) of `axis` only.
Copy one_index(const Copy& copy, std::size_t axis, std::int64_t i) {
  Copy result = copy;
  result.source.begin[axis] += i;
  result.source.end[axis] = result.source.begin[axis] + 1;
  result.destination.data += i * result.destination.strides[axis];
  result.destination.shape[axis] = 1;
  return result;
}

void cut(const ChunkFormat& format, const Copy& copy, std::vector<Copy>& pieces) {
  const Shape lengths = copy.source.shape();
  const std::uint64_t whole_span = format.span_of(copy.source).length;
  std::uint64_t widest_gap = 0;
  std::size_t cut_axis = 0;
  for (std::size_t axis = 0; axis < lengths.size(); ++axis) {
    if (lengths[axis] == 1) continue;
    const std::uint64_t inner = format.span_of(one_index(copy, axis, 0).source).length;
    const std::uint64_t step = (whole_span - inner) / static_cast<std::uint64_t>(lengths[axis] - 1);
    if (step <= inner || step - inner <= widest_gap) continue;
    widest_gap = step - inner;
    cut_axis = axis;
  }
  if (widest_gap <= kGap) return pieces.push_back(copy);
  for (std::int64_t i = 0; i < lengths[cut_axis]; ++i)
    cut(format, one_index(copy, cut_axis, i), pieces);
}

}  // namespace

std::vector<Copy> raw_pieces(const ChunkFormat& format, const Copy& copy) {
  std::vector<Copy> pieces;
  cut(format, copy, pieces);
  return pieces;
}

}  // namespace copick::zarr
