// Which characters a name may hold. Rules and their source: docs/format/names.md, sections 1 and 2.
#include "base/logging.h"
#include "base/utf8.h"
#include "model/lax_json.h"  // quoted
#include "model/names.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::model {

namespace {

// Unicode white space, as Python's str.isspace sees it, beyond the control characters.
bool is_wide_blank(char32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_control(char32_t c) { return c < 0x20 || c == 0x7F; }

bool is_replaced(char32_t c) {
  constexpr std::string_view refused = "<>:\"/\\|?* _";
  if (is_control(c) || is_wide_blank(c)) return true;
  return c < 0x80 && refused.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_utf8(std::string_view text) { return !base::utf8_fault(text); }

// nullopt: not UTF-8.
std::optional<std::string> replaced(std::string_view text) {
  if (!is_utf8(text)) return std::nullopt;
  std::string out;
  while (!text.empty()) {
    const auto [character, length] = base::decode_utf8(text);
    is_replaced(character) ? out += '-' : out += text.substr(0, length);
    text.remove_prefix(length);
  }
  const auto first = out.find_first_not_of('-');
  if (first == std::string::npos) return std::string();
  return out.substr(first, out.find_last_not_of('-') - first + 1);
}

// %xx read as the byte it stands for, once.
std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (!escape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(16 * digit(text[i + 1]) + digit(text[i + 2]));
    i += 2;
  }
  return out;
}

// Why `name` cannot be the name of a folder of ours; empty when it can.
std::string run_name_problem(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (!is_utf8(name)) return "it is not UTF-8";
  if (name.starts_with('.')) return "it begins with '.', which hides it from every listing";
  const auto control = [](char c) { return is_control(static_cast<unsigned char>(c)); };
  if (std::any_of(name.begin(), name.end(), control)) return "it holds a control character";
  if (name.find_first_of("/\\") != std::string_view::npos) return "it holds a path separator";
  const std::string decoded = percent_decoded(name);
  if (decoded == "." || decoded == ".." || decoded.find_first_of("/\\") != std::string::npos ||
      std::any_of(decoded.begin(), decoded.end(), control)) {
    return "it holds a percent-encoded separator, dot segment or control character";
  }
  return {};
}

}  // namespace

std::string sanitise(std::string_view text, std::string_view what) {
  const auto clean = replaced(text);
  if (!clean || clean->empty()) {
    throw ValidationError(
        {"use " + (clean ? quoted(text) : "this text") + " as " + std::string(what), "",
         clean
             ? "nothing is left of it when the characters that file names cannot hold are taken out"
             : "it is not valid UTF-8",
         "use letters, digits, '.' and '-'"});
  }
  if (*clean != text) {
    base::warn(std::string(what) + " " + quoted(text) +
               " holds characters that file names cannot; it becomes " + quoted(*clean));
  }
  return *clean;
}

bool is_sanitised(std::string_view text) { return !text.empty() && replaced(text) == text; }

void check_run_name(std::string_view name) {
  const std::string problem = run_name_problem(name);
  if (problem.empty()) return;
  throw ValidationError({"use " + (is_utf8(name) ? quoted(name) : "this text") + " as a run name",
                         "", problem, "use letters, digits, '.', '-' and '_'"});
}

}  // namespace copick::model
