// The only place that includes <regex>, which costs seconds of compile time.
#include <copick/error.h>
#include <copick/match.h>

#include <algorithm>
#include <locale>
#include <regex>

#include "base/utf8.h"

namespace copick {

namespace {

constexpr std::string_view kRegexPrefix = "re:";
constexpr std::size_t kMostCharacters = 1000;  // far above any name; bounds the work of one match

// libstdc++'s usual matcher recurses for every character and can take exponential time ("(a+)+$").
// This one does neither; in exchange it knows no back-references.
#ifdef __GLIBCXX__
constexpr auto kSyntax = std::regex::ECMAScript | std::regex_constants::__polynomial;
#else
constexpr auto kSyntax = std::regex::ECMAScript;
#endif

// Characters of a name. A byte that is not UTF-8 is a character of its own, beyond Unicode.
std::u32string characters_of(std::string_view text) {
  constexpr char32_t kBeyondUnicode = 0x110000;
  std::u32string characters;
  characters.reserve(text.size());
  while (!text.empty()) {
    const auto [value, length] = base::decode_utf8(text);
    characters += length ? value : kBeyondUnicode + static_cast<unsigned char>(text.front());
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return characters;
}

// The inside of "[...]": single characters and ranges, "!" in front for the others. An upside-down
// range is empty.
bool set_contains(std::u32string_view set, char32_t c) {
  const bool negated = set.starts_with(U'!');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size() && !found; ++i) {
    const bool range = i + 2 < set.size() && set[i + 1] == U'-';
    const char32_t last = range ? set[i + 2] : set[i];
    found = set[i] <= c && c <= last;
    if (range) i += 2;
  }
  return found != negated;
}

// The distance from the "[" at the start of `pattern` to its "]", or 0 when it has none and stands
// for itself. A "]" right after "[" or "[!" belongs to the set.
std::size_t set_length(std::u32string_view pattern) {
  const std::size_t inside = pattern.substr(1).starts_with(U'!') ? 2 : 1;
  const std::size_t close = pattern.find(U']', inside + 1);
  return close == std::u32string_view::npos ? 0 : close;
}

// Matches one character against the pattern's first element, which is not a star. Returns the
// element's length, 0 if the character does not fit.
std::size_t match_one(std::u32string_view pattern, char32_t c) {
  if (pattern.empty()) return 0;
  if (pattern.front() == U'?') return 1;
  if (pattern.front() == U'[') {
    if (const std::size_t close = set_length(pattern))
      return set_contains(pattern.substr(1, close - 1), c) ? close + 1 : 0;
  }
  return pattern.front() == c ? 1 : 0;
}

// Only the last star met is ever retried, so the work is at most length of pattern x length of
// name.
bool glob_matches(std::u32string_view pattern, std::u32string_view name) {
  constexpr auto kNone = std::u32string_view::npos;
  std::size_t p = 0, n = 0, after_star = kNone, star_end = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == U'*') {
      after_star = ++p;
      star_end = n;
    } else if (const std::size_t length = match_one(pattern.substr(p), name[n])) {
      p += length;
      ++n;
    } else if (after_star != kNone) {
      p = after_star;
      n = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of(U'*', p) == kNone;
}

[[noreturn]] void refuse(const std::string& pattern, const std::string& why,
                         const std::string& hint = "") {
  throw ValidationError({"use the regular expression '" + pattern + "'", "", why, hint});
}

void check_length(std::string_view text, const std::string& pattern, const std::string& what) {
  if (text.size() <= kMostCharacters) return;
  refuse(pattern.substr(0, kMostCharacters), what + " has " + std::to_string(text.size()) +
                                                 " characters, at most " +
                                                 std::to_string(kMostCharacters) + " are allowed");
}

std::string reason_of(const std::regex_error& error) {
  namespace code = std::regex_constants;
  const auto is = [&](code::error_type type) { return error.code() == type; };
  if (is(code::error_paren))
    return "a parenthesis is not closed, a repetition has nothing before it, or a '(?' group is of "
           "an unknown kind";
  if (is(code::error_brack)) return "a bracket is not closed";
  if (is(code::error_brace) || is(code::error_badbrace))
    return "a repetition in braces is not right";
  if (is(code::error_badrepeat)) return "'*', '+' or '?' has nothing to repeat";
  if (is(code::error_range)) return "a range in brackets is upside down";
  if (is(code::error_escape)) return "a backslash is followed by a letter that means nothing";
  if (is(code::error_ctype)) return "a class of characters is not known";
  if (is(code::error_backref)) return "a back-reference has no group";
  if (is(code::error_complexity)) return "it uses a back-reference, which is not supported";
  return error.what();
}

}  // namespace

struct Match::Regex {
  std::regex expression;

  explicit Regex(const std::string& pattern) {
    expression.imbue(std::locale::classic());
    expression.assign(pattern, kSyntax);
  }
};

Match Match::glob(std::string pattern) {
  Match match;
  match.names_ = {std::move(pattern)};
  match.mode_ = Mode::glob;
  return match;
}

Match Match::regex(std::string pattern) {
  check_length(pattern, pattern, "it");
  Match match;
  match.mode_ = Mode::regex;
  try {
    match.regex_ = std::make_shared<const Regex>(pattern);
  } catch (const std::regex_error& error) {
    refuse(pattern, reason_of(error),
           "for a shell pattern leave out the 're:', for example 'ribo*'");
  }
  match.names_ = {std::move(pattern)};
  return match;
}

Match Match::parse(std::string_view typed) {
  if (typed.starts_with(kRegexPrefix)) return regex(std::string(typed.substr(kRegexPrefix.size())));
  if (typed.find_first_of("*?[") != std::string_view::npos) return glob(std::string(typed));
  return Match(std::string(typed));
}

bool Match::operator()(std::string_view name) const {
  switch (mode_) {
    case Mode::any:
      return true;
    case Mode::one_of:
      return std::find(names_.begin(), names_.end(), name) != names_.end();
    case Mode::glob:
      return glob_matches(characters_of(names_.front()), characters_of(name));
    case Mode::regex:
      break;
  }
  check_length(name, names_.front(), "the name it is matched with");
  try {
    return std::regex_search(name.begin(), name.end(), regex_->expression,
                             std::regex_constants::match_continuous);
  } catch (const std::regex_error& error) { refuse(names_.front(), reason_of(error)); }
}

std::optional<std::string> Match::first_group(std::string_view name) const {
  if (mode_ != Mode::regex) {
    throw ValidationError({"look for a group in '" + std::string(name) + "'", "",
                           "the condition is not a regular expression",
                           "make it with Match::regex"});
  }
  check_length(name, names_.front(), "the name it is matched with");
  std::match_results<std::string_view::const_iterator> groups;
  try {
    if (!std::regex_search(name.begin(), name.end(), groups, regex_->expression))
      return std::nullopt;
  } catch (const std::regex_error& error) { refuse(names_.front(), reason_of(error)); }
  return groups.size() > 1 ? groups[1].str() : groups[0].str();
}

}  // namespace copick
