// Rotation conventions of the file formats. Angles in degrees; matrices row by row, acting on
// column vectors; Rx, Ry, Rz right-handed. Every to_* gives the middle angle (tilt, theta) in [0,
// 180] and the others in [-180, 180]; a rotation within 1e-5 of identity gives exactly (0, 0, 0),
// and where the middle angle is 0 or 180 the third angle applied is 0. A matrix that is not quite a
// rotation is replaced by the nearest one; ValidationError if there is none. Source:
// docs/format/geometry.md, which gives each closed form and a worked example.
#pragma once

#include <copick/geometry.h>

#include <array>
#include <string>

namespace copick::geometry {

using Matrix3 = std::array<double, 9>;
using Angles = std::array<double, 3>;

Matrix3 multiply(const Matrix3& a, const Matrix3& b);
Matrix3 transposed(const Matrix3& m);
double determinant(const Matrix3& m);
Matrix3 cofactors(const Matrix3& m);  // the transposed inverse times the determinant
Matrix4 multiply(const Matrix4& a, const Matrix4& b);
Matrix3 rotation_of(const Matrix4& m);
Matrix4 with_rotation(const Matrix3& r, const Location& translation = {});
// The rotation nearest to `m` in the sum of squared differences. ValidationError unless the
// determinant is positive.
Matrix3 nearest_rotation(const Matrix3& m);

// RELION (rot, tilt, psi): R = Rz(-psi) Ry(-tilt) Rz(-rot).
Matrix3 from_relion(const Angles& rot_tilt_psi);
Angles to_relion(const Matrix3& rotation);
// Dynamo (tdrot, tilt, narot): R = Rz(-tdrot) Rx(-tilt) Rz(-narot).
Matrix3 from_dynamo(const Angles& tdrot_tilt_narot);
Angles to_dynamo(const Matrix3& rotation);
// TOM/EM (phi, psi, theta): R = Rz(psi) Rx(theta) Rz(phi).
Matrix3 from_tom(const Angles& phi_psi_theta);
Angles to_tom(const Matrix3& rotation);

// Last row 0 0 0 1 within 1e-8 ([3][3] exactly 1); ValidationError otherwise, `where` names the
// pick.
void check_transformation(const Matrix4& m, const std::string& where);

}  // namespace copick::geometry
