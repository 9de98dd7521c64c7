"""Removing, moving and copying entities by URI."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Optional, Tuple

from copick_native.errors import ValidationError
from copick_native.models import CopickRoot, CopickRun
from copick_native.util.segmentation import SEGMENTATION_TYPES
from copick_native.util.uri import _is_pattern, parse_copick_uri, resolve_copick_objects, serialize_copick_uri

_logger = logging.getLogger("copick_native")
_MOVABLE = ("picks", "filaments", "mesh", "segmentation")
_DONE = {"Move": "moved", "Copy": "copied"}


def _check_target(source_uri: str, target_uri: str, object_type: str, count: int) -> None:
    """A pattern that names several entities needs a target that tells them apart."""
    source = parse_copick_uri(source_uri, object_type)
    parse_copick_uri(target_uri, object_type)
    parts = [source.get(part) for part in ("object_name", "name", "user_id", "session_id", "voxel_spacing")]
    pattern = any(_is_pattern(part, source["pattern_type"]) for part in parts)
    if "{" not in target_uri and (pattern and count > 1):
        raise ValidationError(
            f"the source names {count} entities, the target one: use placeholders in the target, such as {{user_id}} "
            "and {session_id}",
        )


def _target_of(template: str, entity: Any, object_type: str) -> str:
    """The template with its placeholders filled from an entity."""
    if object_type == "segmentation":
        values = {"name": entity.name, "voxel_spacing": str(entity.voxel_size)}
    else:
        values = {"object_name": entity.pickable_object_name}
    values.update(user_id=entity.user_id, session_id=entity.session_id)
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _make_target(source: Any, object_type: str, parts: Dict[str, Any], overwrite: bool) -> Any:
    owner = {"user_id": parts["user_id"], "session_id": parts["session_id"], "exist_ok": overwrite}
    if object_type != "segmentation":
        return getattr(source.run, f"new_{object_type}")(object_name=parts["object_name"], **owner)
    for kind in SEGMENTATION_TYPES[1:]:
        if parts[kind] is not None and parts[kind] != getattr(source, f"is_{kind}"):
            raise ValidationError(
                f"The source is a {source.segmentation_type} segmentation; copying and moving keep the kind.",
            )
    size = parts["voxel_spacing"]
    kinds = {f"is_{kind}": getattr(source, f"is_{kind}") for kind in SEGMENTATION_TYPES[1:]}
    return source.run.new_segmentation(
        name=parts["name"],
        voxel_size=source.voxel_size if size == "*" else float(size),
        **kinds,
        **owner,
    )


def _copy_content(source: Any, target: Any, object_type: str) -> None:
    if object_type == "picks":
        source.load()
        positions, transforms, instance_ids, scores = source._columns()
        target.from_numpy(positions, transforms, instance_ids, scores)
    elif object_type == "filaments":
        source.load()
        target.filaments = source.filaments
        target.meta.voxel_spacing = source.voxel_spacing
        target.store()
    elif object_type == "mesh":
        source.load()
        target.mesh = source.mesh
        target.store()
    else:
        _copy_store(source.zarr(), target.zarr())


def _copy_store(source: Any, target: Any) -> None:
    """Every value as it is, metadata last; what the target had goes first."""
    if source.path == target.path:
        raise ValidationError("Source and target are the same segmentation store.")
    target.rmdir()
    keys = sorted(source.keys(), key=lambda key: key.rsplit("/", 1)[-1][:2] in (".z", "za"))
    for key in keys:
        target[key] = source[key]


def _transfer(
    verb: str,
    root: CopickRoot,
    object_type: str,
    source_uri: str,
    target_uri: str,
    run_name: Optional[str],
    overwrite: bool,
    log: bool,
) -> Dict[str, Any]:
    if object_type not in _MOVABLE:
        raise ValidationError(f"{verb} operation not supported for object type: {object_type}")
    sources = resolve_copick_objects(source_uri, root, object_type, run_name)
    mappings: List[Tuple[str, str]] = []
    errors: List[str] = []
    if sources:
        _check_target(source_uri, target_uri, object_type, len(sources))
    for source in sources:
        source_of = serialize_copick_uri(source)
        try:
            target_of = _target_of(target_uri, source, object_type)
            if target_of == source_of:
                raise ValidationError("Source and target are the same object; nothing to do.")
            target = _make_target(source, object_type, parse_copick_uri(target_of, object_type), overwrite)
            _copy_content(source, target, object_type)
            if verb == "Move":
                source.delete()
            mappings.append((source_of, target_of))
        except Exception as error:
            errors.append(f"Failed to {verb.lower()} {source_of}: {error}")
            if log:
                _logger.error(errors[-1])
    return {_DONE[verb]: len(mappings), "mappings": mappings, "errors": errors}


def move_copick_objects(
    root: CopickRoot,
    object_type: str,
    source_uri: str,
    target_uri: str,
    run_name: Optional[str] = None,
    overwrite: bool = False,
    log: bool = False,
) -> Dict[str, Any]:
    """Gives the entities that a URI names another name: ``{"moved", "mappings", "errors"}``.

    Args:
        object_type: "picks", "filaments", "mesh" or "segmentation".
        target_uri: With ``{object_name}`` (or ``{name}``), ``{user_id}``, ``{session_id}`` filled from each source.
        run_name: None: in all runs.
        overwrite: Replace what has the new name.
    """
    return _transfer("Move", root, object_type, source_uri, target_uri, run_name, overwrite, log)


def copy_copick_objects(
    root: CopickRoot,
    object_type: str,
    source_uri: str,
    target_uri: str,
    run_name: Optional[str] = None,
    overwrite: bool = False,
    log: bool = False,
) -> Dict[str, Any]:
    """Copies the entities that a URI names: ``{"copied", "mappings", "errors"}``. Arguments as of moving."""
    return _transfer("Copy", root, object_type, source_uri, target_uri, run_name, overwrite, log)


def _remove(root: CopickRoot, object_type: str, uri: str, run_name: Optional[str], dry_run: bool) -> Dict[str, Any]:
    removed, errors = [], []
    for entity in resolve_copick_objects(uri, root, object_type, run_name):
        name = serialize_copick_uri(entity)
        try:
            if not dry_run:
                entity.delete()
            removed.append(name)
        except Exception as error:
            errors.append(f"Failed to delete {name}: {error}")
    return {"deleted": len(removed), "objects": removed, "errors": errors}


def remove_copick_objects(
    root: CopickRoot,
    object_type: str,
    uri: str,
    run_name: Optional[str] = None,
    dry_run: bool = False,
    log: bool = False,
) -> Dict[str, Any]:
    """Removes the entities that a URI names: ``{"deleted", "objects"}``. ``dry_run`` only lists them."""
    result = _remove(root, object_type, uri, run_name, dry_run)
    for error in result.pop("errors"):
        _logger.error(error)
    return result


def remove_copick_objects_per_run(
    run: CopickRun,
    object_type: str,
    uri: str,
    dry_run: bool = False,
) -> Dict[str, Any]:
    """The same in one run, with ``"errors"`` in the result."""
    return _remove(run.root, object_type, uri, run.name, dry_run)


def move_copick_objects_per_run(
    run: CopickRun,
    object_type: str,
    source_uri: str,
    target_uri: str,
    overwrite: bool = False,
) -> Dict[str, Any]:
    """``move_copick_objects`` in one run."""
    return _transfer("Move", run.root, object_type, source_uri, target_uri, run.name, overwrite, False)


def copy_copick_objects_per_run(
    run: CopickRun,
    object_type: str,
    source_uri: str,
    target_uri: str,
    overwrite: bool = False,
) -> Dict[str, Any]:
    """``copy_copick_objects`` in one run."""
    return _transfer("Copy", run.root, object_type, source_uri, target_uri, run.name, overwrite, False)


def _batch(worker: Any, root: CopickRoot, run_names: Optional[List[str]], workers: int, text: str, **kwargs: Any) -> Dict:
    from copick_native.ops.run import map_runs

    names = [run.name for run in root.runs] if run_names is None else run_names
    return map_runs(worker, root, names, workers=workers, task_desc=text, **kwargs) if names else {}


def remove_copick_objects_batch(
    root: CopickRoot,
    object_type: str,
    uri: str,
    run_names: Optional[List[str]] = None,
    dry_run: bool = False,
    workers: int = 8,
) -> Dict[str, Any]:
    """Removes in many runs at once; results by run."""
    filters = {"object_type": object_type, "uri": uri, "dry_run": dry_run}
    return _batch(remove_copick_objects_per_run, root, run_names, workers, "Removing objects", **filters)


def move_copick_objects_batch(
    root: CopickRoot,
    object_type: str,
    source_uri: str,
    target_uri: str,
    run_names: Optional[List[str]] = None,
    overwrite: bool = False,
    workers: int = 8,
) -> Dict[str, Any]:
    """Moves in many runs at once; results by run."""
    names = {"object_type": object_type, "source_uri": source_uri, "target_uri": target_uri, "overwrite": overwrite}
    return _batch(move_copick_objects_per_run, root, run_names, workers, "Moving objects", **names)


def copy_copick_objects_batch(
    root: CopickRoot,
    object_type: str,
    source_uri: str,
    target_uri: str,
    run_names: Optional[List[str]] = None,
    overwrite: bool = False,
    workers: int = 8,
) -> Dict[str, Any]:
    """Copies in many runs at once; results by run."""
    names = {"object_type": object_type, "source_uri": source_uri, "target_uri": target_uri, "overwrite": overwrite}
    return _batch(copy_copick_objects_per_run, root, run_names, workers, "Copying objects", **names)
