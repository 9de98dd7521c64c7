// What is drawn into a panel: the volume's grey values, the tint of segmentations, the circles of
// picks.
#pragma once

#include "ops/canvas.h"
#include "ops/render_plan.h"
#include "ops/slice.h"

#include <copick/ops.h>

#include <map>
#include <string>
#include <vector>

namespace copick::ops {

// Grey values at the two ends of the scale.
struct Contrast {
  double black = 0, white = 1;
};
// The percentiles of all finite values together. A constant picture is mid-grey.
Contrast contrast_of(const std::vector<Slice>& slices, double darkest, double brightest);

void draw_values(Canvas& canvas, const Plan& plan, const Panel& panel, const Slice& slice,
                 const Contrast& contrast);

// Name and colour of what was drawn, for the legend.
struct LegendEntry {
  std::string name;
  Rgb color;
  friend bool operator==(const LegendEntry&, const LegendEntry&) = default;
};
using Legend = std::vector<LegendEntry>;

// `tint`: how much of a label's colour covers what is below; its outline covers nearly all.
void draw_segmentation(Canvas& canvas, const Plan& plan, const Panel& panel, const Root& root,
                       const Segmentation& segmentation, double tint, Legend& legend);
void draw_picks(Canvas& canvas, const Plan& plan, const Panel& panel, const Root& root,
                const Picks& picks, Legend& legend);

}  // namespace copick::ops
