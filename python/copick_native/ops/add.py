"""Bringing arrays and files into a project."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple, Union

from copick_native.errors import ConflictError, UnsupportedError, ValidationError
from copick_native.models import (
    CopickFeatures,
    CopickObject,
    CopickPicks,
    CopickRoot,
    CopickRun,
    CopickSegmentation,
    CopickTomogram,
    CopickVoxelSpacing,
    FilamentSpec,
)

if TYPE_CHECKING:
    import numpy as np

_logger = logging.getLogger("copick_native")


def add_run(root: CopickRoot, name: str, exist_ok: bool = False, log: bool = False) -> CopickRun:
    """A new run. ValueError when it exists, and not ``exist_ok``."""
    run = root.new_run(name, exist_ok)
    if log:
        _logger.info("Added run %s.", name)
    return run


def get_or_create_run(root: CopickRoot, name: str, create: bool = True, log: bool = False) -> CopickRun:
    """The run of that name; made when it does not exist, or ValueError unless ``create``."""
    run = root.get_run(name)
    if run is not None:
        return run
    if not create:
        raise ValidationError(f"Could not find run {name}.")
    return add_run(root, name, log=log)


def add_voxelspacing(
    root: CopickRoot,
    run: str,
    voxel_spacing: float,
    create: bool = True,
    exist_ok: bool = False,
    log: bool = False,
) -> CopickVoxelSpacing:
    """A new voxel spacing (angstrom) of a run, which is made unless ``create`` is off."""
    spacing = get_or_create_run(root, run, create=create, log=log).new_voxel_spacing(voxel_spacing, exist_ok)
    if log:
        _logger.info("Added voxel spacing %s to run %s.", voxel_spacing, run)
    return spacing


def get_or_create_voxelspacing(
    run: CopickRun,
    voxel_size: float,
    create: bool = True,
    log: bool = False,
) -> CopickVoxelSpacing:
    """The voxel spacing of that size; made when it does not exist, or ValueError unless ``create``."""
    spacing = run.get_voxel_spacing(voxel_size)
    if spacing is not None:
        return spacing
    if not create:
        raise ValidationError(f"Could not find voxel spacing {voxel_size} in run {run.name}.")
    return run.new_voxel_spacing(voxel_size, exist_ok=True)


def _axes(text: Optional[str]) -> Tuple[int, ...]:
    return tuple(int(axis) for axis in text.split(",")) if text else ()


def _turned(volume: "np.ndarray", transpose: Optional[str], flip: Optional[str]) -> "np.ndarray":
    """Axes permuted as "2,1,0" says, then those of `flip` reversed; no copy."""
    import numpy as np

    volume = np.asarray(volume)
    if transpose:
        volume = np.transpose(volume, _axes(transpose))
    return np.flip(volume, _axes(flip)) if flip else volume


def add_tomogram(
    root: CopickRoot,
    run: str,
    tomo_type: str,
    volume: Union["np.ndarray", Dict[float, "np.ndarray"]],
    voxel_spacing: Optional[float] = None,
    create: bool = True,
    exist_ok: bool = False,
    overwrite: bool = False,
    create_pyramid: bool = False,
    pyramid_levels: int = 3,
    chunks: Tuple[int, ...] = (256, 256, 256),
    transpose: Optional[str] = None,
    flip: Optional[str] = None,
    meta: Optional[Dict[str, Any]] = None,
    log: bool = False,
) -> CopickTomogram:
    """A new tomogram of an array (z, y, x).

    Args:
        volume: The array, or one for each voxel size: the finest is taken, coarser ones are made from it.
        voxel_spacing: Angstrom; needed for an array.
        create: Make run and voxel spacing.
        exist_ok, overwrite: Replace the tomogram that is there.
        create_pyramid: Store float32 with ``pyramid_levels`` levels; else one level of the array's own type.
        transpose, flip: "2,1,0" reverses the order of the axes; "0,2" reverses z and x afterwards.
        meta: Not kept.

    Raises:
        ValueError: it exists (and not ``exist_ok``), or no voxel size is known.
    """
    levels = pyramid_levels if create_pyramid else 1
    if isinstance(volume, dict):
        levels = levels if create_pyramid else len(volume)
        voxel_spacing = min(volume) if voxel_spacing is None else voxel_spacing
        if voxel_spacing not in volume:
            raise ValidationError(
                f"Voxel spacing {voxel_spacing} not found in provided pyramid (contains {list(volume)}).",
            )
        volume = volume[voxel_spacing]
    if voxel_spacing is None:
        raise ValidationError("Voxel spacing must be provided if volume is an array.")
    owner = get_or_create_run(root, run, create=create, log=log)
    spacing = get_or_create_voxelspacing(owner, voxel_spacing, create=create, log=log)
    tomogram = spacing.new_tomogram(tomo_type, exist_ok=exist_ok)
    dtype: Any = "float32" if create_pyramid else None  # None: the array's own
    tomogram.from_numpy(
        _turned(volume, transpose, flip),
        levels=levels,
        dtype=dtype,
        chunks=tuple(chunks),
    )
    if log:
        _logger.info("Added tomogram %s to run %s.", tomo_type, run)
    return tomogram


def add_features(
    root: CopickRoot,
    run: str,
    voxel_spacing: float,
    tomo_type: str,
    feature_type: str,
    features_vol: "np.ndarray",
    exist_ok: bool = False,
    overwrite: bool = False,
    chunks: Tuple[int, ...] = (256, 256, 256),
    meta: Optional[Dict[str, Any]] = None,
    log: bool = False,
    shards: Optional[Tuple[int, ...]] = None,
) -> CopickFeatures:
    """A new feature map, (z, y, x) or (feature, z, y, x), of a tomogram that exists.

    Args:
        shards: Stored as Zarr 3 in shards of that shape, as many axes as the data.
        Others: As of :func:`add_tomogram`.

    Raises:
        ValueError: it exists (and not ``exist_ok``), or there is no such run, spacing or tomogram.
    """
    owner = get_or_create_run(root, run, create=False)
    tomograms = get_or_create_voxelspacing(owner, voxel_spacing, create=False).get_tomograms(tomo_type)
    if not tomograms:
        raise ValidationError(f"Could not find tomogram {tomo_type} at {voxel_spacing} in run {run}.")
    features = tomograms[-1].new_features(feature_type, exist_ok=exist_ok)
    features.from_numpy(features_vol, chunks=tuple(chunks), shards=shards)
    if log:
        _logger.info("Added features %s to run %s.", feature_type, run)
    return features


def add_object(
    root: CopickRoot,
    name: str,
    is_particle: bool,
    label: Optional[int] = None,
    color: Optional[Tuple[int, int, int, int]] = None,
    emdb_id: Optional[str] = None,
    pdb_id: Optional[str] = None,
    identifier: Optional[str] = None,
    map_threshold: Optional[float] = None,
    radius: Optional[float] = None,
    volume: Optional["np.ndarray"] = None,
    voxel_size: Optional[float] = None,
    metadata: Optional[Dict[str, Any]] = None,
    exist_ok: bool = False,
    save_config: bool = False,
    config_path: Optional[str] = None,
    log: bool = False,
    filament: Union[FilamentSpec, Dict[str, Any], None] = None,
) -> CopickObject:
    """Adds an object to the config, with its density map ``volume`` (z, y, x; ``voxel_size`` in angstrom) if given.

    ``save_config`` writes the config to ``config_path``. Other arguments as of ``CopickRoot.new_object``.
    """
    if volume is not None and voxel_size is None:
        raise ValidationError("voxel_size must be provided if volume is provided.")
    if save_config and config_path is None:
        raise ValidationError("config_path must be provided if save_config is True.")
    made = root.new_object(
        name=name,
        is_particle=is_particle,
        label=label,
        color=color,
        emdb_id=emdb_id,
        pdb_id=pdb_id,
        identifier=identifier,
        map_threshold=map_threshold,
        radius=radius,
        metadata=metadata or {},
        exist_ok=exist_ok,
        filament=filament,
    )
    if volume is not None and voxel_size is not None:
        made.from_numpy(volume, voxel_size)
    if save_config and config_path is not None:
        root.save_config(config_path)
    if log:
        _logger.info("Added object %s to root configuration.", name)
    return made


def add_object_volume(
    root: CopickRoot,
    object_name: str,
    volume: "np.ndarray",
    voxel_size: float,
    log: bool = False,
) -> CopickObject:
    """Gives a particle its density map (z, y, x; angstrom). ValueError: no such particle, or it is read-only."""
    found = root.get_object(object_name)
    if found is None:
        raise ValidationError(f"Object {object_name} not found in root configuration.")
    if not found.is_particle:
        raise ValidationError(f"Object {object_name} is not a particle object and cannot have volume data.")
    if getattr(found, "read_only", False):
        raise ValidationError(f"Object {object_name} is read-only: its density map belongs to the static source.")
    found.from_numpy(volume, voxel_size)
    if log:
        _logger.info("Added volume data to object %s.", object_name)
    return found


# --- files ---


def add_tomogram_from_file(
    root: CopickRoot,
    run_name: str,
    tomo_type: str,
    file_path: str,
    voxel_spacing: Optional[float] = None,
    file_type: Optional[str] = None,
    create_pyramid: bool = True,
    pyramid_levels: int = 3,
    chunks: Tuple[int, int, int] = (256, 256, 256),
    transpose: Optional[str] = None,
    flip: Optional[str] = None,
    create: bool = True,
    exist_ok: bool = False,
    overwrite: bool = False,
    log: bool = False,
    progress: Any = None,
) -> CopickTomogram:
    """A new tomogram of a file: MRC (plain or compressed), TIFF, Zarr.

    Files pass through the engine in slabs, whatever their size.

    Args:
        voxel_spacing: Angstrom; default what the file says.
        file_type: "mrc", "zarr", "tiff"; default by extension.
        progress: Called with (voxels done, voxels in all).
        Others: As of :func:`add_tomogram`.

    Raises:
        ValueError: the format or the voxel size is not known, or the tomogram exists.
    """
    kind = _volume_kind(file_path, file_type)
    engine = getattr(root, "engine_with_config", None)
    if engine is None:
        volume, size = _read_volume(file_path, kind)
        size = _known_size(voxel_spacing or size, file_path)
        options: Dict[str, Any] = {"create_pyramid": create_pyramid, "pyramid_levels": pyramid_levels, "chunks": chunks}
        moved: Dict[str, Any] = {"transpose": transpose, "flip": flip, "create": create, "exist_ok": exist_ok}
        return add_tomogram(root, run_name, tomo_type, volume, size, log=log, **options, **moved)
    from copick_native import _core

    size = _known_size(voxel_spacing if voxel_spacing else _core.volume_file_size(file_path, kind), file_path)
    existing = root.get_run(run_name)
    spacing = existing.get_voxel_spacing(size) if existing is not None else None
    if spacing is not None and not exist_ok and spacing.get_tomograms(tomo_type):
        raise ConflictError(f"Tomogram type {tomo_type} already exists for this voxel spacing.")
    _core.import_tomogram(
        engine(), file_path, run_name, tomo_type, kind, size, list(_axes(transpose)), list(_axes(flip)),
        pyramid_levels if create_pyramid else 1, create_pyramid, create, True, list(chunks), progress,
    )  # fmt: skip
    _relist(root, run_name)
    owner = get_or_create_run(root, run_name, create=False)
    tomogram = get_or_create_voxelspacing(owner, size, create=False).get_tomograms(tomo_type)[-1]
    tomogram._require_native("import").forget()
    if log:
        _logger.info("Added tomogram %s to run %s.", tomo_type, run_name)
    return tomogram


def _relist(root: CopickRoot, run_name: str) -> None:
    """Lists show what the engine has just made."""
    if root._runs is None:
        return
    run = root.get_run(run_name)
    if run is None:
        root._runs = root.query()
    else:
        run._invalidate_caches()


def _volume_kind(path: str, file_type: Optional[str]) -> str:
    from copick_native.util.path_util import volume_format

    kind = volume_format(file_type or path)
    if kind is None:
        raise ValidationError(f"Unsupported volume format for: {path}")
    if kind == "em":
        raise UnsupportedError(f"cannot read '{path}': EM files are not offered by this version")
    return kind


def _read_volume(path: str, kind: str) -> Tuple["np.ndarray", Optional[float]]:
    from copick_native.util.path_util import read_volume

    return read_volume(path, kind)


def _known_size(size: Optional[float], path: str) -> float:
    if not size:
        raise ValidationError(f"Voxel spacing not provided and cannot be determined from {path}.")
    return round(float(size), 3)


def add_segmentation_from_file(
    root: CopickRoot,
    run_name: str,
    file_path: str,
    voxel_spacing: Optional[float],
    name: str,
    user_id: str,
    session_id: str,
    file_type: Optional[str] = None,
    multilabel: Optional[bool] = None,
    instance: bool = False,
    panoptic: bool = False,
    transpose: Optional[str] = None,
    flip: Optional[str] = None,
    create: bool = True,
    exist_ok: bool = False,
    overwrite: bool = False,
    log: bool = False,
) -> CopickSegmentation:
    """A new segmentation of a file.

    Args:
        multilabel: Default: unless ``instance`` or ``panoptic``.
        Others: As of :func:`add_tomogram_from_file`.
    """
    kind = _volume_kind(file_path, file_type)
    if panoptic and kind == "mrc":
        raise ValidationError("MRC holds no channels; import a panoptic segmentation from a TIFF or Zarr.")
    volume, size = _read_volume(file_path, kind)
    run = get_or_create_run(root, run_name, create=create, log=log)
    segmentation = run.new_segmentation(
        voxel_size=_known_size(voxel_spacing if voxel_spacing is not None else size, file_path),
        name=name,
        session_id=session_id,
        is_multilabel=not (instance or panoptic) if multilabel is None else multilabel,
        user_id=user_id,
        exist_ok=exist_ok or overwrite,
        is_instance=instance,
        is_panoptic=panoptic,
    )
    segmentation.from_numpy(_turned(volume, transpose, flip))
    if log:
        _logger.info("Added segmentation %s to run %s.", name, run_name)
    return segmentation


def add_segmentation(
    root: CopickRoot,
    run: str,
    mask_path: str,
    voxel_spacing: float,
    name: str,
    user_id: str,
    session_id: str,
    multilabel: bool = False,
    instance: bool = False,
    panoptic: bool = False,
    transpose: Optional[str] = None,
    flip: Optional[str] = None,
    create: bool = True,
    exist_ok: bool = False,
    overwrite: bool = False,
    log: bool = False,
) -> CopickSegmentation:
    """As :func:`add_segmentation_from_file`; binary unless said otherwise."""
    return add_segmentation_from_file(
        root, run, mask_path, voxel_spacing, name, user_id, session_id, None, multilabel, instance, panoptic,
        transpose, flip, create, exist_ok, overwrite, log,
    )  # fmt: skip


def add_picks_from_file(
    root: CopickRoot,
    run_name: str,
    file_path: str,
    object_name: str,
    user_id: str,
    session_id: str,
    voxel_spacing: Optional[float] = None,
    file_type: Optional[str] = None,
    create: bool = True,
    exist_ok: bool = False,
    overwrite: bool = False,
    log: bool = False,
    tilt_series_pixel_size: Optional[float] = None,
    tomograms_star: Optional[str] = None,
    relion_version: Optional[str] = None,
) -> CopickPicks:
    """Picks of a run from a file: RELION STAR or copick CSV.

    Args:
        voxel_spacing: Angstrom; unit of pixel coordinates as a last resort.
        tilt_series_pixel_size, tomograms_star, relion_version: STAR; see docs/format/star.md.
        exist_ok, overwrite: Replace the points of picks that are there.

    Raises:
        ValueError: the format is not known, the picks exist, or the rows cannot be placed.
    """
    from copick_native import _core
    from copick_native.util.path_util import picks_format

    kind = picks_format(file_type or file_path)
    if kind is None:
        raise ValidationError(f"Unsupported picks format for: {file_path}")
    if kind not in ("star", "csv"):
        raise UnsupportedError(f"cannot read '{file_path}': {kind} files are not offered by this version")
    run = get_or_create_run(root, run_name, create=create, log=log)
    present = run.get_picks(object_name=object_name, user_id=user_id, session_id=session_id)
    if present and not (exist_ok or overwrite):
        raise ConflictError(f"Picks for {object_name} by user/tool {user_id} already exist in session {session_id}.")
    engine: Any = root
    made: List[tuple] = _core.import_picks(
        engine.engine_with_config(), file_path, object_name, "", run_name, user_id, session_id, kind, voxel_spacing,
        tilt_series_pixel_size, tomograms_star or "", relion_version or "", create, bool(present),
    )  # fmt: skip
    for name in {entry[0] for entry in made}:
        _relist(root, name)
    run.refresh_picks()
    _, user, session, name = next((entry for entry in made if entry[0] == run_name), made[0])
    picks = run.get_picks(object_name=name, user_id=user, session_id=session)[-1]
    if log:
        _logger.info("Added %d picks to run %s", len(picks), run_name)
    return picks


def add_picks(
    root: CopickRoot,
    run_name: str,
    path: str,
    object_name: str,
    user_id: str,
    session_id: str,
    voxel_spacing: float,
    file_type: Optional[str] = None,
    tomogram_dimensions: Optional[Tuple[int, int, int]] = None,
    create: bool = True,
    exist_ok: bool = False,
    overwrite: bool = False,
    log: bool = False,
) -> CopickPicks:
    """As :func:`add_picks_from_file`."""
    return add_picks_from_file(
        root, run_name, path, object_name, user_id, session_id, voxel_spacing, file_type, create, exist_ok,
        overwrite, log,
    )  # fmt: skip
