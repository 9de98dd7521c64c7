#include "ops/canvas.h"

#include <doctest/doctest.h>

#include "ops/render_marks.h"
#include "ops/stroke_font.h"

using namespace copick;
using namespace copick::ops;

namespace {

constexpr Rgb black{0, 0, 0}, white{255, 255, 255};

int lit(const Canvas& canvas) {
  int count = 0;
  for (int y = 0; y < canvas.height(); ++y)
    for (int x = 0; x < canvas.width(); ++x) count += canvas.at(x, y).red > 127;
  return count;
}

}  // namespace

TEST_CASE("a disc covers pi r squared pixels") {
  Canvas canvas(200, 200, black);
  canvas.disc({100, 100}, 60, white);
  CHECK(lit(canvas) == doctest::Approx(3.14159 * 60 * 60).epsilon(0.01));
}

TEST_CASE("a circle is a line of its width at its radius") {
  Canvas canvas(200, 200, black);
  canvas.circle({100, 100}, 60, 2, white);
  CHECK(canvas.at(160, 100).red > 127);
  CHECK(canvas.at(159, 100).red > 127);
  CHECK(canvas.at(155, 100).red == 0);
  CHECK(canvas.at(100, 100).red == 0);
  CHECK(lit(canvas) == doctest::Approx(2 * 3.14159 * 60 * 2).epsilon(0.05));
}

TEST_CASE("shapes outside the clip leave no pixel, shapes outside the canvas do no harm") {
  Canvas canvas(50, 50, black);
  canvas.clip({0, 0, 25, 50});
  canvas.disc({25, 25}, 20, white);
  CHECK(canvas.at(24, 25) == white);
  CHECK(canvas.at(25, 25) == black);
  canvas.clip();
  canvas.circle({1e12, -1e12}, 1e3, 2, white);
  canvas.stroke({{{-1e9, 10}, {1e9, 10}}}, 2, white);
  CHECK(canvas.at(40, 10) == white);
}

TEST_CASE("blending keeps the ground where alpha is nought and hides it where it is one") {
  Canvas canvas(2, 1, {100, 100, 100});
  canvas.blend(0, 0, white, 0.0);
  canvas.blend(1, 0, white, 1.0);
  CHECK(canvas.at(0, 0) == Rgb{100, 100, 100});
  CHECK(canvas.at(1, 0) == white);
}

TEST_CASE("every letter, digit and sign of a name has a glyph of its own") {
  const std::string_view needed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/@()+=,";
  const auto points_of = [](std::string_view character) {
    std::vector<double> points;
    for (const Polyline& line : next_glyph(character).strokes)
      for (const Dot& dot : line) points.insert(points.end(), {dot.x, dot.y});
    return points;
  };
  const std::vector<double> unknown = points_of("\x01");
  for (const char c : needed) {
    const std::vector<double> points = points_of({&c, 1});
    CAPTURE(c);
    CHECK(!points.empty());
    CHECK(points != unknown);
    for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
      CHECK(points[i] >= 0);
      CHECK(points[i] <= 4);
      CHECK(points[i + 1] >= -2);
      CHECK(points[i + 1] <= 6);
    }
  }
}

TEST_CASE("text that is not UTF-8 is drawn to its end") {
  std::string_view text = "a\xff\xc3z";
  int count = 0;
  while (!text.empty() && count < 10) {
    next_glyph(text);
    ++count;
  }
  CHECK(count == 4);
}

TEST_CASE("a scale bar is a round length of at most a bit more than a quarter of the picture") {
  for (double pixel = 0.05; pixel < 5000; pixel *= 1.37) {
    const ScaleBar bar = scale_bar_for(pixel, 800);
    const double share = bar.length / (pixel * 800);
    CAPTURE(bar.text);
    CHECK(share <= 0.28);
    CHECK(share >= 0.1);
  }
  CHECK(scale_bar_for(10, 400).text == "100 nm");
  CHECK(scale_bar_for(1, 400).text == "10 nm");
  CHECK(scale_bar_for(0.1, 400).text == "1 nm");
  CHECK(scale_bar_for(0.01, 400).text == "1 \u00c5");
  CHECK(scale_bar_for(100, 400).text == "1 \u00b5m");
}
