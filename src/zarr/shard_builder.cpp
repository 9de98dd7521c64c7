#include "zarr/shard_builder.h"

#include "zarr/box.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace copick::zarr {

namespace {

std::uint64_t morton_code(const Shape& index, const std::vector<int>& bits) {
  std::uint64_t code = 0;
  int position = 0;
  const int most = bits.empty() ? 0 : *std::max_element(bits.begin(), bits.end());
  for (int bit = 0; bit < most; ++bit) {
    for (std::size_t axis = 0; axis < bits.size(); ++axis) {
      if (bit >= bits[axis]) continue;
      code |= (static_cast<std::uint64_t>(index[axis]) >> bit & 1u) << position++;
    }
  }
  return code;
}

}  // namespace

std::vector<std::size_t> morton_order(const Shape& grid) {
  std::vector<int> bits;
  for (const std::int64_t length : grid)
    bits.push_back(std::bit_width(static_cast<std::uint64_t>(length - 1)));
  std::vector<std::pair<std::uint64_t, std::size_t>> codes;
  for (GridWalk walk(whole(grid), Shape(grid.size(), 1)); const auto cell = walk.next();)
    codes.emplace_back(morton_code(cell->index, bits), codes.size());
  std::sort(codes.begin(), codes.end());
  std::vector<std::size_t> order;
  for (const auto& [code, position] : codes) order.push_back(position);
  return order;
}

ShardBuilder::ShardBuilder(const ArrayMetadata& metadata)
    : metadata_(metadata), inner_(static_cast<std::size_t>(element_count(inner_grid(metadata)))) {}

void ShardBuilder::add(std::size_t inner, Bytes encoded) {
  inner_[inner].owned = std::move(encoded);
  inner_[inner].bytes = inner_[inner].owned.view();
  inner_[inner].present = true;
}

void ShardBuilder::keep(std::size_t inner, ByteView encoded) {
  inner_[inner].bytes = encoded;
  inner_[inner].present = true;
}

std::optional<Bytes> ShardBuilder::finish() {
  std::size_t size = 0;
  bool any = false;
  for (const Inner& inner : inner_) {
    size += inner.bytes.size();
    any |= inner.present;
  }
  if (!any) return std::nullopt;
  const bool index_first = !metadata_.sharding->index_at_end;
  const std::size_t index_size = ShardIndex::stored_size(metadata_);
  Bytes shard(size + index_size);
  std::vector<std::optional<ShardEntry>> entries(inner_.size());
  std::size_t at = index_first ? index_size : 0;
  for (const std::size_t i : morton_order(inner_grid(metadata_))) {
    Inner& inner = inner_[i];
    if (!inner.present) continue;
    entries[i] = ShardEntry{at, inner.bytes.size()};
    std::copy(inner.bytes.begin(), inner.bytes.end(), shard.data() + at);
    at += inner.bytes.size();
    inner = {};
  }
  const Bytes index = encode_index(entries, *metadata_.sharding);
  std::memcpy(shard.data() + (index_first ? 0 : at), index.data(), index.size());
  return shard;
}

}  // namespace copick::zarr
