"""Writes the files beside it with the reference implementation: python make.py

Run with copick 1.31.0; copick 2.0.0a6 writes the same bytes.
"""

import json
import math
import warnings

import numpy as np
from copick.impl.filesystem import CopickConfigFSSpec
from copick.models import CopickFilamentCurve, CopickFilamentsFile, CopickPicksFile
from copick.util.filaments import control_points_from_polyline, curve_anchors

warnings.simplefilter("ignore")


def write(name, data, **options):
    with open(name, "w") as file:
        json.dump(data, file, **({"indent": 4} | options))


def config():
    objects = [
        {"name": "ribosome", "is_particle": True, "label": 1, "color": (0, 117, 220, 255), "go_id": "GO:0005840",
         "radius": 130, "map_threshold": 1e-05, "metadata": {"note": "80S – größer 🧬", "weights": [1, 2.5, None]}},
        {"name": "membrane", "is_particle": False, "label": 2},
        {"name": "microtubule", "is_particle": True, "label": None,
         "metadata": {"mine": 1, "copick": {"filament": {"helical_rise_a": "9.4", "polar": "yes", "x": 1, "y": None}}}},
    ]
    write("config.json", CopickConfigFSSpec(
        pickable_objects=objects, user_id="alice", runs=["TS_001", "TS 2"], voxel_spacings=[10, 13.48],
        tomograms={"10": ["wbp"]}, overlay_root="local:///data", overlay_fs_args={"auto_mkdir": True},
    ).model_dump())


def picks():
    matrix = np.eye(4)
    matrix[0, 3], matrix[1, 3], matrix[3, 0] = math.nan, -math.inf, 1e-9
    points = [
        {"location": {"x": math.nan, "y": math.inf, "z": -math.inf}, "transformation_": matrix.tolist()},
        {"location": {"x": -0.0, "y": 5e-324, "z": 1.7976931348623157e308}, "instance_id": None, "score": None},
        {"location": {"x": 1e16, "y": 1e-5, "z": 123456789012345680.0}, "instance_id": -(2**63), "score": -1},
        {"location": {"x": "1.5", "y": 0.1, "z": 1 / 3}, "instance_id": 2**63 - 1, "score": 0.30000000000000004},
    ]
    identity = {"pickable_object_name": "größe-🧬", "user_id": "a\"b\\c", "session_id": "\u2028\n\x7f"}
    write("picks-special.json", CopickPicksFile(**identity, points=points, trust_orientation=None).model_dump())
    identity = {"pickable_object_name": "ribosome", "user_id": "alice", "session_id": "1"}
    write("picks-empty.json", CopickPicksFile(**identity, voxel_spacing=10).model_dump())
    write("picks-null.json", CopickPicksFile(**identity, points=None, trust_orientation=False).model_dump())


def random_curves():
    random = np.random.default_rng(20)
    curves = [
        {"kind": "catmull-rom", "step": 10, "control_points": [[100, 200, 50], [180, 230, 55], [260, 240, 70]]},
        {"kind": "catmull-rom", "step": 10, "control_points": [[0, 0, 0], [95, 0, 0]]},
        {"kind": "linear", "step": 10, "control_points": [[0, 0, 0], [100, 0, 0], [100, 30, 0]]},
    ]
    for i in range(24):
        count = int(random.integers(2, 7))
        points = np.cumsum(random.normal(0, 40, (count, 3)), axis=0).round(3)
        step = float(round(random.uniform(3, 60), 2))
        kind = ("catmull-rom", "linear", "bspline")[i % 3]
        curve = {"kind": kind, "step": step, "control_points": points.tolist()}
        if kind == "catmull-rom":
            curve["alpha"] = (0.0, 0.5, 1.0, 0.3)[i // 3 % 4]
        if kind == "bspline":
            degree = min(1 + i // 3 % 5, count - 1)
            inner = np.sort(random.uniform(0.5, 9.5, count - degree - 1)).round(2).tolist()
            if len(inner) > 1 and degree > 1:
                inner[1] = inner[0]  # a knot that stands twice
            curve |= {"degree": degree, "knots": [0.0] * (degree + 1) + inner + [10.0] * (degree + 1)}
        curves.append(curve)
    for data in curves:
        curve = CopickFilamentCurve(**data)
        points = curve.evaluate()
        yield {
            "curve": curve.model_dump(),
            "points": points.tolist(),
            "anchors": curve_anchors(curve.control_points, curve.kind, curve.degree, curve.knots).tolist(),
            "reversed": curve.reversed().model_dump(),
        }


def derived_curves():
    theta = np.linspace(0, 3, 61)
    spiral = np.stack([100 * np.cos(theta), 100 * np.sin(theta), 20 * theta], axis=1)
    random = np.random.default_rng(21)
    walk = np.cumsum(random.normal(0, 10, (40, 3)), axis=0).round(2)
    for points, tolerance in ((spiral, 5.0), (spiral, 0.5), (walk, 8.0), (walk[[0, 0, 5, 9]], 3.0)):
        yield {"points": points.tolist(), "tolerance": tolerance,
               "control_points": control_points_from_polyline(points, tolerance).tolist()}


def filaments():
    messy = {
        "version": "1", "session_id": "1", "user_id": "bob", "pickable_object_name": "microtubule", "voxel_spacing": "10",
        "filaments": [
            {"curve": {"step": "2", "kind": "linear", "control_points": [[0, 0, 0], [10, 0, 0]], "mine": [1], "none": None},
             "points": [["0", 0, 0], [10, False, 0]], "instance_id": "2", "polarity_known": "yes", "score": math.nan},
            {"points": [[1, 2, 3], [1, 2, 3]], "instance_id": True, "metadata": None, "radius": 12,
             "curve": {"kind": "nurbs", "control_points": [], "step": 1e300, "weights": [1, 2.5]}},
            {"instance_id": 3.0, "points": [[0, 0, 0], [0, 0, 5]], "metadata": {"ü": 1},
             "curve": {"kind": "bspline", "control_points": [[0, 0, 0], [0, 0, 5]], "step": 1, "degree": 1,
                       "knots": [0, 0, 1, 1], "smoothing": 0}},
        ],
    }
    write("filaments-messy.json", messy, indent=None)
    write("filaments-normal.json", CopickFilamentsFile(**messy).model_dump())


config()
picks()
filaments()
write("curves.json", {"curves": list(random_curves()), "derived": list(derived_curves())}, indent=None)
