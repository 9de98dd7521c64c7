// A tiny MRC file for tests of the command: one section of two rows of two float32 voxels, 10
// angstrom each.
#pragma once

#include "support/temp_dir.h"

#include <array>
#include <cstring>
#include <string>

namespace copick::test {

inline void write_mrc(const std::string& path, const std::array<float, 4>& voxels) {
  std::string file(1024 + sizeof(voxels), '\0');
  const auto put = [&](std::size_t at, const auto& value) {
    std::memcpy(file.data() + at, &value, sizeof(value));
  };
  put(0, std::array<std::int32_t, 4>{2, 2, 1, 2});  // columns, rows, sections, mode
  put(28, std::array<std::int32_t, 3>{2, 2, 1});    // sampling
  put(40, std::array<float, 3>{20, 20, 10});        // cell, angstrom
  put(52, std::array<float, 3>{90, 90, 90});        // angles
  put(64, std::array<std::int32_t, 3>{1, 2, 3});    // axes
  put(88, std::int32_t{1});                         // a volume
  put(208, std::array<char, 8>{'M', 'A', 'P', ' ', 0x44, 0x44, 0, 0});
  put(1024, voxels);
  write_file(path, file);
}

}  // namespace copick::test
