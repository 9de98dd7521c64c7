"""Filaments: traced centre lines, with the curves they were drawn from."""

from __future__ import annotations

from copick_native._model import Model, boolean, integer, list_of, mapping, number, optional, string
from copick_native.errors import ValidationError
from copick_native.models._authored import Annotation
from copick_native.models.config import _above_zero

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional, Tuple

    import numpy as np

    from copick_native.models.run import CopickRun

CURVE_KINDS = ("catmull-rom", "linear", "bspline")
"""Kinds that can be evaluated; others are kept as they are."""


def _triple(value: Any) -> Tuple[float, float, float]:
    x, y, z = (number(item) for item in value)
    return (x, y, z)


def _triples(value: Any) -> List[Tuple[float, float, float]]:
    return [_triple(item) for item in value]


def _not_below_zero(value: Any) -> float:
    checked = number(value)
    if not checked >= 0:
        raise ValueError(f"expected a number of 0 or more, found {checked}")
    return checked


def _filled(value: Any) -> str:
    if not string(value):
        raise ValueError("expected text, found none")
    return value


class CopickFilamentCurve(Model):
    """The curve a filament's points were made from, for an editor to show.

    Attributes:
        kind: "catmull-rom" and "linear" pass through their control points; "bspline" is a fit.
        control_points: x, y, z in angstrom; of a bspline its coefficients.
        step: Distance of the points made from it, angstrom.
        alpha: Of a catmull-rom curve; 0.5 where not said.
        degree, knots: Of a bspline.
        smoothing: Of the fit; descriptive only.
    """

    kind: str
    control_points: List[Tuple[float, float, float]]
    step: float
    alpha: Optional[float] = None
    degree: Optional[int] = None
    knots: Optional[List[float]] = None
    smoothing: Optional[float] = None

    _extra = True
    _rules = {
        "kind": _filled,
        "control_points": _triples,
        "step": _above_zero,
        "alpha": optional(number),
        "degree": optional(integer),
        "knots": optional(list_of(number)),
        "smoothing": optional(_not_below_zero),
    }

    def _finish(self) -> None:
        if self.kind == "catmull-rom" and self.alpha is None:
            self.alpha = 0.5
        if self.is_known:
            self._core().validate()

    def _core(self) -> Any:
        from copick_native import _core

        return _core.Curve(self.kind, self.control_points, self.step, self.alpha, self.degree, self.knots)

    def model_dump(self, **options: Any) -> Dict[str, Any]:
        """Without the fields that do not apply to its kind."""
        return {key: value for key, value in super().model_dump(**options).items() if value is not None}

    dict = model_dump

    @property
    def is_known(self) -> bool:
        """Whether it can be evaluated."""
        return self.kind in CURVE_KINDS

    @property
    def passes_through_control_points(self) -> bool:
        return self.kind in ("catmull-rom", "linear")

    def evaluate(self) -> "np.ndarray":
        """(N, 3) points along it, angstrom. ValueError for kinds we do not know."""
        import numpy as np

        if not self.is_known:
            raise ValidationError(f"Cannot evaluate a curve of unknown kind {self.kind!r}.")
        return np.array(self._core().evaluate())

    def anchors(self) -> "np.ndarray":
        """(n, 3) points it passes through: the control points, or a bspline at its knots."""
        import numpy as np

        return np.array(self._core().anchors())

    def is_current_for(self, points: Any) -> bool:
        """Whether it still describes ``points``."""
        return self.is_known and self._core().is_current(_point_list(points))

    def reversed(self) -> "CopickFilamentCurve":
        """The same line from the other end."""
        turned = {**self.model_dump(), "control_points": self.control_points[::-1]}
        if self.knots is not None:
            ends = self.knots[0] + self.knots[-1]
            turned["knots"] = [ends - knot for knot in reversed(self.knots)]
        return CopickFilamentCurve.model_validate(turned)

    @classmethod
    def from_tck(
        cls,
        tck: Any,
        step: float,
        smoothing: Optional[float] = None,
        scale: float = 1.0,
    ) -> "CopickFilamentCurve":
        """A bspline curve of scipy's ``splprep`` result ``(knots, [x, y, z coefficients], degree)``.

        Args:
            step: Distance of the points, angstrom.
            smoothing: Of the fit, kept for the record.
            scale: Angstrom per unit of the fit (the voxel spacing of a fit in voxels).
        """
        import numpy as np

        knots, coefficients, degree = tck
        coefficients = np.asarray([np.asarray(c, dtype=float) for c in coefficients])
        if coefficients.ndim != 2 or len(coefficients) != 3:
            raise ValidationError("tck must hold three coefficient arrays, for x, y and z.")
        used = coefficients[:, : len(knots) - int(degree) - 1].T * float(scale)
        return cls(
            kind="bspline",
            degree=int(degree),
            knots=[float(knot) for knot in knots],
            control_points=used.tolist(),
            step=step,
            smoothing=smoothing,
        )


