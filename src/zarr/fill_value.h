// Fill values: the element that stands where no chunk is stored. Note: docs/format/zarr.md,
// section 2.
#pragma once

#include <copick/array.h>
#include <copick/json.h>

#include <optional>
#include <vector>

namespace copick::zarr {

// One element in machine order. Accepted: numbers (integral floats and 0/1 where the type asks for
// integers and truth values), "NaN", "Infinity", "-Infinity", numbers as text, hexadecimal bit
// patterns of floats ("0x7fc00000"), pairs of these for complex types. nullopt when the value does
// not fit the type.
std::optional<std::vector<std::byte>> parse_fill_value(const Json& value, DType dtype);

// The zero that new arrays state: 0, 0.0, false or [0.0, 0.0].
Json zero_fill_value(DType dtype);

}  // namespace copick::zarr
