// STAR text: whatever it is, an error of ours or tables that survive writing; and the importers on
// top.
#include <copick/error.h>

#include <cstddef>
#include <cstdint>

#include "format/points.h"

using namespace copick;

namespace {

void round_trip(std::string_view text) {
  const auto blocks = format::parse_star(text, "fuzz");
  std::string written;
  try {
    written = format::write_star(blocks);
  } catch (const ValidationError&) {
    return;  // values of several lines
  }
  const auto again = format::parse_star(written, "again");
  if (again.size() != blocks.size()) __builtin_trap();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool same = again[i].name == blocks[i].name && again[i].columns == blocks[i].columns &&
                      again[i].rows == blocks[i].rows && again[i].loop == blocks[i].loop;
    if (!same) __builtin_trap();
  }
}

void import(std::string_view text) {
  format::StarImport options;
  options.voxel_size = 10;
  options.centres[""] = {1, 2, 3};
  options.centres["TS_001"] = {4, 5, 6};
  const auto runs = format::parse_star_points(text, options, "fuzz");
  for (const auto filaments :
       {format::StarExport::Filaments::none, format::StarExport::Filaments::frame}) {
    format::StarExport exported;
    exported.tilt_series_pixel_size = 2;
    exported.filaments = filaments;
    format::parse_star_points(format::write_star_points(runs, exported), {}, "again");
  }
}

template <typename Call>
void unless_refused(const Call& call) {
  try {
    call();
  } catch (const Error&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  unless_refused([&] { round_trip(text); });
  unless_refused([&] { import(text); });
  unless_refused([&] { format::parse_star_tomograms(text, "fuzz"); });
  return 0;
}
