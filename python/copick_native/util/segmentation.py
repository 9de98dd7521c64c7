"""Kinds of segmentations, their names in storage, and label types that never lose a value."""

from __future__ import annotations

from copick_native.errors import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional, Union

    import numpy as np

SEGMENTATION_TYPES = ("binary", "multilabel", "instance", "panoptic")
"""binary: one object, 1 inside. multilabel: the label of each voxel's object. instance: one object, its instances
numbered. panoptic: two channels, label and instance."""
PANOPTIC_CHANNELS = ("label", "instance")
SEGMENTATION_DIRECTORIES = {
    "binary": "Segmentations",
    "multilabel": "Segmentations",
    "instance": "InstanceSegmentations",
    "panoptic": "PanopticSegmentations",
}
SEGMENTATION_TYPE_FILTERS = (*SEGMENTATION_TYPES, "all")
RESERVED_NAME_SUFFIXES = ("-multilabel",)
"""Endings of names that a store's name would take for its kind."""

_UNSIGNED = ("uint8", "uint16", "uint32", "uint64")


def segmentation_type(is_multilabel: bool, is_instance: bool, is_panoptic: bool = False) -> str:
    """The kind that the flags say; ValueError when more than one is set.

    >>> segmentation_type(False, True)
    'instance'
    """
    if bool(is_multilabel) + bool(is_instance) + bool(is_panoptic) > 1:
        raise ValidationError("a segmentation is of one kind: multilabel, instance or panoptic")
    return "multilabel" if is_multilabel else "instance" if is_instance else "panoptic" if is_panoptic else "binary"


def segmentation_directory(is_multilabel: bool = False, is_instance: bool = False, is_panoptic: bool = False) -> str:
    """The folder of a run that holds segmentations of this kind."""
    return SEGMENTATION_DIRECTORIES[segmentation_type(is_multilabel, is_instance, is_panoptic)]


def segmentation_type_query(segmentation_type: Optional[str] = None) -> Dict[str, Optional[bool]]:
    """The arguments of ``get_segmentations`` that select a kind; None: binary and multilabel, "all": every kind."""
    if segmentation_type is None:
        return {"is_multilabel": None, "is_instance": False, "is_panoptic": False}
    kind = segmentation_type.lower()
    if kind == "all":
        return {"is_multilabel": None, "is_instance": None, "is_panoptic": None}
    if kind not in SEGMENTATION_TYPES:
        raise ValidationError(
            f"Unknown segmentation type {segmentation_type!r}; use one of {SEGMENTATION_TYPE_FILTERS}.",
        )
    return {f"is_{name}": kind == name for name in SEGMENTATION_TYPES[1:]}


def segmentation_store_name(
    voxel_size: float,
    user_id: str,
    session_id: str,
    name: str,
    *,
    is_multilabel: bool = False,
    is_instance: bool = False,
    is_panoptic: bool = False,
) -> str:
    """The name of its Zarr store.

    >>> segmentation_store_name(10.0, "alice", "1", "cells", is_multilabel=True)
    '10.000_alice_1_cells-multilabel.zarr'
    """
    multilabel = segmentation_type(is_multilabel, is_instance, is_panoptic) == "multilabel"
    return f"{voxel_size:.3f}_{user_id}_{session_id}_{name}{RESERVED_NAME_SUFFIXES[0] if multilabel else ''}.zarr"


def parse_segmentation_store_name(store_name: str, directory: str = "Segmentations") -> Optional[Dict[str, Any]]:
    """Identity fields of a store's name, or None when it is no segmentation's."""
    kinds = {folder: kind for kind, folder in SEGMENTATION_DIRECTORIES.items() if kind != "multilabel"}
    if directory not in kinds:
        raise ValidationError(f"{directory} is not a segmentation directory.")
    kind = kinds[directory]
    parts = store_name.removesuffix(".zarr").split("_", 3)
    if len(parts) != 4:
        return None
    size, user_id, session_id, name = parts
    try:
        voxel_size = float(size)
    except ValueError:
        return None
    if kind == "binary" and name.endswith(RESERVED_NAME_SUFFIXES[0]):
        kind, name = "multilabel", name.removesuffix(RESERVED_NAME_SUFFIXES[0])
    if not (user_id and session_id and name):
        return None
    identity = {"voxel_size": voxel_size, "user_id": user_id, "session_id": session_id, "name": name}
    return {**identity, **{f"is_{other}": kind == other for other in SEGMENTATION_TYPES[1:]}}


