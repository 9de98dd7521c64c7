#include <copick/dtype.h>
#include <doctest/doctest.h>

using namespace copick;

TEST_CASE("a dtype's name leads back to the dtype") {
  for (int i = 0; i <= static_cast<int>(DType::complex128); ++i) {
    const DType type = static_cast<DType>(i);
    CHECK(dtype_from_name(name_of(type)) == type);
  }
}

TEST_CASE("a name that numpy does not know is no dtype") {
  for (const char* name : {"", "float", "Float32", "float32 ", "float128", "<f4"})
    CHECK_FALSE(dtype_from_name(name).has_value());
}

TEST_CASE("sizes and kinds of dtypes are numpy's") {
  CHECK(size_of(DType::boolean) == 1);
  CHECK(size_of(DType::int16) == 2);
  CHECK(size_of(DType::uint64) == 8);
  CHECK(size_of(DType::float16) == 2);
  CHECK(size_of(DType::complex64) == 8);
  CHECK(size_of(DType::complex128) == 16);
  CHECK(is_integer(DType::uint64));
  CHECK_FALSE(is_integer(DType::boolean));
  CHECK_FALSE(is_integer(DType::float16));
  CHECK(is_floating(DType::float64));
  CHECK_FALSE(is_floating(DType::complex64));
  CHECK(is_complex(DType::complex64));
  CHECK_FALSE(is_complex(DType::float64));
}
