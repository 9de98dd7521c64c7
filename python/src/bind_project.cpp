#include "project.h"

#include "binding.h"
#include "contents.h"
#include "words.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

namespace copick::python {

namespace {

using ProjectClass = nb::class_<Project>;
using Unlocked = nb::call_guard<nb::gil_scoped_release>;

template <typename State>
void bind_annotation(ProjectClass& project, const char* name, model::AnnotationKind kind) {
  project.def(
      name,
      [kind](const Project& p, Side side, const std::string& run, const std::string& user,
             const std::string& session, const std::string& object) {
        return p.annotation<State>(side, kind, run, {user, session, object});
      },
      "side"_a, "run"_a, "user"_a, "session"_a, "object"_a);
}

void bind_volumes(ProjectClass& project) {
  project.def(
      "tomogram",
      [](const Project& p, Side side, const std::string& run, double size, const std::string& type)
          -> Volume { return Volume(p.tomogram(side, run, size, type)->volume); },
      "side"_a, "run"_a, "voxel_size"_a, "tomo_type"_a);
  project.def(
      "features_volume",
      [](const Project& p, Side side, const std::string& run, double size, const std::string& type,
         const std::string& feature) {
        return Volume(p.features_volume(side, run, size, type, feature));
      },
      "side"_a, "run"_a, "voxel_size"_a, "tomo_type"_a, "feature_type"_a);
  project.def(
      "segmentation",
      [](const Project& p, Side side, const std::string& run, double size, const std::string& user,
         const std::string& session, const std::string& name,
         int kind) { return Volume(p.segmentation(side, run, size, user, session, name, kind)); },
      "side"_a, "run"_a, "voxel_size"_a, "user"_a, "session"_a, "name"_a, "kind"_a);
  project.def(
      "object_volume",
      [](const Project& p, Side side, const std::string& object) {
        const nb::gil_scoped_release unlocked;
        return Volume(p.object_volume(side, object));
      },
      "side"_a, "object"_a);
}

// For each run (spacings, picks, meshes, filaments, segmentations), the first as (voxel size, tomogram
// types, (tomogram type, feature type) of each feature map).
nb::list contents_of(const Project& project, Side side, const std::vector<std::string>& runs,
                     bool images, bool segmentations, bool picks, bool meshes, bool filaments) {
  const Preload what{.images = images,
                     .segmentations = segmentations,
                     .picks = picks,
                     .meshes = meshes,
                     .filaments = filaments};
  std::vector<RunContents> found;
  {
    const nb::gil_scoped_release unlocked;
    found = project.contents(side, runs, what);
  }
  nb::list list;
  for (const RunContents& run : found) {
    nb::list spacings;
    for (const SpacingContents& spacing : run.spacings)
      spacings.append(nb::make_tuple(spacing.voxel_size, spacing.tomograms, spacing.features));
    list.append(nb::make_tuple(spacings, run.picks, run.meshes, run.filaments, run.segmentations));
  }
  return list;
}

void bind_lists(ProjectClass& project) {
  project.def("runs", &Project::runs, "side"_a, Unlocked())
      .def("spacings", &Project::spacings, "side"_a, "run"_a, Unlocked())
      .def("tomograms", &Project::tomograms, "side"_a, "run"_a, "voxel_size"_a, Unlocked())
      .def("features", &Project::features, "side"_a, "run"_a, "voxel_size"_a, "tomo_type"_a,
           Unlocked())
      .def("annotations", &Project::annotations, "side"_a, "kind"_a, "run"_a, Unlocked(),
           "(user, session, object) of each.")
      .def("segmentations", &Project::segmentations, "side"_a, "run"_a, Unlocked(),
           "(voxel size, user, session, name, kind) of each; kinds in the order binary, "
           "multilabel, instance, panoptic.")
      .def("contents", &contents_of, "side"_a, "runs"_a, "images"_a, "segmentations"_a, "picks"_a,
           "meshes"_a, "filaments"_a,
           "What many runs hold, listed at once; see CopickRoot.preload.")
      .def("object_maps", &Project::object_maps, "side"_a, Unlocked())
      .def("run_exists", &Project::run_exists, "run"_a, Unlocked())
      .def("spacing_exists", &Project::spacing_exists, "run"_a, "voxel_size"_a, Unlocked());
}

}  // namespace

void bind_project(nb::module_& module) {
  using Kind = model::AnnotationKind;
  ProjectClass project(module, "Project", "An open project: lists, and handles by identity.");
  project
      .def(nb::init<const std::string&, const std::string&, StorePtr, StorePtr>(), "config_json"_a,
           "where"_a, "overlay"_a.none(), "static_source"_a.none(), Unlocked())
      .def("set_config", &Project::set_config, "config_json"_a, Unlocked())
      .def_prop_ro("has_static", &Project::has_static)
      .def_prop_ro("has_overlay", &Project::has_overlay)
      .def("store", &Project::store, "side"_a)
      .def("create_run", &Project::create_run, "run"_a, Unlocked())
      .def("create_spacing", &Project::create_spacing, "run"_a, "voxel_size"_a, Unlocked());
  bind_lists(project);
  bind_volumes(project);
  bind_annotation<model::PicksState>(project, "picks", Kind::picks);
  bind_annotation<model::MeshState>(project, "mesh", Kind::mesh);
  bind_annotation<model::FilamentsState>(project, "filaments", Kind::filaments);
}

}  // namespace copick::python
