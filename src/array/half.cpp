#include "array/half.h"

#include "array/convert.h"

namespace copick::array {

float half_to_float(std::uint16_t bits) { return half_to_float_inline(bits); }

std::uint16_t float_to_half(float value) { return float_to_half_inline(value); }

}  // namespace copick::array
