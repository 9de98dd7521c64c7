// Reading the points of one window: as plain points, or else all of it again with simdjson.
//
// simdjson 3.0.1 misreads decimals that begin with 0 and have 20 or more significant digits
// (0.5456824698586038116764 becomes 0.0015); fits_fast_path sends them to the standard library.
#include "model/picks_window.h"

#include "base/json_text.h"
#include "base/number_text.h"
#include "model/lax_json.h"
#include "model/picks_parse.h"
#include "model/plain_points.h"

#include <copick/error.h>

#include <simdjson.h>  // the one file of this floor that does

#include <cmath>
#include <cstring>
#include <optional>

namespace copick::model {

namespace {

namespace ondemand = simdjson::ondemand;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view token) {
  return token.substr(0, token.find_last_not_of(" \t\n\r") + 1);
}

// Whether simdjson reads this number exactly. `text` has simdjson's padding behind it.
bool fits_fast_path(const char* text) {
  if (*text == '-') ++text;
  return text[0] != '0' || !is_digit(text[20]);  // 20: "0." and more than 18 digits
}

// One point on its way into the columns.
struct PendingPoint : PlainPoint {
  bool id_is_null = false, score_is_null = false;
  Json extras;  // null: none
};

void append_plain(PicksColumns& columns, const PlainPoint& point) {
  columns.positions.insert(columns.positions.end(),
                           {point.location.x, point.location.y, point.location.z});
  columns.transforms.insert(columns.transforms.end(), point.transformation.begin(),
                            point.transformation.end());
  columns.instance_ids.push_back(point.instance_id);
  columns.scores.push_back(point.score);
  if (!columns.id_is_null.empty()) columns.id_is_null.push_back(false);
  if (!columns.score_is_null.empty()) columns.score_is_null.push_back(false);
}

void append(PicksColumns& columns, PendingPoint&& point) {
  const std::size_t index = columns.size();
  append_plain(columns, point);
  const auto mark = [&](std::vector<bool>& nulls, bool is_null) {
    if (!is_null) return;
    nulls.resize(index + 1, false);
    nulls.back() = true;
  };
  mark(columns.id_is_null, point.id_is_null);
  mark(columns.score_is_null, point.score_is_null);
  if (!point.extras.is_null()) columns.extras.emplace(index, std::move(point.extras));
}

// Keeps the first `count` points.
void cut_back(PicksColumns& columns, std::size_t count) {
  columns.positions.resize(3 * count);
  columns.transforms.resize(16 * count);
  columns.instance_ids.resize(count);
  columns.scores.resize(count);
  if (!columns.id_is_null.empty()) columns.id_is_null.resize(count);
  if (!columns.score_is_null.empty()) columns.score_is_null.resize(count);
}

// What WindowReader::read does, if all points of the window are plain; nullopt, and nothing is kept.
std::optional<WindowEnd> read_plain(std::string_view text, bool is_last, PicksColumns& columns,
                                    std::vector<std::size_t>& begins) {
  const std::size_t before = columns.size(), begins_before = begins.size();
  PlainPoints points(text);
  PlainPoint point;
  while (points.next(point)) {
    append_plain(columns, point);
    begins.push_back(points.begin());
  }
  if (points.how() == PlainPoints::How::all_read)
    return WindowEnd{WindowEnd::How::all_read, text.size() - 1};
  if (points.how() == PlainPoints::How::cut && !is_last)
    return WindowEnd{WindowEnd::How::broken_off, points.begin(), "the point is broken"};
  cut_back(columns, before);
  begins.resize(begins_before);
  return std::nullopt;
}

// Reads one point; errors name its index in the file.
class PointReader {
 public:
  // `end`: of the text that is being parsed.
  PointReader(std::size_t index, const char* end, const std::string& where)
      : index_(index), end_(end), where_(where) {}

  PendingPoint read(ondemand::value value) {
    PendingPoint point;
    bool has_location = false;
    each_member(value, "", point.extras, [&](std::string_view key, ondemand::value& member) {
      if (key == "location") {
        read_location(member, point);
        has_location = true;
      } else if (key == "transformation_") {
        read_transformation(member, point.transformation);
      } else if (key == "instance_id") {
        point.id_is_null = !read_integer(member, point.instance_id);
      } else if (key == "score") {
        point.score_is_null = is_null(member);
        point.score = point.score_is_null ? 1.0 : number(member, "score");
      } else {
        return false;
      }
      return true;
    });
    if (!has_location) fail("location", "an object with x, y and z", "nothing");
    return point;
  }

