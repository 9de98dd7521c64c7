// PicksDocument: the content of a picks file, points as columns, everything else as it was.
//
// Format: docs/format/picks.md. Members we do not know survive a rewrite at every level (file, point, location).
// A document that was parsed and not changed writes the same values; written by Python, the same bytes.
// Threads: a value type.
#pragma once

#include <copick/bytes.h>
#include <copick/geometry.h>
#include <copick/json.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

class PicksDocument {
 public:
  // A new file's content: identity, unit "angstrom", no points, trust_orientation true.
  static PicksDocument make(std::string object, std::string user, std::string session, std::optional<std::string> run);
  // CorruptError naming `where`. One pass over the text; memory is about the columns' size plus the text.
  static PicksDocument parse(std::string_view text, const std::string& where);
  // Python's json.dump(..., indent=4): keys in the file's order (new files: the reference's), no final newline.
  std::string to_text() const;

  std::size_t size() const { return positions_.size() / 3; }
  Point point(std::size_t index) const;
  std::vector<Point> points() const;
  PointTable table() const;
  // Replaces all points. Unknown members of a point stay with the point of the same index when positions are equal.
  void set_points(const std::vector<Point>& points);
  void set_table(const PointTable& table);

  // Members outside "points", in file order ("points" holds a placeholder null).
  const Json& header() const { return header_; }
  Json& header() { return header_; }
  std::string text_member(std::string_view key) const;                  // "" when absent or null
  std::optional<double> number_member(std::string_view key) const;

 private:
  Json header_ = Json::object();
  std::vector<double> positions_;            // N x 3
  std::vector<double> transforms_;           // N x 16
  std::vector<std::int64_t> instance_ids_;
  std::vector<double> scores_;
  std::vector<bool> id_is_null_, score_is_null_;   // empty when none is
  std::map<std::size_t, Json> extras_;       // by point: an object holding its unknown members
  bool points_are_null_ = false;             // "points": null in the file
};

}  // namespace copick::model
