// Json::parse: simdjson finds the tokens, we decide what each of them may be.
//
// simdjson's on-demand front checks only what it visits and leaves tokens alone, which is what a
// value that keeps its source text needs. What it does not check is checked here: the spelling of
// numbers (01, +1, NaNx), escapes, text glued to a string ("a"b), depth, and anything after the
// end. Its other limits are met here too: it wants spare bytes after the text, refuses a byte-order
// mark, and treats a document that is one scalar differently.
#include <copick/error.h>
#include <copick/json.h>
#include <simdjson.h>

#include <algorithm>
#include <new>
#include <unordered_map>

#include "base/json_access.h"
#include "base/json_text.h"
#include "base/utf8.h"

namespace copick {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\n\r";
constexpr const char* kEndsTooEarly = "the text ends inside an array or object";
constexpr int kMostDepth = 256;
constexpr std::size_t kFewMembers =
    16;  // up to here comparing all keys is quicker than hashing them

std::string_view without_trailing_blanks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Keeps the last value of each key, in the place of the first, as Python's dict does.
void drop_duplicate_keys(std::vector<Json::Member>& members) {
  std::unordered_map<std::string_view, std::size_t> place;
  std::vector<bool> doomed(members.size());
  bool any = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [earlier, is_new] = place.try_emplace(members[i].first, i);
    if (is_new) continue;
    members[earlier->second].second = std::move(members[i].second);
    doomed[i] = any = true;
  }
  if (!any) return;
  std::vector<Json::Member> kept;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (!doomed[i]) kept.push_back(std::move(members[i]));
  members = std::move(kept);
}