 private:
  // Calls take(key, value) for each member of an object; members it does not know go to `extras`.
  template <typename Take>
  void each_member(ondemand::value& value, std::string_view path, Json& extras, const Take& take) {
    ondemand::object object;
    if (value.get_object().get(object)) fail(path, "an object", found(value));
    for (auto result : object) {
      ondemand::field field;
      if (std::move(result).get(field)) fail_broken();
      const char* raw = field.key().raw();
      const std::string_view plain = plain_key(raw);
      if (!plain.empty() && take(plain, field.value())) continue;
      const std::string key = decoded_key(raw);
      if (plain.empty() && take(key, field.value())) continue;
      extras[key] = any_value(field.value());
    }
  }

  // A key as Python writes it, without escapes and with ':' right behind; empty for others. The
  // longest we know has 15.
  static std::string_view plain_key(const char* raw) {
    constexpr std::size_t longest = 16;
    const auto* quote = static_cast<const char*>(std::memchr(raw, '"', longest + 1));
    if (!quote || quote[1] != ':') return {};
    const std::string_view key(raw, static_cast<std::size_t>(quote - raw));
    return key.find('\\') == std::string_view::npos ? key : std::string_view();
  }

  std::string decoded_key(const char* raw) {
    const std::string_view text(raw, static_cast<std::size_t>(end_ - raw));
    const auto length = base::json_string_length(text);
    if (!length) fail_broken();
    const std::string_view escaped = text.substr(0, *length), rest = text.substr(*length + 1);
    const std::size_t next = rest.find_first_not_of(" \t\n\r");
    if (base::json_string_fault(escaped) || next == std::string_view::npos || rest[next] != ':')
      fail_broken();
    return base::json_unescaped(escaped, base::LoneSurrogate::keep);
  }

  void read_location(ondemand::value& value, PendingPoint& point) {
    bool has_x = false, has_y = false, has_z = false;
    Json extras;
    each_member(value, "location", extras, [&](std::string_view key, ondemand::value& member) {
      if (key == "x") {
        point.location.x = number(member, "location.x");
        has_x = true;
      } else if (key == "y") {
        point.location.y = number(member, "location.y");
        has_y = true;
      } else if (key == "z") {
        point.location.z = number(member, "location.z");
        has_z = true;
      } else {
        return false;
      }
      return true;
    });
    if (!has_x) fail("location.x", "a number", "nothing");
    if (!has_y) fail("location.y", "a number", "nothing");
    if (!has_z) fail("location.z", "a number", "nothing");
    if (point.extras.is_object())
      point.extras.erase("location");  // of an earlier "location": the last one wins
    if (!extras.is_null()) point.extras["location"] = std::move(extras);
  }

  void read_transformation(ondemand::value& value, Matrix4& matrix) {
    constexpr std::string_view path = "transformation_", expected = "4 rows of 4 numbers";
    std::size_t count = 0;
    ondemand::array rows;
    if (value.get_array().get(rows)) fail(path, expected, found(value));
    for (auto row_result : rows) {
      ondemand::value row;
      ondemand::array elements;
      if (std::move(row_result).get(row)) fail_broken();
      if (row.get_array().get(elements)) fail(path, expected, found(row));
      const std::size_t row_begin = count;
      for (auto element_result : elements) {
        ondemand::value element;
        if (std::move(element_result).get(element)) fail_broken();
        if (count - row_begin == 4 || count == matrix.size()) fail(path, expected, "more");
        matrix[count++] = number(element, path);
      }
      if (count - row_begin != 4)
        fail(path, expected, "a row of " + std::to_string(count - row_begin));
    }
    if (count != matrix.size()) fail(path, expected, std::to_string(count / 4) + " rows");
    check_last_row(matrix);
  }

  void check_last_row(const Matrix4& matrix) {
    if (has_plain_last_row(matrix)) return;
    std::string row;
    for (std::size_t i = 12; i < 16; ++i) {
      base::append_python_float(row, matrix[i]);
      if (i < 15) row += ' ';
    }
    fail("transformation_[3]", "0 0 0 1", row);
  }

  double number(ondemand::value& value, std::string_view path) {
    double result;
    if (fits_fast_path(value.raw_json_token().data()) && !value.get_double().get(result))
      return result;
    const std::string_view token = trimmed(value.raw_json_token());
    if (base::is_json_number(token)) return *base::parse_double(token);
    const auto lax = lax_double(scalar(value, path, "a number"));
    if (!lax) fail(path, "a number", found(value));
    return *lax;
  }

