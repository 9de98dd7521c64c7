// Three slices are laid out as a sheet unfolded: x-y top left, z-y right of it, x-z below.
#include "ops/render_plan.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::ops {

namespace {

constexpr int gap = 6;  // pixels between panels
constexpr int largest_zoom = 16;

Shape spatial(const Shape& shape) { return {shape.end() - 3, shape.end()}; }

// Longer side of the picture in voxels.
std::int64_t longer_side(const Shape& shape, const Render& options) {
  if (!options.axis) return std::max(shape[2], shape[1]) + shape[0];
  std::int64_t longest = 0;
  for (int axis = 0; axis < 3; ++axis)
    if (axis != *options.axis) longest = std::max(longest, shape[static_cast<std::size_t>(axis)]);
  return longest;
}

int chosen_level(const VolumeInfo& info, const Render& options, const std::string& where) {
  const int count = static_cast<int>(info.levels.size());
  if (options.level >= count || options.level < -1) {
    throw NotFoundError({"draw the volume", where,
                         "there is no level " + std::to_string(options.level),
                         "levels there are: 0 to " + std::to_string(count - 1)});
  }
  if (options.level >= 0) return options.level;
  for (int level = 0; level < count; ++level) {
    const Shape shape = spatial(info.levels[static_cast<std::size_t>(level)].shape);
    if (longer_side(shape, options) <= options.pixels * 5 / 4) return level;
  }
  return count - 1;
}

Panel make_panel(int axis, const Shape& shape, double voxel_size, const Render& options,
                 const std::string& where) {
  Panel panel;
  panel.axis = axis;
  panel.row_axis = axis == 1 ? 0 : 1;
  panel.column_axis = axis == 2 ? 0 : 2;
  panel.count = shape[static_cast<std::size_t>(axis)];
  panel.index = options.axis && options.index ? *options.index : panel.count / 2;
  if (panel.index < 0 || panel.index >= panel.count) {
    throw ValidationError({"draw the volume", where,
                           "there is no slice " + std::to_string(panel.index) + " along " +
                               std::string(1, "zyx"[axis]),
                           "slices there are: 0 to " + std::to_string(panel.count - 1)});
  }
  panel.position = (static_cast<double>(panel.index) + 0.5) * voxel_size;
  return panel;
}

void check_options(const VolumeInfo& info, const Render& options, const std::string& where) {
  if (options.axis && (*options.axis < 0 || *options.axis > 2)) {
    throw ValidationError({"draw the volume", where,
                           "there is no axis " + std::to_string(*options.axis),
                           "axes are 0 = z, 1 = y, 2 = x"});
  }
  if (!(options.darkest >= 0 && options.darkest < options.brightest && options.brightest <= 100)) {
    throw ValidationError({"draw the volume", where,
                           "the percentiles are not two growing numbers from 0 to 100",
                           "for example 0.5 and 99.5"});
  }
  const Shape& shape = info.levels[0].shape;
  const std::int64_t channels = shape.size() == 4 ? shape[0] : 1;
  if (options.channel < 0 || options.channel >= channels) {
    throw NotFoundError({"draw the volume", where,
                         "there is no channel " + std::to_string(options.channel),
                         "channels there are: 0 to " + std::to_string(channels - 1)});
  }
}

void place(Plan& plan) {
  const auto pixels = [&](int axis) {
    return static_cast<int>(plan.shape[static_cast<std::size_t>(axis)]) * plan.zoom;
  };
  for (Panel& panel : plan.panels) {
    const bool beside = plan.panels.size() == 3 && panel.axis == 2;
    const bool below = plan.panels.size() == 3 && panel.axis == 1;
    panel.frame.left = beside ? pixels(2) + gap : 0;
    panel.frame.top = below ? pixels(1) + gap : 0;
    panel.frame.right = panel.frame.left + pixels(panel.column_axis);
    panel.frame.bottom = panel.frame.top + pixels(panel.row_axis);
    plan.width = std::max(plan.width, panel.frame.right);
    plan.height = std::max(plan.height, panel.frame.bottom);
  }
  if (plan.panels.size() == 3)
    plan.legend = {pixels(2) + gap, pixels(1) + gap, plan.width, plan.height};
}

}  // namespace

Plan plan_picture(const Volume& volume, const Render& options) {
  const VolumeInfo info = volume.info();
  const std::string where = volume.url();
  check_options(info, options, where);
  Plan plan;
  plan.level = chosen_level(info, options, where);
  const LevelInfo& level = info.levels[static_cast<std::size_t>(plan.level)];
  const double finest = volume.voxel_size();
  plan.voxel_size = finest * level.scale.back() / info.levels[0].scale.back();
  plan.shape = spatial(level.shape);
  const std::int64_t longest = std::max<std::int64_t>(longer_side(plan.shape, options), 1);
  plan.zoom = static_cast<int>(std::clamp<std::int64_t>(options.pixels / longest, 1, largest_zoom));
  const Shape full = spatial(info.levels[0].shape);
  for (int axis = 0; axis < 3; ++axis)
    if (!options.axis || *options.axis == axis)
      plan.panels.push_back(make_panel(axis, full, finest, options, where));
  place(plan);
  return plan;
}

}  // namespace copick::ops
