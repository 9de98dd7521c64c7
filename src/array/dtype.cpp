#include <copick/dtype.h>

#include <array>

namespace copick {

namespace {

struct Row {
  std::string_view name;
  std::size_t size;
};

// In the order of the enumerators.
constexpr std::array<Row, 14> kTypes = {{{"bool", 1},
                                         {"int8", 1},
                                         {"int16", 2},
                                         {"int32", 4},
                                         {"int64", 8},
                                         {"uint8", 1},
                                         {"uint16", 2},
                                         {"uint32", 4},
                                         {"uint64", 8},
                                         {"float16", 2},
                                         {"float32", 4},
                                         {"float64", 8},
                                         {"complex64", 8},
                                         {"complex128", 16}}};
static_assert(static_cast<std::size_t>(DType::complex128) + 1 == kTypes.size());

const Row& row_of(DType type) noexcept { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

std::size_t size_of(DType type) noexcept { return row_of(type).size; }

std::string_view name_of(DType type) noexcept { return row_of(type).name; }

std::optional<DType> dtype_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kTypes.size(); ++i)
    if (kTypes[i].name == name) return static_cast<DType>(i);
  return std::nullopt;
}

bool is_integer(DType type) noexcept { return type >= DType::int8 && type <= DType::uint64; }

bool is_floating(DType type) noexcept { return type >= DType::float16 && type <= DType::float64; }

bool is_complex(DType type) noexcept { return type >= DType::complex64; }

}  // namespace copick
