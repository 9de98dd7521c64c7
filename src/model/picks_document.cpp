// What one can do with a picks document, and writing it. Parsing: picks_parse.cpp,
// picks_points.cpp.
#include "model/picks_document.h"

#include "base/executor.h"
#include "base/number_text.h"
#include "model/lax_json.h"

#include <copick/error.h>

#include <algorithm>
#include <utility>

namespace copick::model {

namespace {

constexpr int indent = 4;
constexpr std::size_t block_points = 512;     // half a megabyte of text
constexpr std::size_t blocks_per_thread = 4;  // so that a slow thread delays little
constexpr std::size_t usual_point_bytes =
    1050;  // 17-digit numbers at indent 4; 1040 in files of the reference

bool same_position(const PicksColumns& a, const PicksColumns& b, std::size_t index) {
  const auto at = static_cast<std::ptrdiff_t>(3 * index);
  // NaN is equal to NaN here: the file says the same in both places.
  return std::equal(a.positions.begin() + at, a.positions.begin() + at + 3,
                    b.positions.begin() + at,
                    [](double x, double y) { return x == y || (x != x && y != y); });
}

// A value laid out as json.dumps lays it out inside an object `level` deep.
std::string nested(const Json& value, int level) {
  const std::string text = value.dump(indent);
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out.append(static_cast<std::size_t>(indent * level), ' ');
  }
  return out;
}

// Members of `extras` behind those we know, each on its own line.
void append_extras(std::string& out, const Json* extras, int level, std::string_view except = {}) {
  if (!extras || !extras->is_object()) return;
  for (const auto& [key, value] : extras->members()) {
    if (key == except) continue;
    out.append(",\n").append(static_cast<std::size_t>(indent * level), ' ');
    out.append(Json::string(key).dump()).append(": ").append(nested(value, level));
  }
}

void append_matrix(std::string& out, const double* matrix) {
  for (std::size_t row = 0; row < 4; ++row) {
    out += row == 0 ? "\n                [\n                    "
                    : ",\n                [\n                    ";
    for (std::size_t column = 0; column < 4; ++column) {
      if (column > 0) out += ",\n                    ";
      base::append_python_float(out, matrix[4 * row + column]);
    }
    out += "\n                ]";
  }
}

void append_point(std::string& out, const PicksColumns& columns, std::size_t index) {
  constexpr int point_level = 3, location_level = 4;
  const double* position = columns.positions.data() + 3 * index;
  const auto found = columns.extras.empty() ? columns.extras.end() : columns.extras.find(index);
  const Json* extras = found == columns.extras.end() ? nullptr : &found->second;
  out += "{\n            \"location\": {\n                \"x\": ";
  base::append_python_float(out, position[0]);
  out += ",\n                \"y\": ";
  base::append_python_float(out, position[1]);
  out += ",\n                \"z\": ";
  base::append_python_float(out, position[2]);
  append_extras(out, extras ? extras->find("location") : nullptr, location_level);
  out += "\n            },\n            \"transformation_\": [";
  append_matrix(out, columns.transforms.data() + 16 * index);
  out += "\n            ],\n            \"instance_id\": ";
  const bool id_is_null = !columns.id_is_null.empty() && columns.id_is_null[index];
  id_is_null ? out += "null" : out += std::to_string(columns.instance_ids[index]);
  out += ",\n            \"score\": ";
  const bool score_is_null = !columns.score_is_null.empty() && columns.score_is_null[index];
  score_is_null ? out += "null" : (base::append_python_float(out, columns.scores[index]), out);
  append_extras(out, extras, point_level, "location");
  out += "\n        }";
}

// Points [first, last), the separator before each but the file's first.
void append_block(std::string& out, const PicksColumns& columns, std::size_t first,
                  std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    if (i > 0) out += ",\n        ";
    append_point(out, columns, i);
  }
}

// Blocks of points are laid out by all threads at once, then joined in order.
void append_points(std::string& out, const PicksColumns& columns) {
  const std::size_t count = columns.size();
  if (count == 0) {
    out += "[]";
    return;
  }
  out += "[\n        ";
  if (count <= block_points) {
    append_block(out, columns, 0, count);
  } else {
    std::vector<std::string> blocks(blocks_per_thread * base::default_executor().threads());
    for (std::size_t done = 0; done < count; done += blocks.size() * block_points) {
      base::parallel_for(blocks.size(), [&](std::size_t i) {
        const std::size_t first = std::min(count, done + i * block_points);
        blocks[i].clear();
        append_block(blocks[i], columns, first, std::min(count, first + block_points));
      });
      for (const std::string& block : blocks) out += block;
    }
  }
  out += "\n    ]";
}

void check_length(const char* column, std::size_t length, std::size_t expected) {
  if (length == 0 || length == expected) return;
  throw ValidationError({"set the points of picks", "",
                         std::string(column) + ": expected " + std::to_string(expected) +
                             " numbers or none, found " + std::to_string(length),
                         "give every point its values"});
}

}  // namespace

