// A volume file of fuzzed bytes: its last section agrees with the whole.
#pragma once

#include <copick/slab_source.h>

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace copick::fuzz {

// One file of this process, written anew for each input.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("copick-fuzz-" + name + "-" + std::to_string(getpid()))) {}
  ~ScratchFile() { std::remove(path_.c_str()); }
  const std::string& write(ByteView bytes) const {
    std::ofstream file(path_, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path_;
  }

 private:
  std::string path_;
};

inline void read_twice(SlabSource& source) {
  constexpr std::int64_t largest = 1 << 16;  // elements; larger promises are only parsed
  const Shape& shape = source.shape();
  if (element_count(shape) > largest) return;
  AnyArray whole(source.dtype(), shape);
  source.read_slab(0, shape[0], whole.view());
  const std::size_t plane = whole.bytes().size() / static_cast<std::size_t>(shape[0]);
  AnyArray last(source.dtype(), {1, shape[1], shape[2]});
  source.read_slab(shape[0] - 1, shape[0], last.view());
  if (std::memcmp(last.bytes().data(), whole.bytes().data() + whole.bytes().size() - plane,
                  plane) != 0) {
    __builtin_trap();
  }
}

}  // namespace copick::fuzz
