#include "zarr/shard_index.h"

#include "base/checked.h"

#include <copick/error.h>

#include <array>
#include <cstring>
#include <limits>

namespace copick::zarr {

namespace {

constexpr std::uint64_t kNotStored = ~std::uint64_t{0};  // both numbers of the entry
constexpr std::size_t kEntrySize = 16, kChecksumSize = 4;

std::uint64_t read_number(const std::byte* at, bool big_endian) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number = number << 8 | std::to_integer<std::uint64_t>(at[big_endian ? i : 7 - i]);
  return number;
}

void write_number(std::byte* at, std::uint64_t number, bool big_endian) {
  for (std::size_t i = 0; i < 8; ++i)
    at[big_endian ? 7 - i : i] = static_cast<std::byte>(number >> (8 * i));
}

// The checksum is little-endian whatever the entries are.
std::uint32_t read_checksum(const std::byte* at) {
  std::uint32_t checksum = 0;
  for (std::size_t i = kChecksumSize; i-- > 0;)
    checksum = checksum << 8 | std::to_integer<std::uint32_t>(at[i]);
  return checksum;
}

std::string hexadecimal(std::uint32_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += digits[value >> shift & 15u];
  return text;
}

[[noreturn]] void throw_corrupt(const std::string& where, const std::string& why) {
  throw CorruptError({"read the index of a shard", where, why,
                      "the copy was probably interrupted: restore the shard"});
}

std::size_t entry_count(const ArrayMetadata& metadata) {
  return static_cast<std::size_t>(element_count(inner_grid(metadata)));
}

}  // namespace

Shape inner_grid(const ArrayMetadata& metadata) {
  Shape grid = metadata.chunks;
  for (std::size_t axis = 0; axis < grid.size(); ++axis)
    grid[axis] /= metadata.sharding->inner_chunks[axis];
  return grid;
}

std::size_t linear_index(const Shape& index, const Shape& grid) {
  std::int64_t linear = 0;
  for (std::size_t axis = 0; axis < grid.size(); ++axis) linear = linear * grid[axis] + index[axis];
  return static_cast<std::size_t>(linear);
}

std::size_t ShardIndex::stored_size(const ArrayMetadata& metadata) {
  return entry_count(metadata) * kEntrySize + (metadata.sharding->index_crc32c ? kChecksumSize : 0);
}

ByteRange ShardIndex::stored_range(const ArrayMetadata& metadata) {
  return {
      .offset = 0, .length = stored_size(metadata), .from_end = metadata.sharding->index_at_end};
}

ShardIndex ShardIndex::parse(Bytes stored, const ArrayMetadata& metadata,
                             const std::string& where) {
  const ShardingMetadata& sharding = *metadata.sharding;
  const std::size_t expected = stored_size(metadata);
  if (stored.size() != expected) {
    throw_corrupt(where, "the index has " + std::to_string(expected) + " bytes, found " +
                             std::to_string(stored.size()));
  }
  const std::size_t count = entry_count(metadata);
  if (sharding.index_crc32c) {
    const std::uint32_t stated = read_checksum(stored.data() + count * kEntrySize);
    const std::uint32_t found = crc32c(stored.view().first(count * kEntrySize));
    if (stated != found) {
      throw_corrupt(where, "the checksum of the index is " + hexadecimal(found) + ", expected " +
                               hexadecimal(stated));
    }
  }
  ShardIndex index(std::move(stored), sharding.index_big_endian);
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<ShardEntry> entry = index.entry(i);
    if (entry && !base::checked_add(entry->offset, entry->length)) {
      throw_corrupt(where, "entry " + std::to_string(i) + " of the index is " +
                               std::to_string(entry->length) + " bytes at " +
                               std::to_string(entry->offset));
    }
  }
  return index;
}

std::optional<ShardEntry> ShardIndex::entry(std::size_t inner) const {
  const std::byte* at = stored_.data() + inner * kEntrySize;
  const ShardEntry entry{read_number(at, big_endian_), read_number(at + 8, big_endian_)};
  if (entry.offset == kNotStored && entry.length == kNotStored) return std::nullopt;
  return entry;
}

Bytes encode_index(const std::vector<std::optional<ShardEntry>>& entries,
                   const ShardingMetadata& sharding) {
  const std::size_t size = entries.size() * kEntrySize;
  Bytes stored(size + (sharding.index_crc32c ? kChecksumSize : 0));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const ShardEntry entry = entries[i].value_or(ShardEntry{kNotStored, kNotStored});
    write_number(stored.data() + i * kEntrySize, entry.offset, sharding.index_big_endian);
    write_number(stored.data() + i * kEntrySize + 8, entry.length, sharding.index_big_endian);
  }
  if (sharding.index_crc32c) {
    const std::uint32_t checksum = crc32c(stored.view().first(size));
    for (std::size_t i = 0; i < kChecksumSize; ++i)
      stored.data()[size + i] = static_cast<std::byte>(checksum >> (8 * i));
  }
  return stored;
}

}  // namespace copick::zarr
