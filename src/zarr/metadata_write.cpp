// New metadata, byte for byte as the reference writes them: docs/format/zarr.md, sections 3 and 4.
#include "base/checked.h"
#include "base/logging.h"
#include "zarr/fill_value.h"
#include "zarr/metadata.h"
#include "zarr/stored_type.h"

#include <copick/error.h>

#include <algorithm>
#include <limits>

namespace copick::zarr {

namespace {

constexpr std::uint64_t kShardAdvised = 5'000'000'000;        // bytes; more is remarked upon
constexpr std::uint64_t kShardForbidden = 5'000'000'000'000;  // bytes; one S3 object is no larger
constexpr int kIndentV2 = 4, kIndentV3 = 2;

[[noreturn]] void refuse(const std::string& why, const std::string& hint) {
  throw ValidationError({"create a Zarr array", "", why, hint});
}

Json list_of(const Shape& lengths) {
  Json list = Json::array();
  for (const std::int64_t length : lengths) list.push_back(Json::integer(length));
  return list;
}

Json named(std::string_view name, Json configuration) {
  return Json::object({{"name", Json::string(name)}, {"configuration", std::move(configuration)}});
}

void check_new(const NewArray& array) {
  if (array.zarr_format != 2 && array.zarr_format != 3) {
    refuse("there is no Zarr format " + std::to_string(array.zarr_format), "give 2 or 3");
  }
  if (array.chunks.size() != array.shape.size()) {
    refuse("chunk shape " + shape_text(array.chunks) + " and shape " + shape_text(array.shape) +
               " differ in their number of axes",
           "give one chunk length per axis");
  }
  const auto not_positive = [](std::int64_t length) { return length < 1; };
  if (std::any_of(array.chunks.begin(), array.chunks.end(), not_positive)) {
    refuse("chunk shape " + shape_text(array.chunks) + " has a length below 1",
           "give lengths of at least 1");
  }
  static_cast<void>(byte_count(array.shape, size_of(array.dtype)));
  static_cast<void>(byte_count(array.chunks, size_of(array.dtype)));
}

// The default: one shard that holds the whole array in whole chunks.
Shape one_shard(const NewArray& array) {
  Shape shard = array.chunks;
  for (std::size_t axis = 0; axis < shard.size(); ++axis) {
    const std::int64_t chunks = (array.shape[axis] - 1) / array.chunks[axis] + 1;
    if (chunks > std::numeric_limits<std::int64_t>::max() / array.chunks[axis]) {
      refuse("shape " + shape_text(array.shape) + " is too large for one shard",
             "give a shard shape");
    }
    shard[axis] = chunks * array.chunks[axis];
  }
  return shard;
}

Shape checked_shard(const NewArray& array) {
  if (std::find(array.shape.begin(), array.shape.end(), 0) != array.shape.end()) {
    refuse("shape " + shape_text(array.shape) + " has a length of 0",
           "arrays of Zarr format 3 hold at least one element");
  }
  const Shape shard = array.shards ? *array.shards : one_shard(array);
  bool fits = shard.size() == array.chunks.size();
  for (std::size_t axis = 0; fits && axis < shard.size(); ++axis)
    fits = shard[axis] > 0 && shard[axis] % array.chunks[axis] == 0;
  if (!fits) {
    refuse("shard shape " + shape_text(shard) + " is no multiple of chunk shape " +
               shape_text(array.chunks),
           "give a shard length that is a multiple of the chunk length on each axis");
  }
  const std::uint64_t bytes = byte_count(shard, size_of(array.dtype));
  if (bytes >= kShardForbidden) {
    refuse("a shard would hold " + std::to_string(bytes) + " bytes, which is 5 TB or more",
           "give a smaller shard shape");
  }
  if (bytes > kShardAdvised) {
    base::warn("a shard of " + std::to_string(bytes) +
               " bytes (uncompressed) is above the advised 5 GB; every change of a voxel in it "
               "rewrites it");
  }
  return shard;
}

Json compressor_v2(const NewArray& array) {
  Json compressor = default_v2_compressor();
  if (array.codecs) compressor = array.codecs->empty() ? Json() : array.codecs->back();
  if (compressor.is_null()) return compressor;
  auto& members = compressor.members();
  std::sort(members.begin(), members.end(),
            [](const Json::Member& a, const Json::Member& b) { return a.first < b.first; });
  return compressor;
}

Json filters_v2(const NewArray& array) {
  if (!array.codecs || array.codecs->size() < 2) return Json();
  return Json::array({array.codecs->begin(), array.codecs->end() - 1});
}

// Keys in alphabetic order, as Python's sort_keys writes them.
Json document_v2(const NewArray& array) {
  Json document = Json::object();
  document["chunks"] = list_of(array.chunks);
  document["compressor"] = compressor_v2(array);
  document["dimension_separator"] = Json::string("/");
  document["dtype"] = Json::string(v2_name_of(array.dtype));
  document["fill_value"] = zero_fill_value(array.dtype);
  document["filters"] = filters_v2(array);
  document["order"] = Json::string("C");
  document["shape"] = list_of(array.shape);
  document["zarr_format"] = Json::integer(2);
  return document;
}

Json codecs_v3(const NewArray& array) {
  return Json::array(array.codecs ? *array.codecs : default_v3_codecs(array.dtype));
}

Json sharding_codec(const NewArray& array) {
  const Json little = named("bytes", Json::object({{"endian", Json::string("little")}}));
  Json configuration = Json::object();
  configuration["chunk_shape"] = list_of(array.chunks);
  configuration["codecs"] = codecs_v3(array);
  configuration["index_codecs"] =
      Json::array({little, Json::object({{"name", Json::string("crc32c")}})});
  configuration["index_location"] = Json::string("end");
  return named("sharding_indexed", std::move(configuration));
}

Json document_v3(const NewArray& array) {
  if (is_complex(array.dtype)) {
    refuse("complex values cannot be stored in Zarr format 3",
           "write the real part or the amplitude");
  }
  const Shape unit = array.sharded ? checked_shard(array) : array.chunks;
  Json document = Json::object();
  document["shape"] = list_of(array.shape);
  document["data_type"] = Json::string(name_of(array.dtype));
  document["chunk_grid"] = named("regular", Json::object({{"chunk_shape", list_of(unit)}}));
  document["chunk_key_encoding"] = named("v2", Json::object({{"separator", Json::string("/")}}));
  document["fill_value"] = zero_fill_value(array.dtype);
  document["codecs"] = array.sharded ? Json::array({sharding_codec(array)}) : codecs_v3(array);
  document["attributes"] = array.attributes;
  if (!array.dimension_names.empty()) {
    Json& names = document["dimension_names"];
    for (const std::string& name : array.dimension_names) names.push_back(Json::string(name));
  }
  document["zarr_format"] = Json::integer(3);
  document["node_type"] = Json::string("array");
  document["storage_transformers"] = Json::array();
  return document;
}

}  // namespace

ArrayMetadata make_metadata(const NewArray& array) {
  check_new(array);
  if (array.zarr_format == 2) {
    return parse_v2_array(document_v2(array).dump(kIndentV2), "new .zarray");
  }
  return parse_v3_array(document_v3(array).dump(kIndentV3), "new zarr.json");
}

std::string to_text(const ArrayMetadata& metadata) {
  return metadata.document.dump(metadata.zarr_format == 2 ? kIndentV2 : kIndentV3);
}

}  // namespace copick::zarr
