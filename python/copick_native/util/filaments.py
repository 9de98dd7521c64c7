"""Curves of filaments as functions over arrays, (N, 3) x y z in angstrom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Sequence

from copick_native.models.filaments import CURVE_KINDS, _point_list

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "CURVE_KINDS",
    "check_curve",
    "control_points_from_polyline",
    "curve_anchors",
    "curve_is_current",
    "evaluate_curve",
    "median_spacing",
    "reverse_knots",
]


MAX_DEGREE = 5
"""Highest degree of a bspline."""
MIN_POINT_DISTANCE = 1e-6
"""Neighbouring control points are further apart, angstrom."""
CURRENT_FRACTION = 0.01
"""A curve is current while its anchors lie within this part of a step of the points."""


def _curve(kind: str, control_points: Any, step: float, alpha: Any = None, degree: Any = None, knots: Any = None) -> Any:
    from copick_native import _core

    knots = None if knots is None else [float(knot) for knot in knots]
    return _core.Curve(kind, _point_list(control_points), float(step), alpha, degree, knots)


def check_curve(
    kind: str,
    control_points: Any,
    step: float,
    alpha: Optional[float] = None,
    degree: Optional[int] = None,
    knots: Optional[Sequence[float]] = None,
) -> None:
    """ValueError naming the rule that the curve breaks."""
    if kind not in CURVE_KINDS:
        raise ValueError(f"Unknown curve kind {kind!r}; known are {', '.join(CURVE_KINDS)}.")
    _curve(kind, control_points, step, alpha, degree, knots).validate()


def evaluate_curve(
    control_points: Any,
    step: float,
    kind: str = "catmull-rom",
    alpha: Optional[float] = 0.5,
    degree: Optional[int] = None,
    knots: Optional[Sequence[float]] = None,
) -> "np.ndarray":
    """(N, 3) points along a curve, at most ``step`` apart, first and last at its ends."""
    import numpy as np

    alpha = (0.5 if alpha is None else alpha) if kind == "catmull-rom" else None
    return np.array(_curve(kind, control_points, step, alpha, degree, knots).evaluate())


def curve_anchors(
    control_points: Any,
    kind: str = "catmull-rom",
    degree: Optional[int] = None,
    knots: Optional[Sequence[float]] = None,
) -> "np.ndarray":
    """The points a curve passes through."""
    import numpy as np

    return np.array(_curve(kind, control_points, 1.0, None, degree, knots).anchors())


def curve_is_current(
    points: Any,
    control_points: Any,
    step: float,
    kind: str = "catmull-rom",
    degree: Optional[int] = None,
    knots: Optional[Sequence[float]] = None,
) -> bool:
    """Whether points still follow a curve."""
    return _curve(kind, control_points, step, None, degree, knots).is_current(_point_list(points))


def control_points_from_polyline(points: Any, tolerance: float) -> "np.ndarray":
    """Control points of a catmull-rom curve that stays within ``tolerance`` angstrom of all points."""
    import numpy as np

    from copick_native import _core

    return np.array(_core.derive_curve(_point_list(points), max(tolerance, 1e-3), tolerance).control_points)


def reverse_knots(knots: Sequence[float]) -> "np.ndarray":
    """Knots of the same curve walked from the other end."""
    import numpy as np

    array = np.asarray(knots, dtype=float)
    return array[0] + array[-1] - array[::-1]


def median_spacing(points: Any) -> float:
    """The median distance of neighbouring points."""
    import numpy as np

    return float(np.median(np.linalg.norm(np.diff(np.asarray(points, dtype=float), axis=0), axis=1)))
