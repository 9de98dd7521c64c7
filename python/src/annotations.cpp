// Picks, meshes and filaments: files as arrays, GLB bytes and JSON text.
//
// The package above holds points and filaments as Python objects only once somebody asks for them;
// until then 300,000 points are four arrays.
#include "base/executor.h"
#include "binding.h"
#include "model/entities/annotation_state.h"
#include "model/entities/states.h"

#include <copick/error.h>
#include <copick/ops.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace copick::python {

namespace {

// A numpy array that owns the vector it shows.
template <typename T>
nb::object array_of(std::vector<T> values, std::initializer_list<std::size_t> shape) {
  auto* kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), shape, owner));
}

template <typename T>
std::vector<T> vector_of(nb::handle array, DType dtype, const char* what) {
  if (array.is_none()) return {};
  const Buffer buffer(array, Buffer::Access::read, "set points");
  const ArrayView view = buffer.array();
  const std::int64_t count = element_count(view.shape);
  if (count == 0) return {};
  if (view.dtype != dtype || view.strides != c_strides(view.shape, sizeof(T))) {
    throw ValidationError({"set points", "",
                           std::string(what) + " must be a C-ordered array of " +
                               std::string(name_of(dtype)) + ", found " +
                               std::string(name_of(view.dtype)),
                           "use numpy.ascontiguousarray(" + std::string(what) + ", dtype=...)"});
  }
  const auto* first = reinterpret_cast<const T*>(view.data);
  return {first, first + count};
}

// A numpy array that owns bytes.
template <typename T>
nb::object array_of(Bytes bytes, std::initializer_list<std::size_t> shape) {
  auto* kept = new Bytes(std::move(bytes));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<Bytes*>(p); });
  return nb::cast(nb::ndarray<nb::numpy, T>(reinterpret_cast<T*>(kept->data()), shape, owner));
}

// A copy made by all threads: most of its time is the system's, which clears the new pages.
Bytes copy_in_parts(ByteView from) {
  constexpr std::size_t part = 4 << 20;
  Bytes to(from.size());
  base::parallel_for((from.size() + part - 1) / part, [&](std::size_t i) {
    const ByteView view = from.subspan(i * part, std::min(part, from.size() - i * part));
    std::memcpy(to.data() + i * part, view.data(), view.size());
  });
  return to;
}

nb::tuple table(model::PicksState& picks) {
  std::size_t count = 0;
  Bytes positions, transforms, ids, scores;
  {
    const nb::gil_scoped_release unlocked;
    picks.inspect([&](const model::PicksDocument& document) {
      const auto copy = [](const auto& column) {
        return copy_in_parts(
            {reinterpret_cast<const std::byte*>(column.data()), column.size() * sizeof(column[0])});
      };
      const model::PicksColumns& columns = document.columns();
      count = columns.size();
      positions = copy(columns.positions);
      transforms = copy(columns.transforms);
      ids = copy(columns.instance_ids);
      scores = copy(columns.scores);
    });
  }
  return nb::make_tuple(array_of<double>(std::move(positions), {count, 3}),
                        array_of<double>(std::move(transforms), {count, 4, 4}),
                        array_of<std::int64_t>(std::move(ids), {count}),
                        array_of<double>(std::move(scores), {count}));
}

// Indices of the points whose instance id, and whose score, the file gives as null.
nb::tuple nulls(model::PicksState& picks) {
  std::vector<std::size_t> ids, scores;
  const auto find = [](const std::vector<bool>& is_null, std::vector<std::size_t>& found) {
    for (std::size_t i = 0; i < is_null.size(); ++i)
      if (is_null[i]) found.push_back(i);
  };
  {
    const nb::gil_scoped_release unlocked;
    picks.inspect([&](const model::PicksDocument& document) {
      find(document.columns().id_is_null, ids);
      find(document.columns().score_is_null, scores);
    });
  }
  return nb::make_tuple(nb::cast(ids), nb::cast(scores));
}

void set_table(const std::shared_ptr<model::PicksState>& picks, nb::handle positions,
               nb::handle transforms, nb::handle instance_ids, nb::handle scores,
               const std::vector<std::size_t>& null_ids,
               const std::vector<std::size_t>& null_scores) {
  PointTable given;
  given.positions = vector_of<double>(positions, DType::float64, "positions");
  given.transforms = vector_of<double>(transforms, DType::float64, "transforms");
  given.instance_ids = vector_of<std::int64_t>(instance_ids, DType::int64, "instance_ids");
  given.scores = vector_of<double>(scores, DType::float64, "scores");
  const nb::gil_scoped_release unlocked;
  Picks handle(picks);
  handle.set_table(given);
  if (null_ids.empty() && null_scores.empty()) return;
  std::vector<Point> points = handle.points();
  for (const std::size_t i : null_ids) points.at(i).instance_id = std::nullopt;
  for (const std::size_t i : null_scores) points.at(i).score = std::nullopt;
  handle.set_points(points);
}

std::string header(model::PicksState& picks) {
  return picks.inspect(
      [](const model::PicksDocument& document) { return document.header().dump(); });
}

void set_header(model::PicksState& picks, const std::string& members) {
  const Json given = Json::parse(members, "the members of picks");
  picks.change([&](model::PicksDocument& document) {
    for (const auto& [key, value] : given.members()) document.header()[key] = value;
  });
}

