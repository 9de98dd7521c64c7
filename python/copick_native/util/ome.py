"""Pyramids and OME-Zarr images from arrays, for code that writes through ``zarr()``."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Tuple

from copick_native._volume import free_memory
from copick_native.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    import numpy as np

DEFAULT_SPATIAL_CHUNKS = (128, 128, 128)
"""Chunks of images in Zarr 3."""

_ANGSTROM_PER = {"angstrom": 1.0, "nanometer": 10.0, "micrometer": 1e4, "picometer": 1e-2, "meter": 1e10}


def volume_pyramid(
    volume: "np.ndarray",
    voxel_size: float,
    levels: int,
    dtype: Any = "float32",
) -> Dict[float, "np.ndarray"]:
    """Levels by voxel size, each the mean of 2x2x2 voxels of the one before, edges filled with zeros."""
    import numpy as np

    pyramid = {voxel_size: np.asarray(volume).astype(dtype)}
    for _ in range(1, levels):
        finer = pyramid[voxel_size]
        padded = np.pad(finer, [(0, length % 2) for length in finer.shape])
        z, y, x = (length // 2 for length in padded.shape)
        means = padded.reshape(z, 2, y, 2, x, 2).mean(axis=(1, 3, 5), dtype=np.float64)
        voxel_size *= 2
        pyramid[voxel_size] = means.astype(dtype)
    return pyramid


def segmentation_pyramid(
    segmentation: "np.ndarray",
    voxel_size: float,
    levels: int,
    dtype: Any = None,
) -> Dict[float, "np.ndarray"]:
    """Levels by voxel size, each every second voxel of the one before: labels are never averaged."""
    from copick_native.util.segmentation import checked_label_cast

    pyramid = {voxel_size: checked_label_cast(segmentation, dtype)}
    for _ in range(1, levels):
        finer = pyramid[voxel_size]
        voxel_size *= 2
        pyramid[voxel_size] = finer[..., ::2, ::2, ::2].copy()
    return pyramid


def _axes(channel_axis: bool) -> List[Dict[str, str]]:
    spatial = [{"name": name, "type": "space", "unit": "angstrom"} for name in "zyx"]
    return [{"name": "c", "type": "channel"}, *spatial] if channel_axis else spatial


def ome_zarr_axes(ndim: int = 3) -> List[Dict[str, str]]:
    """Axes of an image (z, y, x), or of a feature map (feature, z, y, x). ValueError for any other number."""
    if ndim not in (3, 4):
        raise ValidationError(f"cannot name the axes of an image of {ndim} dimensions: they are 3, or 4 of a feature map")
    return ([{"name": "feature"}] if ndim == 4 else []) + _axes(False)


def ome_metadata(pyramid: Dict[float, "np.ndarray"], channel_axis: bool = False) -> Dict[str, Any]:
    """Axes and scales of a pyramid, as ome-zarr's writer takes them."""
    scales = [[1.0] * channel_axis + [size] * 3 for size in pyramid]
    return {
        "axes": _axes(channel_axis),
        "coordinate_transformations": [[{"scale": scale, "type": "scale"}] for scale in scales],
    }


def write_ome_zarr_3d(
    store: Any,
    pyramid: Dict[float, "np.ndarray"],
    chunk_size: Tuple[int, ...] = (256, 256, 256),
    channel_axis: bool = False,
    metadata: Optional[Dict[str, Any]] = None,
) -> None:
    """Writes a pyramid to a Zarr store as an OME-Zarr 0.4 image, replacing what is there."""
    import zarr

    two = int(zarr.__version__.split(".")[0]) < 3
    group = zarr.group(store=store, overwrite=True, **({} if two else {"zarr_format": 2}))
    chunks = (1, *chunk_size) if channel_axis and len(chunk_size) == 3 else tuple(chunk_size)
    for i, array in enumerate(pyramid.values()):
        shape = {"shape": array.shape, "chunks": chunks, "dtype": array.dtype}
        if two:
            group.create_dataset(str(i), dimension_separator="/", **shape)[...] = array
        else:
            encoding = {"name": "v2", "separator": "/"}
            group.create_array(str(i), chunk_key_encoding=encoding, **shape)[...] = array
    about = ome_metadata(pyramid, channel_axis)
    datasets = [
        {"path": str(i), "coordinateTransformations": transformations}
        for i, transformations in enumerate(about["coordinate_transformations"])
    ]
    image = {"axes": about["axes"], "datasets": datasets, "name": "/", "version": "0.4"}
    group.attrs["multiscales"] = [{**image, **({"metadata": metadata} if metadata else {})}]


