#include "zarr/metadata_document.h"

#include <copick/error.h>

namespace copick::zarr {

namespace {

constexpr const char* kDoing = "read Zarr metadata";

}  // namespace

MetadataDocument::MetadataDocument(std::string_view text, std::string where)
    : where_(std::move(where)), root_(Json::parse(text, where_)) {
  if (!root_.is_object()) corrupt("the document is not a JSON object");
}

const Json& MetadataDocument::member(const Json& object, std::string_view name) const {
  const Json* found = object.find(name);
  if (!found) corrupt("member '" + std::string(name) + "' is missing");
  return *found;
}

std::string MetadataDocument::text(const Json& object, std::string_view name) const {
  const Json& value = member(object, name);
  if (!value.is_string()) {
    corrupt("member '" + std::string(name) + "' must be text, found " + value.dump());
  }
  return value.as_string();
}

std::int64_t MetadataDocument::integer(const Json& object, std::string_view name) const {
  const Json& value = member(object, name);
  try {
    return value.as_int64();
  } catch (const ValidationError&) {
    corrupt("member '" + std::string(name) + "' must be an integer, found " + value.dump());
  }
}

Shape MetadataDocument::lengths(const Json& object, std::string_view name) const {
  const Json& value = member(object, name);
  const auto refuse = [&] {
    corrupt("member '" + std::string(name) + "' must be a list of lengths, found " + value.dump());
  };
  if (!value.is_array()) refuse();
  Shape lengths;
  for (const Json& element : value.elements()) {
    try {
      lengths.push_back(element.as_int64());
    } catch (const ValidationError&) { refuse(); }
    if (lengths.back() < 0) refuse();
  }
  return lengths;
}

void MetadataDocument::corrupt(const std::string& why) const {
  throw CorruptError({kDoing, where_, why,
                      "the file was damaged, or written by a faulty program: restore it, or write "
                      "the volume anew"});
}

void MetadataDocument::unsupported(const std::string& why, const std::string& hint) const {
  throw ValidationError({kDoing, where_, why, hint});
}

}  // namespace copick::zarr
