"""Taking what URIs name out of one run, or of many, into files named after it.

What cannot be exported is told in a message and the rest goes on.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Literal, Optional

from copick_native.errors import UnsupportedError, ValidationError
from copick_native.ops._export_one import export_picks, export_segmentation, export_tomogram

if TYPE_CHECKING:
    from copick_native.models import CopickPicks, CopickRun, CopickSegmentation, CopickTomogram

_logger = logging.getLogger("copick_native")
_PICKS_ENDINGS = {"em": ".em", "star": ".star", "dynamo": ".tbl", "csv": ".csv"}
_VOLUME_ENDINGS = {"mrc": ".mrc", "tiff": ".tiff", "zarr": ".zarr"}


def export_run(
    run: "CopickRun",
    output_dir: str,
    picks_uri: Optional[str] = None,
    segmentation_uri: Optional[str] = None,
    tomogram_uri: Optional[str] = None,
    output_format: str = None,  # type: ignore[assignment]
    voxel_spacing: Optional[float] = None,
    level: int = 0,
    compression: Optional[str] = None,
    include_optics: bool = True,
    run_to_index: Optional[Dict[str, int]] = None,
    log: bool = False,
    tilt_series_pixel_size: Optional[float] = None,
    tomograms_star: Optional[str] = None,
    filament_columns: str = "auto",
    channel: Optional[str] = None,
    polarity_from_filaments: bool = True,
    filaments_uri: Optional[str] = None,
    tomo_type: Optional[str] = None,
    coordinates: str = "auto",
    filament_angles: Literal["frame", "pose"] = "frame",
    half_sets: Literal[None, "filament"] = None,
) -> Dict[str, Any]:
    """Writes what the URIs name of one run, into files below ``output_dir``.

    Picks become ``RUN_OBJECT_USER_SESSION.csv``, volumes ``RUN/VoxelSpacing10.000/TYPE.mrc`` and
    ``RUN/Segmentations/NAME_USER_SESSION.mrc``, with the ending of the format.

    Args:
        output_format: Of :func:`export_picks` or :func:`export_tomogram`, for all.
        channel: Only ``None``: of a panoptic segmentation, write ``numpy(channel=...)`` yourself, or a Zarr.
        Others: As of :func:`export_picks` and :func:`export_tomogram`.

    Returns:
        How many "picks", "segmentations" and "tomograms" were written, and the messages of the "errors".
    """
    from copick_native.util.uri import resolve_copick_objects

    done: Dict[str, Any] = {"picks": 0, "segmentations": 0, "tomograms": 0, "errors": []}

    def failed(what: str, error: Exception) -> None:
        done["errors"].append(f"Error exporting {what}: {error}")
        if log:
            _logger.error("Error exporting %s from %s: %s", what, run.name, error)

    def each(uri: Optional[str], kind: str, what: str, write: Callable[[Any], Any]) -> None:
        entities: List[Any] = []
        try:
            if uri:
                entities = resolve_copick_objects(uri, run.root, kind, run.name)
        except Exception as error:
            failed(what, error)
        for entity in entities:
            try:
                write(entity)
                done[what] += 1
            except Exception as error:
                failed(what, error)

    def write_picks(picks: "CopickPicks") -> None:
        name = f"{run.name}_{picks.pickable_object_name}_{picks.user_id}_{picks.session_id}"
        export_picks(
            picks, _made(output_dir, name + _PICKS_ENDINGS.get(output_format, ".csv")), output_format, voxel_spacing,
            include_optics, run.name, (run_to_index or {}).get(run.name, 1), log, tilt_series_pixel_size,
            tomograms_star, filament_columns, polarity_from_filaments, filaments_uri, tomo_type, coordinates,
            filament_angles, half_sets,
        )  # fmt: skip

    def write_segmentation(segmentation: "CopickSegmentation") -> None:
        if segmentation.is_panoptic and output_format != "zarr":
            raise UnsupportedError(
                f"cannot export {segmentation!r}: one {output_format} file holds one channel; export a Zarr, or write "
                "numpy(channel=...) yourself"
            )
        name = f"{segmentation.name}_{segmentation.user_id}_{segmentation.session_id}"
        folder = os.path.join(output_dir, run.name, segmentation.directory)
        path = _made(folder, name + _VOLUME_ENDINGS.get(output_format, ".zarr"))
        export_segmentation(segmentation, path, output_format, level=level, compression=compression, log=log)

    def write_tomogram(tomogram: "CopickTomogram") -> None:
        folder = os.path.join(output_dir, run.name, f"VoxelSpacing{tomogram.voxel_spacing.voxel_size:.3f}")
        path = _made(folder, tomogram.tomo_type + _VOLUME_ENDINGS.get(output_format, ".zarr"))
        export_tomogram(tomogram, path, output_format, level=level, compression=compression, log=log)

    each(picks_uri, "picks", "picks", write_picks)
    each(segmentation_uri, "segmentation", "segmentations", write_segmentation)
    each(tomogram_uri, "tomogram", "tomograms", write_tomogram)
    return done


def _made(folder: str, name: str) -> str:
    """The path, in a folder that is there."""
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, name)


def export(
    config: str,
    output_dir: str,
    run_names: Optional[List[str]] = None,
    picks_uri: Optional[str] = None,
    segmentation_uri: Optional[str] = None,
    tomogram_uri: Optional[str] = None,
    output_format: str = None,  # type: ignore[assignment]
    voxel_spacing: Optional[float] = None,
    level: int = 0,
    compression: Optional[str] = None,
    include_optics: bool = True,
    run_to_index: Optional[Dict[str, int]] = None,
    n_workers: int = 8,
    log: bool = False,
    tilt_series_pixel_size: Optional[float] = None,
    tomograms_star: Optional[str] = None,
    filament_columns: str = "auto",
    channel: Optional[str] = None,
    polarity_from_filaments: bool = True,
    filaments_uri: Optional[str] = None,
    tomo_type: Optional[str] = None,
    coordinates: str = "auto",
    filament_angles: Literal["frame", "pose"] = "frame",
    half_sets: Literal[None, "filament"] = None,
) -> List[str]:
    """:func:`export_run` of the runs named, or of all, several at a time.

    Args:
        n_workers: Runs at a time.

    Returns:
        The messages of what could not be exported.

    Raises:
        ValueError: Options that exclude each other, or a run that is not there.
    """
    from copick_native.ops.open import from_file
    from copick_native.ops.run import map_runs

    if filaments_uri is not None and not polarity_from_filaments:
        raise ValidationError(
            "cannot export: filaments_uri names a source of polarity, but polarity_from_filaments is False; leave one out"
        )
    if half_sets == "filament" and filament_columns == "off":
        raise ValidationError(
            "cannot export: half_sets='filament' needs filament columns, but filament_columns is 'off'; leave one out"
        )
    root = from_file(config)
    found = {name: root.get_run(name) for name in run_names or ()}
    if missing := [name for name, run in found.items() if run is None]:
        raise ValidationError(f"cannot export: no run is named {', '.join(map(repr, missing))}")
    runs = root.runs if run_names is None else [run for run in found.values() if run is not None]
    results = map_runs(
        export_run, root, runs, n_workers, task_desc="Exporting data", output_dir=output_dir, picks_uri=picks_uri,
        segmentation_uri=segmentation_uri, tomogram_uri=tomogram_uri, output_format=output_format,
        voxel_spacing=voxel_spacing, level=level, compression=compression, include_optics=include_optics,
        run_to_index=run_to_index, log=log, tilt_series_pixel_size=tilt_series_pixel_size,
        tomograms_star=tomograms_star, filament_columns=filament_columns, channel=channel,
        polarity_from_filaments=polarity_from_filaments, filaments_uri=filaments_uri, tomo_type=tomo_type,
        coordinates=coordinates, filament_angles=filament_angles, half_sets=half_sets,
    )  # fmt: skip
    errors: List[str] = []
    for name, done in results.items():
        errors += done["errors"] if done else [f"Error exporting {name}: see the log"]
    for error in errors:
        _logger.error("%s", error)
    return errors
