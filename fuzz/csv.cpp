// Picks as CSV: whatever the text, an error of ours or points that survive writing.
#include <copick/error.h>

#include <cstddef>
#include <cstdint>

#include "format/points.h"

using namespace copick;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const std::string written = format::write_csv_points(format::parse_csv_points(text, "fuzz"));
    if (format::write_csv_points(format::parse_csv_points(written, "again")) != written) {
      __builtin_trap();
    }
  } catch (const Error&) {}
  return 0;
}
