// copick_bench_reads IMAGE WORKLOADS ROUNDS: our half of the comparison with other readers.
//
// IMAGE is an OME-Zarr folder, WORKLOADS a JSON file: {"name": [[[begin, end], [..], [..]], ...],
// ...}, a list of regions (z, y, x) per workload, which are read in one call. Prints
// {"name": {"ms": [of each round], "cpu": [user and system ms of each round]}, ...} and two more
// workloads: "whole, memory reused" reads level 0 into memory that is already there, and "limit"
// decodes every Blosc chunk of level 0, held in memory, on all cores into memory that is already
// there.
//
// With --update or --update-durably as a fourth argument the regions are written instead, each time
// with other values, and read back; a report then has "bytes" too: those passed to write calls.
#include "base/executor.h"
#include "ome/multiscale.h"

#include <copick/copick.h>

#include <blosc.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

using namespace copick;

namespace {

double wall_clock() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

double cpu_clock() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) {
    return 1e3 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_usec);
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
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
  Json report = Json::object();
  report["ms"] = Json::array();
  report["cpu"] = Json::array();
  for (int i = 0; i < rounds; ++i) {
    const double wall = wall_clock(), cpu = cpu_clock();
    work();
    report["ms"].push_back(Json::number(wall_clock() - wall));
    report["cpu"].push_back(Json::number(cpu_clock() - cpu));
  }
  return report;
}

// Regions in one call, each into memory of its own that is new.
void read_new(const zarr::Array& array, const std::vector<zarr::Box>& boxes) {
  std::vector<Array<float>> results;
  std::vector<zarr::Reading> readings;
  for (const zarr::Box& box : boxes) {
    results.emplace_back(box.shape());
    readings.push_back({box, results.back().view()});
  }
  array.read(readings);
}

// What this process has passed to write calls so far, in bytes.
double written() {
  std::ifstream io("/proc/self/io");
  std::string name;
  for (double value = 0; io >> name >> value;)
    if (name == "wchar:") return value;
  return 0;
}

// Read-modify-write of each region, by an array opened anew, as a script does it.
Json update(const StorePtr& store, const std::vector<zarr::Box>& boxes, int rounds,
            Durability durability) {
  Json bytes = Json::array();
  float next = 0;
  Json report = timed(
      [&] {
        const double before = written();
        zarr::Array array = zarr::Array::open(store, "0");
        for (const zarr::Box& box : boxes) {
          Array<float> values(box.shape()), found(box.shape());
          for (float& value : values) value = ++next;
          array.write(box, values.view(), durability);
          array.read(box, found.view());
          if (!std::equal(values.begin(), values.end(), found.begin()))
            throw std::runtime_error("what was written is not what is read");
        }
        bytes.push_back(Json::number(written() - before));
      },
      rounds);
  report["bytes"] = std::move(bytes);
  return report;
}

Json reused_memory(const zarr::Array& array, int rounds) {
  Array<float> result(array.metadata().shape);
  std::fill(result.begin(), result.end(), 0.0f);
  return timed([&] { array.read(zarr::whole(result.shape()), result.view()); }, rounds);
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
  if (argc != 4 && argc != 5) return 2;
  try {
    const int rounds = std::atoi(argv[3]);
    const StorePtr store = open_store(argv[1]);
    const ome::Multiscale image = *ome::Multiscale::open(store, "");
    const zarr::Array& array = image.level(0);
    const Json workloads = Json::parse(read_text(argv[2]), argv[2]);
    const std::string mode = argc == 5 ? argv[4] : "";
    Json report = Json::object();
    for (const auto& [name, regions] : workloads.members()) {
      std::vector<zarr::Box> boxes;
      for (const Json& region : regions.elements()) boxes.push_back(box_of(region));
      report[name] = mode.empty()
                         ? timed([&] { read_new(array, boxes); }, rounds)
                         : update(store, boxes, rounds,
                                  mode == "--update" ? Durability::none : Durability::full);
    }
    if (mode.empty()) {
      report["whole, memory reused"] = reused_memory(array, rounds);
      report["limit"] = array.metadata().compressor_name() == "blosc" && !array.metadata().sharding
                            ? blosc_limit(store, rounds)
                            : Json();
    }
    std::printf("%s\n", report.dump().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
