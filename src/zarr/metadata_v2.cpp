// Reading .zarray. The table of what is accepted is section 3 of docs/format/zarr.md.
#include "zarr/fill_value.h"
#include "zarr/metadata.h"
#include "zarr/metadata_document.h"
#include "zarr/metadata_rules.h"
#include "zarr/stored_type.h"

#include <copick/error.h>

namespace copick::zarr {

namespace {

void read_type(const MetadataDocument& document, ArrayMetadata& array) {
  const Json& dtype = document.member(document.root(), "dtype");
  const std::string spelling = dtype.is_string() ? dtype.as_string() : dtype.dump();
  const std::optional<StoredType> type = type_from_v2(spelling);
  if (!type) {
    document.unsupported("element type " + dtype.dump() + " is no number or truth value",
                         "types that can be read: |b1, i1 to i8, u1 to u8, f2 to f8, c8 and c16, "
                         "with < or > in front");
  }
  array.dtype = type->dtype;
  array.big_endian = type->big_endian;
  array.stored_dtype = spelling;
}

void read_fill_value(const MetadataDocument& document, ArrayMetadata& array) {
  const Json* value = document.root().find("fill_value");
  array.fill_value_is_null = !value || value->is_null();
  array.fill_value.assign(array.item_size(), std::byte{0});
  if (array.fill_value_is_null) return;
  auto element = parse_fill_value(*value, array.dtype);
  if (!element) {
    document.corrupt("fill_value " + value->dump() + " does not fit element type " +
                     array.stored_dtype);
  }
  array.fill_value = std::move(*element);
}

void read_codecs(const MetadataDocument& document, ArrayMetadata& array) {
  DType dtype = array.dtype;  // of what the next codec is given
  const auto add = [&](const Json& entry) {
    array.codecs.push_back(codec_from_v2(entry, size_of(dtype), dtype, document.where()));
    dtype = array.codecs.back()->encoded_dtype(dtype);
  };
  if (const Json* filters = document.root().find("filters"); filters && !filters->is_null()) {
    if (!filters->is_array()) {
      document.corrupt("member 'filters' must be a list or null, found " + filters->dump());
    }
    for (const Json& filter : filters->elements()) add(filter);
  }
  const Json& compressor = document.member(document.root(), "compressor");
  if (!compressor.is_null()) add(compressor);
}

void read_separator(const MetadataDocument& document, ArrayMetadata& array) {
  const Json* separator = document.root().find("dimension_separator");
  array.separator_is_stated = separator && !separator->is_null();
  if (!array.separator_is_stated) return;
  const std::string text = document.text(document.root(), "dimension_separator");
  if (text != "." && text != "/") {
    document.corrupt("dimension_separator must be \".\" or \"/\", found " + separator->dump());
  }
  array.separator = text.front();
}

}  // namespace

ArrayMetadata parse_v2_array(std::string_view zarray, const std::string& where) {
  MetadataDocument document(zarray, where);
  const Json& root = document.root();
  if (document.integer(root, "zarr_format") != 2) {
    document.corrupt("zarr_format must be 2, found " + root.find("zarr_format")->dump());
  }
  ArrayMetadata array;
  array.zarr_format = 2;
  array.shape = document.lengths(root, "shape");
  array.chunks = document.lengths(root, "chunks");
  check_chunks(document, array.shape, array.chunks, "chunk shape");
  read_type(document, array);
  check_sizes(document, array);
  const std::string order = document.text(root, "order");
  if (order != "C" && order != "F") {
    document.corrupt("order must be \"C\" or \"F\", found \"" + order + "\"");
  }
  array.order = order.front();
  read_fill_value(document, array);
  read_codecs(document, array);
  read_separator(document, array);
  array.document = root;
  return array;
}

}  // namespace copick::zarr
