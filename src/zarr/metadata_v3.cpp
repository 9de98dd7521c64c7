// Reading the zarr.json of an array. The table of what is accepted is section 4 of
// docs/format/zarr.md.
#include "zarr/fill_value.h"
#include "zarr/metadata.h"
#include "zarr/metadata_document.h"
#include "zarr/metadata_rules.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace copick::zarr {

namespace {

// A codec, grid or encoding: {"name": ..., "configuration": {...}}, or the bare name.
struct Extension {
  std::string name;
  Json configuration = Json::object();
};

Extension extension(const MetadataDocument& document, const Json& entry, std::string_view what) {
  if (entry.is_string()) return {entry.as_string(), Json::object()};
  if (!entry.is_object()) {
    document.corrupt(std::string(what) + " must be an object with a name, found " + entry.dump());
  }
  Extension result{document.text(entry, "name"), Json::object()};
  if (const Json* configuration = entry.find("configuration")) {
    if (!configuration->is_object()) {
      document.corrupt("the configuration of " + std::string(what) + " '" + result.name +
                       "' is not an object");
    }
    result.configuration = *configuration;
  }
  return result;
}

const std::vector<Json>& list_of_codecs(const MetadataDocument& document, const Json& object,
                                        std::string_view name) {
  const Json& list = document.member(object, name);
  if (!list.is_array() || list.elements().empty()) {
    document.corrupt("member '" + std::string(name) + "' must be a list of codecs");
  }
  return list.elements();
}

bool read_endian(const MetadataDocument& document, const Extension& bytes, std::size_t item_size) {
  if (!bytes.configuration.find("endian")) {
    if (item_size > 1) document.corrupt("codec 'bytes' states no endian");
    return false;
  }
  const std::string endian = document.text(bytes.configuration, "endian");
  if (endian != "little" && endian != "big") {
    document.corrupt("endian must be \"little\" or \"big\", found \"" + endian + "\"");
  }
  return endian == "big" && item_size > 1;
}

// The order "transpose" states, applied after `before` (empty: none).
std::vector<int> read_transpose(const MetadataDocument& document, const Extension& codec,
                                std::size_t rank, const std::vector<int>& before) {
  const Shape order = document.lengths(codec.configuration, "order");
  Shape sorted = order;
  std::sort(sorted.begin(), sorted.end());
  Shape axes(rank);
  std::iota(axes.begin(), axes.end(), std::int64_t{0});
  if (sorted != axes) {
    document.corrupt("transpose order " + shape_text(order) + " is no order of " +
                     std::to_string(rank) + " axes");
  }
  std::vector<int> result;
  for (const std::int64_t axis : order) {
    const auto position = static_cast<std::size_t>(axis);
    result.push_back(before.empty() ? static_cast<int>(axis) : before[position]);
  }
  return result;
}

// A chain from elements to bytes: [transpose ...] [filters ...] bytes [bytes codecs ...].
struct Chain {
  std::vector<int> transpose;
  bool big_endian = false;
  std::vector<CodecPtr> codecs;
};

Chain read_chain(const MetadataDocument& document, const std::vector<Json>& entries,
                 const ArrayMetadata& array) {
  Chain chain;
  DType dtype = array.dtype;  // of what the next codec is given
  bool bytes_seen = false;
  for (const Json& entry : entries) {
    const Extension codec = extension(document, entry, "codec");
    if (codec.name == "sharding_indexed") {
      document.unsupported("codec 'sharding_indexed' stands inside or beside other codecs",
                           "write the array with sharding_indexed as its only outer codec");
    }
    if (codec.name == "bytes") {
      if (bytes_seen) document.corrupt("codec 'bytes' stands twice in one chain");
      bytes_seen = true;
      chain.big_endian = read_endian(document, codec, array.item_size());
      if (chain.big_endian && !chain.codecs.empty()) {
        document.unsupported("filters stand before big-endian bytes",
                             "write the array little-endian");
      }
    } else if (codec.name == "transpose") {
      if (bytes_seen || !chain.codecs.empty()) {
        document.corrupt("codec 'transpose' must stand before all others");
      }
      chain.transpose = read_transpose(document, codec, array.shape.size(), chain.transpose);
    } else {
      chain.codecs.push_back(codec_from_v3(entry, size_of(dtype), dtype, document.where()));
      dtype = chain.codecs.back()->encoded_dtype(dtype);
    }
  }
  if (!bytes_seen) document.corrupt("the codecs lack 'bytes' (or 'sharding_indexed')");
  if (std::is_sorted(chain.transpose.begin(), chain.transpose.end())) chain.transpose.clear();
  return chain;
}

void read_index_codecs(const MetadataDocument& document, const Json& configuration,
                       ShardingMetadata& sharding) {
  sharding.index_crc32c = false;
  bool bytes_seen = false;
  for (const Json& entry : list_of_codecs(document, configuration, "index_codecs")) {
    const Extension codec = extension(document, entry, "index codec");
    if (codec.name == "bytes" && !bytes_seen) {
      bytes_seen = true;
      sharding.index_big_endian = read_endian(document, codec, sizeof(std::uint64_t));
    } else if (codec.name == "crc32c" && bytes_seen && !sharding.index_crc32c) {
      sharding.index_crc32c = true;
    } else {
      document.unsupported("index codec '" + codec.name + "' is not 'bytes' followed by 'crc32c'",
                           "write the array with the usual index codecs");
    }
  }
  if (!bytes_seen) document.corrupt("the index codecs lack 'bytes'");
}

ShardingMetadata read_sharding(const MetadataDocument& document, const Extension& codec,
                               const ArrayMetadata& array) {
  const Json& configuration = codec.configuration;
  ShardingMetadata sharding;
  sharding.inner_chunks = document.lengths(configuration, "chunk_shape");
  check_chunks(document, array.chunks, sharding.inner_chunks, "inner chunk shape");
  for (std::size_t axis = 0; axis < array.chunks.size(); ++axis) {
    if (array.chunks[axis] % sharding.inner_chunks[axis] != 0) {
      document.corrupt("shard shape " + shape_text(array.chunks) +
                       " is no multiple of inner chunk shape " + shape_text(sharding.inner_chunks));
    }
  }
  Chain chain = read_chain(document, list_of_codecs(document, configuration, "codecs"), array);
  sharding.inner_transpose = std::move(chain.transpose);
  sharding.inner_big_endian = chain.big_endian;
  sharding.inner_codecs = std::move(chain.codecs);
  read_index_codecs(document, configuration, sharding);
  if (configuration.find("index_location")) {
    const std::string location = document.text(configuration, "index_location");
    if (location != "end" && location != "start") {
      document.corrupt("index_location must be \"start\" or \"end\", found \"" + location + "\"");
    }
    sharding.index_at_end = location == "end";
  }
  return sharding;
}

void read_codecs(const MetadataDocument& document, ArrayMetadata& array) {
  const std::vector<Json>& entries = list_of_codecs(document, document.root(), "codecs");
  const Extension first = extension(document, entries.front(), "codec");
  if (first.name == "sharding_indexed" && entries.size() == 1) {
    array.sharding = read_sharding(document, first, array);
    return;
  }
  Chain chain = read_chain(document, entries, array);
  array.transpose = std::move(chain.transpose);
  array.big_endian = chain.big_endian;
  array.codecs = std::move(chain.codecs);
}

void read_grid(const MetadataDocument& document, ArrayMetadata& array) {
  const Extension grid =
      extension(document, document.member(document.root(), "chunk_grid"), "chunk grid");
  if (grid.name != "regular") {
    document.unsupported("chunk grid '" + grid.name + "' is not known",
                         "only the 'regular' grid can be read");
  }
  array.chunks = document.lengths(grid.configuration, "chunk_shape");
  check_chunks(document, array.shape, array.chunks, "chunk shape");
}

void read_key_encoding(const MetadataDocument& document, ArrayMetadata& array) {
  const Extension encoding = extension(
      document, document.member(document.root(), "chunk_key_encoding"), "chunk key encoding");
  if (encoding.name != "default" && encoding.name != "v2") {
    document.unsupported("chunk key encoding '" + encoding.name + "' is not known",
                         "'default' and 'v2' can be read");
  }
  array.default_key_encoding = encoding.name == "default";
  array.separator = array.default_key_encoding ? '/' : '.';
  if (!encoding.configuration.find("separator")) return;
  const std::string separator = document.text(encoding.configuration, "separator");
  if (separator != "." && separator != "/") {
    document.corrupt("separator must be \".\" or \"/\", found \"" + separator + "\"");
  }
  array.separator = separator.front();
}

void read_type(const MetadataDocument& document, ArrayMetadata& array) {
  const Json& type = document.member(document.root(), "data_type");
  const auto known = type.is_string() ? dtype_from_name(type.as_string()) : std::nullopt;
  if (!known) {
    document.unsupported("element type " + type.dump() + " is no number or truth value",
                         "types that can be read: bool, int8 to int64, uint8 to uint64, float16 to "
                         "float64, complex64 and complex128");
  }
  array.dtype = *known;
  array.stored_dtype = type.as_string();
}

void read_fill_value(const MetadataDocument& document, ArrayMetadata& array) {
  const Json& value = document.member(document.root(), "fill_value");
  array.fill_value_is_null = value.is_null();
  array.fill_value.assign(array.item_size(), std::byte{0});
  if (value.is_null()) return;
  auto element = parse_fill_value(value, array.dtype);
  if (!element) {
    document.corrupt("fill_value " + value.dump() + " does not fit element type " +
                     array.stored_dtype);
  }
  array.fill_value = std::move(*element);
}

void read_dimension_names(const MetadataDocument& document, ArrayMetadata& array) {
  const Json* names = document.root().find("dimension_names");
  if (!names || names->is_null()) return;
  if (!names->is_array() || names->elements().size() != array.shape.size()) {
    document.corrupt("member 'dimension_names' must name each axis, found " + names->dump());
  }
  for (const Json& name : names->elements()) {
    if (!name.is_string() && !name.is_null()) {
      document.corrupt("member 'dimension_names' holds " + name.dump());
    }
    array.dimension_names.push_back(name.is_string() ? name.as_string() : "");
  }
}

// What a reader must understand and we do not.
void refuse_extensions(const MetadataDocument& document) {
  constexpr std::array<std::string_view, 12> known{"zarr_format",
                                                   "node_type",
                                                   "shape",
                                                   "data_type",
                                                   "chunk_grid",
                                                   "chunk_key_encoding",
                                                   "fill_value",
                                                   "codecs",
                                                   "attributes",
                                                   "dimension_names",
                                                   "storage_transformers",
                                                   "consolidated_metadata"};
  for (const auto& [name, value] : document.root().members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const Json* needed = value.find("must_understand");
    if (needed && needed->is_bool() && !needed->as_bool()) continue;
    document.unsupported("member '" + name + "' is an extension that must be understood",
                         "write the array without that extension");
  }
  const Json* transformers = document.root().find("storage_transformers");
  if (!transformers || transformers->is_null()) return;
  if (!transformers->is_array()) document.corrupt("member 'storage_transformers' is not a list");
  if (!transformers->elements().empty()) {
    document.unsupported("storage transformers are used", "write the array without them");
  }
}

}  // namespace

ArrayMetadata parse_v3_array(std::string_view zarr_json, const std::string& where) {
  MetadataDocument document(zarr_json, where);
  const Json& root = document.root();
  if (document.integer(root, "zarr_format") != 3) {
    document.corrupt("zarr_format must be 3, found " + root.find("zarr_format")->dump());
  }
  if (document.text(root, "node_type") != "array") {
    document.corrupt("node_type must be \"array\", found " + root.find("node_type")->dump());
  }
  refuse_extensions(document);
  ArrayMetadata array;
  array.zarr_format = 3;
  array.shape = document.lengths(root, "shape");
  read_grid(document, array);
  read_type(document, array);
  read_key_encoding(document, array);
  read_fill_value(document, array);
  read_codecs(document, array);
  check_sizes(document, array);
  read_dimension_names(document, array);
  if (const Json* attributes = root.find("attributes"); attributes && !attributes->is_null()) {
    if (!attributes->is_object()) document.corrupt("member 'attributes' is not an object");
    array.attributes = *attributes;
  }
  array.document = root;
  return array;
}

}  // namespace copick::zarr
