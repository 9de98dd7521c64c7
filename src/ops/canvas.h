// Canvas: pixels to draw on, with smooth edges.
//
// Coordinates are pixels from the top left corner; the middle of the first pixel is (0.5, 0.5).
// Everything outside the canvas or the clip is left out.
//
//   Canvas canvas(640, 480, {16, 18, 24});
//   canvas.circle({320.0, 240.0}, 50.0, 2.0, {255, 0, 0});
//   Bytes png = canvas.png();
//
// Threads: one at a time.
#pragma once

#include <copick/bytes.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace copick::ops {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};
struct Dot {
  double x = 0, y = 0;
};
using Polyline = std::vector<Dot>;
struct Frame {  // half-open, in pixels
  int left = 0, top = 0, right = 0, bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

class Canvas {
 public:
  Canvas(int width, int height, Rgb background);

  int width() const { return width_; }
  int height() const { return height_; }
  Rgb at(int x, int y) const;

  // Limits what follows; the whole canvas again with no argument.
  void clip(const Frame& frame);
  void clip();

  // alpha 0 leaves the pixel as it is, 1 replaces it.
  void blend(int x, int y, Rgb color, double alpha = 1.0);
  void fill(const Frame& frame, Rgb color, double alpha = 1.0);
  void circle(Dot centre, double radius, double line_width, Rgb color, double alpha = 1.0);
  void disc(Dot centre, double radius, Rgb color, double alpha = 1.0);
  // Lines that cross or join are drawn as one stroke.
  void stroke(const std::vector<Polyline>& lines, double line_width, Rgb color, double alpha = 1.0);
  // `baseline_left` is where the first letter stands; `height` is that of capitals. UTF-8;
  // characters the font does not have are boxes.
  void text(Dot baseline_left, double height, std::string_view utf8, Rgb color, double alpha = 1.0);

  Bytes png() const;

 private:
  int width_, height_;
  Frame clip_;
  std::vector<std::uint8_t> pixels_;  // red, green, blue, row by row
};

// Pixels that text of this height takes from left to right.
double text_width(double height, std::string_view utf8);

}  // namespace copick::ops
