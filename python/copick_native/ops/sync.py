"""Copying what one project holds to another, through both projects' models.

Between projects that are both in storage, the ``copick sync`` command does more: it copies byte for byte, goes on after
an interruption and tells what differs.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any, Callable, Dict, Iterator, List, Optional

from copick_native.errors import NotFoundError
from copick_native.models import CopickRoot, CopickRun
from copick_native.ops.manage import _copy_content, _copy_store
from copick_native.ops.run import map_runs, report_results

_logger = logging.getLogger("copick_native")
Names = Optional[List[str]]
Mapping = Optional[Dict[str, str]]


def _target(root: CopickRoot, name: str) -> CopickRun:
    found = root.get_run(name)
    if found is None:
        raise NotFoundError(f"cannot sync to run '{name}': the target project has no such run; create it first")
    return found


class _Copies:
    """What was copied of a run: a failure is kept, and the next entity tried."""

    def __init__(self, noun: str, run: CopickRun, log: bool):
        self._noun, self._run, self._log = noun, run, log
        self.result: Dict[str, Any] = {"processed": 0, "errors": []}

    def refuse(self, why: str) -> None:
        self.result["errors"].append(why)

    def add(self, name: str, copy: Callable[[], None]) -> None:
        try:
            copy()
        except Exception as error:
            self.refuse(f"Error syncing {self._noun} {name} from {self._run.name}: {error}")
            return
        self.result["processed"] += 1
        if self._log:
            _logger.info("Synced %s %s from %s", self._noun, name, self._run.name)


def _by_wanted_users(entities: list, users: Names) -> Iterator[Any]:
    return (entity for entity in entities if not users or entity.user_id in users)


def _renamed(name: str, names: Mapping) -> str:
    return names.get(name, name) if names else name


# --- one run ---


def _sync_annotations(
    run: CopickRun,
    kind: str,
    target_root: CopickRoot,
    target_run_name: str,
    source_objects: List[str],
    target_objects: Mapping,
    source_users: Names,
    target_users: Mapping,
    exist_ok: bool,
    log: bool,
) -> Dict[str, Any]:
    target_run, copies = _target(target_root, target_run_name), _Copies(kind, run, log)
    find = run.get_picks if kind == "picks" else run.get_meshes

    def copy(source: Any, name: str) -> None:
        make = getattr(target_run, f"new_{kind}")
        target = make(
            object_name=name,
            user_id=_renamed(source.user_id, target_users),
            session_id=source.session_id,
            exist_ok=exist_ok,
        )
        if kind == "picks":
            _copy_points(source, target)
        else:
            _copy_content(source, target, kind)

    for object_name in source_objects:
        name = _renamed(object_name, target_objects)
        if target_root.get_object(name) is None:
            copies.refuse(f"Target object {name} not found in target root")
            continue
        for source in _by_wanted_users(find(object_name=object_name), source_users):
            copies.add(object_name, partial(copy, source, name))
    return copies.result


def _copy_points(source: Any, target: Any) -> None:
    """As arrays, or as objects where some of them say null."""
    source._ensure_loaded()
    stored = source.meta.stored
    if stored is not None and not any(stored.nulls()):
        target._set_columns(*stored.table())
    else:
        target.points = source.points
    target.store()


def _sync_segmentations(
    run: CopickRun,
    target_root: CopickRoot,
    target_run_name: str,
    voxel_spacings: Optional[List[float]],
    source_names: Names,
    target_names: Mapping,
    source_users: Names,
    target_users: Mapping,
    exist_ok: bool,
    log: bool,
    kinds: Dict[str, Any],
) -> Dict[str, Any]:
    target_run, copies = _target(target_root, target_run_name), _Copies("segmentation", run, log)

    def copy(source: Any) -> None:
        target = target_run.new_segmentation(
            name=_renamed(source.name, target_names),
            user_id=_renamed(source.user_id, target_users),
            session_id=source.session_id,
            voxel_size=source.voxel_size,
            is_multilabel=source.is_multilabel,
            is_instance=source.is_instance,
            is_panoptic=source.is_panoptic,
            exist_ok=exist_ok,
        )
        _copy_store(source.zarr(), target.zarr())

    found = run.get_segmentations(voxel_size=voxel_spacings, **kinds)
    for source in _by_wanted_users(found, source_users):
        if source_names is None or source.name in source_names:
            copies.add(source.name, partial(copy, source))
    return copies.result


def _sync_tomograms(
    run: CopickRun,
    target_root: CopickRoot,
    target_run_name: str,
    voxel_spacings: Optional[List[float]],
    source_tomo_types: Names,
    target_tomo_types: Mapping,
    exist_ok: bool,
    log: bool,
) -> Dict[str, Any]:
    target_run, copies = _target(target_root, target_run_name), _Copies("tomogram", run, log)
    sizes = [spacing.voxel_size for spacing in run.voxel_spacings] if voxel_spacings is None else voxel_spacings
    for size in sizes:
        target_spacing = target_run.new_voxel_spacing(size, exist_ok=True)
        spacing = run.get_voxel_spacing(size)
        if spacing is None:
            copies.refuse(f"Source voxel spacing {size} not found in run {run.name}")
            continue
        types = [tomogram.tomo_type for tomogram in spacing.tomograms] if source_tomo_types is None else source_tomo_types
        for tomo_type in types:
            found = spacing.get_tomograms(tomo_type)
            if not found:
                copies.refuse(f"Source tomogram {tomo_type} not found in run {run.name}")
                continue

            def copy(source: Any = found[0], into: Any = target_spacing) -> None:
                name = _renamed(source.tomo_type, target_tomo_types)
                _copy_store(source.zarr(), into.new_tomogram(tomo_type=name, exist_ok=exist_ok).zarr())

            copies.add(tomo_type, copy)
    return copies.result


# --- all runs ---


def _sync(
    worker: Callable[..., Dict[str, Any]],
    source_root: CopickRoot,
    target_root: CopickRoot,
    source_runs: Names,
    target_runs: Mapping,
    max_workers: int,
    log: bool,
    noun: str,
    **options: Any,
) -> None:
    runs = [run.name for run in source_root.runs] if source_runs is None else list(source_runs)
    targets = {name: name for name in runs} if target_runs is None else target_runs
    for name in runs:
        target_root.new_run(targets[name], exist_ok=True)
    own = [{"target_root": target_root, "target_run_name": targets[name], "log": log, **options} for name in runs]
    results = map_runs(
        worker,
        source_root,
        runs,
        workers=max_workers,
        run_args=own,
        show_progress=log,
        task_desc=f"Syncing {noun}",
    )
    report_results(results, len(runs), _logger)


def _objects(source_root: CopickRoot, names: Names) -> List[str]:
    return [pickable.name for pickable in source_root.config.pickable_objects] if names is None else list(names)


def sync_picks(
    source_root: CopickRoot,
    target_root: CopickRoot,
    source_runs: Optional[List[str]] = None,
    target_runs: Optional[Dict[str, str]] = None,
    source_objects: Optional[List[str]] = None,
    target_objects: Optional[Dict[str, str]] = None,
    source_users: Optional[List[str]] = None,
    target_users: Optional[Dict[str, str]] = None,
    exist_ok: bool = False,
    max_workers: int = 4,
    log: bool = False,
) -> None:
    """Copies picks. What fails is logged, and the others go on.

    Args:
        source_runs: Names; default all. The target gets those it lacks.
        target_runs: What each of them is called in the target; KeyError when one is left out. Default: the same.
        source_objects: Objects whose picks are copied; default all of the config.
        target_objects: What they are called in the target, whose config must have them.
        source_users: Whose picks; default everybody's.
        target_users: What users are called in the target.
        exist_ok: Replace what the target has already.
        max_workers: Runs at a time.
        log: Says what was copied.
    """
    _sync(
        _sync_annotations,
        source_root,
        target_root,
        source_runs,
        target_runs,
        max_workers,
        log,
        "picks",
        kind="picks",
        source_objects=_objects(source_root, source_objects),
        target_objects=target_objects,
        source_users=source_users,
        target_users=target_users,
        exist_ok=exist_ok,
    )


def sync_meshes(
    source_root: CopickRoot,
    target_root: CopickRoot,
    source_runs: Optional[List[str]] = None,
    target_runs: Optional[Dict[str, str]] = None,
    source_objects: Optional[List[str]] = None,
    target_objects: Optional[Dict[str, str]] = None,
    source_users: Optional[List[str]] = None,
    target_users: Optional[Dict[str, str]] = None,
    exist_ok: bool = False,
    max_workers: int = 4,
    log: bool = False,
) -> None:
    """Copies meshes; arguments as of :func:`sync_picks`. Needs trimesh."""
    _sync(
        _sync_annotations,
        source_root,
        target_root,
        source_runs,
        target_runs,
        max_workers,
        log,
        "meshes",
        kind="mesh",
        source_objects=_objects(source_root, source_objects),
        target_objects=target_objects,
        source_users=source_users,
        target_users=target_users,
        exist_ok=exist_ok,
    )


def sync_segmentations(
    source_root: CopickRoot,
    target_root: CopickRoot,
    source_runs: Optional[List[str]] = None,
    target_runs: Optional[Dict[str, str]] = None,
    voxel_spacings: Optional[List[float]] = None,
    source_names: Optional[List[str]] = None,
    target_names: Optional[Dict[str, str]] = None,
    source_users: Optional[List[str]] = None,
    target_users: Optional[Dict[str, str]] = None,
    exist_ok: bool = False,
    max_workers: int = 4,
    log: bool = False,
    is_multilabel: Optional[bool] = None,
    is_instance: Optional[bool] = False,
    is_panoptic: Optional[bool] = False,
) -> None:
    """Copies segmentations as they are stored; needs zarr. Other arguments as of :func:`sync_picks`.

    Args:
        voxel_spacings: Angstrom; default all.
        source_names, target_names: Names of segmentations, and what they are called in the target.
        is_multilabel, is_instance, is_panoptic: As of ``get_segmentations``.
    """
    _sync(
        _sync_segmentations,
        source_root,
        target_root,
        source_runs,
        target_runs,
        max_workers,
        log,
        "segmentations",
        voxel_spacings=voxel_spacings,
        source_names=source_names,
        target_names=target_names,
        source_users=source_users,
        target_users=target_users,
        exist_ok=exist_ok,
        kinds={"is_multilabel": is_multilabel, "is_instance": is_instance, "is_panoptic": is_panoptic},
    )


def sync_tomograms(
    source_root: CopickRoot,
    target_root: CopickRoot,
    source_runs: Optional[List[str]] = None,
    target_runs: Optional[Dict[str, str]] = None,
    voxel_spacings: Optional[List[float]] = None,
    source_tomo_types: Optional[List[str]] = None,
    target_tomo_types: Optional[Dict[str, str]] = None,
    exist_ok: bool = False,
    max_workers: int = 4,
    log: bool = False,
) -> None:
    """Copies tomograms as they are stored; needs zarr. Other arguments as of :func:`sync_segmentations`."""
    _sync(
        _sync_tomograms,
        source_root,
        target_root,
        source_runs,
        target_runs,
        max_workers,
        log,
        "tomograms",
        voxel_spacings=voxel_spacings,
        source_tomo_types=source_tomo_types,
        target_tomo_types=target_tomo_types,
        exist_ok=exist_ok,
    )
