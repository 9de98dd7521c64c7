// crash_victim CONFIG KIND: writes generation after generation of one entity, or migrates one
// between the Zarr versions, until somebody kills it.
//
// Every part of a generation carries its number, so that a mixture of two can be told: a volume's
// voxels (all levels), the points of a picks file, the description and every object's radius of a
// config.
#include <copick/copick.h>
#include <copick/ops.h>

#include <unistd.h>

#include <cstdio>
#include <string_view>

using namespace copick;

namespace {

void import_generation(Run& run, int generation, ZarrFormat format) {
  Array<float> data({20, 33, 40});
  std::fill(data.begin(), data.end(), static_cast<float>(generation));
  Tomogram tomogram =
      run.new_voxel_spacing(10, {.exist_ok = true}).new_tomogram("wbp", {.exist_ok = true});
  tomogram.write(data.view(), {.levels = 3, .chunks = Shape{16, 16, 16}, .zarr_format = format});
}

void picks_generation(Run& run, int generation) {
  Picks picks = run.new_picks("ribosome", {.user = "victim", .session = "1", .exist_ok = true});
  picks.refresh();
  std::vector<Point> points(static_cast<std::size_t>(200 + generation % 50));
  for (Point& point : points)
    point.location = {1.0 * generation, 2.0 * generation, 3.0 * generation};
  picks.set_points(points);
  picks.store();
}

void config_generation(const char* path, int generation) {
  Config config = open(path).config();
  config.description = std::to_string(generation);
  for (PickableObject& object : config.pickable_objects) object.radius = generation;
  Root root = open(path);
  for (const PickableObject& object : config.pickable_objects)
    root.new_object(object, {.exist_ok = true});
  root.set_session_id(std::to_string(generation));
  root.save_config();
}

// There and back. The volume was written before.
void migrate_generation(Root& root, Run& run) {
  Tomogram tomogram = *run.get_voxel_spacing(10)->get_tomogram("wbp");
  const bool is_v2 = tomogram.info().zarr_format == 2;
  migrate(root, tomogram,
          {.to = is_v2 ? ZarrFormat::v3 : ZarrFormat::v2, .chunks = Shape{8, 8, 8}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string_view kind = argv[2];
  try {
    Root root = open(argv[1]);
    Run run = root.new_run("TS_001", {.exist_ok = true});
    if (write(STDOUT_FILENO, ".", 1) != 1) return 2;  // from here on it is worth killing
    // Each victim counts from a number of its own, so that its generations are told from others'.
    for (int generation = getpid();; ++generation) {
      if (kind == "import-v2")
        import_generation(run, generation, ZarrFormat::v2);
      else if (kind == "import-v3")
        import_generation(run, generation, ZarrFormat::v3);
      else if (kind == "picks")
        picks_generation(run, generation);
      else if (kind == "migrate")
        migrate_generation(root, run);
      else if (kind == "config")
        config_generation(argv[1], generation);
      else
        return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
