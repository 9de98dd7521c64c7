// MRC bytes, plain or compressed: an error of ours, or a volume whose slabs agree with its whole.
#include "format/mrc.h"
#include "volume_file.h"

#include <copick/error.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace copick;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
  for (const std::uint64_t file_size : {std::uint64_t{0}, std::uint64_t{size}}) {
    try {
      format::parse_mrc_header(bytes.first(std::min<std::size_t>(size, 1024)), file_size, "fuzz");
    } catch (const Error&) {}
  }
  static const fuzz::ScratchFile scratch("mrc");
  try {
    const auto source = format::open_mrc(scratch.write(bytes));
    fuzz::read_twice(*source);
  } catch (const Error&) {}
  return 0;
}