std::string filaments_json(model::FilamentsState& filaments) {
  return filaments.inspect([&](const model::FilamentsDocument& document) {
    return document.to_text(filaments.place().url());
  });
}

// Takes over the filaments and the members given; members the text does not name stay.
void set_filaments(model::FilamentsState& filaments, const std::string& text) {
  model::FilamentsDocument given = model::FilamentsDocument::parse(text, filaments.place().url());
  filaments.change([&](model::FilamentsDocument& document) {
    for (const auto& [key, value] : given.header.members())
      if (key != "filaments") document.header[key] = value;
    document.filaments = std::move(given.filaments);
  });
}

nb::object glb(model::MeshState& mesh) {
  std::optional<Bytes> bytes;
  {
    const nb::gil_scoped_release unlocked;
    bytes = mesh.inspect([](const MeshScene& scene) { return scene.to_glb(); });
  }
  return nb::bytes(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

void set_glb(model::MeshState& mesh, const nb::bytes& bytes) {
  const ByteView view(reinterpret_cast<const std::byte*>(bytes.c_str()), bytes.size());
  const nb::gil_scoped_release unlocked;
  MeshScene scene = MeshScene::parse_glb(view, mesh.place().url());
  mesh.change([&](MeshScene& kept) { kept = std::move(scene); });
}

nb::tuple triangles(model::MeshState& mesh) {
  TriangleMesh found;
  {
    const nb::gil_scoped_release unlocked;
    found = mesh.inspect([](const MeshScene& scene) { return scene.triangles(); });
  }
  const std::size_t vertices = found.vertices.size() / 3;
  const std::size_t faces = found.faces.size() / 3;
  return nb::make_tuple(array_of(std::move(found.vertices), {vertices, 3}),
                        array_of(std::move(found.faces), {faces, 3}));
}

void set_triangles(model::MeshState& mesh, nb::handle vertices, nb::handle faces) {
  TriangleMesh given;
  given.vertices = vector_of<float>(vertices, DType::float32, "vertices");
  given.faces = vector_of<std::uint32_t>(faces, DType::uint32, "faces");
  const nb::gil_scoped_release unlocked;
  MeshScene scene = MeshScene::from_triangles(given, mesh.name().object);
  mesh.change([&](MeshScene& kept) { kept = std::move(scene); });
}

template <typename State>
bool file_exists(const State& state) {
  return state.place().store->stat(state.place().key).has_value();
}

template <typename State>
nb::class_<State> bind_file(nb::module_& module, const char* name, const char* text) {
  using Unlocked = nb::call_guard<nb::gil_scoped_release>;
  return nb::class_<State>(module, name, text)
      .def_prop_ro("url", [](const State& s) { return s.place().url(); })
      .def_prop_ro("key", [](const State& s) { return s.place().key; })
      .def("exists", &file_exists<State>, Unlocked())
      .def(
          "create", [](State& s) { s.create(); }, Unlocked(),
          "Writes an empty document; ConflictError when the file is there.")
      .def(
          "load", [](State& s) { s.inspect([](const auto&) {}); }, Unlocked())
      .def(
          "store", [](State& s) { s.store(); }, Unlocked(),
          "Writes what was changed; ConflictError when somebody else wrote since it was read.")
      .def(
          "refresh", [](State& s) { s.refresh(); }, Unlocked())
      .def("remove", [](State& s) { s.remove(); }, Unlocked());
}

}  // namespace

void bind_annotations(nb::module_& module) {
  using Unlocked = nb::call_guard<nb::gil_scoped_release>;
  bind_file<model::PicksState>(module, "PicksFile", "A picks file: its points as arrays.")
      .def_prop_ro(
          "size",
          [](const model::PicksState& s) {
            const nb::gil_scoped_release unlocked;
            return s.inspect([](const model::PicksDocument& document) { return document.size(); });
          })
      .def("table", &table, "positions (N, 3), transforms (N, 4, 4), instance ids and scores (N)")
      .def("nulls", &nulls)
      .def("set_table", &set_table, "positions"_a.noconvert(), "transforms"_a = nb::none(),
           "instance_ids"_a = nb::none(), "scores"_a = nb::none(),
           "null_ids"_a = std::vector<std::size_t>(), "null_scores"_a = std::vector<std::size_t>())
      .def("header", &header, Unlocked(), "Every member but the points, as JSON text.")
      .def("set_header", &set_header, "members_json"_a, Unlocked());
  bind_file<model::MeshState>(module, "MeshFile", "A mesh file: GLB bytes, or triangles.")
      .def("glb", &glb)
      .def("set_glb", &set_glb, "bytes"_a)
      .def("triangles", &triangles, "vertices (N, 3) float32 and faces (M, 3) uint32, world space")
      .def("set_triangles", &set_triangles, "vertices"_a.noconvert(), "faces"_a.noconvert())
      .def(
          "obj", [](const std::shared_ptr<model::MeshState>& s) { return mesh_obj(Mesh(s)); },
          Unlocked(), "Wavefront OBJ text.");
  bind_file<model::FilamentsState>(module, "FilamentsFile", "A filaments file, as JSON text.")
      .def("json", &filaments_json, Unlocked())
      .def("set_json", &set_filaments, "text"_a, Unlocked());
}

}  // namespace copick::python
