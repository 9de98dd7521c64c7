#include "geometry/gltf_part.h"

#include <copick/error.h>

#include <cmath>

namespace copick::geometry {

namespace {

constexpr std::size_t kShownCharacters = 40;

std::string shown(const Json& value) {
  const std::string text = value.dump();
  return text.size() <= kShownCharacters ? text : text.substr(0, kShownCharacters) + "...";
}

}  // namespace

void GltfPart::fail(const std::string& why) const {
  throw CorruptError(
      {"read a mesh", std::string(where_), path_.empty() ? why : path_ + ": " + why, ""});
}

std::optional<GltfPart> GltfPart::find(const char* member) const {
  if (!json_->is_object()) fail("expected an object, found " + shown(*json_));
  const Json* found = json_->find(member);
  if (!found) return std::nullopt;
  return GltfPart(found, path_.empty() ? member : path_ + "." + member, where_);
}

GltfPart GltfPart::at(const char* member) const {
  auto found = find(member);
  if (!found) fail("it has no '" + std::string(member) + "'");
  return *found;
}

GltfPart GltfPart::element(std::uint64_t index) const {
  if (index >= size())
    fail("there is no element " + std::to_string(index) + ", only " + std::to_string(size()));
  return GltfPart(&json_->elements()[index], path_ + "[" + std::to_string(index) + "]", where_);
}

std::size_t GltfPart::size() const {
  if (!json_->is_array()) fail("expected an array, found " + shown(*json_));
  return json_->elements().size();
}

std::uint64_t GltfPart::integer() const {
  if (json_->is_number()) {
    try {
      return json_->as_uint64();
    } catch (const ValidationError&) {  // negative, fractional or too large
    }
  }
  fail("expected a whole number, found " + shown(*json_));
}

std::uint64_t GltfPart::integer_or(const char* member, std::uint64_t otherwise) const {
  const auto found = find(member);
  return found ? found->integer() : otherwise;
}

double GltfPart::number() const {
  if (!json_->is_number() || !std::isfinite(json_->as_double()))
    fail("expected a number, found " + shown(*json_));
  return json_->as_double();
}

std::vector<double> GltfPart::numbers(std::size_t count) const {
  if (size() != count)
    fail("expected " + std::to_string(count) + " numbers, found " + std::to_string(size()));
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(element(i).number());
  return values;
}

std::string GltfPart::text() const {
  if (!json_->is_string()) fail("expected a text, found " + shown(*json_));
  return json_->as_string();
}

std::string GltfPart::text_or_empty(const char* member) const {
  const auto found = find(member);
  return found && found->json().is_string() ? found->json().as_string() : "";
}

}  // namespace copick::geometry
