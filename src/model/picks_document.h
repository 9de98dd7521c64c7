// PicksDocument: the content of a picks file, points as columns, everything else as it was.
//
// Format: docs/format/picks.md. Members we do not know survive a rewrite at every level (file,
// point, location). A document that was parsed and not changed writes the same values; written by
// Python, the same bytes.
//
//   auto document = PicksDocument::parse(text, path);
//   document.set_points(points);                        // header and unknown members stay
//   std::string out = document.to_text();
//
// Threads: a value type.
#pragma once

#include "base/large_vector.h"

#include <copick/bytes.h>
#include <copick/geometry.h>
#include <copick/json.h>
#include <copick/store.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

// N points, one element (or three, or sixteen) of each column for each.
struct PicksColumns {
  base::LargeVector<double> positions;           // N x 3, angstrom
  base::LargeVector<double> transforms;          // N x 16, row by row
  base::LargeVector<std::int64_t> instance_ids;  // 0 where null
  base::LargeVector<double> scores;              // 1.0 where null
  std::vector<bool> id_is_null, score_is_null;   // empty when none is
  // By point: its unknown members; those of its location in "location".
  std::map<std::size_t, Json> extras;

  std::size_t size() const { return scores.size(); }
};

// Bytes of a part of a large file. Two parts and more: it is large. Less than what malloc takes from
// the system and gives back each time.
inline constexpr std::size_t picks_part = 96 << 10;

struct VersionedPicks;

class PicksDocument {
 public:
  // A new file's content: identity, unit "angstrom", no points, trust_orientation true.
  static PicksDocument make(const std::string& object, const std::string& user,
                            const std::string& session, const std::optional<std::string>& run);
  // CorruptError naming `where`. One pass over the text; memory is the columns and a few megabytes.
  // `begins`: gets the offset in `text` of each point.
  static PicksDocument parse(std::string_view text, const std::string& where,
                             std::vector<std::size_t>* begins = nullptr);
  // The file `key` and its version; nullopt: there is none. Errors as those of parse, and the
  // store's. A large file is read in parts where the store is near: picks_parts.cpp.
  static std::optional<VersionedPicks> read(Store& store, std::string_view key,
                                            const std::string& where,
                                            std::size_t part = picks_part);
  // Python's json.dump(..., indent=4): keys in the file's order (new files: the reference's), no
  // final newline.
  std::string to_text() const;

  const PicksColumns& columns() const { return columns_; }
  std::size_t size() const { return columns_.size(); }
  Point point(std::size_t index) const;
  std::vector<Point> points() const;
  PointTable table() const;
  // Replaces all points. Unknown members of a point stay with the point of the same index when
  // positions are equal. The caller has checked the transformations. set_table: ValidationError
  // when a column is neither as long as the positions nor empty (then identity, 0 and 1.0).
  void set_points(const std::vector<Point>& points);
  void set_table(const PointTable& table);

  // Members outside "points", in file order ("points" holds a placeholder null). After parse each
  // has its proper kind: numbers that were given as text are numbers.
  const Json& header() const { return header_; }
  Json& header() { return header_; }
  std::string text_member(std::string_view key) const;  // "" when absent or null
  std::optional<double> number_member(std::string_view key) const;

 private:
  static std::optional<PicksDocument> read_in_parts(Store& store, std::string_view key,
                                                    std::uint64_t size, std::size_t part,
                                                    const std::string& where);
  void replace_columns(PicksColumns columns);

  Json header_ = Json::object();
  PicksColumns columns_;
  bool points_are_null_ = false;  // "points": null in the file
};

struct VersionedPicks {
  PicksDocument document;
  std::string version;  // as Stat's
};

}  // namespace copick::model