def _filament_points(value: Any) -> List[Tuple[float, float, float]]:
    from math import isfinite

    points = _triples(value)
    if len(points) < 2:
        raise ValueError("A filament needs at least two points.")
    if not all(isfinite(item) for point in points for item in point):
        raise ValueError("Filament points must be finite.")
    return points


def _instance(value: Any) -> int:
    checked = integer(value)
    if checked < 1:
        raise ValueError(f"expected a number of 1 or more, found {checked}")
    return checked


class CopickFilament(Model):
    """One traced filament.

    Attributes:
        instance_id: 1 or more, unique in its file; picks sampled from it carry it.
        points: At least two, x y z in angstrom, in order.
        polarity_known: Whether the order follows the structure's polarity.
        score: How sure.
        radius: Of the tube, angstrom.
        metadata: Anything.
        curve: What the points were made from.
    """

    instance_id: int
    points: List[Tuple[float, float, float]]
    polarity_known: bool = False
    score: float = 1.0
    radius: Optional[float] = None
    metadata: Dict[str, Any] = {}
    curve: Optional[CopickFilamentCurve] = None

    _rules = {
        "instance_id": _instance,
        "points": _filament_points,
        "polarity_known": boolean,
        "score": number,
        "radius": optional(_above_zero),
        "metadata": lambda value: {} if value is None else mapping(value),
        "curve": optional(CopickFilamentCurve.model_validate),
    }

    @classmethod
    def from_curve(cls, instance_id: int, curve: CopickFilamentCurve, **fields: Any) -> "CopickFilament":
        """A filament whose points are made from a curve of a known kind."""
        curve = CopickFilamentCurve.model_validate(curve)
        return cls(instance_id=instance_id, points=_point_list(curve.evaluate()), curve=curve, **fields)

    @classmethod
    def from_control_points(
        cls,
        instance_id: int,
        control_points: Any,
        step: float,
        kind: str = "catmull-rom",
        alpha: float = 0.5,
        **fields: Any,
    ) -> "CopickFilament":
        """A filament traced through control points: (n, 3) angstrom, two or more, in order.

        Args:
            step: Distance of its points, angstrom; usually the voxel spacing.
            kind: "catmull-rom" or "linear".
        """
        if kind not in ("catmull-rom", "linear"):
            raise ValidationError(
                f"from_control_points makes catmull-rom or linear curves, not {kind!r}; use from_curve.",
            )
        curve = CopickFilamentCurve(
            kind=kind,
            control_points=_point_list(control_points),
            step=step,
            alpha=alpha if kind == "catmull-rom" else None,
        )
        return cls.from_curve(instance_id, curve, **fields)

    def curve_is_current(self) -> bool:
        """Whether it has a curve that still describes its points."""
        return self.curve is not None and self.curve.is_current_for(self.points)

    def with_control_points(self, control_points: Any, step: Optional[float] = None) -> "CopickFilament":
        """A copy along moved control points; the curve keeps its kind.

        A bspline keeps its knots, so it needs as many control points as before. Without a current curve it becomes
        a catmull-rom one.
        """
        control_points = _point_list(control_points)
        curve: Dict[str, Any]
        if self.curve is not None and self.curve_is_current():
            if self.curve.kind == "bspline" and len(control_points) != len(self.curve.control_points):
                raise ValidationError(
                    f"A bspline keeps its knots, so it needs {len(self.curve.control_points)} control points, got "
                    f"{len(control_points)}. editable_curve(kinds=('catmull-rom',)) gives a curve that may grow.",
                )
            curve = {**self.curve.model_dump(), "step": step or self.curve.step}
        else:
            curve = {"kind": "catmull-rom", "alpha": 0.5, "step": step or _default_step(self.points)}
        fields = self.model_dump(exclude={"instance_id", "points", "curve"})
        moved = CopickFilamentCurve.model_validate({**curve, "control_points": control_points})
        return CopickFilament.from_curve(self.instance_id, moved, **fields)

    def editable_curve(
        self,
        tolerance: Optional[float] = None,
        step: Optional[float] = None,
        kinds: Iterable[str] = CURVE_KINDS,
    ) -> CopickFilamentCurve:
        """The curve an editor should show: its own, if current and of one of ``kinds``, else one derived from the
        points.

        Args:
            tolerance: Largest distance of a derived curve from the points, angstrom; default half a step.
            step: Of a derived curve; default the points' median distance.
        """
        if self.curve is not None and self.curve_is_current() and self.curve.kind in tuple(kinds):
            return self.curve
        from copick_native import _core

        step = step or _default_step(self.points)
        derived = _core.derive_curve(self.points, step, tolerance or step / 2)
        return CopickFilamentCurve(kind="catmull-rom", alpha=0.5, control_points=derived.control_points, step=step)

    def editable_control_points(
        self,
        tolerance: Optional[float] = None,
        step: Optional[float] = None,
        kinds: Iterable[str] = CURVE_KINDS,
    ) -> "np.ndarray":
        """(n, 3) control points of ``editable_curve()``."""
        import numpy as np

        return np.array(self.editable_curve(tolerance=tolerance, step=step, kinds=kinds).control_points)

    def reversed(self) -> "CopickFilament":
        """The same filament from the other end."""
        fields = self.model_dump(exclude={"curve"})
        curve = None if self.curve is None else self.curve.reversed()
        return CopickFilament.model_validate({**fields, "points": self.points[::-1], "curve": curve})