def write_array(store: Any, data: "np.ndarray", voxel_size: float, levels: int, labels: bool) -> None:
    """Writes an array with its pyramid through a Zarr store: for backends without an engine handle."""
    make = segmentation_pyramid if labels else volume_pyramid
    write_ome_zarr_3d(store, make(data, voxel_size, levels, dtype=data.dtype), channel_axis=data.ndim == 4)


def get_multiscales(zarr_group: Any) -> List[Dict[str, Any]]:
    """The images that an OME-Zarr group describes, 0.4 or 0.5. KeyError when it describes none."""
    attributes = dict(zarr_group.attrs)
    found = attributes.get("multiscales") or (attributes.get("ome") or {}).get("multiscales")
    if not found:
        raise NotFoundError("cannot read the levels of a Zarr group: its attributes have no multiscales")
    return found


def get_level_path(zarr_group: Any, level: int) -> str:
    """The path of a level, 0 the full resolution, as the metadata say. ValueError when there is no such level."""
    datasets = get_multiscales(zarr_group)[0]["datasets"]
    if not 0 <= level < len(datasets):
        raise ValidationError(f"Level {level} not found in Zarr store (max: {len(datasets) - 1})")
    return datasets[level]["path"]


def iter_chunk_slices(shape: Tuple[int, ...], chunks: Tuple[int, ...]) -> Iterator[Tuple[slice, ...]]:
    """The regions of an array that are its chunks, the last axis running fastest.

    >>> list(iter_chunk_slices((3, 2), (2, 2)))
    [(slice(0, 2, None), slice(0, 2, None)), (slice(2, 3, None), slice(0, 2, None))]
    """
    if len(shape) != len(chunks):
        raise ValidationError(f"cannot cut {len(shape)} axes into chunks of {len(chunks)}")
    for corner in product(*(range(0, length, chunk) for length, chunk in zip(shape, chunks))):
        yield tuple(slice(at, min(at + chunk, length)) for at, chunk, length in zip(corner, chunks, shape))


def padded_shard_shape(shape: Tuple[int, ...], chunks: Tuple[int, ...]) -> Tuple[int, ...]:
    """The smallest shard of whole chunks that holds an array.

    >>> padded_shard_shape((300, 128, 1), (128, 128, 128))
    (384, 128, 128)
    """
    if len(shape) != len(chunks):
        raise ValidationError(f"cannot fill a shard of {len(shape)} axes with chunks of {len(chunks)}")
    return tuple(-(-length // chunk) * chunk for length, chunk in zip(shape, chunks))


def get_voxel_size_from_zarr(zarr_group: Any) -> float:
    """Angstrom per voxel that an OME-Zarr group says. ValueError when it says none."""
    image = get_multiscales(zarr_group)[0]
    units = [axis.get("unit") for axis in image["axes"] if axis.get("type") == "space"]
    unit = _ANGSTROM_PER.get((units or [None])[0] or "angstrom", 1.0)
    for transformation in image["datasets"][0]["coordinateTransformations"]:
        if transformation["type"] == "scale":
            return float(transformation["scale"][-3:][0]) * unit
    raise ValidationError("No scale transformation found in coordinate transformations")


def fits_in_memory(array: Any, slices: Tuple[slice, ...]) -> Tuple[bool, int, int]:
    """(whether a region fits the free memory, bytes it takes, bytes that are free)."""
    requested = array.dtype.itemsize
    for length, part in zip(array.shape, slices):
        requested *= len(range(*part.indices(length)))
    available = free_memory()
    available = requested + 1 if available is None else available
    return requested < available, requested, available
