// TIFF bytes: an error of ours, or a stack whose last section agrees with the whole.
#include "format/tiff.h"
#include "volume_file.h"

#include <copick/error.h>

#include <cstddef>
#include <cstdint>

using namespace copick;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::ScratchFile scratch("tiff");
  try {
    const auto source =
        format::open_tiff(scratch.write({reinterpret_cast<const std::byte*>(data), size}));
    fuzz::read_twice(*source);
  } catch (const Error&) {}
  return 0;
}
