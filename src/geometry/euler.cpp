#include "geometry/euler.h"

#include <cmath>
#include <numbers>

namespace copick::geometry {

namespace {

// Below this sine of the middle angle (radians) the outer two turn about one axis: scipy's bound.
constexpr double kGimbalLock = 1e-7;
// numpy.allclose to the identity.
constexpr double kIdentityAbsolute = 1e-8, kIdentityRelative = 1e-5;

double degrees(double radians) {
  return radians * (180 / std::numbers::pi) + 0.0;
}  // + 0.0: never -0.0

struct SineCosine {
  double sine, cosine;
};

// Exact at multiples of a quarter turn.
SineCosine sine_cosine(double angle) {
  const double turn = std::remainder(angle, 360);  // [-180, 180]
  if (turn == 0) return {0, 1};
  if (turn == 90) return {1, 0};
  if (turn == -90) return {-1, 0};
  if (std::abs(turn) == 180) return {0, -1};
  const double radians = turn * (std::numbers::pi / 180);
  return {std::sin(radians), std::cos(radians)};
}

Matrix3 rotation_x(double angle) {
  const auto [s, c] = sine_cosine(angle);
  return {1, 0, 0, 0, c, -s, 0, s, c};
}
Matrix3 rotation_y(double angle) {
  const auto [s, c] = sine_cosine(angle);
  return {c, 0, s, 0, 1, 0, -s, 0, c};
}
Matrix3 rotation_z(double angle) {
  const auto [s, c] = sine_cosine(angle);
  return {c, -s, 0, s, c, 0, 0, 0, 1};
}

Matrix3 product(const Matrix3& a, const Matrix3& b, const Matrix3& c) {
  return multiply(a, multiply(b, c));
}

bool is_identity(const Matrix3& m) {
  for (std::size_t i = 0; i < m.size(); ++i) {
    const double expected = i % 4 == 0 ? 1 : 0;
    if (!(std::abs(m[i] - expected) <= kIdentityAbsolute + kIdentityRelative * expected))
      return false;
  }
  return true;
}

struct Triple {
  double left, middle, right;  // degrees, in the order of the product
};

// m = Rz(left) Ry(middle) Rz(right); in gimbal lock right is 0.
Triple split_zyz(const Matrix3& m) {
  const double sine = std::hypot(m[2], m[5]);
  const double middle = degrees(std::atan2(sine, m[8]));
  if (sine <= kGimbalLock) return {degrees(std::atan2(-m[1], m[4])), middle, 0};
  return {degrees(std::atan2(m[5], m[2])), middle, degrees(std::atan2(m[7], -m[6]))};
}

// m = Rz(left) Rx(middle) Rz(right); in gimbal lock left is 0.
Triple split_zxz(const Matrix3& m) {
  const double sine = std::hypot(m[2], m[5]);
  const double middle = degrees(std::atan2(sine, m[8]));
  if (sine <= kGimbalLock) return {0, middle, degrees(std::atan2(-m[1], m[0]))};
  return {degrees(std::atan2(m[2], -m[5])), middle, degrees(std::atan2(m[6], m[7]))};
}

}  // namespace

Matrix3 from_relion(const Angles& a) {
  return product(rotation_z(-a[2]), rotation_y(-a[1]), rotation_z(-a[0]));
}
Matrix3 from_dynamo(const Angles& a) {
  return product(rotation_z(-a[0]), rotation_x(-a[1]), rotation_z(-a[2]));
}
Matrix3 from_tom(const Angles& a) {
  return product(rotation_z(a[1]), rotation_x(a[2]), rotation_z(a[0]));
}

Angles to_relion(const Matrix3& rotation) {
  if (is_identity(rotation)) return {};
  const auto [rot, tilt, psi] = split_zyz(transposed(nearest_rotation(rotation)));
  return {rot, tilt, psi};
}

Angles to_dynamo(const Matrix3& rotation) {
  if (is_identity(rotation)) return {};
  const auto [narot, tilt, tdrot] = split_zxz(transposed(nearest_rotation(rotation)));
  return {tdrot, tilt, narot};
}

Angles to_tom(const Matrix3& rotation) {
  if (is_identity(rotation)) return {};
  const auto [psi, theta, phi] = split_zxz(nearest_rotation(rotation));
  return {phi, psi, theta};
}

}  // namespace copick::geometry
