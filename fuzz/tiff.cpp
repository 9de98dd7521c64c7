// TIFF bytes: an error of ours, or a stack whose last section agrees with the whole.
#include <copick/error.h>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "format/tiff.h"

using namespace copick;

namespace {

constexpr std::int64_t kLargestVolume = 1 << 16;  // elements; larger promises are only parsed

void read_volume(const std::string& path) {
  const auto source = format::open_tiff(path);
  const Shape& shape = source->shape();
  if (element_count(shape) > kLargestVolume) return;
  AnyArray whole(source->dtype(), shape);
  source->read_slab(0, shape[0], whole.view());
  const std::size_t plane = whole.bytes().size() / static_cast<std::size_t>(shape[0]);
  AnyArray last(source->dtype(), {1, shape[1], shape[2]});
  source->read_slab(shape[0] - 1, shape[0], last.view());
  if (std::memcmp(last.bytes().data(), whole.bytes().data() + whole.bytes().size() - plane,
                  plane) != 0) {
    __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path =
      std::filesystem::temp_directory_path() / ("copick-fuzz-tiff-" + std::to_string(getpid()));
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    read_volume(path);
  } catch (const Error&) {}
  std::remove(path.c_str());
  return 0;
}
