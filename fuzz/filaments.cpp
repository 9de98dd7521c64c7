// A filaments file that parses comes back the same after writing; its curves can be drawn, reversed
// and compared with their points without reading beyond them.
#include "model/curve.h"
#include "model/filaments_document.h"

#include <copick/error.h>

#include <cstdint>
#include <cstdlib>

using namespace copick;

namespace {

// Curves of more points are legal, and too slow here.
bool is_short(const Curve& curve) {
  double length = 0;
  for (std::size_t i = 0; i + 1 < curve.control_points.size(); ++i)
    length += model::distance(curve.control_points[i], curve.control_points[i + 1]);
  return length / curve.step < 1000;
}

void exercise(const Filament& filament) {
  if (!filament.curve) return;
  const Curve& curve = *filament.curve;
  static_cast<void>(is_current(reversed(curve), filament.points));
  if (!is_short(curve)) return;
  try {
    const auto points = evaluate(curve);
    if (points.size() < 2) std::abort();
  } catch (const ValidationError&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto document = model::FilamentsDocument::parse(text, "input");
    for (const Filament& filament : document.filaments) exercise(filament);
    const std::string written = document.to_text("input");
    const auto again = model::FilamentsDocument::parse(written, "written");
    if (again.to_text("written") != written) std::abort();
  } catch (const CorruptError&) {
  } catch (const ValidationError&) {  // of a newer version
  }
  return 0;
}
