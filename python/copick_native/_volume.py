"""Regions of volumes: what a caller's slices mean, and how they are read and written.

A volume is read by the engine where the backend has a native handle, and through the ``zarr`` package where a backend
written in Python only offers ``zarr()``. Slices follow numpy: negative indices count from the end, ends are clipped,
steps are allowed.
"""

from __future__ import annotations

from copick_native.errors import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import EllipsisType
    from typing import Any, List, Optional, Sequence, Tuple, Union

    import numpy as np

    Index = Union[int, slice, EllipsisType]

_ALL = slice(None, None)


class Level:
    """Shape and type of one array of a volume."""

    __slots__ = ("index", "path", "shape", "dtype", "chunks", "scale")

    def __init__(self, index: int, info: dict):
        self.index, self.path = index, info["path"]
        self.shape, self.dtype = info["shape"], info["dtype"]
        self.chunks, self.scale = info["chunks"], info["scale"]


class NativeVolume:
    """An engine handle and the levels it is known to have.

    With ``watched``, a store where a look at a value's version is cheap, metadata are read again when another process
    has replaced the volume.
    """

    __slots__ = ("core", "_levels", "_watched", "_watched_key", "_version", "__weakref__")

    def __init__(self, core: Any, watched: Any = None):
        self.core = core
        self._levels: Optional[List[Level]] = None
        self._watched, self._watched_key, self._version = watched, "", None

    @property
    def levels(self) -> List[Level]:
        if self._levels is not None and self._watched is not None:
            if self._watched.version(self._watched_key) != self._version:
                self.forget()
        if self._levels is None:
            self._look()
            info = self.core.info()
            self._levels = [Level(i, level) for i, level in enumerate(info["levels"])]
        return self._levels

    def _look(self) -> None:
        """Remembers the version of what is about to be read."""
        if self._watched is None:
            return
        for name in (".zattrs", "zarr.json"):
            self._watched_key = f"{self.core.key}/{name}"
            self._version = self._watched.version(self._watched_key)
            if self._version is not None:
                return

    def forget(self) -> None:
        """Metadata are read again at the next look."""
        self._levels = None
        self.core.refresh()

    def level(self, group: Union[str, int, None]) -> Level:
        """A level by path ("0"), by index, or (None) the full resolution."""
        if group is None:
            return self.levels[0]
        if isinstance(group, int):
            return self.levels[group]
        wanted = group.strip("/")
        for level in self.levels:
            if level.path == wanted:
                return level
        self.core.read_into(bytearray(), 0, wanted)  # NotFoundError, naming the levels there are
        raise ValidationError(f"cannot read level '{group}' of {self.core.url}")

    def read(self, group: Union[str, int, None], selection: Sequence[Index], out: Any = None) -> "np.ndarray":
        import numpy as np

        level = self.level(group)
        begin, end, rest = plan(selection, level.shape)
        if out is not None and rest is None:
            self.core.read_into(destination(out), level.index, "", begin, end)
            return out
        shape = [stop - start for start, stop in zip(begin, end)]
        box = np.empty(checked_shape(shape, level.dtype), dtype=level.dtype)
        self.core.read_into(box, level.index, "", begin, end)
        box = box if rest is None else box[rest]
        if out is None:
            return box
        out[...] = box
        return out

    def write_region(
        self,
        group: Union[str, int, None],
        selection: Sequence[Index],
        data: Any,
        refresh_levels: bool = True,
    ) -> None:
        """`data` is broadcast to the region and cast to the stored type as numpy assignment does."""
        import numpy as np

        level = self.level(group)
        begin, end, rest = plan(selection, level.shape)
        shape = tuple(stop - start for start, stop in zip(begin, end))
        data = np.asarray(data)
        if rest is not None:
            box = self.read(group, [slice(b, e) for b, e in zip(begin, end)])
            box[rest] = data
            data = box
        elif data.shape != shape:
            data = np.broadcast_to(data, shape)
        if data.dtype != level.dtype:
            data = data.astype(level.dtype)
        if 0 not in shape:
            self.core.set_region(data, level.index, "", begin, end, refresh_levels)


