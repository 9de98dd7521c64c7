#include "zarr/stored_type.h"

#include <array>
#include <utility>

namespace copick::zarr {

namespace {

constexpr std::array<std::pair<std::string_view, DType>, 14> kTypes{{
    {"b1", DType::boolean},
    {"i1", DType::int8},
    {"i2", DType::int16},
    {"i4", DType::int32},
    {"i8", DType::int64},
    {"u1", DType::uint8},
    {"u2", DType::uint16},
    {"u4", DType::uint32},
    {"u8", DType::uint64},
    {"f2", DType::float16},
    {"f4", DType::float32},
    {"f8", DType::float64},
    {"c8", DType::complex64},
    {"c16", DType::complex128},
}};

}  // namespace

std::optional<StoredType> type_from_v2(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const char order = name.front();
  for (const auto& [code, dtype] : kTypes) {
    if (name.substr(1) != code) continue;
    if (order == '|' && size_of(dtype) > 1) return std::nullopt;
    if (order == '<' || order == '|') return StoredType{dtype, false};
    if (order == '>') return StoredType{dtype, size_of(dtype) > 1};
  }
  return std::nullopt;
}

std::string v2_name_of(DType dtype) {
  std::string name(1, size_of(dtype) == 1 ? '|' : '<');
  for (const auto& [code, known] : kTypes)
    if (known == dtype) name += code;
  return name;
}

}  // namespace copick::zarr
