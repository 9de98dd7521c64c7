#include <copick/error.h>
#include <copick/json.h>

#include <algorithm>
#include <charconv>

#include "base/json_text.h"
#include "base/number_text.h"

namespace copick {

namespace {

const char* name_of(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "a boolean";
    case Json::Kind::number:
      return "a number";
    case Json::Kind::string:
      return "a string";
    case Json::Kind::array:
      return "an array";
    case Json::Kind::object:
      return "an object";
  }
  return "an unknown kind";
}

[[noreturn]] void refuse(const std::string& expected, const std::string& found) {
  throw ValidationError({"use a JSON value", "", "expected " + expected + ", found " + found, ""});
}

template <typename T, typename Variant>
auto& expect(Variant& value, Json::Kind expected) {
  auto* held = std::get_if<T>(&value);
  if (!held) refuse(name_of(expected), name_of(static_cast<Json::Kind>(value.index())));
  return *held;
}

// The absolute value of a number that is an integer, however it is spelt.
std::optional<std::uint64_t> magnitude_of(const base::Decimal& number) {
  constexpr std::size_t kMostDigits = 20;  // of 2^64 - 1
  if (number.digits.empty()) return 0;
  if (number.exponent < 0 || number.exponent > static_cast<std::int64_t>(kMostDigits))
    return std::nullopt;
  const std::string digits =
      number.digits + std::string(static_cast<std::size_t>(number.exponent), '0');
  std::uint64_t magnitude = 0;
  const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude).ec;
  if (error != std::errc()) return std::nullopt;
  return magnitude;
}

bool equal_numbers(const std::string& a, const std::string& b) {
  return a == b || (base::decimal_of(a) == base::decimal_of(b) && base::decimal_of(a));
}

std::vector<const Json::Member*> by_key(const std::vector<Json::Member>& members) {
  std::vector<const Json::Member*> order;
  order.reserve(members.size());
  for (const Json::Member& member : members) order.push_back(&member);
  std::sort(order.begin(), order.end(), [](auto* a, auto* b) {
    return a->first != b->first ? a->first < b->first : a < b;  // equal keys stay in their order
  });
  return order;
}

bool equal_members(const std::vector<Json::Member>& a, const std::vector<Json::Member>& b) {
  if (a.size() != b.size()) return false;
  const auto left = by_key(a), right = by_key(b);
  return std::equal(left.begin(), left.end(), right.begin(),
                    [](auto* x, auto* y) { return *x == *y; });
}

std::string unescaped(const std::string& escaped) {
  return base::json_unescaped(escaped, base::LoneSurrogate::keep);
}

}  // namespace

Json Json::boolean(bool value) { return Json(Value(value)); }
Json Json::number(double value) { return Json(Value(Number{base::python_float(value)})); }
Json Json::integer(std::int64_t value) { return Json(Value(Number{std::to_string(value)})); }
Json Json::unsigned_integer(std::uint64_t value) {
  return Json(Value(Number{std::to_string(value)}));
}

Json Json::string(std::string_view utf8) {
  String string;
  base::append_json_escaped(string.escaped, utf8);
  return Json(Value(std::move(string)));
}

Json Json::array(std::vector<Json> elements) { return Json(Value(std::move(elements))); }
Json Json::object(std::vector<Member> members) { return Json(Value(std::move(members))); }

Json Json::raw_number(std::string text) {
  if (!base::is_json_number(text)) refuse("the text of a number", "'" + text + "'");
  return Json(Value(Number{std::move(text)}));
}

bool Json::as_bool() const { return expect<bool>(value_, Kind::boolean); }

double Json::as_double() const { return *base::parse_double(number_text()); }

std::int64_t Json::as_int64() const {
  const std::string& text = number_text();
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end) return value;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 63;
  const auto decimal = base::decimal_of(text);
  const auto magnitude = decimal ? magnitude_of(*decimal) : std::nullopt;
  if (!magnitude || *magnitude > kMost - (decimal->negative ? 0 : 1))
    refuse("a 64-bit integer", text);
  return static_cast<std::int64_t>(decimal->negative ? 0 - *magnitude : *magnitude);
}

std::uint64_t Json::as_uint64() const {
  const std::string& text = number_text();
  const auto decimal = base::decimal_of(text);
  const auto magnitude = decimal && !decimal->negative ? magnitude_of(*decimal) : std::nullopt;
  if (!magnitude) refuse("an unsigned 64-bit integer", text);
  return *magnitude;
}

std::string Json::as_string() const {
  return base::json_unescaped(expect<String>(value_, Kind::string).escaped,
                              base::LoneSurrogate::replace);
}

const std::string& Json::number_text() const { return expect<Number>(value_, Kind::number).text; }

const Json* Json::find(std::string_view key) const {
  const auto* members = std::get_if<std::vector<Member>>(&value_);
  if (!members) return nullptr;
  for (const Member& member : *members)
    if (member.first == key) return &member.second;
  return nullptr;
}

Json* Json::find(std::string_view key) { return const_cast<Json*>(std::as_const(*this).find(key)); }

Json& Json::operator[](std::string_view key) {
  if (is_null()) *this = object();
  if (Json* found = find(key)) return *found;
  return members().emplace_back(std::string(key), Json()).second;
}

bool Json::erase(std::string_view key) {
  return std::erase_if(members(), [&](const Member& member) { return member.first == key; }) > 0;
}

const std::vector<Json::Member>& Json::members() const& {
  return expect<std::vector<Member>>(value_, Kind::object);
}
std::vector<Json::Member>& Json::members() & {
  return expect<std::vector<Member>>(value_, Kind::object);
}
std::vector<Json::Member> Json::members() && { return std::move(members()); }
const std::vector<Json>& Json::elements() const& {
  return expect<std::vector<Json>>(value_, Kind::array);
}
std::vector<Json>& Json::elements() & { return expect<std::vector<Json>>(value_, Kind::array); }
std::vector<Json> Json::elements() && { return std::move(elements()); }

void Json::push_back(Json value) {
  if (is_null()) *this = array();
  elements().push_back(std::move(value));
}

bool operator==(const Json& a, const Json& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Json::Kind::null:
      return true;
    case Json::Kind::boolean:
      return a.as_bool() == b.as_bool();
    case Json::Kind::number:
      return equal_numbers(a.number_text(), b.number_text());
    case Json::Kind::string: {
      const auto &x = std::get<Json::String>(a.value_).escaped,
                 &y = std::get<Json::String>(b.value_).escaped;
      return x == y || unescaped(x) == unescaped(y);
    }
    case Json::Kind::array:
      return a.elements() == b.elements();
    case Json::Kind::object:
      return equal_members(a.members(), b.members());
  }
  return false;
}

}  // namespace copick
