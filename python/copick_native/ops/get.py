"""Entities of many runs at once."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, Optional, Union

from copick_native.models import (
    CopickFeatures,
    CopickMesh,
    CopickPicks,
    CopickRoot,
    CopickRun,
    CopickSegmentation,
    CopickTomogram,
    CopickVoxelSpacing,
)
from copick_native.ops.open import from_file
from copick_native.ops.run import map_runs

Names = Union[str, Iterable[str], None]
Sizes = Union[float, Iterable[float], None]
Root = Union[str, CopickRoot]
Runs = Union[str, CopickRun, Iterable[str], Iterable[CopickRun], None]


def _over(
    query: Callable,
    root: Root,
    runs: Runs,
    parallel: bool,
    workers: Optional[int],
    show_progress: bool,
    **filters: Any,
) -> list:
    """What the query gives for each run, in one list."""
    project = from_file(root) if isinstance(root, str) else root
    if runs is None:
        chosen: list = project.runs
    else:
        chosen = [runs] if isinstance(runs, (str, CopickRun)) else list(runs)
    if parallel:
        found = map_runs(query, project, chosen, workers=workers, show_progress=show_progress, **filters)
        names = [run if isinstance(run, str) else run.name for run in chosen]
        return [entity for name in names for entity in found[name] or ()]
    taken: List[Any] = [project.get_run(run) if isinstance(run, str) else run for run in chosen]
    return [entity for run in taken for entity in query(run, **filters)]


def _sizes(voxel_size: Sizes) -> Optional[set]:
    if voxel_size is None:
        return None
    sizes = [voxel_size] if isinstance(voxel_size, (int, float)) else voxel_size
    return {round(float(size), 3) for size in sizes}


def _spacings(run: CopickRun, voxel_size: Sizes = None) -> List[CopickVoxelSpacing]:
    sizes = _sizes(voxel_size)
    return [s for s in run.voxel_spacings if sizes is None or round(s.voxel_size, 3) in sizes]


def _named(names: Names, name: str) -> bool:
    return names is None or name in ([names] if isinstance(names, str) else list(names))


def _tomograms(run: CopickRun, voxel_size: Sizes = None, tomo_type: Names = None) -> List[CopickTomogram]:
    if tomo_type is not None and not isinstance(tomo_type, str):
        tomo_type = list(tomo_type)
    return [t for s in _spacings(run, voxel_size) for t in s.tomograms if _named(tomo_type, t.tomo_type)]


def _features(
    run: CopickRun,
    voxel_size: Sizes = None,
    tomo_type: Names = None,
    feature_type: Names = None,
) -> List[CopickFeatures]:
    if feature_type is not None and not isinstance(feature_type, str):
        feature_type = list(feature_type)
    return [f for t in _tomograms(run, voxel_size, tomo_type) for f in t.features if _named(feature_type, f.feature_type)]


def _segmentations(run: CopickRun, **filters: Any) -> List[CopickSegmentation]:
    return run.get_segmentations(**filters)


def _picks(run: CopickRun, **filters: Any) -> List[CopickPicks]:
    return run.get_picks(**filters)


def _meshes(run: CopickRun, **filters: Any) -> List[CopickMesh]:
    return run.get_meshes(**filters)


def get_runs(root: Root, names: Names = None) -> List[Optional[CopickRun]]:
    """The runs of these names, None for one that does not exist; without names, all."""
    project = from_file(root) if isinstance(root, str) else root
    if names is None:
        return list(project.runs)
    return [project.get_run(name=name) for name in ([names] if isinstance(names, str) else names)]


def get_voxelspacings(
    root: Root,
    runs: Runs = None,
    voxel_size: Sizes = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> List[CopickVoxelSpacing]:
    """Voxel spacings of these runs (None: all) and sizes."""
    return _over(_spacings, root, runs, parallel, workers, show_progress, voxel_size=voxel_size)


def get_tomograms(
    root: Root,
    runs: Runs = None,
    voxel_size: Sizes = None,
    tomo_type: Names = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> List[CopickTomogram]:
    """Tomograms of these runs, sizes and types."""
    filters = {"voxel_size": voxel_size, "tomo_type": tomo_type}
    return _over(_tomograms, root, runs, parallel, workers, show_progress, **filters)


def get_features(
    root: Root,
    runs: Runs = None,
    voxel_size: Sizes = None,
    tomo_type: Names = None,
    feature_type: Names = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> List[CopickFeatures]:
    """Feature maps of these runs, sizes and types."""
    filters = {"voxel_size": voxel_size, "tomo_type": tomo_type, "feature_type": feature_type}
    return _over(_features, root, runs, parallel, workers, show_progress, **filters)


def get_segmentations(
    root: Root,
    runs: Runs = None,
    user_id: Names = None,
    session_id: Names = None,
    is_multilabel: Optional[bool] = None,
    name: Names = None,
    voxel_size: Sizes = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
    is_instance: Optional[bool] = False,
    is_panoptic: Optional[bool] = False,
) -> List[CopickSegmentation]:
    """Segmentations of these runs; the other filters are those of ``CopickRun.get_segmentations``."""
    filters = {
        "user_id": user_id,
        "session_id": session_id,
        "is_multilabel": is_multilabel,
        "name": name,
        "voxel_size": voxel_size,
        "is_instance": is_instance,
        "is_panoptic": is_panoptic,
    }
    return _over(_segmentations, root, runs, parallel, workers, show_progress, **filters)


def get_meshes(
    root: Root,
    runs: Runs = None,
    user_id: Names = None,
    session_id: Names = None,
    object_name: Names = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> List[CopickMesh]:
    """Meshes of these runs; the other filters are those of ``CopickRun.get_meshes``."""
    filters = {"object_name": object_name, "user_id": user_id, "session_id": session_id}
    return _over(_meshes, root, runs, parallel, workers, show_progress, **filters)


def get_picks(
    root: Root,
    runs: Runs = None,
    user_id: Names = None,
    session_id: Names = None,
    object_name: Names = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> List[CopickPicks]:
    """Picks of these runs; the other filters are those of ``CopickRun.get_picks``."""
    filters = {"object_name": object_name, "user_id": user_id, "session_id": session_id}
    return _over(_picks, root, runs, parallel, workers, show_progress, **filters)
