// A project with one volume in memory, and every voxel of it, for tests of migration.
#pragma once

#include "ome/multiscale.h"

#include <copick/copick.h>
#include <copick/ops.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "support/project.h"

namespace copick::test {

inline const std::string migrated_key = "ExperimentRuns/TS_001/VoxelSpacing10.000/wbp.zarr";

struct OneVolume {
  StorePtr store = memory_store();

  // Noise, with a corner of nothing; three levels.
  explicit OneVolume(ZarrFormat format = ZarrFormat::v2, DType dtype = DType::float32,
                     const Shape& shape = {40, 50, 60}) {
    AnyArray data(dtype, shape);
    std::minstd_rand random(3);
    for (std::byte& byte : data.bytes()) byte = static_cast<std::byte>(random() >> 8 & 0x3f);
    std::memset(data.bytes().data(), 0, data.bytes().size() / 3);
    Root root = open();
    tomogram(root).write(
        data.view(),
        {.levels = 3, .dtype = dtype, .chunks = Shape{16, 16, 16}, .zarr_format = format});
  }
  Root open() const { return open_stores(small_config(), store, nullptr); }
  Root open_on(const StorePtr& wrapped) const {
    return open_stores(small_config(), wrapped, nullptr);
  }
  static Tomogram tomogram(Root& root) {
    return root.new_run("TS_001", {.exist_ok = true})
        .new_voxel_spacing(10, {.exist_ok = true})
        .new_tomogram("wbp", {.exist_ok = true});
  }
};

// Of all levels.
inline std::vector<std::vector<std::byte>> voxels_of(const Volume& volume) {
  std::vector<std::vector<std::byte>> levels;
  const VolumeInfo info = volume.info();
  for (std::size_t i = 0; i < info.levels.size(); ++i) {
    const AnyArray level = volume.read_any({.level = static_cast<int>(i)});
    const ByteView bytes = level.bytes();
    levels.emplace_back(bytes.begin(), bytes.end());
  }
  return levels;
}

}  // namespace copick::test
