// Parsing a picks file: the top level by hand, its small members as Json, the points by
// parse_points.
//
// A file may be hundreds of megabytes and nearly all of it is points, so nothing here copies the
// text or builds a tree of it. Members other than "points" are cut out as text and read by
// parse_inner_json, which is strict about each.
#include "model/picks_parse.h"

#include "base/json_text.h"
#include "base/utf8.h"
#include "model/lax_json.h"

#include <copick/error.h>

#include <algorithm>
#include <array>

namespace copick::model {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\n\r";

class FileParser {
 public:
  FileParser(std::string_view text, const std::string& where, Json& header, PicksColumns& columns,
             bool& points_are_null, std::vector<std::size_t>* begins)
      : text_(text),
        where_(where),
        header_(header),
        columns_(columns),
        points_are_null_(points_are_null),
        begins_(begins) {}

  void parse() {
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    skip_blanks();
    expect('{');
    skip_blanks();
    if (!take('}')) {
      do {
        skip_blanks();
        member();
        skip_blanks();
      } while (take(','));
      expect('}');
    }
    skip_blanks();
    if (at_ < text_.size()) fail("there is more text after the end of the object");
  }

 private:
  void member() {
    const std::string key = base::json_unescaped(string_here(), base::LoneSurrogate::keep);
    skip_blanks();
    expect(':');
    skip_blanks();
    if (key == "points") return points();
    const std::string_view value = value_here();
    try {
      header_[key] = parse_inner_json(value, where_);
    } catch (const CorruptError& error) {
      fail_picks(where_, key + at_line(text_, value_begin_) + ": " + error.facts().why);
    }
  }

  void points() {
    header_["points"] = Json();
    columns_ = PicksColumns();
    if (begins_) begins_->clear();
    points_are_null_ = text_.substr(at_).starts_with("null");
    if (points_are_null_) {
      at_ += 4;
    } else if (take('[')) {
      at_ = parse_points(text_, at_, where_, columns_, points_window, begins_);
    } else {
      fail("points: expected a list or null");
    }
  }

  // The inside of the string that begins here.
  std::string_view string_here() {
    expect('"');
    const auto length = base::json_string_length(text_.substr(at_));
    if (!length) fail("a string has no closing quote");
    const std::string_view escaped = text_.substr(at_, *length);
    if (const auto fault = base::json_string_fault(escaped)) fail(fault->what);
    if (base::utf8_fault(escaped)) fail("the text is not UTF-8");
    at_ += *length + 1;
    return escaped;
  }

  // The text of the value that begins here: up to the ',' or '}' that ends the member. What it says
  // is not checked.
  std::string_view value_here() {
    value_begin_ = at_;
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        string_here();
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    }
    return text_.substr(value_begin_, at_ - value_begin_);
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (take(c)) return;
    if (at_ >= text_.size()) fail(std::string("the text ends where '") + c + "' is expected");
    fail(std::string("expected '") + c + "', found " + quoted(text_.substr(at_, 1)));
  }
  [[noreturn]] void fail(const std::string& why) { fail_picks(where_, why + at_line(text_, at_)); }

  std::string_view text_;
  const std::string& where_;
  Json& header_;
  PicksColumns& columns_;
  bool& points_are_null_;
  std::vector<std::size_t>* begins_;
  std::size_t at_ = 0;
  std::size_t value_begin_ = 0;
};

// The members of the file itself: what each holds, and what else it is read from.
class HeaderCheck {
 public:
  HeaderCheck(Json& header, const std::string& where) : header_(header), where_(where) {}

  void check() {
    for (const std::string_view key : {"pickable_object_name", "user_id", "session_id"}) {
      const Json* value = header_.find(key);
      if (!value) refuse(key, "a text", "nothing");
      if (!value->is_string()) refuse(key, "a text", describe(*value));
    }
    if (const Json* run = header_.find("run_name"); run && !run->is_null() && !run->is_string())
      refuse("run_name", "a text or null", describe(*run));
    if (const Json* unit = header_.find("unit"); unit && !unit->is_string())
      refuse("unit", "a text", describe(*unit));
    normalise(
        "voxel_spacing", "a number or null",
        [](const Json& value) -> std::optional<Json> {
          if (const auto number = lax_double(value)) return Json::number(*number);
          return std::nullopt;
        },
        &Json::is_number);
    normalise(
        "trust_orientation", "true, false or null",
        [](const Json& value) -> std::optional<Json> {
          if (const auto flag = lax_bool(value)) return Json::boolean(*flag);
          return std::nullopt;
        },
        &Json::is_bool);
  }

 private:
  // Brings a member to its proper kind where it can be read as that.
  template <typename Read>
  void normalise(std::string_view key, std::string_view expected, const Read& read,
                 bool (Json::*is_proper)() const) {
    Json* value = header_.find(key);
    if (!value || value->is_null() || (value->*is_proper)()) return;
    auto proper = read(*value);
    if (!proper) refuse(key, expected, describe(*value));
    *value = std::move(*proper);
  }
  [[noreturn]] void refuse(std::string_view key, std::string_view expected,
                           const std::string& found) {
    fail_picks(where_,
               std::string(key) + ": expected " + std::string(expected) + ", found " + found);
  }

  Json& header_;
  const std::string& where_;
};

}  // namespace

void fail_picks(const std::string& where, const std::string& why) {
  throw CorruptError(
      {"read picks", where, why, "see docs/format/picks.md; restore the file if it was cut short"});
}

std::string at_line(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return " (line " + std::to_string(line) + ", column " + std::to_string(column) + ")";
}

PicksDocument PicksDocument::parse(std::string_view text, const std::string& where,
                                   std::vector<std::size_t>* begins) {
  PicksDocument document;
  FileParser(text, where, document.header_, document.columns_, document.points_are_null_, begins)
      .parse();
  HeaderCheck(document.header_, where).check();
  return document;
}

}  // namespace copick::model
