// Words and measures on a picture: scale bar, names of the slices, legend, title.
#pragma once

#include "ops/canvas.h"
#include "ops/render_layers.h"
#include "ops/render_plan.h"

#include <string>

namespace copick::ops {

// A length of 1, 2 or 5 times a power of ten that takes about a quarter of `pixels`.
struct ScaleBar {
  double length = 0;  // angstrom
  std::string text;   // "50 nm"
};
ScaleBar scale_bar_for(double pixel_size, int pixels);

void draw_scale_bar(Canvas& canvas, const Plan& plan);
// "z 16 / 32" in the corner of each panel.
void draw_slice_names(Canvas& canvas, const Plan& plan);
// In the free corner of three panels, else in the panel's upper right corner.
void draw_legend(Canvas& canvas, const Plan& plan, const Legend& legend);

}  // namespace copick::ops
