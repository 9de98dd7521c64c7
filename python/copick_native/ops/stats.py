"""How much there is, and of what."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable, Dict, List, Optional

from copick_native.ops.get import Names, Root, Runs, Sizes, get_meshes, get_picks, get_segmentations


def _count(entities: list, keys: Dict[str, Callable], weight: Callable = lambda entity: 1) -> Dict[str, Dict]:
    """For each key, the entities' weights added up by its value."""
    counts: Dict[str, Counter] = {name: Counter() for name in keys}
    for entity in entities:
        amount = weight(entity)
        for name, key in keys.items():
            counts[name][key(entity)] += amount
    return {name: dict(count) for name, count in counts.items()}


def picks_stats(
    root: Root,
    runs: Runs = None,
    user_id: Names = None,
    session_id: Names = None,
    object_name: Names = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> Dict[str, Any]:
    """Numbers of points, in all and by run, user, session and object. Filters as of ``get_picks``."""
    found = get_picks(root, runs, user_id, session_id, object_name, parallel, workers, show_progress)
    sizes = {id(picks): len(picks) for picks in found}
    keys = {
        "distribution_by_run": lambda picks: picks.run.name,
        "distribution_by_user": lambda picks: picks.user_id,
        "distribution_by_session": lambda picks: picks.session_id,
        "distribution_by_object": lambda picks: picks.pickable_object_name,
    }
    by = _count(found, keys, weight=lambda picks: sizes[id(picks)])
    return {"total_picks": sum(sizes.values()), "total_pick_files": len(found), **by}


def meshes_stats(
    root: Root,
    runs: Runs = None,
    user_id: Names = None,
    session_id: Names = None,
    object_name: Names = None,
    parallel: bool = False,
    workers: Optional[int] = 8,
    show_progress: bool = True,
) -> Dict[str, Any]:
    """Numbers of meshes, in all and by user, session, object and all three. Filters as of ``get_meshes``."""
    found = get_meshes(root, runs, user_id, session_id, object_name, parallel, workers, show_progress)
    keys = {
        "distribution_by_user": lambda mesh: mesh.user_id,
        "distribution_by_session": lambda mesh: mesh.session_id,
        "distribution_by_object": lambda mesh: mesh.pickable_object_name,
        "session_user_object_combinations": lambda mesh: (
            f"{mesh.session_id}_{mesh.user_id}_{mesh.pickable_object_name}"
        ),
    }
    return {"total_meshes": len(found), **_count(found, keys)}


def segmentations_stats(
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
) -> Dict[str, Any]:
    """Numbers of segmentations, in all and by what identifies them. Filters as of ``get_segmentations``."""
    found: List[Any] = get_segmentations(
        root, runs, user_id, session_id, is_multilabel, name, voxel_size, parallel, workers, show_progress,
        is_instance, is_panoptic,
    )  # fmt: skip
    keys = {
        "distribution_by_user": lambda s: s.user_id,
        "distribution_by_session": lambda s: s.session_id,
        "distribution_by_name": lambda s: s.name,
        "distribution_by_voxel_size": lambda s: s.voxel_size,
        "distribution_by_multilabel": lambda s: str(s.is_multilabel),
        "distribution_by_type": lambda s: s.segmentation_type,
        "session_user_voxelspacing_multilabel_combinations": lambda s: (
            f"{s.session_id}_{s.user_id}_{s.name}_{s.voxel_size}_{s.is_multilabel}"
        ),
    }
    return {"total_segmentations": len(found), **_count(found, keys)}
