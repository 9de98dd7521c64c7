#include "zarr/metadata.h"

#include "base/checked.h"
#include "zarr/chunk_key.h"
#include "zarr/metadata_document.h"
#include "zarr/metadata_rules.h"

namespace copick::zarr {

namespace {

// No decoded unit is larger: a chunk is held in memory as a whole. Nor is the index of a shard.
constexpr std::uint64_t kLargestUnit = std::uint64_t{1} << 40;
constexpr std::size_t kIndexEntry = 16;  // bytes

std::optional<std::uint64_t> size_in_bytes(const Shape& shape, std::size_t item_size) {
  std::optional<std::uint64_t> size = item_size;
  for (const std::int64_t length : shape) {
    size = base::checked_multiply(*size, static_cast<std::uint64_t>(length));
    if (!size || *size > std::uint64_t{1} << 62) return std::nullopt;
  }
  return size;
}

}  // namespace

std::string ArrayMetadata::compressor_name() const {
  const std::vector<CodecPtr>& chain = sharding ? sharding->inner_codecs : codecs;
  for (const CodecPtr& codec : chain)
    if (codec->is_compressor()) return codec->name();
  return "";
}

std::string ArrayMetadata::chunk_key(const Shape& index) const {
  return zarr::chunk_key(index, separator, default_key_encoding);
}

std::string chunk_key(const Shape& index, char separator, bool default_encoding) {
  std::string key = default_encoding ? "c" : "";
  for (const std::int64_t position : index) {
    if (!key.empty()) key += separator;
    key += std::to_string(position);
  }
  return key.empty() ? "0" : key;  // the one chunk of an array without axes
}

void check_chunks(const MetadataDocument& document, const Shape& shape, Shape& chunks,
                  std::string_view what) {
  if (chunks.size() != shape.size()) {
    document.corrupt(std::string(what) + " " + shape_text(chunks) + " has " +
                     std::to_string(chunks.size()) + " axes, the array has " +
                     std::to_string(shape.size()));
  }
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (chunks[axis] == 0 && shape[axis] == 0) chunks[axis] = 1;  // as written for empty arrays
    if (chunks[axis] == 0) {
      document.corrupt(std::string(what) + " " + shape_text(chunks) + " has a length of 0");
    }
  }
}

void check_sizes(const MetadataDocument& document, const ArrayMetadata& array) {
  if (!size_in_bytes(array.shape, array.item_size())) {
    document.corrupt("shape " + shape_text(array.shape) + " is larger than any memory");
  }
  const auto unit = size_in_bytes(array.decode_chunks(), array.item_size());
  if (!unit || *unit > kLargestUnit) {
    document.corrupt("chunk shape " + shape_text(array.decode_chunks()) +
                     " is larger than a chunk can be");
  }
  if (!array.sharding) return;
  Shape inner = array.chunks;
  for (std::size_t axis = 0; axis < inner.size(); ++axis)
    inner[axis] /= array.sharding->inner_chunks[axis];
  const auto index = size_in_bytes(inner, kIndexEntry);
  if (!index || *index > kLargestUnit) {
    document.corrupt("shard shape " + shape_text(array.chunks) +
                     " holds more inner chunks than an index can");
  }
}

}  // namespace copick::zarr
