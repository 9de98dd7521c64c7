#include "model/meta_document.h"

#include "model/lax_json.h"

#include <copick/error.h>

namespace copick::model {

MetaDocument MetaDocument::parse(std::string_view text) {
  MetaDocument document;
  try {
    Json parsed = Json::parse(text, ".meta");
    if (parsed.is_object()) document.document_ = std::move(parsed);
  } catch (const CorruptError&) {
    // Somebody else's marker file: it says nothing.
  }
  return document;
}

std::optional<std::string> MetaDocument::text_member(std::string_view key) const {
  const Json* value = document_.find(key);
  if (!value || !value->is_string()) return std::nullopt;
  return value->as_string();
}

Meta MetaDocument::meta() const {
  Meta meta;
  meta.name = text_member("name").value_or("");
  meta.created = text_member("created");
  meta.modified = text_member("modified");
  meta.description = text_member("description");
  return meta;
}

std::optional<double> MetaDocument::voxel_size() const {
  const Json* value = document_.find("voxel_size");
  return value ? lax_double(*value) : std::nullopt;
}

void MetaDocument::set(const Meta& meta, std::optional<double> voxel_size) {
  const auto take = [&](std::string_view key, const std::optional<std::string>& value) {
    if (value) document_[key] = Json::string(*value);
  };
  if (!meta.name.empty()) take("name", meta.name);
  if (voxel_size) document_["voxel_size"] = Json::number(*voxel_size);
  take("created", meta.created);
  take("modified", meta.modified);
  take("description", meta.description);
}

std::string MetaDocument::to_text() const { return document_.dump(4); }

}  // namespace copick::model
