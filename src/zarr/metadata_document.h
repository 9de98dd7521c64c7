// MetadataDocument: the JSON text of an array or group, read member by member.
//
// Every failure names the document and the member. What breaks the format is a CorruptError; what
// the format allows and this library cannot read is a ValidationError. Threads: an immutable value.
#pragma once

#include <copick/array.h>
#include <copick/json.h>

#include <string>
#include <string_view>

namespace copick::zarr {

class MetadataDocument {
 public:
  // CorruptError unless `text` is a JSON object.
  MetadataDocument(std::string_view text, std::string where);

  const Json& root() const { return root_; }
  const std::string& where() const { return where_; }

  // Members of any object of the document.
  const Json& member(const Json& object, std::string_view name) const;
  std::string text(const Json& object, std::string_view name) const;
  std::int64_t integer(const Json& object, std::string_view name) const;
  // An array of lengths, none negative.
  Shape lengths(const Json& object, std::string_view name) const;

  [[noreturn]] void corrupt(const std::string& why) const;
  [[noreturn]] void unsupported(const std::string& why, const std::string& hint) const;

 private:
  std::string where_;
  Json root_;
};

}  // namespace copick::zarr
