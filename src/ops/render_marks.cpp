#include "ops/render_marks.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace copick::ops {

namespace {

constexpr Rgb ink{255, 255, 255};
constexpr Rgb shadow{0, 0, 0};
constexpr double shadow_alpha = 0.55;

double text_height(const Plan& plan) { return std::clamp(plan.width / 70.0, 8.0, 16.0); }
int margin(const Plan& plan) { return static_cast<int>(text_height(plan)); }

// White on a dark, rounded-looking ground, readable on any picture.
void label(Canvas& canvas, Dot baseline_left, double height, const std::string& text) {
  const double width = text_width(height, text);
  const int pad = static_cast<int>(height / 2);
  canvas.fill(
      {static_cast<int>(baseline_left.x) - pad, static_cast<int>(baseline_left.y - height) - pad,
       static_cast<int>(baseline_left.x + width) + pad - 1,
       static_cast<int>(baseline_left.y) + pad + 1},
      shadow, shadow_alpha);
  canvas.text(baseline_left, height, text, ink);
}

}  // namespace

ScaleBar scale_bar_for(double pixel_size, int pixels) {
  const double wanted = std::max(pixel_size * pixels / 4, 1e-3);
  const double decade = std::pow(10.0, std::floor(std::log10(wanted)));
  double length = decade;
  for (const double step : {2.0, 5.0, 10.0})
    if (step * decade <= wanted * 1.1) length = step * decade;
  if (length >= 10000) return {length, fmt::format("{:g} \u00b5m", length / 10000)};
  if (length >= 10) return {length, fmt::format("{:g} nm", length / 10)};
  return {length, fmt::format("{:g} \u00c5", length)};
}

void draw_scale_bar(Canvas& canvas, const Plan& plan) {
  const Frame& frame = plan.panels.front().frame;
  const ScaleBar bar = scale_bar_for(plan.pixel_size(), frame.width());
  const double height = text_height(plan);
  const int length = static_cast<int>(std::lround(bar.length / plan.pixel_size()));
  const int thickness = std::max(3, static_cast<int>(height / 3));
  const int left = frame.left + margin(plan), bottom = frame.bottom - margin(plan);
  const int pad = static_cast<int>(height / 2);
  const double text_left = left + (length - text_width(height, bar.text)) / 2;
  const int ground_left = std::min(left, static_cast<int>(text_left)) - pad;
  const int ground_right =
      std::max(left + length, static_cast<int>(text_left + text_width(height, bar.text))) + pad;
  canvas.fill({ground_left, bottom - thickness - 2 * pad - static_cast<int>(height) - 2,
               ground_right, bottom + pad},
              shadow, shadow_alpha);
  canvas.fill({left, bottom - thickness, left + length, bottom}, ink);
  canvas.text({text_left, static_cast<double>(bottom - thickness - pad)}, height, bar.text, ink);
}

void draw_slice_names(Canvas& canvas, const Plan& plan) {
  const double height = text_height(plan);
  for (const Panel& panel : plan.panels) {
    canvas.clip(panel.frame);
    label(canvas, {panel.frame.left + height, panel.frame.top + 2 * height}, height,
          fmt::format("{} {} / {}", "zyx"[panel.axis], panel.index, panel.count));
  }
  canvas.clip();
}

void draw_legend(Canvas& canvas, const Plan& plan, const Legend& legend) {
  if (legend.empty()) return;
  const double height = text_height(plan);
  const double row = 2 * height;
  double widest = 0;
  for (const LegendEntry& entry : legend) widest = std::max(widest, text_width(height, entry.name));
  const Frame& panel = plan.panels.front().frame;
  const bool inside = plan.legend.width() <= 0;
  const double left = inside ? panel.right - widest - 3.5 * height : plan.legend.left + height;
  const double top = inside ? panel.top + height : plan.legend.top + height;
  canvas.clip(inside ? panel : plan.legend);
  if (inside) {
    canvas.fill({static_cast<int>(left - height), panel.top, panel.right,
                 static_cast<int>(top + row * static_cast<double>(legend.size()))},
                shadow, shadow_alpha);
  }
  for (std::size_t i = 0; i < legend.size(); ++i) {
    const double baseline = top + row * static_cast<double>(i) + height;
    canvas.disc({left + height / 2, baseline - height / 2}, height / 2, legend[i].color);
    canvas.text({left + 2 * height, baseline}, height, legend[i].name, ink);
  }
  canvas.clip();
}

}  // namespace copick::ops
