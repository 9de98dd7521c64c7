#include <copick/array.h>
#include <copick/error.h>
#include <doctest/doctest.h>

#include <limits>

using namespace copick;

constexpr std::int64_t kHuge = std::int64_t{1} << 40;

TEST_CASE("an element count that exceeds 63 bits is refused, not wrapped") {
  CHECK(element_count({kHuge, 1 << 22}) == std::int64_t{1} << 62);
  CHECK_THROWS_AS(element_count({kHuge, kHuge}), ValidationError);
  CHECK_THROWS_AS(element_count({std::numeric_limits<std::int64_t>::max(), 2}), ValidationError);
}

TEST_CASE("an empty axis empties the array, however long the others are") {
  CHECK(element_count({kHuge, 0, kHuge}) == 0);
  CHECK(c_strides({kHuge, 0, kHuge}, 8).size() == 3);
}

TEST_CASE("a negative length is refused even beside an empty axis") {
  CHECK_THROWS_AS(element_count({0, -1}), ValidationError);
}

TEST_CASE("an array without axes has one element") {
  CHECK(element_count({}) == 1);
  CHECK(c_strides({}, 4).empty());
}

TEST_CASE("an array whose bytes exceed 63 bits is refused before memory is asked for") {
  CHECK_THROWS_AS(AnyArray(DType::complex128, {kHuge, 1 << 20}), ValidationError);
  CHECK_THROWS_AS(c_strides({kHuge, 1 << 22}, 4), ValidationError);
}

TEST_CASE("the strides of a C array step over the axes that follow") {
  CHECK(c_strides({2, 3, 4}, 4) == Strides{48, 16, 4});
  CHECK(c_strides({5}, 2) == Strides{2});
}

TEST_CASE("an array is addressed z, y, x with x fastest") {
  Array<float> volume({2, 3, 4});
  volume(1, 2, 3) = 7.0f;
  CHECK(volume.data()[23] == 7.0f);
  CHECK(volume.size() == 24);
  CHECK(volume.view().dtype == DType::float32);
}

TEST_CASE("a shape is told as numpy prints it") {
  CHECK(shape_text({}) == "()");
  CHECK(shape_text({3}) == "(3,)");
  CHECK(shape_text({2, 3, 4}) == "(2, 3, 4)");
}