def _point_list(points: Any) -> List[Tuple[float, float, float]]:
    import numpy as np

    return [tuple(point) for point in np.asarray(points, dtype=float).reshape(-1, 3).tolist()]


def _default_step(points: Any) -> float:
    import numpy as np

    array = np.asarray(points, dtype=float)
    step = float(np.median(np.linalg.norm(np.diff(array, axis=0), axis=1)))
    if step <= 0:
        raise ValidationError("Cannot derive a step from coincident points; pass step.")
    return step


class CopickFilamentsFile(Model):
    """What a filaments file holds.

    Attributes:
        pickable_object_name, user_id, session_id: Whose; session "0" means a tool.
        run_name: Run they belong to.
        voxel_spacing: Of what they were traced in, angstrom.
        unit, version: Of the file.
        filaments: The filaments; their instance ids are unique.
    """

    pickable_object_name: str
    user_id: str
    session_id: str
    run_name: Optional[str] = None
    voxel_spacing: Optional[float] = None
    unit: str = "angstrom"
    version: int = 1
    filaments: List[CopickFilament] = []

    _rules = {
        "pickable_object_name": string,
        "user_id": string,
        "session_id": string,
        "run_name": optional(string),
        "voxel_spacing": optional(number),
        "unit": string,
        "version": integer,
        "filaments": list_of(CopickFilament.model_validate),
    }

    def _finish(self) -> None:
        ids = [filament.instance_id for filament in self.filaments]
        if len(ids) != len(set(ids)):
            raise ValidationError("Filament instance IDs must be unique within a file.")


