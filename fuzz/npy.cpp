// .npy bytes: an error of ours, or an array that survives writing. And any bytes as a picture.
#include <copick/error.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "format/npy.h"
#include "format/png.h"

using namespace copick;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    const AnyArray array = format::parse_npy(bytes, "fuzz");
    std::string written = format::npy_header(array.dtype(), array.shape());
    written += as_text(array.bytes());
    const AnyArray again = format::parse_npy(as_bytes(written), "again");
    if (again.shape() != array.shape() || as_text(again.bytes()) != as_text(array.bytes())) {
      __builtin_trap();
    }
  } catch (const Error&) {}
  if (size > 1) {
    const auto width = static_cast<std::uint32_t>(data[0] % 32 + 1);
    const auto height = static_cast<std::uint32_t>((size - 1) / width);
    if (height > 0)
      format::encode_png(bytes.subspan(1, std::size_t{width} * height), width, height, 1);
  }
  return 0;
}
