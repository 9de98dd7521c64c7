#include "store/key.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store {

namespace {

constexpr std::string_view kHint = "keys look like 'TS_001/Picks/alice_1_ribosome.json'";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// `text` at `at` is '%' and these two hex digits, in any case.
bool escape_at(std::string_view text, std::size_t at, std::string_view digits) {
  return at + 2 < text.size() && text[at] == '%' && lower(text[at + 1]) == digits[0] &&
         lower(text[at + 2]) == digits[1];
}

// "." or "..", each dot plain or spelt %2e.
bool is_dots(std::string_view part) {
  std::size_t dots = 0;
  for (std::size_t i = 0; i < part.size(); ++dots) {
    if (part[i] == '.') {
      i += 1;
    } else if (escape_at(part, i, "2e")) {
      i += 3;
    } else {
      return false;
    }
  }
  return dots == 1 || dots == 2;
}

// Why `part` cannot be one part of a key; empty when it can.
std::string_view fault_of_part(std::string_view part) {
  if (part.empty()) return "it has an empty part (a '/' at an end, or two in a row)";
  if (is_dots(part)) return "it has a '.' or '..' part";
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '\\') return "it contains a backslash";
    if (is_control(part[i])) return "it contains a control character";
    if (escape_at(part, i, "2f") || escape_at(part, i, "5c")) {
      return "it contains a percent-encoded separator";
    }
    if (escape_at(part, i, "00")) return "it contains a percent-encoded NUL";
  }
  return {};
}

// A key as it may stand in a message: control characters would break the terminal it is shown on.
std::string printable(std::string_view key) {
  std::string text(key);
  std::replace_if(text.begin(), text.end(), is_control, '?');
  return text;
}

void check_parts(std::string_view key, std::string_view doing) {
  for (std::string_view rest = key;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view fault = fault_of_part(rest.substr(0, slash));
    if (!fault.empty()) {
      throw ValidationError({std::string(doing), "",
                             "'" + printable(key) + "' is not a legal key: " + std::string(fault),
                             std::string(kHint)});
    }
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace

void check_key(std::string_view key, std::string_view doing) {
  if (key.empty()) {
    throw ValidationError({std::string(doing), "", "the key is empty", std::string(kHint)});
  }
  check_parts(key, doing);
}

void check_prefix(std::string_view prefix, std::string_view doing) {
  if (!prefix.empty()) check_parts(prefix, doing);
}

bool is_legal_name(std::string_view name) {
  return name.find('/') == std::string_view::npos && fault_of_part(name).empty();
}

std::string join(std::string_view prefix, std::string_view name) {
  if (prefix.empty()) return std::string(name);
  if (name.empty()) return std::string(prefix);
  std::string key;
  key.reserve(prefix.size() + 1 + name.size());
  key.append(prefix).append(1, '/').append(name);
  return key;
}

std::string_view parent(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : key.substr(0, slash);
}

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('/') + 1); }

bool is_below(std::string_view key, std::string_view prefix) {
  if (prefix.empty()) return !key.empty();
  return key.size() > prefix.size() && key[prefix.size()] == '/' &&
         key.substr(0, prefix.size()) == prefix;
}

}  // namespace copick::store
