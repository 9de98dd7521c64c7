#include "model/lax_json.h"

#include "base/number_text.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace copick::model {

namespace {

constexpr std::size_t longest_quote = 40;  // bytes of somebody's text in a message

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The text without Python's '_' between digits. nullopt when one stands elsewhere.
std::optional<std::string> without_separators(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
      continue;
    }
    const bool between_digits =
        i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (!between_digits) return std::nullopt;
  }
  return plain;
}

}  // namespace

std::optional<double> lax_double(std::string_view text) {
  const auto plain = without_separators(text);
  return plain ? base::parse_double(*plain) : std::nullopt;
}

std::optional<std::int64_t> lax_int64(std::string_view text) {
  const auto plain = without_separators(text);
  if (!plain) return std::nullopt;
  const std::size_t point = plain->find('.');
  if (point == std::string::npos) return base::parse_int64(*plain);
  if (point == 0 || !is_digit((*plain)[point - 1])) return std::nullopt;
  const std::size_t rest = plain->find_first_not_of('0', point + 1);
  const bool whole = rest == std::string::npos ||
                     plain->find_first_not_of(" \t\n\v\f\r", rest) == std::string::npos;
  return whole ? base::parse_int64(std::string_view(*plain).substr(0, point)) : std::nullopt;
}

std::optional<double> lax_double(const Json& value) {
  if (value.is_number()) return value.as_double();
  if (value.is_string()) return lax_double(value.as_string());
  if (value.is_bool()) return value.as_bool() ? 1.0 : 0.0;
  return std::nullopt;
}

std::optional<std::int64_t> lax_int64(const Json& value) {
  if (value.is_bool()) return value.as_bool() ? 1 : 0;
  if (value.is_string()) return lax_int64(value.as_string());
  if (!value.is_number()) return std::nullopt;
  try {
    return value.as_int64();
  } catch (const Error&) { return std::nullopt; }
}

std::optional<bool> lax_bool(const Json& value) {
  constexpr std::array<std::string_view, 6> yes{"1", "on", "t", "true", "y", "yes"};
  constexpr std::array<std::string_view, 6> no{"0", "off", "f", "false", "n", "no"};
  if (value.is_bool()) return value.as_bool();
  if (value.is_number()) {
    const double number = value.as_double();
    if (number != 0 && number != 1) return std::nullopt;
    return number == 1;
  }
  if (!value.is_string()) return std::nullopt;
  const std::string word = lower(value.as_string());
  if (std::find(yes.begin(), yes.end(), word) != yes.end()) return true;
  if (std::find(no.begin(), no.end(), word) != no.end()) return false;
  return std::nullopt;
}

std::string quoted(std::string_view text) {
  if (text.size() <= longest_quote) return Json::string(text).dump();
  std::size_t cut = longest_quote;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
    --cut;  // not inside a character
  return Json::string(std::string(text.substr(0, cut)) + "...").dump();
}

std::string describe_kind(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "a flag";
    case Json::Kind::number:
      return "a number";
    case Json::Kind::string:
      return "a text";
    case Json::Kind::array:
      return "a list";
    case Json::Kind::object:
      return "an object";
  }
  return "";
}

Json parse_inner_json(std::string_view text, const std::string& where) {
  if (text.starts_with("\xEF\xBB\xBF"))
    throw CorruptError({"read JSON", where, "a byte-order mark stands inside the text", ""});
  return Json::parse(text, where);
}

std::string describe(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return value.as_bool() ? "true" : "false";
    case Json::Kind::number: {
      const std::string& text = value.number_text();
      return text.size() <= longest_quote
                 ? text
                 : "a number of " + std::to_string(text.size()) + " characters";
    }
    case Json::Kind::string:
      return "the text " + quoted(value.as_string());
    case Json::Kind::array:
      return "a list of " + std::to_string(value.elements().size());
    case Json::Kind::object:
      return "an object";
  }
  return "";
}

}  // namespace copick::model
