// Json: an ordered JSON value that loses nothing.
//
// Numbers and strings keep the text they were read with, objects keep their order and their unknown
// members, so a file that is read, changed in one place and written again differs in that place
// only. NaN, Infinity and -Infinity are accepted as numbers, as Python writes them. Writing follows
// Python's json.dumps: ", " and ": " on one line or an indented layout, non-ASCII escaped, floats
// in Python's shortest form (1.0, 1e-05, 1e+16).
//
//   Json config = Json::parse(text, path);
//   if (const Json* name = config.find("name")) std::cout << name->as_string();
//   config["user_id"] = Json::string("alice");
//   std::string out = config.dump(4);
//
// Errors: parse throws CorruptError naming `where` and the place; as_* and the accessors throw
// ValidationError on the wrong kind. Depth is limited to 256. Duplicate keys: the last one wins. A
// UTF-8 byte-order mark is skipped. Threads: a value type. Note: docs/format/json.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace copick {

class Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  using Member = std::pair<std::string, Json>;  // the key is decoded UTF-8

  Json() = default;  // null
  static Json parse(std::string_view text, std::string_view where);
  static Json boolean(bool value);
  static Json number(double value);  // Python repr; NaN and infinities as Python spells them
  static Json integer(std::int64_t value);
  static Json unsigned_integer(std::uint64_t value);
  static Json string(std::string_view utf8);  // a byte that is not UTF-8 becomes U+FFFD
  static Json array(std::vector<Json> elements = {});
  static Json object(std::vector<Member> members = {});
  // A number's source text, kept as it is; ValidationError if it is not a number.
  static Json raw_number(std::string text);

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_null() const { return kind() == Kind::null; }
  bool is_object() const { return kind() == Kind::object; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_number() const { return kind() == Kind::number; }
  bool is_bool() const { return kind() == Kind::boolean; }

  bool as_bool() const;
  double as_double() const;       // any number, NaN included; beyond double gives +-infinity
  std::int64_t as_int64() const;  // exact integers only; "1.0" and "1e3" count as integers
  std::uint64_t as_uint64() const;
  std::string as_string() const;           // decoded UTF-8; a lone surrogate becomes U+FFFD
  const std::string& number_text() const;  // as it stood in the source

  // Objects. find gives nullptr when absent or when this is not an object.
  const Json* find(std::string_view key) const;
  Json* find(std::string_view key);
  // The member; a new one is null and comes last. Null itself becomes an object first.
  Json& operator[](std::string_view key);
  bool erase(std::string_view key);
  const std::vector<Member>& members() const&;
  std::vector<Member>& members() &;
  std::vector<Member> members() &&;  // so that a loop over a temporary is safe
  // Arrays.
  const std::vector<Json>& elements() const&;
  std::vector<Json>& elements() &;
  std::vector<Json> elements() &&;
  void push_back(Json value);  // null itself becomes an array first

  // indent < 0: one line; otherwise that many spaces a level. No newline at the end.
  std::string dump(int indent = -1) const;

  // Equal kinds and values: numbers by their exact decimal value (1.0 equals 1e0, NaN equals NaN),
  // strings decoded, objects regardless of order.
  friend bool operator==(const Json& a, const Json& b);

 private:
  friend struct JsonAccess;  // the parser and the writer, in src/base
  // Both as they stand in the source, a string without its quotes.
  struct Number {
    std::string text;
  };
  struct String {
    std::string escaped;
  };
  // In the order of Kind.
  using Value =
      std::variant<std::monostate, bool, Number, String, std::vector<Json>, std::vector<Member>>;
  explicit Json(Value value) : value_(std::move(value)) {}

  Value value_;
};

}  // namespace copick