def plan(selection: Sequence[Index], shape: Sequence[int]) -> Tuple[List[int], List[int], Optional[tuple]]:
    """The box that holds a selection: ``(begin, end, what to take of the box)``; None: all of it.

    >>> plan((slice(None), slice(-2, None), 3), (4, 10, 8))
    ([0, 8, 3], [4, 10, 4], (slice(None, None, None), slice(None, None, None), 0))
    """
    if Ellipsis in selection:
        at = selection.index(Ellipsis)
        missing = len(shape) - len(selection) + 1
        selection = (*selection[:at], *[_ALL] * missing, *selection[at + 1 :])
    if len(selection) > len(shape):
        raise ValidationError(f"cannot select a region: {len(selection)} indices for {len(shape)} axes")
    begin: List[int] = []
    end: List[int] = []
    rest: List[Any] = []
    plain = True
    for axis, length in enumerate(shape):
        item: Any = selection[axis] if axis < len(selection) else _ALL
        if isinstance(item, slice):
            start, stop, step = item.indices(length)
            if step == 1:
                begin.append(start)
                end.append(max(start, stop))
                rest.append(_ALL)
                continue
            taken = range(start, stop, step)
            low, high = (min(taken[0], taken[-1]), max(taken[0], taken[-1]) + 1) if taken else (0, 0)
            begin.append(low)
            end.append(high)
            rest.append(slice(None, None, step))
        else:
            index = item.__index__()
            if not -length <= index < length:
                raise IndexError(f"index {index} is out of bounds for axis {axis} with size {length}")
            begin.append(index % length)
            end.append(index % length + 1)
            rest.append(0)
        plain = False
    return begin, end, None if plain else tuple(rest)


def destination(out: Any) -> "np.ndarray":
    """`out` as an array that shares its memory: numpy, or anything that speaks DLPack (a torch tensor)."""
    import numpy as np

    if isinstance(out, np.ndarray):
        return out
    shared = np.asarray(out) if hasattr(out, "__array__") else np.from_dlpack(out)
    if not shared.flags.writeable or not hasattr(out, "__dlpack__") and not hasattr(out, "__array_interface__"):
        raise ValidationError(f"cannot read into a {type(out).__name__}: its memory cannot be shared")
    return shared


def checked_shape(shape: Sequence[int], dtype: str) -> Sequence[int]:
    """The shape, if an array of it fits the memory that is free. ValidationError names both sizes."""
    import numpy as np

    wanted = np.dtype(dtype).itemsize
    for length in shape:
        wanted *= length
    if wanted < 1 << 30:
        return shape
    free = free_memory()
    if free is not None and wanted > free:
        raise ValidationError(
            f"Requested region does not fit in memory. Requested: {wanted}, Available: {free}.",
        )
    return shape


def free_memory() -> Optional[int]:
    """Bytes that new arrays may take, where the system says."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


# --- through the zarr package, for backends that have no native handle ---


def zarr_array(store: Any, group: Optional[str], mode: str = "r") -> Any:
    """The array `group` below a zarr store; None: the first level its metadata name."""
    import zarr

    opened = zarr.open(store, mode=mode)
    if not hasattr(opened, "shape"):
        opened = opened[group if group is not None else first_level(opened)]
    return opened


def first_level(opened: Any) -> str:
    attributes = dict(opened.attrs)
    multiscales: Any = (attributes.get("ome") or attributes).get("multiscales")
    try:
        return multiscales[0]["datasets"][0]["path"]
    except (TypeError, IndexError, KeyError):
        return "0"


class LazyArray:
    """A level of a volume that reads only what is asked for.

    >>> plane = tomo.array[90]                                                  # doctest: +SKIP
    >>> dask.array.from_array(tomo.array, chunks=tomo.array.chunks)             # doctest: +SKIP

    Threads: any number may index at once. Pickles as the entity and the level.
    """

    __slots__ = ("_entity", "_group")

    def __init__(self, entity: Any, group: Union[str, int, None] = None):
        self._entity, self._group = entity, group

    @property
    def _level(self) -> Level:
        return self._entity._native().level(self._group)

    @property
    def shape(self) -> Tuple[int, ...]:
        return self._level.shape

    @property
    def dtype(self) -> "np.dtype":
        import numpy as np

        return np.dtype(self._level.dtype)

    @property
    def chunks(self) -> Tuple[int, ...]:
        """The smallest unit that is decoded."""
        return self._level.chunks

    @property
    def scale(self) -> Tuple[float, ...]:
        """Angstrom per voxel and axis."""
        return tuple(self._level.scale)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, selection: Union[Index, Tuple[Index, ...]]) -> "np.ndarray":
        if not isinstance(selection, tuple):
            selection = (selection,)
        return self._entity._native().read(self._group, selection)

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> "np.ndarray":
        if copy is False:
            raise ValueError("a volume in storage cannot become an array without a copy")
        whole = self[...]
        return whole if dtype is None else whole.astype(dtype)

    def __repr__(self) -> str:
        return f"<LazyArray {self.shape} {self._level.dtype}, chunks {self.chunks}>"
