// One tomogram of 160 x 480 x 480 float32: import, read one plane in each direction, read the
// whole.
#include <copick/copick.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>

#include "workload.h"

namespace copick::bench {
namespace {

const Shape kShape{160, 480, 480};

// Smooth structure plus noise: compresses about as a tomogram does.
std::shared_ptr<Array<float>> make_volume() {
  auto volume = std::make_shared<Array<float>>(kShape);
  std::minstd_rand random(7);
  std::int64_t i = 0;
  for (float& value : *volume) {
    const double wave = std::sin(static_cast<double>(i % kShape[2]) * 0.05);
    value =
        static_cast<float>(std::round((wave + static_cast<double>(random()) * 1e-9) * 256) / 256);
    ++i;
  }
  return volume;
}

// The same voxels as a raw file: what a program without any format would have.
class RawFile {
 public:
  RawFile(const std::string& path, ByteView bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + path);
  }
  ~RawFile() { ::close(descriptor_); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  void read(std::uint64_t offset, void* destination, std::size_t size) const {
    if (::pread(descriptor_, destination, size, static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(size))
      throw std::runtime_error("short read");
  }

 private:
  int descriptor_ = -1;
};

struct Bench {
  std::shared_ptr<Array<float>> volume = make_volume();
  std::shared_ptr<RawFile> raw;
  std::shared_ptr<Array<float>> target = std::make_shared<Array<float>>(kShape);
  std::size_t row = static_cast<std::size_t>(kShape[2]) * sizeof(float);
  std::size_t plane = row * static_cast<std::size_t>(kShape[1]);
  std::size_t whole = plane * static_cast<std::size_t>(kShape[0]);
};

Workload import_of(const Bench& b, Tomogram tomogram, const std::string& name,
                   const std::string& folder) {
  return {.name = "volume/write-" + name,
          .limit_name = "write raw, no pyramid, no flush",
          .limit =
              [b, folder] {
                std::ofstream(folder + "/copy.raw", std::ios::binary)
                    .write(reinterpret_cast<const char*>(b.volume->data()),
                           static_cast<std::streamsize>(b.whole));
              },
          .ours = [b, tomogram]() mutable { tomogram.write(b.volume->view()); },
          .bytes = b.whole};
}

std::vector<Workload> reads_of(const Bench& b, const Tomogram& tomogram, const std::string& name) {
  return {{.name = "volume/read-plane-z-" + name,
           .limit_name = "pread of the plane",
           .limit = [b] { b.raw->read(80 * b.plane, b.target->data(), b.plane); },
           .ours = [tomogram] { keep(tomogram.read<float>({.z = {80, 81}})); },
           .bytes = b.plane},
          {.name = "volume/read-plane-x-" + name,
           .limit_name = "memcpy of as many bytes",
           .limit = [b] { std::memcpy(b.target->data(), b.volume->data(), b.row * kShape[0]); },
           .ours = [tomogram] { keep(tomogram.read<float>({.x = {240, 241}})); },
           .bytes = b.row * kShape[0]},
          {.name = "volume/read-whole-" + name,
           .limit_name = "pread of the whole",
           .limit = [b] { b.raw->read(0, b.target->data(), b.whole); },
           .ours = [b, tomogram] { tomogram.read_into(b.target->view()); },
           .bytes = b.whole}};
}

}  // namespace

std::vector<Workload> volume_workloads(const std::string& folder) {
  Root root = create(folder + "/volumes.json", {.overlay_root = folder + "/volumes"});
  VoxelSpacing spacing = root.new_run("TS_001").new_voxel_spacing(10.0);
  Bench b;
  const ByteView bytes(reinterpret_cast<const std::byte*>(b.volume->data()), b.whole);
  b.raw = std::make_shared<RawFile>(folder + "/volume.raw", bytes);
  std::vector<Workload> all;
  for (ZarrFormat format : {ZarrFormat::v2, ZarrFormat::v3}) {
    const std::string name = format == ZarrFormat::v2 ? "v2" : "v3";
    Tomogram tomogram = spacing.new_tomogram("wbp-" + name);
    tomogram.write(b.volume->view(), {.zarr_format = format});
    all.push_back(import_of(b, tomogram, name, folder));
    for (Workload& read : reads_of(b, tomogram, name)) all.push_back(std::move(read));
  }
  return all;
}

}  // namespace copick::bench