bool has_duplicate_key(const std::vector<Json::Member>& members) {
  if (members.size() > kFewMembers) return true;  // perhaps
  for (std::size_t i = 1; i < members.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (members[i].first == members[k].first) return true;
  return false;
}

// `text` is what is parsed, in memory with simdjson's padding behind it.
class Parser {
 public:
  Parser(std::string_view text, std::size_t skipped, std::string_view where)
      : text_(text), skipped_(skipped), where_(where) {}

  Json document() {
    const std::size_t start = text_.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) fail("the text is empty", 0);
    if (text_[start] != '{' && text_[start] != '[') return lone_scalar(start);

    ondemand::parser parser;
    const auto error =
        parser
            .iterate(simdjson::padded_string_view(text_.data(), text_.size(),
                                                  text_.size() + simdjson::SIMDJSON_PADDING))
            .get(document_);
    if (error) fail_scan(error);
    ondemand::value root;
    check(document_.get_value().get(root));
    Json value = build(root, 1);
    const char* rest = nullptr;
    if (!document_.current_location().get(rest))
      fail_at(rest, "there is more text after the end of the value");
    return value;
  }

 private:
  Json build(ondemand::value value, int depth) {
    const std::string_view token = value.raw_json_token();
    if (token.starts_with('{')) return object(value, depth);
    if (token.starts_with('[')) return array(value, depth);
    return scalar(without_trailing_blanks(token));
  }

  Json array(ondemand::value value, int depth) {
    check_depth(value, depth);
    ondemand::array array;
    check(value.get_array().get(array));
    std::vector<Json> elements;
    for (auto result : array) {
      ondemand::value element;
      check(std::move(result).get(element));
      elements.push_back(build(element, depth + 1));
    }
    return Json::array(std::move(elements));
  }

  Json object(ondemand::value value, int depth) {
    check_depth(value, depth);
    ondemand::object object;
    check(value.get_object().get(object));
    std::vector<Json::Member> members;
    for (auto result : object) {
      ondemand::field field;
      check(std::move(result).get(field));
      std::string key = decoded_key(field.key().raw());
      members.emplace_back(std::move(key), build(field.value(), depth + 1));
    }
    if (has_duplicate_key(members)) drop_duplicate_keys(members);
    return Json::object(std::move(members));
  }

  std::string decoded_key(const char* after_quote) {
    const std::size_t start = static_cast<std::size_t>(after_quote - text_.data());
    const std::string_view escaped = string_at(start);
    const std::size_t next = text_.find_first_not_of(kBlanks, start + escaped.size() + 1);
    if (next == std::string_view::npos || text_[next] != ':')
      fail("expected ':' after a key", next);
    return base::json_unescaped(escaped, base::LoneSurrogate::keep);
  }

  // The inside of the string whose first character has this offset, checked.
  std::string_view string_at(std::size_t start) {
    const auto length = base::json_string_length(text_.substr(start));
    if (!length) fail("a string has no closing quote", start - 1);
    const std::string_view escaped = text_.substr(start, *length);
    if (const auto fault = base::json_string_fault(escaped))
      fail(fault->what, start + fault->offset);
    return escaped;
  }

  // `token` is a part of text_ without blanks at its end.
  Json scalar(std::string_view token) {
    const std::size_t start = static_cast<std::size_t>(token.data() - text_.data());
    if (token.starts_with('"')) {
      const std::string_view escaped = string_at(start + 1);
      if (escaped.size() + 2 != token.size())
        fail("there is text right after a string", start + escaped.size() + 2);
      return JsonAccess::string(std::string(escaped));
    }
    if (token == "null") return Json();
    if (token == "true") return Json::boolean(true);
    if (token == "false") return Json::boolean(false);
    if (token.empty()) fail(kEndsTooEarly, start);
    if (!base::is_json_number(token)) fail("expected a value, found " + quoted(token), start);
    return JsonAccess::number(std::string(token));
  }

  Json lone_scalar(std::size_t start) {
    if (const auto fault = base::utf8_fault(text_)) fail("the text is not UTF-8", *fault);
    return scalar(without_trailing_blanks(text_).substr(start));
  }

  static std::string quoted(std::string_view token) {
    constexpr std::size_t kShown = 20;
    std::string shown;
    base::append_json_escaped(shown, token.substr(0, kShown));
    return "'" + shown + (token.size() > kShown ? "...'" : "'");
  }

  void check_depth(ondemand::value& container, int depth) {
    if (depth > kMostDepth)
      fail_at(container.raw_json_token().data(), "values are nested deeper than 256");
  }

  // An error of the walk: the place is where the walk stands.
  void check(simdjson::error_code error) {
    if (!error) return;
    const char* at = nullptr;
    const bool at_end = document_.current_location().get(at) || at >= text_.data() + text_.size();
    if (at_end || error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT) fail(kEndsTooEarly, text_.size());
    fail_at(at, "a comma, colon, quote or bracket is missing or misplaced");
  }

  // An error of the scan over the whole text, which does not tell its place.
  [[noreturn]] void fail_scan(simdjson::error_code error) {
    if (error == simdjson::CAPACITY) fail("the text is larger than 4 GB", 0);
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    if (const auto fault = base::utf8_fault(text_)) fail("the text is not UTF-8", *fault);
    for (std::size_t quote = text_.find('"'); quote != std::string_view::npos;) {
      quote = text_.find('"', quote + 1 + string_at(quote + 1).size() + 1);
    }
    fail(simdjson::error_message(error), 0);
  }

  [[noreturn]] void fail_at(const char* at, const std::string& why) {
    const std::string_view whole = text_;
    const bool inside = at >= whole.data() && at <= whole.data() + whole.size();
    fail(why, inside ? static_cast<std::size_t>(at - whole.data()) : whole.size());
  }

  [[noreturn]] void fail(const std::string& why, std::size_t offset) {
    const std::string_view before = text_.substr(0, offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    throw CorruptError({"read JSON", std::string(where_),
                        why + " (line " + std::to_string(line) + ", column " +
                            std::to_string(column) + ", byte " +
                            std::to_string(before.size() + skipped_) + ")",
                        ""});
  }

  std::string_view text_;
  std::size_t skipped_;  // bytes of the file before text_
  std::string_view where_;
  ondemand::document document_;
};

}  // namespace

Json Json::parse(std::string_view text, std::string_view where) {
  const std::size_t skipped = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const simdjson::padded_string padded(text.substr(skipped));
  if (!padded.data()) throw std::bad_alloc();
  return Parser({padded.data(), padded.size()}, skipped, where).document();
}

}  // namespace copick