class CopickFilaments(Annotation):
    """The filaments one user traced of one object in one session.

    A backend overrides ``_load``, ``_store`` and ``_delete_data``.

    Attributes:
        run: The run they belong to.
        meta: The file's content; loaded when ``filaments`` is first looked at.
    """

    def __init__(self, run: "CopickRun", file: CopickFilamentsFile):
        self.meta: CopickFilamentsFile = file
        self.run: "CopickRun" = run
        self._loaded = False

    def __repr__(self) -> str:
        count = len(self.meta.filaments) if self._loaded else None
        return (
            f"CopickFilaments(pickable_object_name={self.pickable_object_name}, user_id={self.user_id}, "
            f"session_id={self.session_id}, len(filaments)={count}) at {hex(id(self))}"
        )

    def __len__(self) -> int:
        return len(self.filaments)

    def __bool__(self) -> bool:
        return True

    def _load(self) -> CopickFilamentsFile:
        raise NotImplementedError("a backend's filaments must offer _load().")

    def _store(self) -> None:
        raise NotImplementedError("a backend's filaments must offer _store().")

    def _delete_data(self) -> None:
        raise NotImplementedError("a backend's filaments must offer _delete_data().")

    def load(self) -> CopickFilamentsFile:
        """Reads the file, now."""
        self.meta = self._load()
        self._loaded = True
        return self.meta

    def store(self) -> None:
        """Writes the filaments. A curve that its points no longer follow is dropped, with a logged remark."""
        self._drop_stale_curves()
        self._store()
        self._loaded = True

    def _drop_stale_curves(self) -> None:
        stale = []
        for filament in self.meta.filaments:
            if filament.curve is not None and filament.curve.is_known and not filament.curve_is_current():
                filament.curve = None
                stale.append(filament.instance_id)
        if stale:
            import logging

            logging.getLogger("copick_native").warning(
                "Dropping the curves of filaments %s of %s (%s/%s): their points were changed without the curve.",
                stale,
                self.pickable_object_name,
                self.user_id,
                self.session_id,
            )

    def refresh(self) -> None:
        """Reads the file again."""
        self.load()

    def delete(self) -> None:
        """Removes the file, and the filaments from their run."""
        self._delete_data()
        siblings = self.run._filaments
        if siblings is not None and self in siblings:
            siblings.remove(self)

    # --- identity ---

    @property
    def voxel_spacing(self) -> Optional[float]:
        return self.meta.voxel_spacing

    # --- filaments ---

    @property
    def filaments(self) -> List[CopickFilament]:
        if not self._loaded:
            self.load()
        return self.meta.filaments

    @filaments.setter
    def filaments(self, value: List[CopickFilament]) -> None:
        self._replace(filaments=value)

    def _replace(self, **fields: Any) -> None:
        self.meta = CopickFilamentsFile.model_validate({**dict(self.meta), **fields})
        self._loaded = True

    def get(self, instance_id: int) -> Optional[CopickFilament]:
        """The filament of that id, or None."""
        return next((filament for filament in self.filaments if filament.instance_id == instance_id), None)

    def instance_ids(self) -> "np.ndarray":
        """(K,) int64, in the file's order."""
        import numpy as np

        return np.array([filament.instance_id for filament in self.filaments], dtype=np.int64)

    def numpy(self) -> List["np.ndarray"]:
        """The centre lines: one (M, 3) array a filament, x y z in angstrom."""
        import numpy as np

        return [np.array(filament.points, dtype=float).reshape(-1, 3) for filament in self.filaments]

    def from_numpy(
        self,
        polylines: List["np.ndarray"],
        instance_ids: Optional[List[int]] = None,
        polarity_known: Optional[List[bool]] = None,
        scores: Optional[List[float]] = None,
        radii: Optional[List[Optional[float]]] = None,
        voxel_spacing: Optional[float] = None,
        metadata: Optional[List[Optional[Dict[str, Any]]]] = None,
    ) -> None:
        """Replaces the filaments by these lines, without curves, and stores them.

        Args:
            polylines: One (M, 3) array a filament, M of 2 or more, angstrom, in order.
            instance_ids: Default 1 to K.
            polarity_known, scores, radii, metadata: One entry a filament.
            voxel_spacing: Of what they were traced in.
        """
        fields = _each(len(polylines), instance_ids, polarity_known, scores, radii, metadata)
        self._set([CopickFilament(points=_point_list(p), **f) for p, f in zip(polylines, fields)], voxel_spacing)

    def from_curves(
        self,
        curves: List[CopickFilamentCurve],
        instance_ids: Optional[List[int]] = None,
        polarity_known: Optional[List[bool]] = None,
        scores: Optional[List[float]] = None,
        radii: Optional[List[Optional[float]]] = None,
        voxel_spacing: Optional[float] = None,
        metadata: Optional[List[Optional[Dict[str, Any]]]] = None,
    ) -> None:
        """Replaces the filaments by those along these curves, and stores them. Arguments as of ``from_numpy``."""
        fields = _each(len(curves), instance_ids, polarity_known, scores, radii, metadata)
        self._set([CopickFilament.from_curve(curve=c, **f) for c, f in zip(curves, fields)], voxel_spacing)

    def from_control_points(
        self,
        control_points: List["np.ndarray"],
        instance_ids: Optional[List[int]] = None,
        step: Optional[float] = None,
        kind: str = "catmull-rom",
        alpha: float = 0.5,
        polarity_known: Optional[List[bool]] = None,
        scores: Optional[List[float]] = None,
        radii: Optional[List[Optional[float]]] = None,
        voxel_spacing: Optional[float] = None,
        metadata: Optional[List[Optional[Dict[str, Any]]]] = None,
    ) -> None:
        """Replaces the filaments by those traced through these points, and stores them.

        Args:
            control_points: One (n, 3) array a filament, angstrom.
            step: Distance of the points; default the voxel spacing.
            kind: "catmull-rom" or "linear".
            Others: As of ``from_numpy``.
        """
        step = step or voxel_spacing or self.meta.voxel_spacing
        if not step:
            raise ValidationError("Pass step or voxel_spacing: the spacing of the regenerated points.")
        fields = _each(len(control_points), instance_ids, polarity_known, scores, radii, metadata)
        made = [
            CopickFilament.from_control_points(control_points=points, step=step, kind=kind, alpha=alpha, **f)
            for points, f in zip(control_points, fields)
        ]
        self._set(made, voxel_spacing)

    def _set(self, filaments: List[CopickFilament], voxel_spacing: Optional[float]) -> None:
        spacing = voxel_spacing if voxel_spacing is not None else self.meta.voxel_spacing
        self._replace(filaments=filaments, voxel_spacing=spacing)
        self.store()

    def control_points(self) -> List[Optional["np.ndarray"]]:
        """(n, 3) control points of each filament's current curve, or None."""
        import numpy as np

        current = (f.curve if f.curve_is_current() else None for f in self.filaments)
        return [None if curve is None else np.array(curve.control_points) for curve in current]

    def editable_curve(
        self,
        instance_id: int,
        tolerance: Optional[float] = None,
        kinds: Iterable[str] = CURVE_KINDS,
    ) -> CopickFilamentCurve:
        """As ``CopickFilament.editable_curve``, at the file's voxel spacing. KeyError: no such filament."""
        filament = self.get(instance_id)
        if filament is None:
            raise KeyError(f"No filament with instance ID {instance_id}.")
        step = self.voxel_spacing or None
        return filament.editable_curve(tolerance=tolerance or (step / 2 if step else None), step=step, kinds=kinds)


def _each(count: int, instance_ids, polarity_known, scores, radii, metadata) -> List[Dict[str, Any]]:
    """The fields of each filament; ValueError when a list has another length."""
    columns = {
        "instance_id": (instance_ids, "instance_ids"),
        "polarity_known": (polarity_known, "polarity_known"),
        "score": (scores, "scores"),
        "radius": (radii, "radii"),
        "metadata": (metadata, "metadata"),
    }
    for values, name in columns.values():
        if values is not None and len(values) != count:
            raise ValidationError(f"{name} must have one entry per filament ({count}), got {len(values)}.")
    rows = [{key: values[i] for key, (values, _) in columns.items() if values is not None} for i in range(count)]
    return [{"instance_id": i + 1, **row} for i, row in enumerate(rows)]
