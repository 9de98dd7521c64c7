"""Picks as RELION tables: the columns of a STAR file in a pandas DataFrame."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any, Literal, Optional, Tuple, Union

from copick_native.errors import UnsupportedError, ValidationError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from copick_native.models import CopickPicks

_COORDINATES = tuple(
    tuple(stem.format(axis) for axis in "XYZ") for stem in ("rlnCenteredCoordinate{}Angst", "rlnCoordinate{}")
)


def normalize_transforms(picks: "CopickPicks", eps: float = 1e-8) -> "np.ndarray":
    """(N, 4, 4) transforms whose rotation columns have length 1."""
    import numpy as np

    _, transforms = picks.numpy()
    lengths = np.linalg.norm(transforms[:, :3, :3], axis=1, keepdims=True)
    transforms[:, :3, :3] /= np.where(lengths < eps, 1.0, lengths)
    return transforms


def get_tomogram_spacing_and_dimensions(
    picks: "CopickPicks",
    only_voxel_size: bool = False,
) -> Tuple[float, Optional[int], Optional[int], Optional[int]]:
    """(voxel size, x, y, z): the finest spacing of the run, and the voxels of its first tomogram.

    ``only_voxel_size`` gives None for the others. ValueError when the run has none.
    """
    spacings = [s for s in picks.run.voxel_spacings if only_voxel_size or s.tomograms]
    if not spacings:
        raise ValidationError(f"cannot tell the size of run '{picks.run.name}': it has no tomogram")
    finest = min(spacings, key=lambda spacing: spacing.voxel_size)
    if only_voxel_size:
        return finest.voxel_size, None, None, None
    z, y, x = finest.tomograms[0].array.shape
    return finest.voxel_size, x, y, z


def copick_tomogram_center(
    picks: "CopickPicks",
    voxel_spacing: Optional[float] = None,
    tomo_type: Optional[str] = None,
) -> Optional[Tuple[float, float, float]]:
    """Centre x, y, z of the run's tomogram in angstrom, or None: at ``voxel_spacing`` if it has one there, else at
    the finest spacing; of type ``tomo_type`` if given."""
    spacings = sorted(picks.run.voxel_spacings, key=lambda spacing: spacing.voxel_size)
    if voxel_spacing is not None:
        spacings.sort(key=lambda spacing: abs(spacing.voxel_size - voxel_spacing) > 5e-4)
        if tomo_type is not None:
            spacings = spacings[:1]
    for spacing in spacings:
        found = [t for t in spacing.tomograms if tomo_type is None or t.tomo_type == tomo_type]
        if found:
            z, y, x = found[0].array.shape
            size = spacing.voxel_size
            return (x / 2 * size, y / 2 * size, z / 2 * size)
    return None


def is_filament_export(picks: "CopickPicks", filament: Union[bool, str]) -> bool:
    """Whether RELION's filament columns are written: as said, or ("auto") for objects declared a filament."""
    if isinstance(filament, bool):
        return filament
    if filament != "auto":
        raise ValidationError(f"filament must be True, False or 'auto', not {filament!r}")
    pickable = picks.run.root.get_object(picks.pickable_object_name)
    return pickable is not None and pickable.is_filament


def relion_instance_ids(df: "pd.DataFrame") -> Optional["np.ndarray"]:
    """Filament ids (rlnHelicalTubeID) of a table, or None."""
    return df["rlnHelicalTubeID"].to_numpy().astype("int64") if "rlnHelicalTubeID" in df.columns else None


def _spacing_with_tomograms(picks: "CopickPicks") -> Optional[float]:
    """The smallest voxel size of the run at which it has tomograms, else the smallest there is."""
    spacings = sorted(picks.run.voxel_spacings, key=lambda spacing: spacing.voxel_size)
    sizes = [spacing.voxel_size for spacing in spacings if spacing.tomograms] or [s.voxel_size for s in spacings]
    return sizes[0] if sizes else None


def _engine_of(picks: "CopickPicks") -> Any:
    engine = getattr(picks.run.root, "engine_with_config", None)
    if engine is None or not hasattr(picks, "_file"):
        raise UnsupportedError("cannot make a RELION table: these picks are of a backend without the engine")
    return engine()