def list_segmentation_stores(fs: Any, run_path: str) -> List[Dict[str, Any]]:
    """Identities of all segmentations below a run's folder of an fsspec file system."""
    found = []
    for directory in dict.fromkeys(SEGMENTATION_DIRECTORIES.values()):
        try:
            entries = fs.ls(f"{run_path}/{directory}", detail=True)
        except FileNotFoundError:
            continue
        for entry in sorted(entries, key=lambda entry: entry["name"]):
            name = entry["name"].rstrip("/").rsplit("/", 1)[-1]
            if entry["type"] == "file" or name.startswith(".") or not name.endswith(".zarr"):
                continue
            fields = parse_segmentation_store_name(name, directory)
            if fields is not None:
                found.append(fields)
    return found


# --- label values ---


def _range_of(data: "np.ndarray") -> tuple:
    """(lowest, highest) label; refuses what is no whole number."""
    import numpy as np

    if data.size == 0:
        return 0, 0
    if data.dtype.kind not in "biuf":
        raise ValidationError(f"Segmentation data must be integer, boolean or integral floating point, not {data.dtype}.")
    if data.dtype.kind == "f":
        if not np.all(np.isfinite(data)):
            raise ValidationError("Segmentation values must be finite; found NaN or infinity.")
        if np.any(data != np.floor(data)):
            raise ValidationError("Segmentation values must be integers; found non-integral floating-point values.")
    return int(data.min()), int(data.max())


def label_dtype(data: "np.ndarray", floor: Any = "uint8") -> "np.dtype":
    """The smallest unsigned type, no narrower than ``floor``, that holds every label.

    Raises:
        ValueError: a label is negative, no whole number, or above uint64.
    """
    import numpy as np

    low, high = _range_of(np.asarray(data))
    if low < 0:
        raise ValidationError(
            f"Segmentation values must be non-negative, found {low}. Give a signed dtype to store negative labels.",
        )
    for candidate in map(np.dtype, _UNSIGNED):
        if candidate.itemsize >= np.dtype(floor).itemsize and high <= np.iinfo(candidate).max:
            return candidate
    raise ValidationError(f"Segmentation value {high} does not fit any unsigned integer dtype.")


def checked_label_cast(data: "np.ndarray", dtype: Any) -> "np.ndarray":
    """Labels as another type, no copy where it is the same; ValueError when a label would change."""
    import numpy as np

    data = np.asarray(data)
    if dtype is None or data.dtype == np.dtype(dtype):
        return data
    dtype = np.dtype(dtype)
    if dtype.kind == "f" and data.dtype.kind == "f":
        return data.astype(dtype, copy=False)
    low, high = _range_of(data)
    if dtype.kind == "f":
        limits = -(2 ** (np.finfo(dtype).nmant + 1)), 2 ** (np.finfo(dtype).nmant + 1)
    elif dtype.kind == "b":
        limits = 0, 1
    elif dtype.kind in "iu":
        limits = np.iinfo(dtype).min, np.iinfo(dtype).max
    else:
        raise ValidationError(f"Unsupported segmentation dtype {dtype}.")
    if low < limits[0] or high > limits[1]:
        raise ValidationError(
            f"Segmentation values in [{low}, {high}] do not fit {dtype} ([{limits[0]}, {limits[1]}]). Give a wider "
            "dtype, or dtype=None to have one chosen.",
        )
    return data.astype(dtype, copy=False)


def panoptic_channel_index(channel: Union[str, int]) -> int:
    """0 or 1 of a panoptic channel given by name or index."""
    if isinstance(channel, str) and channel in PANOPTIC_CHANNELS:
        return PANOPTIC_CHANNELS.index(channel)
    if not isinstance(channel, (bool, str)) and channel in (0, 1):
        return int(channel)
    raise ValidationError(f"Unknown panoptic channel {channel!r}; use one of {PANOPTIC_CHANNELS} or 0/1.")


def check_panoptic_values(labels: "np.ndarray", instances: "np.ndarray", known_labels: Iterable[Optional[int]]) -> None:
    """ValueError when a label belongs to no object, or an instance stands where the label is 0."""
    import numpy as np

    unknown = sorted(set(np.unique(labels).tolist()) - {0} - set(known_labels))
    if unknown:
        raise ValidationError(f"Panoptic label channel holds {unknown}, which no pickable object has as its label.")
    stray = int(np.count_nonzero((labels == 0) & (instances != 0)))
    if stray:
        raise ValidationError(f"{stray} background voxels (label 0) carry an instance ID; instances belong to an object.")
