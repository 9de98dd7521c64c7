#include "ops/render_layers.h"

#include <algorithm>
#include <cmath>

namespace copick::ops {

namespace {

constexpr double outline = 0.95;
constexpr double line_width = 2.0;  // of circles, pixels
constexpr Rgb halo{0, 0, 0};        // dark rim that keeps thin lines visible on bright ground
constexpr double halo_alpha = 0.45;

Rgb rgb_of(const std::optional<Color>& color) {
  constexpr Rgb unknown{230, 230, 230};
  return color ? Rgb{(*color)[0], (*color)[1], (*color)[2]} : unknown;
}

// Hues a golden angle apart: neighbouring instance ids never look alike.
Rgb instance_color(std::int64_t id) {
  const double hue = std::fmod(static_cast<double>(id) * 0.6180339887498949, 1.0) * 6;
  const auto channel = [&](double offset) {
    const double k = std::fmod(hue + offset, 6.0);
    return static_cast<std::uint8_t>(70 + 185 * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
  };
  return {channel(5), channel(3), channel(1)};
}

}  // namespace

Contrast contrast_of(const std::vector<Slice>& slices, double darkest, double brightest) {
  std::vector<double> values;
  for (const Slice& slice : slices)
    std::copy_if(slice.values.begin(), slice.values.end(), std::back_inserter(values),
                 [](double value) { return std::isfinite(value); });
  if (values.empty()) return {};
  const auto percentile = [&](double percent) {
    const auto rank = static_cast<std::ptrdiff_t>(
        std::llround(percent / 100 * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
  };
  Contrast contrast{percentile(darkest), percentile(brightest)};
  if (contrast.black == contrast.white)
    contrast = {percentile(0), percentile(100)};  // a few voxels in emptiness
  if (contrast.black == contrast.white) contrast = {contrast.black - 1, contrast.white + 1};
  return contrast;
}

void draw_values(Canvas& canvas, const Plan& plan, const Panel& panel, const Slice& slice,
                 const Contrast& contrast) {
  canvas.clip(panel.frame);
  for (int y = 0; y < panel.frame.height(); ++y) {
    for (int x = 0; x < panel.frame.width(); ++x) {
      const double value =
          slice.smooth_at((y + 0.5) / plan.zoom - 0.5, (x + 0.5) / plan.zoom - 0.5);
      const double level =
          std::clamp((value - contrast.black) / (contrast.white - contrast.black), 0.0, 1.0);
      const auto grey =
          static_cast<std::uint8_t>(std::isfinite(value) ? std::lround(255 * level) : 0);
      canvas.blend(panel.frame.left + x, panel.frame.top + y, {grey, grey, grey});
    }
  }
  canvas.clip();
}

namespace {

// The labels under the pixels of a panel, whatever the segmentation's own voxel size; 0 outside.
class LabelMap {
 public:
  LabelMap(const Plan& plan, const Panel& panel, const Segmentation& segmentation)
      : width_(panel.frame.width()),
        height_(panel.frame.height()),
        labels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {
    const VolumeInfo info = segmentation.info();
    int level = 0;
    const auto voxel_at = [&](int l) {
      return segmentation.voxel_size() * info.levels[static_cast<std::size_t>(l)].scale.back() /
             info.levels[0].scale.back();
    };
    while (level + 1 < static_cast<int>(info.levels.size()) &&
           voxel_at(level + 1) <= plan.pixel_size())
      ++level;
    const double voxel = voxel_at(level);
    const Slice slice = read_slice(segmentation, panel, level, voxel, 0);
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        const int row = static_cast<int>((y + 0.5) * plan.pixel_size() / voxel);
        const int column = static_cast<int>((x + 0.5) * plan.pixel_size() / voxel);
        if (row < slice.rows && column < slice.columns)
          label(x, y) = static_cast<std::int64_t>(slice.at(row, column));
      }
    }
  }

  std::int64_t& label(int x, int y) { return labels_[static_cast<std::size_t>(y) * width_ + x]; }
  // Whether a neighbour has another label.
  bool at_edge(int x, int y) {
    const std::int64_t own = label(x, y);
    return (x > 0 && label(x - 1, y) != own) || (x + 1 < width_ && label(x + 1, y) != own) ||
           (y > 0 && label(x, y - 1) != own) || (y + 1 < height_ && label(x, y + 1) != own);
  }

 private:
  int width_, height_;
  std::vector<std::int64_t> labels_;
};

LegendEntry entry_of(const Root& root, const Segmentation& segmentation, std::int64_t label) {
  switch (segmentation.kind()) {
    case SegmentationKind::binary:
      return {segmentation.name(), rgb_of(segmentation.color())};
    case SegmentationKind::instance:
      return {segmentation.name(), instance_color(label)};
    case SegmentationKind::multilabel:
    case SegmentationKind::panoptic:
      break;
  }
  for (const PickableObject& object : root.config().pickable_objects)
    if (object.label == label) return {object.name, rgb_of(object.color)};
  return {"label " + std::to_string(label), instance_color(label)};
}

void remember(Legend& legend, const LegendEntry& entry) {
  const auto same_name = [&](const LegendEntry& known) { return known.name == entry.name; };
  if (std::none_of(legend.begin(), legend.end(), same_name)) legend.push_back(entry);
}

}  // namespace

void draw_segmentation(Canvas& canvas, const Plan& plan, const Panel& panel, const Root& root,
                       const Segmentation& segmentation, double tint, Legend& legend) {
  LabelMap labels(plan, panel, segmentation);
  std::map<std::int64_t, LegendEntry> entries;
  for (int y = 0; y < panel.frame.height(); ++y) {
    for (int x = 0; x < panel.frame.width(); ++x) {
      const std::int64_t label = labels.label(x, y);
      if (label == 0) continue;
      auto entry = entries.find(label);
      if (entry == entries.end())
        entry = entries.emplace(label, entry_of(root, segmentation, label)).first;
      canvas.blend(panel.frame.left + x, panel.frame.top + y, entry->second.color,
                   labels.at_edge(x, y) ? outline : tint);
    }
  }
  for (const auto& [label, entry] : entries) remember(legend, entry);
}

void draw_picks(Canvas& canvas, const Plan& plan, const Panel& panel, const Root& root,
                const Picks& picks, Legend& legend) {
  const PickableObject* object = root.config().find_object(picks.object_name());
  const double radius =
      object && object->radius && *object->radius > 0 ? *object->radius : 3 * plan.voxel_size;
  const Rgb color = rgb_of(picks.color());
  canvas.clip(panel.frame);
  for (const Point& point : picks.points()) {
    const Location full = point.full_position();
    const std::array<double, 3> zyx{full.z, full.y, full.x};
    const double across = zyx[static_cast<std::size_t>(panel.axis)] - panel.position;
    if (!(std::abs(across) < radius)) continue;
    const double cut = std::sqrt(radius * radius - across * across) / plan.pixel_size();
    const Dot centre{
        panel.frame.left + zyx[static_cast<std::size_t>(panel.column_axis)] / plan.pixel_size(),
        panel.frame.top + zyx[static_cast<std::size_t>(panel.row_axis)] / plan.pixel_size()};
    canvas.disc(centre, cut, color, 0.12);
    canvas.circle(centre, cut, line_width + 1.6, halo, halo_alpha);
    canvas.circle(centre, cut, line_width, color);
  }
  canvas.clip();
  remember(legend, {picks.object_name(), color});
}

}  // namespace copick::ops
