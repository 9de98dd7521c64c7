// Whole numbers as tables hold them: programs that know only floating point write 7 as "7.000000".
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/number_text.h"

namespace copick::format {

// nullopt for anything that is not exactly a whole number.
inline std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  if (const auto value = base::parse_int64(text)) return value;
  constexpr double exact = 9007199254740992.0;  // beyond 2^53 doubles skip integers
  const auto value = base::parse_double(text);
  if (!value || *value != std::trunc(*value) || std::abs(*value) > exact) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

}  // namespace copick::format
