// interop_tool: our half of the interoperability tests.
//
//   interop_tool describe CONFIG          print what we read, as JSON
//   interop_tool write CONFIG FORMAT      write one of everything, images in Zarr FORMAT (2 or 3)
//   interop_tool edit CONFIG TURN         one turn of an edit war
#include "describe.h"

#include <cmath>
#include <cstdio>
#include <numbers>

using namespace copick;

namespace {

Array<float> waves(Shape shape, double phase) {
  Array<float> data(std::move(shape));
  for (std::size_t i = 0; i < data.size(); ++i)
    data.data()[i] =
        static_cast<float>(std::round(64 * std::sin(phase + 0.37 * static_cast<double>(i))) / 64);
  return data;
}

Array<std::uint32_t> block(std::uint32_t value) {
  Array<std::uint32_t> data({17, 18, 19});
  std::fill(data.begin(), data.end(), 0u);
  for (int z = 3; z < 9; ++z)
    for (int y = 4; y < 12; ++y)
      for (int x = 5; x < 14; ++x) data(z, y, x) = value;
  return data;
}

Point turned_point(int index) {
  const double angle = 0.1 * index;
  Point point;
  point.location = {10.0 * index, 20.5, 1e-5 * index};
  point.transformation = {std::cos(angle),
                          -std::sin(angle),
                          0,
                          1.5,
                          std::sin(angle),
                          std::cos(angle),
                          0,
                          -2.5,
                          0,
                          0,
                          1,
                          0,
                          0,
                          0,
                          0,
                          1};
  point.instance_id = index == 0 ? std::optional<std::int64_t>() : (std::int64_t{1} << 40) + index;
  point.score = 0.25 * index;
  return point;
}

TriangleMesh tetrahedron() {
  TriangleMesh mesh;
  mesh.vertices = {0, 0, 0, 30, 0, 0, 0, 40, 0, 0, 0, 50};
  mesh.faces = {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3};
  for (std::uint8_t i = 0; i < 4; ++i) mesh.colors.insert(mesh.colors.end(), {i, 100, 200, 255});
  return mesh;
}

void write_images(Root& root, Run& run, ZarrFormat format) {
  Tomogram tomogram = run.new_voxel_spacing(13.48).new_tomogram("wbp");
  tomogram.write(waves({33, 34, 35}, 0).view(), {.levels = 3, .zarr_format = format});
  run.new_voxel_spacing(10).new_tomogram("wbp").write(
      waves({9, 10, 11}, 1).view(), {.chunks = Shape{4, 4, 4}, .zarr_format = format});
  tomogram.new_features("sobel").write(waves({33, 34, 35}, 2).view(), {.zarr_format = format});
  tomogram.new_features("embedding")
      .write(waves({3, 9, 10, 11}, 3).view(), {.zarr_format = format});
  root.get_object("ribosome")->write(waves({8, 9, 10}, 4).view(), {.zarr_format = format});
  using enum SegmentationKind;
  const auto make = [&](const char* name, SegmentationKind kind) {
    return run.new_segmentation(name,
                                {.voxel_size = 10, .user = "ours", .session = "1", .kind = kind});
  };
  make("membrane", binary).write(block(1).view(), {.levels = 2, .zarr_format = format});
  make("all", multilabel).write(block(70000).view(), {.levels = 3, .zarr_format = format});
  make("ribosome", instance).write(block(300).view(), {.zarr_format = format});
  Array<std::uint32_t> both({2, 17, 18, 19});
  const Array<std::uint32_t> labels = block(1), ids = block(9);
  std::copy(labels.begin(), labels.end(), both.begin());
  std::copy(ids.begin(), ids.end(), both.begin() + static_cast<std::ptrdiff_t>(labels.size()));
  make("scene", panoptic).write(both.view(), {.levels = 2, .zarr_format = format});
}

void write_annotations(Run& run) {
  Picks picks = run.new_picks("ribosome", {.user = "ours", .session = "1"});
  std::vector<Point> points;
  for (int i = 0; i < 6; ++i) points.push_back(turned_point(i));
  picks.set_points(points);
  picks.set_voxel_spacing(10.0);
  picks.store();
  Picks tool = run.new_picks("proteasome", {.user = "tool", .session = "0"});
  tool.set_trust_orientation(false);
  tool.store();
  MeshScene scene;
  scene.add(tetrahedron(), "first");
  scene.add(tetrahedron(), "second", {0, -1, 0, 100, 1, 0, 0, 50, 0, 0, 1, 25, 0, 0, 0, 1});
  Mesh mesh = run.new_mesh("membrane", {.user = "ours", .session = "1"});
  mesh.set_scene(scene);
  mesh.store();
  run.new_mesh("membrane", {.user = "empty", .session = "1"});
  Filament filament{.instance_id = 3, .polarity_known = true, .score = 0.75, .radius = 125.0};
  filament.curve = Curve{.kind = "catmull-rom",
                         .control_points = {{0, 0, 0}, {50, 10, 0}, {90, 40, 5}},
                         .step = 10,
                         .alpha = 0.5};
  filament.points = evaluate(*filament.curve);
  FilamentSet set = run.new_filaments("microtubule", {.user = "ours", .session = "1"});
  set.set_filaments({filament});
  set.set_voxel_spacing(10.0);
  set.store();
}

void edit(Root& root, int turn) {
  Run run = *root.get_run("TS_001");
  const std::string mark = "ours" + std::to_string(turn);
  for (Picks& picks : run.get_picks({.object = "ribosome"})) {
    std::vector<Point> points = picks.points();
    points.push_back(turned_point(turn));
    picks.set_points(points);
    picks.store();
  }
  Array<float> patch({2, 3, 4});
  std::fill(patch.begin(), patch.end(), static_cast<float>(turn));
  run.get_voxel_spacing(10)->get_tomogram("wbp")->set_region(
      patch.view(), {.z = {0, 2}, .y = {0, 3}, .x = {0, 4}});
  run.new_picks("ribosome", {.user = "ours", .session = mark});
  run.new_segmentation(
         mark,
         {.voxel_size = 10, .user = "ours", .session = "1", .kind = SegmentationKind::multilabel})
      .write(block(static_cast<std::uint32_t>(turn)).view());
  root.new_object({.name = mark, .is_particle = true, .label = std::nullopt, .radius = turn});
  root.save_config();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3) return 2;
    const std::string verb = argv[1];
    Root root = open(argv[2]);
    if (verb == "describe") {
      std::fputs(test::describe(root).dump().c_str(), stdout);
    } else if (verb == "write" && argc == 4) {
      Run run = root.new_run("TS_001");
      write_images(root, run, argv[3][0] == '3' ? ZarrFormat::v3 : ZarrFormat::v2);
      write_annotations(run);
    } else if (verb == "edit" && argc == 4) {
      edit(root, std::atoi(argv[3]));
    } else {
      return 2;
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
