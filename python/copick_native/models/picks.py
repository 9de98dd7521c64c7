"""Picks: the points of one object in one run, by one user or tool and session."""

from __future__ import annotations

from copick_native.errors import ValidationError
from copick_native.models._authored import Annotation
from copick_native.models.points import CopickPicksFile, CopickPoint, columns_of, points_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Tuple, Union

    import numpy as np
    import pandas as pd

    from copick_native.models.run import CopickRun


class CopickPicks(Annotation):
    """Points of one object.

    A backend overrides ``_load``, ``_store`` and ``_delete_data``.

    Attributes:
        run: The run they belong to.
        meta: The file's content; its points are loaded when first looked at.
    """

    def __init__(self, run: "CopickRun", file: CopickPicksFile):
        self.meta: CopickPicksFile = file
        self.run: "CopickRun" = run

    def __repr__(self) -> str:
        return (
            f"CopickPicks(pickable_object_name={self.pickable_object_name}, user_id={self.user_id}, "
            f"session_id={self.session_id}, len(points)={self._known_length()}) at {hex(id(self))}"
        )

    def _known_length(self) -> Optional[int]:
        if self.meta.stored is not None:
            return self.meta.stored.size
        return None if self.meta.points is None else len(self.meta.points)

    def __len__(self) -> int:
        """Number of points, without making objects of them."""
        self._ensure_loaded()
        return self._known_length() or 0

    def __bool__(self) -> bool:
        return True  # empty picks are picks

    # --- storage ---

    def _load(self) -> CopickPicksFile:
        raise NotImplementedError("a backend's picks must offer _load().")

    def _store(self) -> None:
        raise NotImplementedError("a backend's picks must offer _store().")

    def _delete_data(self) -> None:
        raise NotImplementedError("a backend's picks must offer _delete_data().")

    def load(self) -> CopickPicksFile:
        """Reads the file, now; what was changed and not stored is forgotten."""
        self.meta = self._load()
        return self.meta

    def store(self) -> None:
        """Writes the points and members that were set."""
        self._store()

    def refresh(self) -> None:
        """Reads the file again."""
        self.meta = self.load()

    def delete(self) -> None:
        """Removes the file, and the picks from their run."""
        self._delete_data()
        if self.run._picks is not None and self in self.run._picks:
            self.run._picks.remove(self)

    def _ensure_loaded(self) -> None:
        if self.meta.stored is None and not self.meta.points:
            self.meta = self.load()

    # --- identity ---

    @property
    def trust_orientation(self) -> Optional[bool]:
        return self.meta.trust_orientation

    @property
    def color(self) -> Union[Tuple[int, int, int, int], None]:
        """Of the object. ValueError when the config does not know it."""
        pickable = self.run.root.get_object(self.pickable_object_name)
        if pickable is None:
            raise ValidationError(
                f"cannot tell the colour of picks in run '{self.run.name}': the config has no object "
                f"'{self.pickable_object_name}'",
            )
        return pickable.color

    # --- points ---

    @property
    def points(self) -> List[CopickPoint]:
        """The points as objects. ``numpy()`` is far quicker where arrays will do."""
        self._ensure_loaded()
        return self.meta.points  # type: ignore[return-value]  # what was loaded has points

    @points.setter
    def points(self, value: List[CopickPoint]) -> None:
        self.meta.points = value

    def _columns(self):
        """positions (N, 3), transforms (N, 4, 4), instance ids (N), scores (N); the caller may keep them."""
        self._ensure_loaded()
        if self.meta.stored is not None:
            return self.meta.stored.table()
        return columns_of(self.meta.points)[:4]

    def numpy(self) -> Tuple["np.ndarray", "np.ndarray"]:
        """Positions, (N, 3) x y z in angstrom, and transforms, (N, 4, 4), both float64.

        >>> positions, transforms = picks.numpy()                               # doctest: +SKIP
        """
        positions, transforms, _, _ = self._columns()
        return positions, transforms

    def instance_ids(self) -> "np.ndarray":
        """(N,) int64; 0 where a point has none."""
        return self._columns()[2]

    def scores(self) -> "np.ndarray":
        """(N,) float64; 1.0 where a point has none."""
        return self._columns()[3]

    def full_positions(self) -> "np.ndarray":
        """(N, 3) particle centres in angstrom: location plus the transform's shift."""
        positions, transforms, _, _ = self._columns()
        return positions + transforms[:, :3, 3]

    def from_numpy(
        self,
        positions: "np.ndarray",
        transforms: Optional["np.ndarray"] = None,
        instance_ids: Optional["np.ndarray"] = None,
        scores: Optional["np.ndarray"] = None,
    ) -> None:
        """Replaces the points and stores them.

        Args:
            positions: (N, 3), x y z in angstrom.
            transforms: (N, 4, 4); default identity.
            instance_ids: (N,) whole numbers, 0 or more; default 0.
            scores: (N,) finite; default 1.0.

        Raises:
            ValueError: lengths differ, or a value breaks its rule.
        """
        import numpy as np

        positions = np.asarray(positions)
        if positions.size == 0:
            positions = positions.reshape(0, 3)
        if positions.ndim != 2 or positions.shape[1] < 3:
            raise ValidationError(f"cannot set points: positions have shape {positions.shape}, expected (N, 3)")
        positions = np.ascontiguousarray(positions[:, :3], dtype=np.float64)
        count = len(positions)
        if transforms is not None:
            transforms = np.ascontiguousarray(transforms, dtype=np.float64)
            if transforms.shape != (count, 4, 4):
                if len(transforms) != count:
                    raise ValidationError("Number of positions and transforms must be the same.")
                raise ValidationError(f"transforms have shape {transforms.shape}, expected ({count}, 4, 4)")
        if instance_ids is not None:
            instance_ids = _whole_numbers(instance_ids, count)
        if scores is not None:
            scores = np.ascontiguousarray(scores, dtype=np.float64)
            if scores.shape != (count,):
                raise ValidationError(f"scores must have shape ({count},), got {scores.shape}.")
            if not np.all(np.isfinite(scores)):
                raise ValidationError("scores must be finite.")
        self._set_columns(positions, transforms, instance_ids, scores)
        self.store()

    def _set_columns(self, positions, transforms, instance_ids, scores) -> None:
        import numpy as np

        count = len(positions)
        if transforms is None:
            transforms = np.broadcast_to(np.eye(4), (count, 4, 4))
        if instance_ids is None:
            instance_ids = np.zeros(count, dtype=np.int64)
        if scores is None:
            scores = np.ones(count)
        self.points = points_of(positions, transforms, instance_ids, scores)

    def df(self, format: str = "relion", **kwargs) -> "pd.DataFrame":
        """The points as a table. ``format="relion"``: see :func:`copick_native.util.relion.picks_to_df_relion`."""
        if format != "relion":
            raise ValidationError(f"Format {format} is not supported.")
        from copick_native.util.relion import picks_to_df_relion

        return picks_to_df_relion(self, **kwargs)

    def from_df(self, df: "pd.DataFrame", format: str = "relion", **kwargs) -> None:
        """Replaces the points by those of a table, and stores them."""
        if format != "relion":
            raise ValidationError(f"Format {format} is not supported.")
        from copick_native.util.relion import relion_df_to_picks

        relion_df_to_picks(self, df, **kwargs)


def _whole_numbers(values, count: int) -> "np.ndarray":
    import numpy as np

    values = np.asarray(values)
    if values.shape != (count,):
        raise ValidationError(f"instance_ids must have shape ({count},), got {values.shape}.")
    if values.dtype.kind not in "iub" and not np.all(np.mod(values.astype(np.float64), 1) == 0):
        raise ValidationError("instance_ids must be integers.")
    whole = np.ascontiguousarray(values, dtype=np.int64)
    if count and whole.min() < 0:
        raise ValidationError("instance_ids must be >= 0.")
    return whole