PicksDocument PicksDocument::make(const std::string& object, const std::string& user,
                                  const std::string& session,
                                  const std::optional<std::string>& run) {
  PicksDocument document;
  Json& header = document.header_;
  header["pickable_object_name"] = Json::string(object);
  header["user_id"] = Json::string(user);
  header["session_id"] = Json::string(session);
  header["run_name"] = run ? Json::string(*run) : Json();
  header["voxel_spacing"] = Json();
  header["unit"] = Json::string("angstrom");
  header["points"] = Json();
  header["trust_orientation"] = Json::boolean(true);
  return document;
}

std::string PicksDocument::to_text() const {
  const bool write_points = size() > 0 || header_.find("points");
  std::string out;
  out.reserve(usual_point_bytes * size() + 4096);
  out += '{';
  bool first = true;
  const auto begin_member = [&](std::string_view key) {
    out.append(first ? "\n    " : ",\n    ").append(Json::string(key).dump()).append(": ");
    first = false;
  };
  const auto write_list = [&] {
    points_are_null_&& size() == 0 ? void(out += "null") : append_points(out, columns_);
  };
  for (const auto& [key, value] : header_.members()) {
    begin_member(key);
    key == "points" ? write_list() : void(out += nested(value, 1));
  }
  if (write_points && !header_.find("points")) {
    begin_member("points");
    write_list();
  }
  out += first ? "}" : "\n}";
  return out;
}

Point PicksDocument::point(std::size_t index) const {
  Point point;
  const double* position = columns_.positions.data() + 3 * index;
  point.location = {position[0], position[1], position[2]};
  std::copy_n(columns_.transforms.data() + 16 * index, 16, point.transformation.begin());
  point.instance_id = columns_.instance_ids[index];
  point.score = columns_.scores[index];
  if (!columns_.id_is_null.empty() && columns_.id_is_null[index]) point.instance_id.reset();
  if (!columns_.score_is_null.empty() && columns_.score_is_null[index]) point.score.reset();
  return point;
}

std::vector<Point> PicksDocument::points() const {
  std::vector<Point> points;
  points.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) points.push_back(point(i));
  return points;
}

PointTable PicksDocument::table() const {
  const auto copy = [](const auto& column) { return std::vector(column.begin(), column.end()); };
  return {copy(columns_.positions), copy(columns_.transforms), copy(columns_.instance_ids),
          copy(columns_.scores)};
}

void PicksDocument::set_points(const std::vector<Point>& points) {
  PicksColumns columns;
  const std::size_t count = points.size();
  columns.positions.reserve(3 * count);
  columns.transforms.reserve(16 * count);
  columns.id_is_null.resize(count);
  columns.score_is_null.resize(count);
  bool any_id_null = false, any_score_null = false;
  for (std::size_t i = 0; i < count; ++i) {
    const Point& point = points[i];
    columns.positions.insert(columns.positions.end(),
                             {point.location.x, point.location.y, point.location.z});
    columns.transforms.insert(columns.transforms.end(), point.transformation.begin(),
                              point.transformation.end());
    columns.instance_ids.push_back(point.instance_id.value_or(0));
    columns.scores.push_back(point.score.value_or(1.0));
    columns.id_is_null[i] = !point.instance_id;
    columns.score_is_null[i] = !point.score;
    any_id_null |= !point.instance_id;
    any_score_null |= !point.score;
  }
  if (!any_id_null) columns.id_is_null.clear();
  if (!any_score_null) columns.score_is_null.clear();
  replace_columns(std::move(columns));
}

void PicksDocument::set_table(const PointTable& table) {
  const std::size_t count = table.size();
  check_length("positions", table.positions.size(), 3 * count);
  check_length("transforms", table.transforms.size(), 16 * count);
  check_length("instance_ids", table.instance_ids.size(), count);
  check_length("scores", table.scores.size(), count);
  PicksColumns columns;
  const auto copy = [](auto& to, const auto& from) { to.assign(from.begin(), from.end()); };
  copy(columns.positions, table.positions);
  copy(columns.transforms, table.transforms);
  copy(columns.instance_ids, table.instance_ids);
  copy(columns.scores, table.scores);
  columns.instance_ids.resize(count, 0);
  columns.scores.resize(count, 1.0);
  if (table.transforms.empty()) {
    for (std::size_t i = 0; i < count; ++i)
      columns.transforms.insert(columns.transforms.end(), identity4.begin(), identity4.end());
  }
  replace_columns(std::move(columns));
}

void PicksDocument::replace_columns(PicksColumns columns) {
  for (auto& [index, extras] : columns_.extras) {
    if (index < columns.size() && same_position(columns_, columns, index))
      columns.extras.emplace(index, std::move(extras));
  }
  columns_ = std::move(columns);
  if (!header_.find("points")) header_["points"] = Json();
  points_are_null_ = false;
}

std::string PicksDocument::text_member(std::string_view key) const {
  const Json* value = header_.find(key);
  return value && value->is_string() ? value->as_string() : "";
}

std::optional<double> PicksDocument::number_member(std::string_view key) const {
  const Json* value = header_.find(key);
  return value ? lax_double(*value) : std::nullopt;
}

}  // namespace copick::model
