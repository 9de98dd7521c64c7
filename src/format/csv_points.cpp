// Picks as comma-separated text. Note: docs/format/csv.md.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include <copick/error.h>

#include "base/logging.h"
#include "base/number_text.h"
#include "format/csv_rows.h"
#include "format/points.h"
#include "format/whole_number.h"
#include "geometry/euler.h"

namespace copick::format {
namespace {

constexpr const char* kDoing = "read the CSV picks";

std::string transform_column(std::size_t element) {
  return fmt::format("transform_{}{}", element / 4, element % 4);
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Which field of a record holds what; nullopt for a column the file does not have.
class Columns {
 public:
  using Field = std::optional<std::size_t>;
  Field run, score, instance_id;
  std::array<Field, 3> position;
  std::array<Field, 16> transform;
  std::vector<std::string> names;  // of every field

  Columns(const std::vector<std::string_view>& header, const std::string& where) {
    std::map<std::string, std::size_t, std::less<>> fields;
    for (const std::string_view field : header) {
      const std::string& name = names.emplace_back(without_blanks(field));
      if (!fields.emplace(name, names.size() - 1).second) {
        throw CorruptError(
            {kDoing, where, fmt::format("the header has two columns '{}'", name), ""});
      }
    }
    const auto take = [&](const std::string& name) -> Field {
      const auto found = fields.extract(name);
      return found ? Field(found.mapped()) : std::nullopt;
    };
    run = take("run_name");
    const char* const axes[] = {"x", "y", "z"};
    for (std::size_t i = 0; i < 3; ++i) {
      position[i] = take(axes[i]);
      if (!position[i]) refuse_missing(axes[i], header, where);
    }
    for (std::size_t i = 0; i < 16; ++i) transform[i] = take(transform_column(i));
    score = take("score");
    instance_id = take("instance_id");
    for (const auto& [name, field] : fields) {
      base::log(LogLevel::info, fmt::format("{}: column '{}' is not used", where, name));
    }
  }

 private:
  [[noreturn]] static void refuse_missing(const char* name,
                                          const std::vector<std::string_view>& header,
                                          const std::string& where) {
    std::string hint =
        "the columns are run_name, x, y, z, transform_00 to transform_33, score, "
        "instance_id, in any order";
    if (header.size() == 1 && header[0].find_first_of("\t;") != std::string_view::npos) {
      hint = "fields must be separated by commas";
    }
    throw CorruptError(
        {kDoing, where, fmt::format("the header has no column '{}'", name), std::move(hint)});
  }
};

// Turns the fields of one record into a point.
class RecordReader {
 public:
  RecordReader(const CsvRows& rows, const Columns& columns, const std::string& where)
      : rows_(rows), columns_(columns), where_(where) {}

  std::string_view run() const { return columns_.run ? rows_.fields()[*columns_.run] : ""; }

  Point point() const {
    Point point;
    const auto& [x, y, z] = columns_.position;
    point.location = {number(*x), number(*y), number(*z)};
    for (std::size_t i = 0; i < 16; ++i) {
      if (columns_.transform[i]) point.transformation[i] = number(*columns_.transform[i]);
    }
    try {
      geometry::check_transformation(point.transformation, where_);
    } catch (const ValidationError& error) {
      throw CorruptError(
          {kDoing, where_, fmt::format("line {}: {}", rows_.line(), error.facts().why), ""});
    }
    if (columns_.score) {
      point.score = is_empty(*columns_.score) ? std::nan("") : number(*columns_.score);
    }
    if (columns_.instance_id && !is_empty(*columns_.instance_id)) {
      point.instance_id = whole_number(*columns_.instance_id);
    }
    return point;
  }

  void check_length() const {
    const std::size_t found = rows_.fields().size();
    if (found == columns_.names.size()) return;
    throw CorruptError({kDoing, where_,
                        fmt::format("line {}: found {} fields; the header has {}", rows_.line(),
                                    found, columns_.names.size()),
                        ""});
  }

 private:
  [[noreturn]] void refuse(std::size_t field, const char* expected) const {
    throw CorruptError({kDoing, where_,
                        fmt::format("line {}, column '{}': '{}' is not {}", rows_.line(),
                                    columns_.names[field], rows_.fields()[field], expected),
                        ""});
  }
  bool is_empty(std::size_t field) const { return without_blanks(rows_.fields()[field]).empty(); }
  double number(std::size_t field) const {
    const auto value = base::parse_double(rows_.fields()[field]);
    if (!value) refuse(field, "a number");
    return *value;
  }
  std::int64_t whole_number(std::size_t field) const {
    const auto value = parse_whole_number(rows_.fields()[field]);
    if (!value) refuse(field, "a whole number");
    return *value;
  }

  const CsvRows& rows_;
  const Columns& columns_;
  const std::string& where_;
};

// A score that is missing or not finite leaves every score of its run at the default, as in the
// Python package: a ranking of which a part is unknown is no ranking.
void drop_partial_scores(RunPoints& run, const std::string& where) {
  const auto bad = std::count_if(run.points.begin(), run.points.end(),
                                 [](const Point& p) { return !std::isfinite(*p.score); });
  if (bad == 0) return;
  base::warn(
      fmt::format("{}: {} of {} scores of run '{}' are missing or not finite; all its scores "
                  "are taken as 1.0",
                  where, bad, run.points.size(), run.run));
  for (Point& point : run.points) point.score = 1.0;
}

void append_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    base::append_python_float(out, value);
  } else {
    out += std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
}

}  // namespace

std::vector<RunPoints> parse_csv_points(std::string_view text, const std::string& where) {
  CsvRows rows(text, kDoing, where);
  if (!rows.next()) {
    throw CorruptError({kDoing, where, "it has no header line", "is the file complete?"});
  }
  const Columns columns(rows.fields(), where);
  const RecordReader reader(rows, columns, where);
  std::map<std::string, std::vector<Point>, std::less<>> runs;
  auto run = runs.end();
  while (rows.next()) {
    reader.check_length();
    const std::string_view name = reader.run();
    if (run == runs.end() || run->first != name) run = runs.try_emplace(std::string(name)).first;
    run->second.push_back(reader.point());
  }
  std::vector<RunPoints> result;
  for (auto& [name, points] : runs) {
    result.push_back({name, std::move(points)});
    drop_partial_scores(result.back(), where);
  }
  return result;
}

std::string write_csv_points(const std::vector<RunPoints>& runs, bool instance_ids) {
  std::string out = "run_name,x,y,z";
  for (std::size_t i = 0; i < 16; ++i) (out += ',') += transform_column(i);
  out += instance_ids ? ",score,instance_id\n" : ",score\n";
  for (const RunPoints& run : runs) {
    for (const Point& point : run.points) {
      append_field(out, run.run);
      for (const double value : {point.location.x, point.location.y, point.location.z}) {
        append_number(out += ',', value);
      }
      for (const double value : point.transformation) append_number(out += ',', value);
      append_number(out += ',', point.score.value_or(1.0));
      if (instance_ids) (out += ',') += std::to_string(point.instance_id.value_or(0));
      out += '\n';
    }
  }
  return out;
}

}  // namespace copick::format
