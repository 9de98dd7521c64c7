#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "geometry/euler.h"

using namespace copick;
using namespace copick::geometry;

TEST_CASE("the full position of a pick is its location plus the translation column") {
  Point point{.location = {1, 2, 3}};
  point.transformation = with_rotation({1, 0, 0, 0, 1, 0, 0, 0, 1}, {10, 20, 30});
  CHECK(point.full_position() == Location{11, 22, 33});
}

TEST_CASE("matrices multiply row by row") {
  const Matrix3 a{1, 2, 3, 4, 5, 6, 7, 8, 10}, b{0, 1, 0, 0, 0, 1, 1, 0, 0};
  CHECK(multiply(a, b) == Matrix3{3, 1, 2, 6, 4, 5, 10, 7, 8});
  CHECK(transposed(a) == Matrix3{1, 4, 7, 2, 5, 8, 3, 6, 10});
  CHECK(determinant(a) == -3);
  const Matrix4 shift = with_rotation({1, 0, 0, 0, 1, 0, 0, 0, 1}, {5, 6, 7});
  const Matrix4 turn = with_rotation(b);
  CHECK(multiply(shift, turn) == with_rotation(b, {5, 6, 7}));
  CHECK(multiply(turn, shift) == with_rotation(b, {6, 7, 5}));
  CHECK(rotation_of(multiply(shift, turn)) == b);
}

TEST_CASE("the nearest rotation of a stretched rotation is that rotation") {
  const Matrix3 turn = from_relion({20, 40, 70});
  const Matrix3 found = nearest_rotation(multiply(turn, {5, 0, 0, 0, 0.2, 0, 0, 0, 3}));
  for (std::size_t i = 0; i < 9; ++i) CHECK(found[i] == doctest::Approx(turn[i]).epsilon(1e-12));
  CHECK_THROWS_WITH_AS(
      nearest_rotation({0, 1, 0, 1, 0, 0, 0, 0, 1}),
      "cannot use a matrix as a rotation: expected a positive determinant, found -1.0\n"
      "  hint   a mirrored or flattened orientation has no Euler angles",
      ValidationError);
}

TEST_CASE("the last row of a transformation must be 0 0 0 1") {
  CHECK_NOTHROW(check_transformation(identity4, "point 0"));
  Matrix4 m = identity4;
  m[12] = -9e-9;
  CHECK_NOTHROW(check_transformation(m, "point 0"));
  m[12] = 2e-8;
  CHECK_THROWS_AS(check_transformation(m, "point 0"), ValidationError);
  m = identity4;
  m[15] = 1 + 1e-12;
  CHECK_THROWS_AS(check_transformation(m, "point 0"), ValidationError);
  m = identity4;
  m[13] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(
      check_transformation(m, "point 7"),
      "cannot use the transformation of point 7: expected the last row 0 0 0 1, found 0.0 NaN 0.0 "
      "1.0\n  hint   a 4x4 matrix is given row by row, its translation in the last column",
      ValidationError);
}
