#include "ome/image_metadata.h"

#include "store/key.h"

#include <copick/error.h>

#include <cmath>

namespace copick::ome {

namespace {

[[noreturn]] void throw_corrupt(const std::string& where, const std::string& why) {
  throw CorruptError({"read OME-Zarr metadata", where, why,
                      "correct the multiscales of this file, or write the image anew"});
}

// Element `i` of a list, nullptr where there is none.
const Json* element(const Json* list, std::size_t i) {
  if (!list || !list->is_array() || list->elements().size() <= i) return nullptr;
  return &list->elements()[i];
}

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  return value && value->is_string() ? value->as_string() : "";
}

std::string type_by_name(const std::string& name) {
  if (name == "z" || name == "y" || name == "x") return "space";
  if (name == "t") return "time";
  return name == "c" ? "channel" : "";
}

// Versions before 0.4 list bare names.
Axis read_axis(const Json& entry, const std::string& where) {
  Axis axis;
  if (entry.is_string()) {
    axis.name = entry.as_string();
  } else if (entry.is_object()) {
    axis = {text_of(entry, "name"), text_of(entry, "type"), text_of(entry, "unit")};
  }
  if (axis.name.empty()) throw_corrupt(where, "an axis has no name: " + entry.dump());
  if (axis.type.empty()) axis.type = type_by_name(axis.name);
  return axis;
}

std::vector<Axis> read_axes(const Json& multiscale, const std::string& where) {
  const Json* list = multiscale.find("axes");
  if (!list || list->is_null()) return {};
  if (!list->is_array()) throw_corrupt(where, "'axes' is not a list");
  std::vector<Axis> axes;
  for (const Json& entry : list->elements()) axes.push_back(read_axis(entry, where));
  return axes;
}

// The vector of the one scale among `transformations`; empty without one.
std::vector<double> read_scale(const Json* transformations, const std::string& where) {
  std::vector<double> scale;
  if (!transformations || !transformations->is_array()) return scale;
  for (const Json& transformation : transformations->elements()) {
    if (text_of(transformation, "type") != "scale") continue;
    const Json* vector = transformation.find("scale");
    if (!vector || !vector->is_array()) throw_corrupt(where, "a scale has no list of factors");
    for (const Json& factor : vector->elements()) {
      if (!factor.is_number()) {
        throw_corrupt(where, "a scale holds " + factor.dump() + " where a number belongs");
      }
      scale.push_back(factor.as_double());
    }
    return scale;
  }
  return scale;
}

// Factor of the i-th axis from the end: writers that forget the channel axis still mean the last
// ones.
double factor_from_end(const std::vector<double>& scale, std::size_t i) {
  return i < scale.size() ? scale[scale.size() - 1 - i] : 1.0;
}

// In angstrom. A space axis without a unit has that of the first space axis which has one.
std::vector<double> in_angstrom(std::vector<double> scale, const std::vector<Axis>& axes) {
  std::string common;
  for (const Axis& axis : axes)
    if (common.empty() && axis.type == "space") common = axis.unit;
  for (std::size_t i = 0; i < scale.size() && i < axes.size(); ++i) {
    const Axis& axis = axes[axes.size() - 1 - i];
    if (axis.type != "space") continue;
    scale[scale.size() - 1 - i] *= unit_in_angstrom(axis.unit.empty() ? common : axis.unit);
  }
  return scale;
}

// "a//b/" -> "a/b". A path may not leave the group.
std::string clean_path(const std::string& path, const std::string& where) {
  std::string clean;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    if (!part.empty() && !store::is_legal_name(part)) {
      throw_corrupt(where, "dataset path '" + path + "' is no path inside the image");
    }
    clean = store::join(clean, part);
    begin = end + 1;
  }
  return clean;
}

std::vector<LevelEntry> read_levels(const Json& multiscale, const std::vector<Axis>& axes,
                                    const std::string& where) {
  const Json* datasets = multiscale.find("datasets");
  if (!element(datasets, 0)) throw_corrupt(where, "the multiscales list no datasets");
  const auto common = read_scale(multiscale.find("coordinateTransformations"), where);
  std::vector<LevelEntry> levels;
  for (const Json& dataset : datasets->elements()) {
    if (text_of(dataset, "path").empty()) throw_corrupt(where, "a dataset has no path");
    LevelEntry level{clean_path(text_of(dataset, "path"), where),
                     read_scale(dataset.find("coordinateTransformations"), where)};
    if (level.scale.empty() && !levels.empty()) {  // not stated: half of the level before
      level.scale = levels.back().scale;
      for (std::size_t i = 0; i < std::min<std::size_t>(level.scale.size(), 3); ++i)
        level.scale[level.scale.size() - 1 - i] *= 2;
    } else if (!level.scale.empty() || !common.empty()) {
      if (level.scale.empty()) level.scale.assign(common.size(), 1.0);
      for (std::size_t i = 0; i < level.scale.size(); ++i)
        level.scale[level.scale.size() - 1 - i] *= factor_from_end(common, i);
      level.scale = in_angstrom(std::move(level.scale), axes);
    }
    levels.push_back(std::move(level));
  }
  return levels;
}

}  // namespace

std::optional<ImageMetadata> read_multiscales(const Json& attributes, const std::string& where) {
  const Json* list = attributes.find("multiscales");
  const Json* ome = attributes.find("ome");
  const bool at_root = element(list, 0) != nullptr;
  if (!at_root && ome) list = ome->find("multiscales");
  if (!list || list->is_null()) return std::nullopt;
  if (!list->is_array()) throw_corrupt(where, "'multiscales' is not a list");
  if (list->elements().empty()) return std::nullopt;
  const Json& multiscale = list->elements().front();
  if (!multiscale.is_object()) throw_corrupt(where, "an entry of 'multiscales' is not an object");
  ImageMetadata image;
  image.version = text_of(multiscale, "version");
  if (image.version.empty() && ome) image.version = text_of(*ome, "version");
  if (image.version.empty()) image.version = at_root ? "0.4" : "0.5";
  image.axes = read_axes(multiscale, where);
  image.levels = read_levels(multiscale, image.axes, where);
  return image;
}

std::vector<Axis> axes_of_array(const zarr::ArrayMetadata& array) {
  constexpr std::string_view usual = "tczyx";
  const std::size_t rank = array.shape.size();
  std::vector<Axis> axes(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t from_end = rank - 1 - i;
    if (i < array.dimension_names.size()) axes[i].name = array.dimension_names[i];
    if (axes[i].name.empty() && from_end < usual.size())
      axes[i].name = usual[usual.size() - 1 - from_end];
    axes[i].type = type_by_name(axes[i].name);
  }
  return axes;
}

}  // namespace copick::ome