  // False for null.
  bool read_integer(ondemand::value& value, std::int64_t& result) {
    result = 0;
    if (!value.get_int64().get(result)) return true;
    if (is_null(value)) return false;
    constexpr std::string_view path = "instance_id",
                               expected = "an integer of at most 64 bits or null";
    const auto lax = lax_int64(scalar(value, path, expected));
    if (!lax) fail(path, expected, found(value));
    result = *lax;
    return true;
  }

  static bool is_null(ondemand::value& value) {
    const std::string_view token = value.raw_json_token();
    return token[0] == 'n' && trimmed(token) == "null";
  }

  // A value that is not the plain number it should be; objects and lists are refused.
  Json scalar(ondemand::value& value, std::string_view path, std::string_view expected) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token.empty()) fail_broken();
    if (token[0] == '{' || token[0] == '[') fail(path, expected, found(value));
    return parsed(token);
  }

  Json any_value(ondemand::value& value) {
    std::string_view text;
    if (simdjson::to_json_string(value).get(text)) fail_broken();
    return parsed(trimmed(text));
  }

  Json parsed(std::string_view text) {
    try {
      return parse_inner_json(text, where_);
    } catch (const CorruptError& error) { fail_picks(where_, name() + ": " + error.facts().why); }
  }

  std::string found(ondemand::value& value) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token.starts_with('{')) return "an object";
    if (token.starts_with('[')) return "a list";
    if (token.empty()) return "nothing";
    try {
      return describe(parse_inner_json(token, where_));
    } catch (const CorruptError&) { return quoted(token); }
  }

  std::string name() const { return "points[" + std::to_string(index_) + "]"; }
  [[noreturn]] void fail(std::string_view path, std::string_view expected,
                         const std::string& found_text) {
    fail_picks(where_, name() + (path.empty() ? "" : ".") + std::string(path) + ": expected " +
                           std::string(expected) + ", found " + found_text);
  }
  [[noreturn]] void fail_broken() {
    fail_picks(where_, name() + ": a comma, colon, quote or bracket is missing or misplaced");
  }

  std::size_t index_;
  const char* end_;
  const std::string& where_;
};

}  // namespace

struct WindowReader::Impl {
  ondemand::parser parser;
  bool expects_plain = true;  // until one window was read twice
};

static_assert(window_padding >= simdjson::SIMDJSON_PADDING && window_padding >= plain_padding);

WindowReader::WindowReader() : impl_(std::make_unique<Impl>()) {}
WindowReader::~WindowReader() = default;

WindowEnd WindowReader::read(std::string_view text, const std::string& where, bool is_last,
                             PicksColumns& columns, std::vector<std::size_t>& begins) {
  if (impl_->expects_plain) {
    if (const auto end = read_plain(text, is_last, columns, begins)) return *end;
    impl_->expects_plain = false;
  }
  WindowEnd end;
  const auto broken = [&](const std::string& why) {
    end.how = WindowEnd::How::broken_off;
    end.why = why;
    return end;
  };
  ondemand::document document;
  ondemand::array list;
  const simdjson::padded_string_view view(text.data(), text.size(), text.size() + window_padding);
  if (const auto error = impl_->parser.iterate(view).get(document))
    return broken(std::string("from here on, ") + simdjson::error_message(error));
  if (document.get_array().get(list)) return broken("a bracket is missing");
  std::optional<PendingPoint> point;  // complete once the walk has gone on to what follows it
  const auto keep = [&] {
    if (!point) return;
    append(columns, std::move(*point));
    begins.push_back(end.at);
  };
  for (auto result : list) {
    ondemand::value value;
    if (std::move(result).get(value))
      return broken("a comma or bracket is missing after the point");
    keep();
    end.at = static_cast<std::size_t>(value.raw_json_token().data() - text.data());
    try {
      point = PointReader(columns.size(), text.data() + text.size() - 1, where).read(value);
    } catch (const CorruptError&) {
      if (is_last) throw;
      return broken("the point is broken");
    }
  }
  keep();
  const char* rest = nullptr;
  if (document.current_location().get(rest)) {
    end.how = WindowEnd::How::all_read;
    end.at = text.size() - 1;
  } else {
    end.how = WindowEnd::How::closed;
    end.at = text.find_last_of(']', static_cast<std::size_t>(rest - text.data()) - 1) + 1;
  }
  return end;
}

}  // namespace copick::model
