// MetaDocument: the `.meta` file of a run or voxel spacing.
//
// Ours is a JSON object: {"name", "created", "modified", "description"}, for a voxel spacing also
// "voxel_size". The reference writes the four bytes "meta" and never reads them, so whatever is not
// a JSON object says nothing. Members we do not know survive a rewrite.
// Note: docs/format/layout.md.
//
//   MetaDocument document = MetaDocument::parse(text);     // never throws
//   document.set({.name = "TS_001", .modified = now}, {});
//   store->put(key, as_bytes(document.to_text()));
//
// Threads: a value type.
#pragma once

#include <copick/entities.h>
#include <copick/json.h>

#include <optional>
#include <string>
#include <string_view>

namespace copick::model {

class MetaDocument {
 public:
  static MetaDocument parse(std::string_view text);
  // What the file says; empty where it says nothing or something of another kind.
  Meta meta() const;
  std::optional<double> voxel_size() const;  // angstrom
  // Takes over what is given: an empty name or an absent value leaves the member as it is.
  void set(const Meta& meta, std::optional<double> voxel_size);
  // JSON, indent 4, no newline at the end.
  std::string to_text() const;

 private:
  std::optional<std::string> text_member(std::string_view key) const;

  Json document_ = Json::object();
};

}  // namespace copick::model
