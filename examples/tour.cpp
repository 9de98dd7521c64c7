// A walk through a project: what is in it, and how to get at it.
//
//   example_tour copick_config.json
#include <copick/copick.h>

#include <cstdio>
#include <string>

namespace {

std::string text(const copick::Shape& shape) {
  std::string result;
  for (std::int64_t length : shape)
    result += (result.empty() ? "" : " x ") + std::to_string(length);
  return result;
}

// What the array behind a tomogram, feature map or segmentation looks like, level by level.
void print_info(const copick::Volume& volume) {
  const copick::VolumeInfo info = volume.info();
  std::printf("    Zarr v%d, OME-NGFF %s\n", info.zarr_format, info.ome_version.c_str());
  for (const copick::LevelInfo& level : info.levels)
    std::printf("    level %s: %s %s, chunks %s, %s, %.3f angstrom\n", level.path.c_str(),
                text(level.shape).c_str(), level.stored_dtype.c_str(), text(level.chunks).c_str(),
                level.compressor.empty() ? "raw" : level.compressor.c_str(), level.scale.back());
}

void print_volumes(const copick::Run& run) {
  for (const copick::VoxelSpacing& spacing : run.voxel_spacings()) {
    std::printf("  voxel spacing %.3f\n", spacing.voxel_size());
    for (const copick::Tomogram& tomogram : spacing.tomograms()) {
      std::printf("   tomogram %s\n", tomogram.tomo_type().c_str());
      print_info(tomogram);
      for (const copick::Features& features : tomogram.features()) {
        std::printf("   features %s of %s\n", features.feature_type().c_str(),
                    features.tomo_type().c_str());
        print_info(features);
      }
    }
  }
  for (const copick::Segmentation& segmentation : run.segmentations()) {
    std::printf("  segmentation %s by %s/%s in %s\n", segmentation.name().c_str(),
                segmentation.user_id().c_str(), segmentation.session_id().c_str(),
                segmentation.path().c_str());
    print_info(segmentation);
  }
}

void print_annotations(const copick::Run& run) {
  for (const copick::Picks& picks : run.picks()) {
    std::printf("  picks of %s by %s/%s: %zu points in %s\n", picks.object_name().c_str(),
                picks.user_id().c_str(), picks.session_id().c_str(), picks.size(),
                picks.unit().c_str());
    for (const copick::Point& point : picks.points()) {
      const copick::Location at = point.full_position();
      std::printf("    %.2f %.2f %.2f score %.3f\n", at.x, at.y, at.z, point.score.value_or(1.0));
    }
  }
  for (const copick::Mesh& mesh : run.meshes()) {
    const copick::TriangleMesh triangles = mesh.scene().triangles();
    std::printf("  mesh of %s by %s/%s: %zu vertices, %zu triangles\n", mesh.object_name().c_str(),
                mesh.user_id().c_str(), mesh.session_id().c_str(), triangles.vertices.size() / 3,
                triangles.faces.size() / 3);
  }
}

// The middle plane of a tomogram: only the chunks it touches are read.
void print_middle_plane(const copick::Tomogram& tomogram) {
  const std::int64_t middle = tomogram.shape_of()[0] / 2;
  const copick::Array<float> plane = tomogram.read<float>({.z = {middle, middle + 1}});
  double sum = 0;
  for (float value : plane) sum += value;
  std::printf("plane %lld of %s in %s: mean %.4f\n", static_cast<long long>(middle),
              tomogram.tomo_type().c_str(), tomogram.voxel_spacing().run().name().c_str(),
              sum / static_cast<double>(plane.size()));
}

void tour(const copick::Root& root) {
  for (const copick::PickableObject& object : root.config().pickable_objects)
    std::printf("object %s\n", object.name.c_str());
  for (const copick::Run& run : root.runs()) {
    std::printf("run %s\n", run.name().c_str());
    print_volumes(run);
    print_annotations(run);
  }
  for (const copick::Run& run : root.runs())
    for (const copick::VoxelSpacing& spacing : run.voxel_spacings())
      for (const copick::Tomogram& tomogram : spacing.tomograms())
        return print_middle_plane(tomogram);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: example_tour copick_config.json\n");
    return 2;
  }
  try {
    tour(copick::open(argv[1]));
  } catch (const copick::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
