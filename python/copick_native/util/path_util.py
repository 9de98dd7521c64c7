"""What a file is by its name, and volumes read whole."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple, Union

from copick_native.errors import ValidationError

if TYPE_CHECKING:
    import numpy as np

_VOLUMES = {"mrc": "mrc", "map": "mrc", "rec": "mrc", "st": "mrc", "zarr": "zarr", "tif": "tiff", "tiff": "tiff", "em": "em"}
_PICKS = {"star": "star", "csv": "csv", "tbl": "dynamo", "dynamo": "dynamo", "em": "em"}


def _by_extension(path: str, known: Dict[str, str]) -> Optional[str]:
    name = path.lower().rstrip("/")
    for packed in (".gz", ".bz2"):
        name = name.removesuffix(packed)
    return known.get(name.rsplit(".", 1)[-1])


def get_format_from_extension(path: str) -> Union[str, None]:
    """"mrc" or "zarr" by a file's extension, or None."""
    kind = _by_extension(path, _VOLUMES)
    return kind if kind in ("mrc", "zarr") else None


def volume_format(path_or_name: str) -> Optional[str]:
    """"mrc", "zarr", "tiff" or "em" of a file or a format's own name."""
    return _by_extension(path_or_name, _VOLUMES)


def picks_format(path_or_name: str) -> Optional[str]:
    """"star", "csv", "dynamo" or "em" of a file or a format's own name."""
    return _by_extension(path_or_name, _PICKS)


def read_volume(path: str, kind: str) -> Tuple["np.ndarray", Optional[float]]:
    """(array (z, y, x), angstrom per voxel or None) of a whole file."""
    import numpy as np

    from copick_native import _core

    found: Any = _core.read_volume_file(path, kind)
    memory, dtype, shape, voxel_size = found
    return np.frombuffer(memory, dtype=dtype).reshape(shape), voxel_size


def get_data_from_file(path: str, file_format: str) -> Tuple["np.ndarray", Optional[float]]:
    """(array, angstrom per voxel) of an MRC file or a Zarr image."""
    if file_format not in ("mrc", "zarr"):
        raise ValidationError(f"Unsupported file format: {file_format}")
    return read_volume(path, file_format)


def prepare_runs_from_paths(
    root: Any,
    paths: List[str],
    input_run: str,
    run_regex: str = r"(.*)",
    run_name_prefix: str = "",
    create: bool = True,
    logger: Any = None,
) -> Dict[str, str]:
    """Files by run, one each: the run is ``input_run``, or follows from the file's name.

    Args:
        run_regex: Searched in the name; its first group is the run.
        run_name_prefix: Put before it.
        create: Make the runs that do not exist.
    """
    files: Dict[str, str] = {}
    for path in paths:
        stem = input_run or os.path.basename(path).rsplit(".", 1)[0]
        found = re.search(run_regex, stem)
        name = f"{run_name_prefix}{found.group(1)}" if found else None
        if name is None or name in files:
            if logger:
                why = f"does not match {run_regex}" if name is None else f"has {files[name]} already"
                logger.warning(f"Run name {stem} {why}. Skipping {path}.")
            continue
        files[name] = path
    for name in files:
        if root.get_run(name) is None:
            if create:
                root.new_run(name)
            if logger:
                logger.info(f"Created run: {name}" if create else f"Run {name} does not exist and create=False")
    return files
