// copick_bench_reads IMAGE WORKLOADS ROUNDS: our half of the comparison with other readers.
//
// IMAGE is an OME-Zarr folder, WORKLOADS a JSON file: {"name": [[[begin, end], [..], [..]], ...],
// ...}, a list of regions (z, y, x) per workload. Prints {"name": [milliseconds of each round],
// ...}; the extra workload "limit" decodes every Blosc chunk of level 0 on all cores into memory
// that is already there.
#include "base/executor.h"
#include "ome/multiscale.h"

#include <copick/copick.h>

#include <blosc.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

using namespace copick;

namespace {

double milliseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

std::string read_text(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

zarr::Box box_of(const Json& region) {
  zarr::Box box;
  for (const Json& axis : region.elements()) {
    box.begin.push_back(axis.elements()[0].as_int64());
    box.end.push_back(axis.elements()[1].as_int64());
  }
  return box;
}

Json timed(const std::function<void()>& work, int rounds) {
  Json times = Json::array();
  for (int i = 0; i < rounds; ++i) times.push_back(Json::number(milliseconds(work)));
  return times;
}

// Plain Blosc: chunks already in memory, one chunk a worker at a time, into one buffer a chunk.
Json blosc_limit(const StorePtr& store, int rounds) {
  std::vector<Bytes> chunks;
  std::size_t largest = 0;
  for (const Entry& entry : store->list_recursive("0")) {
    if (entry.name.find("/.z") != std::string::npos || entry.name.ends_with("zarr.json")) continue;
    chunks.push_back(*store->get(entry.name));
    std::size_t size = 0;
    if (blosc_cbuffer_validate(chunks.back().data(), chunks.back().size(), &size) < 0)
      return Json();
    largest = std::max(largest, size);
  }
  std::vector<Bytes> buffers;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    buffers.emplace_back(largest);
    std::memset(buffers.back().data(), 0, largest);
  }
  return timed(
      [&] {
        base::parallel_for(chunks.size(), [&](std::size_t i) {
          blosc_decompress_ctx(chunks[i].data(), buffers[i].data(), largest, 1);
        });
      },
      rounds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    const int rounds = std::atoi(argv[3]);
    const StorePtr store = open_store(argv[1]);
    const ome::Multiscale image = *ome::Multiscale::open(store, "");
    const Json workloads = Json::parse(read_text(argv[2]), argv[2]);
    Json report = Json::object();
    for (const auto& [name, regions] : workloads.members()) {
      std::vector<zarr::Box> boxes;
      for (const Json& region : regions.elements()) boxes.push_back(box_of(region));
      report[name] = timed(
          [&] {
            for (const zarr::Box& box : boxes) {
              Array<float> result(box.shape());
              image.level(0).read(box, result.view());
            }
          },
          rounds);
    }
    report["limit"] = image.zarr_format() == 2 ? blosc_limit(store, rounds) : Json();
    std::printf("%s\n", report.dump().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
