"""Taking one entity out of a project, into a file of another program."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, List, Literal, Optional, Union

from copick_native.errors import UnsupportedError, ValidationError

if TYPE_CHECKING:
    from copick_native.models import CopickPicks, CopickRoot, CopickSegmentation, CopickTomogram

_logger = logging.getLogger("copick_native")


def _engine(entity: Any, root: Any) -> Any:
    engine = getattr(root, "engine_with_config", None)
    if engine is None:
        raise UnsupportedError(f"cannot export {entity!r}: it is of a backend without the engine")
    return engine()


def _written(path: str, log: bool) -> str:
    if log:
        _logger.info("Exported to %s", path)
    return path


def export_picks(
    picks: "CopickPicks",
    output_path: str,
    output_format: str,
    voxel_spacing: Optional[float] = None,
    include_optics: bool = True,
    run_name: Optional[str] = None,
    tomogram_index: int = 1,
    log: bool = False,
    tilt_series_pixel_size: Optional[float] = None,
    tomograms_star: Optional[str] = None,
    filament_columns: str = "auto",
    polarity_from_filaments: bool = True,
    filaments_uri: Optional[str] = None,
    tomo_type: Optional[str] = None,
    coordinates: str = "auto",
    filament_angles: Literal["frame", "pose"] = "frame",
    half_sets: Literal[None, "filament"] = None,
) -> str:
    """Writes picks as "star" or "csv" and gives the path. A file that was there is replaced when all is written.

    Args:
        voxel_spacing: STAR: angstrom of the tomogram that gives the centre.
        include_optics: STAR: with the optics table.
        Others: STAR; see docs/format/star.md.

    Raises:
        NotImplementedError: "em" and "dynamo".
        ValueError: another format, or the voxel spacing is missing.
    """
    return _export_many(
        [picks], output_path, output_format, voxel_spacing, include_optics, log, tilt_series_pixel_size,
        tomograms_star, filament_columns, polarity_from_filaments, filaments_uri, tomo_type, coordinates,
        filament_angles, half_sets,
    )  # fmt: skip


def _export_many(
    picks: List["CopickPicks"],
    path: str,
    output_format: str,
    voxel_spacing: Optional[float],
    include_optics: bool,
    log: bool,
    tilt_series_pixel_size: Optional[float],
    tomograms_star: Optional[str],
    filament_columns: str,
    polarity_from_filaments: bool,
    filaments_uri: Optional[str],
    tomo_type: Optional[str],
    coordinates: str,
    filament_angles: str,
    half_sets: Optional[str],
) -> str:
    from copick_native import _core

    kind = output_format.lower()
    if kind in ("em", "dynamo"):
        raise UnsupportedError(f"cannot export picks: {kind} files are not offered by this version")
    if kind not in ("star", "csv"):
        raise ValidationError(f"Unsupported output format: {output_format}")
    if kind == "star" and voxel_spacing is None:
        raise ValidationError("voxel_spacing is required for STAR export")
    for entity in picks:
        entity._ensure_loaded()
    stored: List[Any] = list(picks)
    text = _core.picks_text(
        _engine(picks, picks[0].run.root),
        [entity._file() for entity in stored],
        kind,
        voxel_spacing,
        tilt_series_pixel_size,
        tomograms_star or "",
        tomo_type or "",
        coordinates == "centered",
        include_optics,
        filament_columns,
        filament_angles,
        polarity_from_filaments,
        filaments_uri or "",
        half_sets == "filament",
    )
    _core.write_file(path, text.encode())
    return _written(path, log)


def export_picks_combined(
    config: Union[str, "CopickRoot"],
    output_file: str,
    picks_uri: str,
    output_format: str,
    voxel_spacing: Optional[float] = None,
    run_names: Optional[List[str]] = None,
    run_to_index: Any = None,
    include_optics: bool = True,
    log: bool = False,
    tilt_series_pixel_size: Optional[float] = None,
    tomograms_star: Optional[str] = None,
    filament_columns: str = "auto",
    polarity_from_filaments: bool = True,
    filaments_uri: Optional[str] = None,
    tomo_type: Optional[str] = None,
    coordinates: str = "auto",
    star_layout: str = "particles",
    filament_angles: Literal["frame", "pose"] = "frame",
    half_sets: Literal[None, "filament"] = None,
) -> str:
    """Writes the picks that a URI names, of many runs, as one file. Arguments as of :func:`export_picks`."""
    from copick_native.ops.open import from_file
    from copick_native.util.uri import resolve_copick_objects

    if star_layout != "particles":
        raise UnsupportedError(f"cannot export picks: the layout '{star_layout}' is not offered by this version")
    root = from_file(config) if isinstance(config, str) else config
    picks = [p for p in resolve_copick_objects(picks_uri, root, "picks") if not run_names or p.run.name in run_names]
    if not picks:
        raise ValidationError(f"No picks found matching URI: {picks_uri}")
    return _export_many(
        picks, output_file, output_format, voxel_spacing, include_optics, log, tilt_series_pixel_size, tomograms_star,
        filament_columns, polarity_from_filaments, filaments_uri, tomo_type, coordinates, filament_angles, half_sets,
    )  # fmt: skip


def _export_volume(entity: Any, root: Any, path: str, output_format: str, level: int, log: bool, **options: Any) -> str:
    from copick_native import _core

    kind = output_format.lower()
    engine, core = _engine(entity, root), entity._require_native("export").core
    if kind == "mrc":
        _core.export_mrc(core, path, level)
    elif kind == "npy":
        _core.export_npy(core, path, level)
    elif kind == "zarr":
        _core.export_zarr(engine, core, path, True)
    elif kind == "tiff" and options.get("compression") is None:
        _core.export_tiff(core, path, level)
    elif kind == "tiff":
        _write_compressed_tiff(entity, path, level, options["compression"])
    elif kind == "em":
        raise UnsupportedError("cannot export a volume: EM files are not offered by this version")
    else:
        raise ValidationError(f"Unsupported output format: {output_format}")
    return _written(path, log)


def _write_compressed_tiff(entity: Any, path: str, level: int, compression: str) -> None:
    try:
        import tifffile
    except ImportError:
        raise UnsupportedError("cannot write a compressed TIFF: tifffile is not installed; pip install tifffile") from None
    staged = f"{path}.part"
    try:
        tifffile.imwrite(staged, entity.level(level)[...], compression=compression)
        os.replace(staged, path)
    finally:
        if os.path.exists(staged):
            os.remove(staged)


def export_tomogram(
    tomogram: "CopickTomogram",
    output_path: str,
    output_format: str,
    level: int = 0,
    compression: Optional[str] = None,
    copy_all_levels: bool = True,
    log: bool = False,
) -> str:
    """Writes a tomogram as "mrc", "tiff" (compressed with tifffile), "npy" or "zarr" and gives the path.

    Args:
        level: 0 is the full resolution; a Zarr copy has all levels.
        compression: Of a TIFF.
    """
    root = tomogram.voxel_spacing.run.root
    return _export_volume(tomogram, root, output_path, output_format, level, log, compression=compression)


def export_segmentation(
    segmentation: "CopickSegmentation",
    output_path: str,
    output_format: str,
    level: int = 0,
    compression: Optional[str] = None,
    copy_all_levels: bool = True,
    log: bool = False,
) -> str:
    """Writes a segmentation; formats as of :func:`export_tomogram`."""
    root = segmentation.run.root
    return _export_volume(segmentation, root, output_path, output_format, level, log, compression=compression)
