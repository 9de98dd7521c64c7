// Listing a project of many runs, and reading and writing many picks.
#include <copick/copick.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "workload.h"

namespace copick::bench {
namespace {

constexpr int kRuns = 500;
constexpr int kPoints = 50000;

std::size_t count_entities(const std::string& config) {
  std::size_t found = 0;
  for (const Run& run : open(config).runs()) {
    found += run.picks().size() + run.segmentations().size() + run.meshes().size();
    for (const VoxelSpacing& spacing : run.voxel_spacings()) found += spacing.tomograms().size();
  }
  return found;
}

std::size_t walk(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::recursive_directory_iterator(folder), {}));
}

std::vector<Point> many_points() {
  std::vector<Point> points(kPoints);
  for (int i = 0; i < kPoints; ++i) points[i].location = {i * 0.37, i * 1.91, i * 0.053};
  return points;
}

std::string slurp(const std::string& path) {
  std::string text(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

}  // namespace

std::vector<Workload> project_workloads(const std::string& folder) {
  const std::string config = folder + "/project.json", data = folder + "/project";
  Root root = create(
      config, {.objects = {{.name = "ribosome", .is_particle = true}}, .overlay_root = data});
  for (int i = 0; i < kRuns; ++i) {
    Run run = root.new_run("TS_" + std::to_string(1000 + i));
    run.new_voxel_spacing(10.0);
    run.new_picks("ribosome", {.user = "alice", .session = "1"}).store();
  }
  auto picks = std::make_shared<Picks>(
      root.runs().front().new_picks("ribosome", {.user = "bob", .session = "1"}));
  picks->set_points(many_points());
  picks->store();
  const std::string file = data + "/" + picks->path();
  const std::uint64_t size = std::filesystem::file_size(file);
  const std::string copy = folder + "/copy.json";

  return {{.name = "project/list-500-runs",
           .limit_name = "walk the folders",
           .limit = [=] { keep(walk(data)); },
           .ours = [=] { keep(count_entities(config)); }},
          {.name = "picks/read-50000",
           .limit_name = "read the file",
           .limit = [=] { keep(slurp(file)); },
           .ours =
               [=] {
                 picks->refresh();
                 keep(picks->points());
               },
           .bytes = size},
          {.name = "picks/write-50000",
           .limit_name = "write the file",
           .limit = [=, text = slurp(file)] { std::ofstream(copy, std::ios::binary) << text; },
           .ours =
               [=, points = many_points()] {
                 picks->set_points(points);
                 picks->store();
               },
           .bytes = size}};
}

}  // namespace copick::bench
