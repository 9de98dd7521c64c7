"""Writes euler.json, the expectations of tests/geometry/euler.cpp, from scipy's Rotation. Seeded, repeatable.

Each row: three stored angles of a format and the 3x3 matrix they stand for; or a matrix and the angles to be written.
"""
import json
import pathlib

import numpy as np
from scipy.spatial.transform import Rotation

rng = np.random.default_rng(20241121)
here = pathlib.Path(__file__).parent


def relion(angles):
    return Rotation.from_euler("ZYZ", angles, degrees=True).inv().as_matrix()


def dynamo(angles):
    return Rotation.from_euler("zxz", angles, degrees=True).inv().as_matrix()


def tom(angles):
    phi, psi, theta = angles
    return Rotation.from_euler("zxz", [phi, theta, psi], degrees=True).as_matrix()


def to_relion(m):
    return Rotation.from_matrix(m).inv().as_euler("ZYZ", degrees=True)


def to_dynamo(m):
    return Rotation.from_matrix(m).inv().as_euler("zxz", degrees=True)


def to_tom(m):
    phi, theta, psi = Rotation.from_matrix(m).as_euler("zxz", degrees=True)
    return [phi, psi, theta]


formats = {"relion": (relion, to_relion), "dynamo": (dynamo, to_dynamo), "tom": (tom, to_tom)}
document = {}
for name, (matrix_of, angles_of) in formats.items():
    triples = [[20, 40, 70], [0, 0, 0], [10, 0, 0], [0, 90, 0], [30, 180, 0], [-170, 12.5, 359], [720, -30, 5.25]]
    triples += rng.uniform([-400, -200, -400], [400, 200, 400], (25, 3)).tolist()
    document["from_" + name] = [[t, matrix_of(t).ravel().tolist()] for t in triples]
    matrices = Rotation.random(25, random_state=7).as_matrix()
    locked = [Rotation.from_euler("z", a, degrees=True).as_matrix() for a in (15, -80, 120)]
    locked += [Rotation.from_euler("xz", [180, a], degrees=True).as_matrix() for a in (25, -130)]
    skewed = [m @ np.diag([1.02, 0.97, 1.01]) + 0.01 * rng.standard_normal((3, 3)) for m in matrices[:5]]
    skewed += [3.0 * matrices[5]]
    document["to_" + name] = [[m.ravel().tolist(), list(map(float, angles_of(m)))] for m in [*matrices, *locked, *skewed]]
(here / "euler.json").write_text(json.dumps(document))
