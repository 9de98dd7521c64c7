#include "ops/bench.h"

#include "base/executor.h"
#include "base/limits.h"
#include "ops/bench_machine.h"

#include <copick/error.h>
#include <copick/open.h>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace copick::ops {

namespace {

constexpr int kTimes = 3;
constexpr double kVoxelSize = 10.0;  // angstrom

// Waves and noise in steps of 1/256: compresses about as a tomogram does.
Array<float> make_volume(std::int64_t size) {
  Array<float> volume({size, size, size});
  base::parallel_for(static_cast<std::size_t>(size), [&](std::size_t z) {
    std::minstd_rand random(static_cast<unsigned>(z + 1));
    for (std::int64_t y = 0; y < size; ++y) {
      for (std::int64_t x = 0; x < size; ++x) {
        const double wave = std::sin(static_cast<double>(x + y) * 0.05);
        const double noise = static_cast<double>(random()) * 1e-9;
        volume(static_cast<std::int64_t>(z), y, x) =
            static_cast<float>(std::round((wave + noise) * 256) / 256);
      }
    }
  });
  return volume;
}

void check_size(const BenchOptions& options) {
  constexpr std::int64_t least = 64, most = 4096;
  constexpr std::uint64_t copies = 4;  // the volume, its copy, the encoded form, what is read back
  const auto edge = static_cast<std::uint64_t>(options.size);
  const bool is_known = options.size >= least && options.size <= most;
  if (is_known && edge * edge * edge * sizeof(float) <= base::memory_limit() / copies) return;
  throw ValidationError(
      {"measure this machine", "",
       fmt::format("a volume of {}^3 voxels is not from 64^3 to 4096^3, or does not fit four times "
                   "in {} MB of memory",
                   options.size, base::memory_limit() >> 20),
       "choose another --size"});
}

// Where `count` boxes of length `length` begin, the same in every run.
std::vector<std::int64_t> places(std::int64_t size, std::int64_t length, int count) {
  std::minstd_rand random(11);
  std::vector<std::int64_t> begins;
  for (int i = 0; i < count; ++i)
    begins.push_back(static_cast<std::int64_t>(random()) % (size - length + 1));
  return begins;
}

class ProjectBench {
 public:
  ProjectBench(const BenchOptions& options, const Array<float>& volume, const MachineSpeed& machine)
      : size_(options.size),
        volume_(volume),
        machine_(machine),
        root_(open_stores(Config(), open_store(options.folder), nullptr)),
        tomogram_(root_.new_run("bench").new_voxel_spacing(kVoxelSize).new_tomogram("noise")) {}

  BenchRow import() {
    const double seconds =
        best_seconds(1, [&] { tomogram_.write(volume_.view(), {.zarr_format = ZarrFormat::v2}); });
    const bool disk = machine_.write > machine_.encode;
    return {"write a tomogram, 3 levels", voxel_bytes(), seconds, disk ? "disk, flushed" : "Blosc",
            std::max(machine_.write, machine_.encode)};
  }

  BenchRow whole() {
    Array<float> target(volume_.shape());
    const double seconds = best_seconds(kTimes, [&] { tomogram_.read_into(target.view()); });
    const bool disk = machine_.read > machine_.decode;
    return {"read the whole", voxel_bytes(), seconds, disk ? "disk, cached" : "Blosc",
            std::max(machine_.read, machine_.decode)};
  }

  BenchRow planes() {
    constexpr int count = 16;
    Array<float> target({1, size_, size_});
    return parts("read 16 planes", count * voxel_bytes() / static_cast<std::uint64_t>(size_), [&] {
      for (const std::int64_t z : places(size_, 1, count))
        tomogram_.read_into(target.view(), {.z = {z, z + 1}});
    });
  }

  BenchRow cubes() {
    constexpr int count = 32;
    constexpr std::int64_t edge = 64;
    Array<float> target({edge, edge, edge});
    constexpr std::uint64_t bytes = std::uint64_t{count} * edge * edge * edge * sizeof(float);
    return parts("read 32 cubes of 64^3", bytes, [&] {
      const std::vector<std::int64_t> begins = places(size_, edge, count + 2);
      for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t z = begins[i], y = begins[i + 1], x = begins[i + 2];
        tomogram_.read_into(target.view(),
                            {.z = {z, z + edge}, .y = {y, y + edge}, .x = {x, x + edge}});
      }
    });
  }

 private:
  std::uint64_t voxel_bytes() const { return volume_.size() * sizeof(float); }

  // What decoding just these voxels would take, were chunks as small as they.
  BenchRow parts(const char* name, std::uint64_t bytes, const std::function<void()>& work) const {
    const double share = static_cast<double>(bytes) / static_cast<double>(voxel_bytes());
    return {name, bytes, best_seconds(kTimes, work), "Blosc", machine_.decode * share};
  }

  const std::int64_t size_;
  const Array<float>& volume_;
  const MachineSpeed& machine_;
  Root root_;
  Tomogram tomogram_;
};

}  // namespace

std::vector<BenchRow> bench(const BenchOptions& options) {
  check_size(options);
  const auto step = [&](const std::string& name) {
    if (options.on_step) options.on_step(name);
  };
  step("volume");
  const Array<float> volume = make_volume(options.size);
  const ByteView voxels{reinterpret_cast<const std::byte*>(volume.data()),
                        volume.size() * sizeof(float)};
  const MachineSpeed machine =
      measure_machine(voxels, sizeof(float), options.folder + "/raw", step);
  std::vector<BenchRow> rows{{"copy memory", voxels.size(), machine.copy, "", 0},
                             {"encode Blosc LZ4", voxels.size(), machine.encode, "", 0},
                             {"decode Blosc LZ4", voxels.size(), machine.decode, "", 0},
                             {"write a file, flushed", machine.encoded_bytes, machine.write, "", 0},
                             {"read a file, cached", machine.encoded_bytes, machine.read, "", 0}};
  ProjectBench project(options, volume, machine);
  step("import");
  rows.push_back(project.import());
  step("reads");
  rows.push_back(project.whole());
  rows.push_back(project.planes());
  rows.push_back(project.cubes());
  return rows;
}

}  // namespace copick::ops
