"""What tomograms, feature maps, segmentations and density maps have in common: arrays."""

from __future__ import annotations

from copick_native._volume import LazyArray, NativeVolume, zarr_array
from copick_native.errors import UnsupportedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, MutableMapping, Optional, Sequence, Tuple, Union

    import numpy as np

ALL = slice(None, None)


class VolumeEntity:
    """An entity whose data are a multiscale array.

    A backend written in Python overrides ``zarr()``; one on the engine overrides ``_native()`` as well, and is read
    without the zarr package.
    """

    def zarr(self) -> Any:
        """The Zarr store: what ``zarr.open()`` takes."""
        raise NotImplementedError(f"a backend's {type(self).__name__} must offer zarr().")

    numpy: Any  # of each kind, with arguments of its own
    from_numpy: Any

    def _delete_data(self) -> None:
        raise NotImplementedError(f"a backend's {type(self).__name__} must offer _delete_data().")

    def __getstate__(self) -> dict:
        return dict(self.__dict__)

    def _native(self) -> Optional[NativeVolume]:
        """The engine's handle; None: the backend has none."""
        return None

    def _require_native(self, what: str) -> NativeVolume:
        native = self._native()
        if native is None:
            raise UnsupportedError(f"cannot {what}: the backend of this {type(self).__name__} offers zarr() only")
        return native

    def _materialise(self) -> None:
        """Makes the empty store of a new entity, so that it is listed."""
        self.zarr()

    def _read(self, group: Optional[str], selection: Sequence[Any], out: Any = None) -> "np.ndarray":
        native = self._native()
        if native is not None:
            return native.read(group, selection, out)
        import numpy as np

        return np.array(zarr_array(self.zarr(), group)[tuple(selection)])

    def _write_region(self, group: Optional[str], selection: Sequence[Any], data: Any, refresh_levels: bool) -> None:
        native = self._native()
        if native is not None:
            native.write_region(group, selection, data, refresh_levels)
        else:
            zarr_array(self.zarr(), group, mode="r+")[tuple(selection)] = data

    def _write(self, data: Any, spacing: float, levels: int, **options: Any) -> None:
        native = self._native()
        if native is not None:
            native.core.write(castable(data, options["dtype"]), levels, **options)
            native.forget()
            return
        from copick_native.util.ome import write_array

        write_array(self.zarr(), data, spacing, levels, labels=options.get("downsampling") == "nearest")

    # --- beyond the reference ---

    @property
    def array(self) -> LazyArray:
        """The full resolution as a lazy array: ``tomo.array[90:91]`` reads one plane."""
        return self.level(None)

    def level(self, index: Union[int, str, None]) -> LazyArray:
        """A level as a lazy array, by index (0 is the full resolution) or path."""
        self._require_native("read lazily")
        return LazyArray(self, index)

    def read_many(
        self,
        regions: Sequence[Sequence[slice]],
        zarr_group: Optional[str] = None,
        out: Optional[Sequence["np.ndarray"]] = None,
    ) -> List["np.ndarray"]:
        """Several regions in one call; a chunk that many of them touch is decoded once.

        Args:
            regions: One tuple of slices (z, y, x) each, voxels of that level.
            zarr_group: Level; default the full resolution.
            out: Arrays to fill, one for each region; default new ones of the stored type.

        >>> crops = tomo.read_many([(slice(z, z + 64), slice(0, 64), slice(0, 64)) for z in range(0, 256, 64)])
        ...                                                                     # doctest: +SKIP
        """
        import numpy as np

        from copick_native._volume import destination, plan

        native = self._require_native("read many regions")
        level = native.level(zarr_group)
        plans = [plan(tuple(region), level.shape) for region in regions]
        boxes = [
            np.empty([e - b for b, e in zip(begin, end)], dtype=level.dtype)
            if out is None or rest is not None
            else destination(out[i])
            for i, (begin, end, rest) in enumerate(plans)
        ]
        native.core.read_many(boxes, level.index, "", [(begin, end) for begin, end, _ in plans])
        boxes = [box if rest is None else box[rest] for box, (_, _, rest) in zip(boxes, plans)]
        if out is None:
            return boxes
        for array, box, (_, _, rest) in zip(out, boxes, plans):
            if rest is not None:
                array[...] = box
        return list(out)

    async def numpy_async(self, *args: Any, **kwargs: Any) -> "np.ndarray":
        """``numpy()`` on another thread, for an event loop that must not wait."""
        import asyncio

        return await asyncio.to_thread(self.numpy, *args, **kwargs)

    async def from_numpy_async(self, *args: Any, **kwargs: Any) -> None:
        """``from_numpy()`` on another thread."""
        import asyncio

        await asyncio.to_thread(self.from_numpy, *args, **kwargs)

    def _shape_text(self) -> str:
        """"(z, y, x) float32, 3 levels", or "no data" for an entity that was never written."""
        from copick_native.errors import CopickError

        try:
            native = self._native()
            levels = native.levels if native is not None else []
        except CopickError:
            levels = []
        if not levels:
            return "no data"
        count = f", {len(levels)} levels" if len(levels) > 1 else ""
        return f"{levels[0].shape} {levels[0].dtype}{count}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(repr(self).split(' at 0x')[0])}</code><br>{escape(self._shape_text())}"


def spatial(x: slice, y: slice, z: slice) -> Tuple[slice, slice, slice]:
    """The order of the array's axes."""
    return z, y, x


def castable(data: "np.ndarray", dtype: str) -> "np.ndarray":
    """`data`, or a copy of the stored type where the engine would refuse to round.

    The engine converts floating point and small integers on the way, without a copy of the whole.
    """
    if not data.dtype.isnative or data.dtype.kind not in "fiub" or data.dtype.kind != "f" and data.itemsize > 2:
        return data.astype(dtype, copy=False)
    return data.astype(dtype) if data.dtype.kind == "f" and dtype[0] != "f" else data


def dtype_name(dtype: Any) -> Optional[str]:
    """numpy's name of a type, or None."""
    if dtype is None:
        return None
    import numpy as np

    return np.dtype(dtype).name
