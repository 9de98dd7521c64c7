#include "geometry/euler.h"

#include <copick/error.h>
#include <copick/json.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/temp_dir.h"

using namespace copick;
using namespace copick::geometry;

namespace {

constexpr Matrix3 kIdentity{1, 0, 0, 0, 1, 0, 0, 0, 1};

template <std::size_t n>
std::array<double, n> numbers(const Json& list) {
  std::array<double, n> values;
  for (std::size_t i = 0; i < n; ++i) values[i] = list.elements().at(i).as_double();
  return values;
}

template <std::size_t n>
double distance(const std::array<double, n>& a, const std::array<double, n>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

const Json& rows(const std::string& name) {
  static const Json document =
      Json::parse(copick::test::read_file(COPICK_TEST_DATA "/geometry/euler.json"), "euler.json");
  return *document.find(name);
}

void check_format(const std::string& name, Matrix3 (*matrix_of)(const Angles&),
                  Angles (*angles_of)(const Matrix3&)) {
  for (const Json& row : rows("from_" + name).elements()) {
    const auto angles = numbers<3>(row.elements()[0]);
    const auto matrix = numbers<9>(row.elements()[1]);
    CHECK(distance(matrix_of(angles), matrix) < 1e-14);
    CHECK(distance(matrix_of(angles_of(matrix)), matrix) < 1e-14);
  }
  for (const Json& row : rows("to_" + name).elements()) {
    const auto matrix = numbers<9>(row.elements()[0]);
    const auto angles = numbers<3>(row.elements()[1]);
    CHECK(distance(angles_of(matrix), angles) < 1e-6);
    CHECK(distance(matrix_of(angles_of(matrix)), nearest_rotation(matrix)) < 1e-13);
  }
}

}  // namespace

TEST_CASE("RELION angles agree with scipy both ways") {
  check_format("relion", from_relion, to_relion);
}
TEST_CASE("Dynamo angles agree with scipy both ways") {
  check_format("dynamo", from_dynamo, to_dynamo);
}
TEST_CASE("TOM angles agree with scipy both ways") { check_format("tom", from_tom, to_tom); }

TEST_CASE("identity and what is within 1e-5 of it give exactly zero angles") {
  Matrix3 nearly = kIdentity;
  nearly[0] = 1 - 9e-6;
  nearly[1] = 9e-9;
  for (const Matrix3& m : {kIdentity, nearly}) {
    CHECK(to_relion(m) == Angles{0, 0, 0});
    CHECK(to_dynamo(m) == Angles{0, 0, 0});
    CHECK(to_tom(m) == Angles{0, 0, 0});
  }
}

TEST_CASE("in gimbal lock the third angle is zero") {
  const Matrix3 quarter{0, -1, 0, 1, 0, 0, 0, 0, 1};
  const Matrix3 flip_x{1, 0, 0, 0, -1, 0, 0, 0, -1}, flip_y{-1, 0, 0, 0, 1, 0, 0, 0, -1};
  for (const Matrix3& m : {quarter, flip_x, flip_y}) {
    CHECK(to_relion(m)[2] == 0);
    CHECK(to_dynamo(m)[2] == 0);
    CHECK(to_tom(m)[1] ==
          0);  // psi is the third that is applied, phi psi theta the order of the file
    CHECK(distance(from_relion(to_relion(m)), m) < 1e-15);
    CHECK(distance(from_dynamo(to_dynamo(m)), m) < 1e-15);
    CHECK(distance(from_tom(to_tom(m)), m) < 1e-15);
  }
}

TEST_CASE("quarter turns give exact matrices and no negative zero angle") {
  CHECK(from_relion({90, 0, 0}) == Matrix3{0, 1, 0, -1, 0, 0, 0, 0, 1});
  CHECK(from_tom({0, 0, -270}) == Matrix3{1, 0, 0, 0, 0, -1, 0, 1, 0});
  for (const double angle : to_relion(from_relion({-90, 0, 0})))
    CHECK_FALSE(std::signbit(angle == 0 ? angle : 1));
}

TEST_CASE("the middle angle lies in [0, 180], the others in [-180, 180]") {
  for (int i = 0; i < 500; ++i) {
    const double a = i * 47.3;
    for (const Angles& angles :
         {to_relion(from_relion({a, 1.7 * a, -a})), to_dynamo(from_dynamo({-a, 2.1 * a, a}))}) {
      CHECK(std::abs(angles[0]) <= 180);
      CHECK(angles[1] >= 0);
      CHECK(angles[1] <= 180);
      CHECK(std::abs(angles[2]) <= 180);
    }
  }
}

TEST_CASE("a mirrored, flattened or undefined matrix has no angles") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Matrix3& m :
       {Matrix3{-1, 0, 0, 0, 1, 0, 0, 0, 1}, Matrix3{}, Matrix3{nan, 0, 0, 0, 1, 0, 0, 0, 1}}) {
    CHECK_THROWS_AS(to_relion(m), ValidationError);
    CHECK_THROWS_AS(to_dynamo(m), ValidationError);
    CHECK_THROWS_AS(to_tom(m), ValidationError);
  }
}
