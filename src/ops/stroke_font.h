// A small font of straight strokes: enough for names, numbers and units in a picture, at any size.
#pragma once

#include "ops/canvas.h"

#include <string_view>
#include <vector>

namespace copick::ops {

inline constexpr double glyph_height = 6;  // of capitals, in the font's units

// One character: strokes with x to the right from 0, y up from the baseline at 0.
struct GlyphShape {
  std::vector<Polyline> strokes;
  double advance = 0;  // to where the next character begins
};

// Takes the first character off `utf8` and gives its shape.
GlyphShape next_glyph(std::string_view& utf8);

}  // namespace copick::ops
