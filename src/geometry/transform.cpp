#include <copick/error.h>

#include <algorithm>
#include <cmath>

#include "base/number_text.h"
#include "geometry/euler.h"

namespace copick::geometry {

namespace {

constexpr double kLastRowTolerance = 1e-8;
constexpr double kOrthonormalTolerance = 1e-12;
constexpr int kMostIterations = 60;  // quadratic convergence needs about 10

template <std::size_t n>
std::array<double, n * n> product(const std::array<double, n * n>& a,
                                  const std::array<double, n * n>& b) {
  std::array<double, n * n> result{};
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t c = 0; c < n; ++c)
      for (std::size_t k = 0; k < n; ++k) result[n * r + c] += a[n * r + k] * b[n * k + c];
  return result;
}

double largest_difference(const Matrix3& a, const Matrix3& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

bool is_orthonormal(const Matrix3& m) {
  constexpr Matrix3 kIdentity{1, 0, 0, 0, 1, 0, 0, 0, 1};
  return largest_difference(multiply(m, transposed(m)), kIdentity) <= kOrthonormalTolerance;
}

}  // namespace

Matrix3 multiply(const Matrix3& a, const Matrix3& b) { return product<3>(a, b); }
Matrix4 multiply(const Matrix4& a, const Matrix4& b) { return product<4>(a, b); }

Matrix3 transposed(const Matrix3& m) {
  return {m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]};
}

Matrix3 cofactors(const Matrix3& m) {
  Matrix3 result;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
      result[3 * r + c] = m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
    }
  return result;
}

double determinant(const Matrix3& m) {
  const Matrix3 c = cofactors(m);
  return m[0] * c[0] + m[1] * c[1] + m[2] * c[2];
}

Matrix3 rotation_of(const Matrix4& m) {
  return {m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]};
}

Matrix4 with_rotation(const Matrix3& r, const Location& translation) {
  return {r[0], r[1], r[2], translation.x, r[3], r[4], r[5], translation.y,
          r[6], r[7], r[8], translation.z, 0,    0,    0,    1};
}

// Newton's iteration for the polar decomposition: the mean of X and its transposed inverse tends to
// the rotation.
Matrix3 nearest_rotation(const Matrix3& m) {
  const double first_determinant = determinant(m);
  if (!(first_determinant > 0) || !std::isfinite(first_determinant))
    throw ValidationError(
        {"use a matrix as a rotation", "",
         "expected a positive determinant, found " + base::python_float(first_determinant),
         "a mirrored or flattened orientation has no Euler angles"});
  Matrix3 x = m;
  for (int i = 0; i < kMostIterations && !is_orthonormal(x); ++i) {
    const Matrix3 c = cofactors(x);
    const double d = determinant(x);
    // Scaling by the cube root of the determinant makes matrices far from a rotation converge at
    // once.
    const double scale = std::cbrt(1 / d);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = 0.5 * (scale * x[k] + c[k] / (d * scale));
  }
  return x;
}

void check_transformation(const Matrix4& m, const std::string& where) {
  const bool zero = std::all_of(m.begin() + 12, m.begin() + 15,
                                [](double v) { return std::abs(v) <= kLastRowTolerance; });
  if (zero && m[15] == 1.0) return;
  std::string found;
  for (std::size_t i = 12; i < 16; ++i) found.append(" ").append(base::python_float(m[i]));
  throw ValidationError({"use the transformation of " + where, "",
                         "expected the last row 0 0 0 1, found" + found,
                         "a 4x4 matrix is given row by row, its translation in the last column"});
}

}  // namespace copick::geometry
