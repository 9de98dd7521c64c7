// Each glyph is drawn on a grid of 5 x 9 crossings: two digits a point (x 0-4 from the left, y 0-8
// from the deepest descender; the baseline is 2, small letters reach 6, capitals 8), points of a
// stroke joined, strokes parted by blanks.
#include "ops/stroke_font.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>

namespace copick::ops {

namespace {

struct Glyph {
  char32_t character;
  std::string_view strokes;
};

constexpr std::array glyphs{
    Glyph{U' ', ""},
    Glyph{U'(', "38272332"},
    Glyph{U')', "18272312"},
    Glyph{U'+', "0545 2327"},
    Glyph{U',', "2211"},
    Glyph{U'-', "1535"},
    Glyph{U'.', "2222"},
    Glyph{U'/', "0148"},
    Glyph{U'0', "120307183847433212"},
    Glyph{U'1', "172822 1232"},
    Glyph{U'2', "07183847460242"},
    Glyph{U'3', "07183847463515 354443321203"},
    Glyph{U'4', "32380444"},
    Glyph{U'5', "480805354443321203"},
    Glyph{U'6', "473818070312324344351504"},
    Glyph{U'7', "084812"},
    Glyph{U'8', "15060718384746351504031232434435"},
    Glyph{U'9', "463515060718384743321203"},
    Glyph{U':', "2323 2626"},
    Glyph{U'=', "0444 0646"},
    Glyph{U'@', "32120307183847443436161434"},
    Glyph{U'A', "022842 1434"},
    Glyph{U'B', "02083847463505 3544433202"},
    Glyph{U'C', "4738180703123243"},
    Glyph{U'D', "02082846442202"},
    Glyph{U'E', "48080242 0535"},
    Glyph{U'F', "480802 0535"},
    Glyph{U'G', "47381807031232434525"},
    Glyph{U'H', "0208 4248 0545"},
    Glyph{U'I', "1232 2228 1838"},
    Glyph{U'J', "3833221203"},
    Glyph{U'K', "0208 4804 1542"},
    Glyph{U'L', "080242"},
    Glyph{U'M', "0208254842"},
    Glyph{U'N', "02084248"},
    Glyph{U'O', "120307183847433212"},
    Glyph{U'P', "02083847463505"},
    Glyph{U'Q', "120307183847433212 2442"},
    Glyph{U'R', "02083847463505 2542"},
    Glyph{U'S', "473818070615354443321203"},
    Glyph{U'T', "0848 2822"},
    Glyph{U'U', "080312324348"},
    Glyph{U'V', "082248"},
    Glyph{U'W', "0812263248"},
    Glyph{U'X', "0248 0842"},
    Glyph{U'Y', "082548 2522"},
    Glyph{U'Z', "08480242"},
    Glyph{U'_', "0141"},
    Glyph{U'a', "4536160503123243 4642"},
    Glyph{U'b', "0802 0516364543321203"},
    Glyph{U'c', "4536160503123243"},
    Glyph{U'd', "4842 4536160503123243"},
    Glyph{U'e', "044445361605031232"},
    Glyph{U'f', "38281712 0626"},
    Glyph{U'g', "4641301001 4536160503123243"},
    Glyph{U'h', "0802 0516364542"},
    Glyph{U'i', "2622 2828"},
    Glyph{U'j', "26211001 2828"},
    Glyph{U'k', "0802 4604 1542"},
    Glyph{U'l', "18282332"},
    Glyph{U'm', "0206 05162522 25364542"},
    Glyph{U'n', "0206 0516364542"},
    Glyph{U'o', "120305163645433212"},
    Glyph{U'p', "0006 0516364543321203"},
    Glyph{U'q', "4046 4536160503123243"},
    Glyph{U'r', "0206 051636"},
    Glyph{U's', "45361605143443321203"},
    Glyph{U't', "18132232 0636"},
    Glyph{U'u', "0603123243 4642"},
    Glyph{U'v', "062246"},
    Glyph{U'w', "0612253246"},
    Glyph{U'x', "0642 0246"},
    Glyph{U'y', "0622 4610"},
    Glyph{U'z', "06460242"},
    Glyph{U'\u00c5', "022742 1434 2828"},
    Glyph{U'\u00b5', "0006 03123243 4642"},
};

constexpr std::string_view unknown_glyph = "0208484202";

}  // namespace

GlyphShape next_glyph(std::string_view& utf8) {
  constexpr double baseline = 2, gap = 2, blank = 2;
  const auto [character, length] = base::decode_utf8(utf8);
  utf8.remove_prefix(std::max<std::size_t>(length, 1));
  const auto found =
      std::find_if(glyphs.begin(), glyphs.end(),
                   [c = character](const Glyph& glyph) { return glyph.character == c; });
  const std::string_view digits = length && found != glyphs.end() ? found->strokes : unknown_glyph;
  GlyphShape shape{{{}}, blank};
  char left = '4', right = '0';
  for (std::size_t i = 0; i < digits.size(); i += digits[i] == ' ' ? 1 : 2) {
    if (digits[i] == ' ') continue;
    left = std::min(left, digits[i]);
    right = std::max(right, digits[i]);
  }
  for (std::size_t i = 0; i < digits.size();) {
    if (digits[i] == ' ') {
      shape.strokes.emplace_back();
      ++i;
    } else {
      shape.strokes.back().push_back(
          {static_cast<double>(digits[i] - left), digits[i + 1] - '0' - baseline});
      i += 2;
    }
  }
  if (!digits.empty()) shape.advance = right - left + gap;
  return shape;
}

}  // namespace copick::ops
