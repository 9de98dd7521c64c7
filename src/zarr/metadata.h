// ArrayMetadata: what .zarray or an array's zarr.json says, in one form for both versions.
//
// Note: docs/format/zarr.md. Parsing is strict about anything that would change how bytes are read
// and lenient about what readers are told to ignore. Errors: CorruptError naming `where` and the
// member.
#pragma once

#include "zarr/codec/codec.h"

#include <copick/array.h>
#include <copick/json.h>

#include <optional>
#include <string>
#include <vector>

namespace copick::zarr {

struct ShardingMetadata {
  Shape inner_chunks;
  std::vector<CodecPtr> inner_codecs;  // after the inner "bytes" (and "transpose")
  bool inner_big_endian = false;
  std::vector<int> inner_transpose;  // empty: none
  bool index_at_end = true;
  bool index_big_endian = false;
  bool index_crc32c = true;
};

struct ArrayMetadata {
  int zarr_format = 2;
  Shape shape;
  Shape chunks;  // the stored unit: chunk (v2, unsharded v3) or shard
  DType dtype = DType::float32;
  std::string stored_dtype;  // "<f4" or "float32"
  bool big_endian = false;
  char order = 'C';                   // v2
  std::vector<int> transpose;         // v3 "transpose" before "bytes"; empty: none
  std::vector<std::byte> fill_value;  // one element in machine order; zeros when null
  bool fill_value_is_null = false;
  std::vector<CodecPtr> codecs;  // v2: filters then compressor; v3: after "bytes"
  std::optional<ShardingMetadata> sharding;
  // Key of a chunk: v2 "1.2.3" or "1/2/3"; v3 default "c/1/2/3" (or with '.'), v3 "v2" encoding as
  // v2.
  char separator = '.';
  bool default_key_encoding = false;  // v3 "default": the "c" prefix
  bool separator_is_stated = true;    // v2 without dimension_separator: try '.', then '/'
  std::vector<std::string> dimension_names;
  Json document = Json::object();    // as read, so that a rewrite keeps what we do not know
  Json attributes = Json::object();  // v3 only; v2 has .zattrs

  std::size_t item_size() const { return size_of(dtype); }
  // The unit that is decoded: inner chunk of a shard, else chunk.
  const Shape& decode_chunks() const { return sharding ? sharding->inner_chunks : chunks; }
  std::string compressor_name() const;              // "" for none
  std::string chunk_key(const Shape& index) const;  // relative to the array
};

ArrayMetadata parse_v2_array(std::string_view zarray, const std::string& where);
ArrayMetadata parse_v3_array(std::string_view zarr_json, const std::string& where);

struct NewArray {
  int zarr_format = 2;
  Shape shape, chunks;
  std::optional<Shape> shards;  // v3; nullopt = one shard padded to whole chunks
  DType dtype = DType::float32;
  std::vector<std::string> dimension_names;  // v3
  bool sharded = true;                       // v3; false: each chunk is stored for itself
  // nullopt: the reference's. v2: filters, then the compressor; v3: the chain from elements to
  // bytes. Entries as the metadata spell them (zarr/compression.h makes some).
  std::optional<std::vector<Json>> codecs{};
  Json attributes = Json::object();  // v3
};
// Metadata exactly as the reference writes them, unless the last three say otherwise
// (docs/format/zarr.md, section 3).
ArrayMetadata make_metadata(const NewArray& array);
// Bytes of .zarray or zarr.json.
std::string to_text(const ArrayMetadata& metadata);

}  // namespace copick::zarr
