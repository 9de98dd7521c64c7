// The attributes and level shapes of new images, as the reference writes them.
// Note: docs/format/ome-ngff.md, section 2.
#include "array/downsample.h"
#include "ome/multiscale.h"

namespace copick::ome {

namespace {

using Channel = ImageLayout::Channel;

Json text(std::string_view value) { return Json::string(value); }

Json axis(std::string_view name, std::string_view type, std::string_view unit = {}) {
  Json axis = Json::object({{"name", text(name)}});
  if (!type.empty()) axis["type"] = text(type);
  if (!unit.empty()) axis["unit"] = text(unit);
  return axis;
}

Json axes_of(const ImageLayout& layout) {
  Json axes = Json::array();
  // The reference names the axis of a 4-D feature map differently in its two generations.
  if (layout.channel == Channel::feature && layout.zarr_format == 3)
    axes.push_back(axis("feature", ""));
  else if (layout.channel != Channel::none)
    axes.push_back(axis("c", "channel"));
  for (const char* name : {"z", "y", "x"}) axes.push_back(axis(name, "space", "angstrom"));
  return axes;
}

Json scale_of(const ImageLayout& layout, int level) {
  Json scale = Json::array();
  if (layout.channel != Channel::none) scale.push_back(Json::number(1.0));
  double size = layout.voxel_size;
  for (int i = 0; i < level; ++i) size *= 2;
  for (int i = 0; i < 3; ++i) scale.push_back(Json::number(size));
  return scale;
}

Json panoptic_mark(bool kind_first) {
  const Json channels = Json::array({text("label"), text("instance")});
  Json mark = Json::object();
  if (kind_first) mark["segmentation_type"] = text("panoptic");
  mark["channels"] = channels;
  if (!kind_first) mark["segmentation_type"] = text("panoptic");
  return Json::object({{"copick", mark}});
}

// Members in alphabetical order, as zarr-python 2 writes them.
Json attributes_v2(const ImageLayout& layout) {
  Json datasets = Json::array();
  for (int level = 0; level < layout.levels; ++level) {
    const Json transformation =
        Json::object({{"scale", scale_of(layout, level)}, {"type", text("scale")}});
    datasets.push_back(Json::object({{"coordinateTransformations", Json::array({transformation})},
                                     {"path", text(std::to_string(level))}}));
  }
  Json metadata = layout.metadata.value_or(Json::object());
  if (layout.channel == Channel::panoptic) metadata = panoptic_mark(false);
  const Json image = Json::object({{"axes", axes_of(layout)},
                                   {"datasets", datasets},
                                   {"metadata", metadata},
                                   {"name", text("/")},
                                   {"version", text("0.4")}});
  return Json::object({{"multiscales", Json::array({image})}});
}

Json attributes_v3(const ImageLayout& layout) {
  Json datasets = Json::array();
  for (int level = 0; level < layout.levels; ++level) {
    const Json transformation =
        Json::object({{"scale", scale_of(layout, level)}, {"type", text("scale")}});
    datasets.push_back(
        Json::object({{"path", text(std::to_string(level))},
                      {"coordinateTransformations", Json::array({transformation})}}));
  }
  Json image = Json::object({{"datasets", datasets}, {"name", text("/")}});
  const bool stated = layout.metadata && layout.metadata->is_object();
  const bool is_empty = stated && layout.metadata->members().empty();
  if (layout.channel == Channel::panoptic)
    image["metadata"] = panoptic_mark(true);
  else if (stated && !is_empty)
    image["metadata"] = *layout.metadata;
  image["axes"] = axes_of(layout);
  // The reference adds an empty one afterwards.
  if (layout.channel != Channel::panoptic && is_empty) image["metadata"] = *layout.metadata;
  return Json::object(
      {{"ome", Json::object({{"version", text("0.5")}, {"multiscales", Json::array({image})}})}});
}

}  // namespace

std::vector<Shape> level_shapes(const ImageLayout& layout) {
  std::vector<Shape> shapes{layout.shape};
  while (static_cast<int>(shapes.size()) < layout.levels) {
    Shape next = shapes.back();
    for (std::size_t i = next.size() - 3; i < next.size(); ++i)
      next[i] = array::halved(next[i], layout.downsampling);
    shapes.push_back(std::move(next));
  }
  return shapes;
}

Json image_attributes(const ImageLayout& layout) {
  return layout.zarr_format == 3 ? attributes_v3(layout) : attributes_v2(layout);
}

}  // namespace copick::ome
