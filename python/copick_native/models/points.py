"""Points of picks, and the file they are kept in."""

from __future__ import annotations

from copick_native._model import Model, boolean, integer, list_of, number, optional, string
from copick_native.errors import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    import numpy as np

_IDENTITY = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]


class CopickLocation(Model):
    """A place in a tomogram: angstrom from its corner."""

    x: float
    y: float
    z: float

    _rules = {"x": number, "y": number, "z": number}


def _matrix(value: Any) -> List[List[float]]:
    rows = [[number(item) for item in row] for row in value]
    if len(rows) != 4 or any(len(row) != 4 for row in rows):
        raise ValueError("expected a 4x4 matrix")
    if rows[3][3] != 1.0 or any(abs(item) > 1e-8 for item in rows[3][:3]):
        raise ValueError(f"expected the last row 0 0 0 1, found {rows[3]}")
    return rows


class CopickPoint(Model):
    """One pick.

    Attributes:
        location: Angstrom.
        transformation_: 4x4, row by row, from the object's axes to the tomogram's. Its last column is a shift in
            angstrom that adds to the location.
        instance_id: Which filament or instance; 0 is none.
        score: How sure.
    """

    location: CopickLocation
    transformation_: Optional[List[List[float]]] = _IDENTITY
    instance_id: Optional[int] = 0
    score: Optional[float] = 1.0

    _rules = {
        "location": CopickLocation.model_validate,
        "transformation_": _matrix,
        "instance_id": optional(integer),
        "score": optional(number),
    }

    @property
    def transformation(self) -> "np.ndarray":
        """The transformation as a 4x4 array; a copy, so assign to change it."""
        import numpy as np

        return np.array(self.transformation_)

    @transformation.setter
    def transformation(self, value: "np.ndarray") -> None:
        import numpy as np

        try:
            self.transformation_ = _matrix(np.asarray(value).tolist())
        except (ValueError, TypeError) as error:
            raise ValidationError(f"cannot set the transformation of a point: {error}") from None


def points_of(positions, transforms, instance_ids, scores) -> List[CopickPoint]:
    """Points from columns that are known to be sound; what they share is not shared."""
    made = []
    columns = zip(positions.tolist(), transforms.tolist(), instance_ids.tolist(), scores.tolist())
    new_point, new_location = CopickPoint.__new__, CopickLocation.__new__
    for (x, y, z), matrix, instance_id, score in columns:
        location, point = new_location(CopickLocation), new_point(CopickPoint)
        state = location.__dict__
        state["x"], state["y"], state["z"] = x, y, z
        state = point.__dict__
        state["location"], state["transformation_"] = location, matrix
        state["instance_id"], state["score"] = instance_id, score
        made.append(point)
    return made


def columns_of(points: List[CopickPoint]):
    """``(positions, transforms, instance ids, scores, indices of null ids, indices of null scores)`` of points."""
    import numpy as np

    positions = np.array([(p.location.x, p.location.y, p.location.z) for p in points], dtype=np.float64)
    transforms = np.array(
        [_IDENTITY if p.transformation_ is None else p.transformation_ for p in points],
        dtype=np.float64,
    )
    null_ids = [i for i, p in enumerate(points) if p.instance_id is None]
    null_scores = [i for i, p in enumerate(points) if p.score is None]
    instance_ids = np.array([0 if p.instance_id is None else p.instance_id for p in points], dtype=np.int64)
    scores = np.array([1.0 if p.score is None else p.score for p in points], dtype=np.float64)
    return positions.reshape(-1, 3), transforms.reshape(-1, 4, 4), instance_ids, scores, null_ids, null_scores


class CopickPicksFile(Model):
    """What a picks file holds: who picked what where, and the points.

    Points that came from storage are made into objects when ``points`` is first looked at.

    Attributes:
        pickable_object_name: Object of the config.
        user_id: Person or tool.
        session_id: Session; "0" means a tool made them.
        run_name: Run they belong to.
        voxel_spacing: Angstrom; informational.
        unit: Of the locations.
        points: The points.
        trust_orientation: Whether the rotations mean anything.
    """

    pickable_object_name: str
    user_id: str
    session_id: str
    run_name: Optional[str] = None
    voxel_spacing: Optional[float] = None
    unit: str = "angstrom"
    points: Optional[List[CopickPoint]] = []
    trust_orientation: Optional[bool] = True

    _rules = {
        "pickable_object_name": string,
        "user_id": string,
        "session_id": string,
        "run_name": optional(string),
        "voxel_spacing": optional(number),
        "unit": string,
        "points": optional(list_of(CopickPoint.model_validate)),
        "trust_orientation": optional(boolean),
    }

    @property
    def stored(self) -> Any:
        """The engine's file whose points these are, as long as nobody asked for objects; else None."""
        return None if "points" in self.__dict__ else self.__dict__.get("_stored")

    def keep_stored(self, file: Any) -> None:
        """Points are those of the engine's file from now on."""
        self.__dict__.pop("points", None)
        self.__dict__["_given"].discard("points")
        self.__dict__["_stored"] = file

    def __getattr__(self, name: str) -> Any:
        if name != "points" or "_stored" not in self.__dict__:
            return super().__getattr__(name)
        file = self.__dict__["_stored"]
        points = points_of(*file.table())
        null_ids, null_scores = file.nulls()
        for i in null_ids:
            points[i].instance_id = None
        for i in null_scores:
            points[i].score = None
        self.points = points  # from now on the objects count: somebody may change them
        return points

    def __getstate__(self) -> dict:
        """Points that are as stored do not travel: they are read again where they arrive."""
        state = {key: value for key, value in self.__dict__.items() if key != "_stored"}
        state.setdefault("points", [])
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
