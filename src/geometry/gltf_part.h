// GltfPart: a value inside a glTF document together with its path, so that every complaint can say
// where.
//
//   const GltfPart accessor = root.at("accessors").element(3);
//   accessor.at("count").integer();   // CorruptError: "accessors[3].count: expected a whole
//   number, found -1"
//
// Borrowed: the document must outlive its parts. Nothing in the document is believed before it is
// asked for.
#pragma once

#include <copick/json.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::geometry {

class GltfPart {
 public:
  // `where` names the file.
  GltfPart(const Json& root, std::string_view where) : json_(&root), where_(where) {}

  const Json& json() const { return *json_; }
  std::optional<GltfPart> find(const char* member) const;  // fails when this is not an object
  GltfPart at(const char* member) const;                   // fails when absent
  GltfPart element(std::uint64_t index) const;             // fails when there is no such element
  std::size_t size() const;                                // of an array

  std::uint64_t integer() const;
  std::uint64_t integer_or(const char* member, std::uint64_t otherwise) const;
  double number() const;  // finite
  std::vector<double> numbers(std::size_t count) const;
  std::string text() const;
  std::string text_or_empty(
      const char* member) const;  // names are decoration: a name that is no text is no name

  [[noreturn]] void fail(const std::string& why) const;

 private:
  GltfPart(const Json* json, std::string path, std::string_view where)
      : json_(json), path_(std::move(path)), where_(where) {}

  const Json* json_;
  std::string path_;
  std::string_view where_;
};

}  // namespace copick::geometry
