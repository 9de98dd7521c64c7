// MRC bytes, plain or compressed: an error of ours, or a volume whose slabs agree with its whole.
#include <copick/error.h>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "format/mrc.h"

using namespace copick;

namespace {

constexpr std::int64_t kLargestVolume = 1 << 16;  // elements; larger promises are only parsed

// One file of this process, written anew for each input.
class ScratchFile {
 public:
  ~ScratchFile() { std::remove(path_.c_str()); }
  const std::string& write(ByteView bytes) const {
    std::ofstream file(path_, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path_;
  }

 private:
  std::string path_ =
      std::filesystem::temp_directory_path() / ("copick-fuzz-mrc-" + std::to_string(getpid()));
};

void read_volume(const std::string& path) {
  const auto source = format::open_mrc(path);
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
  const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
  for (const std::uint64_t file_size : {std::uint64_t{0}, std::uint64_t{size}}) {
    try {
      format::parse_mrc_header(bytes.first(std::min<std::size_t>(size, 1024)), file_size, "fuzz");
    } catch (const Error&) {}
  }
  static const ScratchFile scratch;
  try {
    read_volume(scratch.write(bytes));
  } catch (const Error&) {}
  return 0;
}