def picks_to_df_relion(
    picks: "CopickPicks",
    *,
    voxel_spacing: Optional[float] = None,
    tilt_series_pixel_size: Optional[float] = None,
    tomogram_center: Optional[Tuple[float, float, float]] = None,
    filament: Union[bool, str] = "auto",
    polarity_known: Any = False,
    tomo_type: Optional[str] = None,
    coordinates: str = "auto",
    filament_angles: Literal["frame", "pose"] = "frame",
    half_sets: Literal[None, "filament"] = None,
) -> "pd.DataFrame":
    """The points as a table of RELION columns; lengths and shifts in angstrom, angles in degrees.

    Args:
        voxel_spacing: Of the tomogram that gives the centre, angstrom; default the finest that the run has.
        tilt_series_pixel_size: Angstrom; adds coordinates in pixels of the tilt series.
        filament: True, False, or "auto": by the object's declaration.
        tomo_type: Of the tomogram that gives the centre.
        coordinates: "auto", or "centered": nothing but centred ones.
        filament_angles: "frame" or "pose".
        half_sets: "filament" adds half sets of whole filaments.
    """
    if tomogram_center is not None or polarity_known is not False:
        raise UnsupportedError("cannot make a RELION table: tomogram_center and polarity_known are not offered yet")
    import pandas as pd

    from copick_native import _core

    columns = "on" if filament is True else "off" if filament is False else "auto"
    picks._ensure_loaded()
    stored: Any = picks
    text = _core.picks_text(
        _engine_of(picks),
        [stored._file()],
        "star",
        voxel_spacing if voxel_spacing is not None else _spacing_with_tomograms(picks),
        tilt_series_pixel_size,
        tomo_type=tomo_type or "",
        centred_only=coordinates == "centered",
        optics=False,
        filament_columns=columns,
        filament_angles=filament_angles,
        polarity_from_filaments=False,
        half_sets=half_sets == "filament",
    )
    names, rows = star_table(text, "particles")
    table = pd.DataFrame(rows, columns=names)
    return table.apply(_as_numbers)


def _as_numbers(column: "pd.Series") -> "pd.Series":
    import pandas as pd

    try:
        return pd.to_numeric(column)
    except (ValueError, TypeError):
        return column


def star_table(text: str, wanted: str) -> Tuple[list, list]:
    """(column names, rows of texts) of a loop in STAR text that holds no quoted values."""
    names: list = []
    rows: list = []
    inside = False
    for line in text.splitlines():
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        if words[0].startswith("data_"):
            inside = words[0] in (f"data_{wanted}", "data_")
        elif inside and words[0].startswith("_"):
            names.append(words[0][1:])
        elif inside and words[0] != "loop_":
            rows.append(words)
    return names, rows


def _star_text(df: "pd.DataFrame", name: str) -> str:
    lines = ["", f"data_{name}", "", "loop_", *(f"_{column}" for column in df.columns)]
    lines += [" ".join(str(value) for value in row) for row in df.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def relion_df_to_picks(
    picks: "CopickPicks",
    df: "pd.DataFrame",
    *,
    optics: Optional["pd.DataFrame"] = None,
    tilt_series_pixel_size: Optional[float] = None,
    tomogram_center: Optional[Tuple[float, float, float]] = None,
    relion_version: Optional[str] = None,
) -> None:
    """Replaces the points by the rows of a RELION table, all of this run, and stores them.

    Args:
        optics: The STAR file's optics table.
        tilt_series_pixel_size: Angstrom; unit of pixel coordinates.
        relion_version: "relion5" takes centred coordinates, "relion4" pixels.
    """
    if not any(set(columns) <= set(df.columns) for columns in _COORDINATES):
        raise ValidationError("DataFrame does not contain required RELION columns.")
    if tomogram_center is not None:
        raise UnsupportedError("cannot read a RELION table: tomogram_center is not offered yet")
    from copick_native import _core

    table = df.assign(rlnTomoName=picks.run.name)
    text = ("" if optics is None else _star_text(optics, "optics")) + _star_text(table, "particles")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.star")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        _core.import_picks(
            _engine_of(picks), path, picks.pickable_object_name, "", picks.run.name, picks.user_id, picks.session_id,
            "star", _spacing_with_tomograms(picks), tilt_series_pixel_size, "", relion_version or "", False, True,
        )  # fmt: skip
    picks.load()
