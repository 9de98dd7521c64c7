// From a URI to the entities it names. Rules: docs/format/uri.md, section 2.
#include "model/entities/states.h"

#include "base/number_text.h"

#include <copick/error.h>
#include <copick/uri.h>

namespace copick {

namespace {

// A condition on one part. In an exact URI an empty part matches nothing; in a pattern it asks for
// nothing.
class PartMatch {
 public:
  PartMatch(const std::string& part, const Uri& uri)
      : empty_matches_(uri.is_pattern() && part.empty()) {
    if (part == "*") return;
    match_ = uri.regex                                        ? Match::regex(part)
             : part.find_first_of("*?[") != std::string::npos ? Match::glob(part)
                                                              : Match(part);
  }
  bool operator()(std::string_view name) const { return empty_matches_ || match_(name); }

 private:
  bool empty_matches_;
  Match match_;
};

// Numbers compare as numbers ("10" is 10.0); anything else is matched against the size's text,
// "10.0".
class VoxelMatch {
 public:
  explicit VoxelMatch(const Uri& uri) : text_(uri.voxel_size, uri), any_(uri.voxel_size == "*") {
    if (!uri.regex) number_ = base::parse_double(uri.voxel_size);
    if (any_ || number_ || uri.is_pattern()) return;
    throw ValidationError({"look up '" + uri.text() + "'", "",
                           "voxel size '" + uri.voxel_size + "' is not a number",
                           "give angstrom, for example @10.0"});
  }
  bool operator()(double voxel_size) const {
    if (any_) return true;
    if (number_) return model::round_spacing(*number_) == model::round_spacing(voxel_size);
    return text_(base::python_float(voxel_size));
  }

 private:
  PartMatch text_;
  bool any_;
  std::optional<double> number_;
};

std::vector<SegmentationKind> wanted_kinds(const Uri& uri) {
  if (uri.instance.value_or(false)) return {SegmentationKind::instance};
  if (uri.panoptic.value_or(false)) return {SegmentationKind::panoptic};
  if (!uri.multilabel) return {SegmentationKind::binary, SegmentationKind::multilabel};
  return {*uri.multilabel ? SegmentationKind::multilabel : SegmentationKind::binary};
}

class Resolver {
 public:
  explicit Resolver(const Uri& uri)
      : uri_(uri),
        name_(uri.name, uri),
        user_(uri.user, uri),
        session_(uri.session, uri),
        feature_(uri.feature_type, uri) {}

  void add_matches(const Run& run, std::vector<UriMatch>& found) const {
    switch (uri_.kind) {
      case UriKind::picks:
        return add_annotations(run, run.picks(), found);
      case UriKind::mesh:
        return add_annotations(run, run.meshes(), found);
      case UriKind::filaments:
        return add_annotations(run, run.filaments(), found);
      case UriKind::segmentation:
        return add_segmentations(run, found);
      case UriKind::tomogram:
      case UriKind::feature:
        return add_images(run, found);
    }
  }

 private:
  template <typename Handle>
  void add_annotations(const Run& run, const std::vector<Handle>& handles,
                       std::vector<UriMatch>& found) const {
    for (const Handle& handle : handles) {
      if (name_(handle.object_name()) && user_(handle.user_id()) && session_(handle.session_id()))
        found.push_back({run, handle});
    }
  }

  void add_segmentations(const Run& run, std::vector<UriMatch>& found) const {
    const VoxelMatch voxel(uri_);
    for (const Segmentation& segmentation : run.get_segmentations({.kinds = wanted_kinds(uri_)})) {
      if (name_(segmentation.name()) && user_(segmentation.user_id()) &&
          session_(segmentation.session_id()) &&
          (uri_.voxel_size == "*" || voxel(segmentation.voxel_size())))
        found.push_back({run, segmentation});
    }
  }

  void add_images(const Run& run, std::vector<UriMatch>& found) const {
    const VoxelMatch voxel(uri_);
    for (const VoxelSpacing& spacing : run.voxel_spacings()) {
      if (!voxel(spacing.voxel_size())) continue;
      for (const Tomogram& tomogram : spacing.tomograms()) {
        if (!name_(tomogram.tomo_type())) continue;
        if (uri_.kind == UriKind::tomogram) {
          found.push_back({run, tomogram});
          continue;
        }
        for (const Features& features : tomogram.features())
          if (feature_(features.feature_type())) found.push_back({run, features});
      }
    }
  }

  const Uri& uri_;
  PartMatch name_, user_, session_, feature_;
};

}  // namespace

std::vector<UriMatch> resolve(const Root& root, const Uri& uri, std::string_view run_name) {
  const Resolver resolver(uri);
  std::vector<UriMatch> found;
  if (!run_name.empty()) {
    const auto run = root.get_run(run_name);
    if (!run) {
      std::vector<std::string> known;
      for (const Run& other : root.runs()) known.push_back(other.name());
      throw NotFoundError({"look up '" + uri.text() + "'", root.config_path(),
                           "Run '" + std::string(run_name) + "' not found",
                           model::near_miss(run_name, known)});
    }
    resolver.add_matches(*run, found);
    return found;
  }
  const std::vector<Run> runs = root.runs();
  preload(runs, {.images = uri.kind == UriKind::tomogram || uri.kind == UriKind::feature,
                 .segmentations = uri.kind == UriKind::segmentation,
                 .picks = uri.kind == UriKind::picks,
                 .meshes = uri.kind == UriKind::mesh,
                 .filaments = uri.kind == UriKind::filaments});
  for (const Run& run : runs) resolver.add_matches(run, found);
  return found;
}

std::string UriMatch::uri() const {
  const auto text = [](const auto& handle) { return uri_of(handle); };
  return std::visit(text, entity);
}

}  // namespace copick
