// Points of a picks file as Python and this library write them, read without looking for more.
//
// A point is plain when it has no members but those we know, each a number of JSON where a number
// is expected, and a whole instance id. Nearly all are. Whatever else there is, an error too, is
// left to picks_window.cpp: it reads the same window again and knows what to say.
//
//   PlainPoints points(text);
//   PlainPoint point;
//   while (points.next(point)) keep(point);
//
// Threads: one at a time.
#pragma once

#include <copick/geometry.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace copick::model {

// Bytes that must be readable behind the text.
inline constexpr std::size_t plain_padding = 32;

struct PlainPoint {
  Location location;
  Matrix4 transformation = identity4;
  std::int64_t instance_id = 0;
  double score = 1.0;
};

inline constexpr double last_row_tolerance = 1e-8;
// Whether the last row of a transformation is 0 0 0 1.
bool has_plain_last_row(const Matrix4& matrix);

class PlainPoints {
 public:
  // `text`: '[', points with commas between, ']'. plain_padding readable bytes follow.
  explicit PlainPoints(std::string_view text);

  // The next point. False: how() says why there is none.
  bool next(PlainPoint& point);

  enum class How {
    all_read,   // the last ']' follows the last point
    cut,        // the text ends inside a point, plain so far
    not_plain,  // anything else
  };
  How how() const { return how_; }
  // Offset of the point that was read, or is cut.
  std::size_t begin() const { return static_cast<std::size_t>(point_ - first_); }

 private:
  bool point(PlainPoint& point);
  bool member(PlainPoint& point, bool& has_location);
  bool location(Location& location);
  bool matrix(Matrix4& matrix);
  bool number(double& value);
  bool whole_number(std::int64_t& value);
  bool skip_exponent();
  bool parsed(const char* begin, double& value) const;
  template <std::size_t Size>
  bool key(const char (&name)[Size]);
  bool take(char c);  // after blanks
  void skip_blanks() {
    if (*at_ <= ' ') skip_run_of_blanks();
  }
  void skip_run_of_blanks();

  const char* first_;
  const char* at_;
  const char* end_;    // the last ']': nothing but it stops every reading, so none goes beyond
  const char* point_;  // where the point begins
  bool is_first_ = true;
  How how_ = How::not_plain;
};

}  // namespace copick::model
