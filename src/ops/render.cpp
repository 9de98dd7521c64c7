// A picture of a volume: slices in grey, labels tinted, picks as circles where their spheres meet
// the slice. Conventions: docs/format/render.md.
#include "ops/render_layers.h"
#include "ops/render_marks.h"
#include "ops/render_plan.h"

#include <copick/ops.h>

namespace copick {

namespace {

constexpr ops::Rgb background{18, 20, 26};
constexpr double tint = 0.35;        // of labels over grey values
constexpr double solid_tint = 0.75;  // of labels that stand alone

void draw_annotations(ops::Canvas& canvas, const ops::Plan& plan, const Root& root,
                      const Render& options, ops::Legend legend) {
  for (const ops::Panel& panel : plan.panels) {
    for (const Segmentation& segmentation : options.segmentations)
      ops::draw_segmentation(canvas, plan, panel, root, segmentation, tint, legend);
    for (const Picks& picks : options.picks)
      ops::draw_picks(canvas, plan, panel, root, picks, legend);
  }
  if (options.scale_bar) ops::draw_scale_bar(canvas, plan);
  ops::draw_slice_names(canvas, plan);
  ops::draw_legend(canvas, plan, legend);
}

}  // namespace

Bytes render_png(const Root& root, const Volume& volume, const Render& options) {
  const ops::Plan plan = ops::plan_picture(volume, options);
  std::vector<ops::Slice> slices;
  for (const ops::Panel& panel : plan.panels)
    slices.push_back(ops::read_slice(volume, panel, plan.level, plan.voxel_size, options.channel));
  const ops::Contrast contrast = ops::contrast_of(slices, options.darkest, options.brightest);
  ops::Canvas canvas(plan.width, plan.height, background);
  for (std::size_t i = 0; i < slices.size(); ++i)
    ops::draw_values(canvas, plan, plan.panels[i], slices[i], contrast);
  draw_annotations(canvas, plan, root, options, {});
  return canvas.png();
}

Bytes render_png(const Root& root, const Segmentation& segmentation, const Render& options) {
  const ops::Plan plan = ops::plan_picture(segmentation, options);
  ops::Canvas canvas(plan.width, plan.height, background);
  ops::Legend legend;
  for (const ops::Panel& panel : plan.panels) {
    canvas.fill(panel.frame, {0, 0, 0});
    ops::draw_segmentation(canvas, plan, panel, root, segmentation, solid_tint, legend);
  }
  draw_annotations(canvas, plan, root, options, std::move(legend));
  return canvas.png();
}

}  // namespace copick
