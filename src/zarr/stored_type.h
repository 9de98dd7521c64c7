// Spellings of element types in Zarr metadata. Note: docs/format/zarr.md, section 2.
#pragma once

#include <copick/dtype.h>

#include <bit>
#include <optional>
#include <string>
#include <string_view>

namespace copick::zarr {

struct StoredType {
  DType dtype = DType::uint8;
  bool big_endian = false;
};

// A v2 "dtype": "<f4", "|b1", ">c8". Type marks "<" and ">" are accepted for one-byte types, "|"
// only for those. nullopt for everything that is not one number or truth value.
std::optional<StoredType> type_from_v2(std::string_view name);
// The little-endian spelling ("|" for one-byte types).
std::string v2_name_of(DType dtype);

// Bytes of an element stored in that order must be reversed on this machine.
inline bool is_foreign_order(bool big_endian) {
  return big_endian != (std::endian::native == std::endian::big);
}

}  // namespace copick::zarr
