#include "ops/canvas.h"

#include "format/png.h"
#include "ops/stroke_font.h"

#include <algorithm>
#include <cmath>

namespace copick::ops {

namespace {

double distance_to_segment(Dot p, Dot a, Dot b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  const double t =
      length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0.0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// The part of a pixel that a shape covers, from the signed distance of its middle to the shape's
// edge (inside < 0).
double coverage(double distance) { return std::clamp(0.5 - distance, 0.0, 1.0); }

std::uint8_t mixed(std::uint8_t below, std::uint8_t above, double alpha) {
  return static_cast<std::uint8_t>(std::lround(below + (above - below) * alpha));
}

}  // namespace

Canvas::Canvas(int width, int height, Rgb background)
    : width_(width),
      height_(height),
      clip_{0, 0, width, height},
      pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {
  fill(clip_, background);
}

Rgb Canvas::at(int x, int y) const {
  const std::uint8_t* pixel = &pixels_[(static_cast<std::size_t>(y) * width_ + x) * 3];
  return {pixel[0], pixel[1], pixel[2]};
}

void Canvas::clip() { clip_ = {0, 0, width_, height_}; }
void Canvas::clip(const Frame& frame) {
  clip_ = {std::max(frame.left, 0), std::max(frame.top, 0), std::min(frame.right, width_),
           std::min(frame.bottom, height_)};
}

void Canvas::blend(int x, int y, Rgb color, double alpha) {
  if (x < clip_.left || x >= clip_.right || y < clip_.top || y >= clip_.bottom || alpha <= 0)
    return;
  std::uint8_t* pixel = &pixels_[(static_cast<std::size_t>(y) * width_ + x) * 3];
  pixel[0] = mixed(pixel[0], color.red, alpha);
  pixel[1] = mixed(pixel[1], color.green, alpha);
  pixel[2] = mixed(pixel[2], color.blue, alpha);
}

void Canvas::fill(const Frame& frame, Rgb color, double alpha) {
  for (int y = std::max(frame.top, clip_.top); y < std::min(frame.bottom, clip_.bottom); ++y)
    for (int x = std::max(frame.left, clip_.left); x < std::min(frame.right, clip_.right); ++x)
      blend(x, y, color, alpha);
}

namespace {

// Pixels a shape between these coordinates may touch, inside the clip.
Frame touched(double left, double top, double right, double bottom, const Frame& clip) {
  const auto limited = [](double value, int low, int high) {
    return static_cast<int>(std::clamp(value, static_cast<double>(low), static_cast<double>(high)));
  };
  return {limited(std::floor(left) - 1, clip.left, clip.right),
          limited(std::floor(top) - 1, clip.top, clip.bottom),
          limited(std::ceil(right) + 1, clip.left, clip.right),
          limited(std::ceil(bottom) + 1, clip.top, clip.bottom)};
}

}  // namespace

void Canvas::circle(Dot centre, double radius, double line_width, Rgb color, double alpha) {
  const double reach = radius + line_width / 2;
  const Frame box =
      touched(centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach, clip_);
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const double distance = std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y);
      blend(x, y, color, alpha * coverage(std::abs(distance - radius) - line_width / 2));
    }
  }
}

void Canvas::disc(Dot centre, double radius, Rgb color, double alpha) {
  const Frame box =
      touched(centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius, clip_);
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const double distance = std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y);
      blend(x, y, color, alpha * coverage(distance - radius));
    }
  }
}

void Canvas::stroke(const std::vector<Polyline>& lines, double line_width, Rgb color,
                    double alpha) {
  double left = width_, top = height_, right = 0, bottom = 0;
  for (const Polyline& line : lines) {
    for (const Dot& dot : line) {
      left = std::min(left, dot.x - line_width);
      top = std::min(top, dot.y - line_width);
      right = std::max(right, dot.x + line_width);
      bottom = std::max(bottom, dot.y + line_width);
    }
  }
  const Frame box = touched(left, top, right, bottom, clip_);
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      double nearest = 1e9;
      for (const Polyline& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
          nearest = std::min(nearest,
                             distance_to_segment({x + 0.5, y + 0.5}, line[i], line[i ? i - 1 : 0]));
      blend(x, y, color, alpha * coverage(nearest - line_width / 2));
    }
  }
}

void Canvas::text(Dot baseline_left, double height, std::string_view utf8, Rgb color,
                  double alpha) {
  const double unit = height / glyph_height;
  double x = baseline_left.x;
  while (!utf8.empty()) {
    GlyphShape glyph = next_glyph(utf8);
    for (Polyline& line : glyph.strokes)
      for (Dot& dot : line) dot = {x + dot.x * unit, baseline_left.y - dot.y * unit};
    stroke(glyph.strokes, std::max(1.1, height / 8), color, alpha);
    x += glyph.advance * unit;
  }
}

double text_width(double height, std::string_view utf8) {
  double width = 0;
  while (!utf8.empty()) { width += next_glyph(utf8).advance * height / glyph_height; }
  return width;
}

Bytes Canvas::png() const {
  return format::encode_png(std::as_bytes(std::span(pixels_)), static_cast<std::uint32_t>(width_),
                            static_cast<std::uint32_t>(height_), 3);
}

}  // namespace copick::ops
