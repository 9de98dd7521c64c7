"""Copick URIs: one line that names entities.

====================== =========================================================================
picks, mesh, filaments ``object[:user[/session]]``
segmentation           ``name[:user[/session]][@size][?multilabel=true|instance=true|panoptic=true]``
tomogram               ``tomo_type[@size]``
feature                ``tomo_type[@size[:feature_type]]``
====================== =========================================================================

Missing parts are ``*``. Parts with ``* ? [`` are shell patterns; a leading ``re:`` makes every part a regular
expression anchored at its start.
"""

from __future__ import annotations

import fnmatch
import re
from typing import Any, Dict, Iterator, List, Optional, Tuple

from copick_native.errors import ValidationError
from copick_native.models import (
    CopickFeatures,
    CopickFilaments,
    CopickMesh,
    CopickPicks,
    CopickRoot,
    CopickSegmentation,
    CopickTomogram,
)

_FLAGS = ("multilabel", "instance", "panoptic")
_ANNOTATIONS = ("picks", "filaments", "mesh")
_PARTS = {
    **dict.fromkeys(_ANNOTATIONS, ("object_name", "user_id", "session_id")),
    "segmentation": ("name", "user_id", "session_id", "voxel_spacing"),
    "tomogram": ("tomo_type", "voxel_spacing"),
    "feature": ("tomo_type", "voxel_spacing", "feature_type"),
}


def _require_type(object_type: str) -> None:
    if object_type not in _PARTS:
        raise ValidationError(f"Unknown object type: {object_type}. Must be one of: {', '.join(_PARTS)}")


def _flags(query: str, where: str) -> Dict[str, bool]:
    """The kinds a query string names, at most one of them true."""
    from urllib.parse import parse_qs

    given = parse_qs(query)
    flags = {flag: given[flag][0].lower() in ("true", "1", "yes") for flag in _FLAGS if flag in given}
    if sum(flags.values()) > 1:
        raise ValidationError(f"A segmentation has one type (multilabel, instance or panoptic): '{where}'")
    return flags


def _owner(text: str, kind: str) -> Tuple[str, str, str]:
    """``name[:user[/session]]``."""
    name, *rest = text.split(":")
    if len(rest) > 1:
        raise ValidationError(f"Invalid {kind} URI format: '{text}'")
    user, mark, session = (rest[0] if rest else "*").partition("/")
    return name, user, session if mark else "*"


def parse_copick_uri(uri: str, object_type: str) -> Dict[str, Any]:
    """The parts of a URI, with ``object_type`` and ``pattern_type`` ("glob" or "regex").

    Raises:
        ValueError: the URI or the type is not one of the above.

    >>> parse_copick_uri("ribosome:alice", "picks")["session_id"]
    '*'
    """
    _require_type(object_type)
    uri = uri.strip()
    regex = uri.startswith("re:")
    text, _, query = uri.removeprefix("re:").partition("?")
    parsed: Dict[str, Any] = {"object_type": object_type, "pattern_type": "regex" if regex else "glob"}
    if object_type in _ANNOTATIONS:
        values: Tuple[str, ...] = _owner(text, object_type)
    else:
        head, at, size = text.partition("@")
        size = size if at else "*"
        if object_type == "segmentation":
            values = (*_owner(head, object_type), size)
        elif object_type == "tomogram":
            values = (head, size)
        else:
            size, colon, feature_type = size.partition(":")
            values = (head, size, feature_type if colon else "*")
    parsed.update(zip(_PARTS[object_type], values))
    if object_type == "segmentation":
        parsed.update(dict.fromkeys(_FLAGS), **_flags(query, uri))
    return parsed


def _is_pattern(value: Optional[str], pattern_type: str) -> bool:
    return value is not None and (value == "*" or pattern_type == "regex" or any(c in value for c in "*?["))


def expand_output_uri(
    output_uri: str,
    input_uri: str,
    input_type: str,
    output_type: str,
    command_name: Optional[str] = None,
    individual_outputs: bool = False,
) -> str:
    """A full output URI from a short one.

    What is missing comes from the input (name, voxel size, kind), from the command (user: its name, else "converter")
    and from the situation (session: "{instance_id}" for individual outputs, "{input_session_id}" when the input is a
    pattern, else "converted-001"). Short forms: ``name``, ``name:user``, ``name/session``, ``/session``,
    ``{input_session_id}``.

    >>> expand_output_uri("/2", "membrane:alice/1", "mesh", "picks", command_name="mesh2picks")
    'membrane:mesh2picks/2'
    """
    given = parse_copick_uri(input_uri, input_type)
    if output_type not in (*_ANNOTATIONS, "segmentation"):
        raise ValidationError(f"Unsupported output_type for expansion: {output_type}")
    try:
        complete = parse_copick_uri(output_uri, output_type)
        if all(complete[part] != "*" for part in _PARTS[output_type]):
            return output_uri
    except ValueError:
        pass
    text, _, query = output_uri.partition("?")
    flags = _flags(query, output_uri)
    size = None
    if output_type == "segmentation" and "@" in text:
        text, _, size = text.rpartition("@")
    name, user, session = _short_form(text)
    input_name = given.get("object_name") or given.get("name")
    pattern = given["pattern_type"] == "regex" or any(
        mark in str(part)
        for part, marks in ((input_name, "*"), (given.get("user_id"), "*"), (given.get("session_id"), "*?"))
        for mark in marks
    )
    default = "{instance_id}" if individual_outputs else "{input_session_id}" if pattern else "converted-001"
    expanded = f"{name or input_name}:{user or command_name or 'converter'}/{session or default}"
    if output_type != "segmentation":
        return expanded
    size = size or given.get("voxel_spacing")
    if size and size != "*":
        expanded += f"@{size}"
    stated = flags if flags else {flag: given.get(flag) for flag in _FLAGS}
    return expanded + "".join(f"?{flag}=true" for flag in _FLAGS if stated.get(flag))


def _short_form(text: str) -> Tuple[Optional[str], Optional[str], Optional[str]]:
    """(name, user, session) of a short output URI; None: not said."""
    if text.strip() in ("{input_session_id}", "{instance_id}"):
        return None, None, text.strip()
    if ":" in text:
        name, _, owner = text.partition(":")
        user, _, session = owner.partition("/")
        return name, user, session
    name, _, session = text.partition("/")
    return name, None, session


def serialize_copick_uri(obj: Any) -> str:
    """The URI that names exactly this entity within its run.

    >>> serialize_copick_uri(picks)                                             # doctest: +SKIP
    'ribosome:alice/1'
    """
    if isinstance(obj, (CopickPicks, CopickFilaments, CopickMesh)):
        return f"{obj.pickable_object_name}:{obj.user_id}/{obj.session_id}"
    if isinstance(obj, CopickSegmentation):
        kind = "" if obj.segmentation_type == "binary" else f"?{obj.segmentation_type}=true"
        return f"{obj.name}:{obj.user_id}/{obj.session_id}@{obj.voxel_size}{kind}"
    if isinstance(obj, CopickTomogram):
        return f"{obj.tomo_type}@{obj.voxel_spacing.voxel_size}"
    if isinstance(obj, CopickFeatures):
        return f"{obj.tomo_type}@{obj.tomogram.voxel_spacing.voxel_size}:{obj.feature_type}"
    raise ValidationError(f"Unknown copick object type: {type(obj).__name__}")


def serialize_copick_uri_from_dict(
    object_type: str,
    object_name: Optional[str] = None,
    name: Optional[str] = None,
    user_id: Optional[str] = None,
    session_id: Optional[str] = None,
    tomo_type: Optional[str] = None,
    voxel_spacing: Optional[float] = None,
    feature_type: Optional[str] = None,
    multilabel: Optional[bool] = None,
    instance: Optional[bool] = None,
    panoptic: Optional[bool] = None,
) -> str:
    """The URI of these parts. ValueError when one that the type needs is missing."""
    _require_type(object_type)
    given = {
        "object_name": object_name,
        "name": name,
        "user_id": user_id,
        "session_id": session_id,
        "tomo_type": tomo_type,
        "voxel_spacing": voxel_spacing,
        "feature_type": feature_type,
    }
    needed = _PARTS[object_type]
    if not all(given[part] is not None and given[part] != "" for part in needed):
        raise ValidationError(f"a URI of type {object_type} needs {', '.join(needed)}")
    stated = [flag for flag, value in zip(_FLAGS, (multilabel, instance, panoptic)) if value is True]
    if len(stated) > 1:
        raise ValidationError("A segmentation has one type: multilabel, instance or panoptic")
    if object_type in _ANNOTATIONS:
        return f"{object_name}:{user_id}/{session_id}"
    if object_type == "segmentation":
        return f"{name}:{user_id}/{session_id}@{voxel_spacing}" + (f"?{stated[0]}=true" if stated else "")
    return f"{tomo_type}@{voxel_spacing}" + (f":{feature_type}" if object_type == "feature" else "")


def resolve_copick_objects(
    uri: str,
    root: CopickRoot,
    object_type: str,
    run_name: Optional[str] = None,
) -> List[Any]:
    """Every entity a URI names, in one run or in all.

    >>> resolve_copick_objects("ribosome:*/1", root, "picks")                   # doctest: +SKIP
    """
    filters = parse_copick_uri(uri, object_type)
    filters.pop("object_type")
    return get_copick_objects_by_type(root, object_type, run_name, **filters)


def get_copick_objects_by_type(
    root: CopickRoot,
    object_type: str,
    run_name: Optional[str] = None,
    **filters: Any,
) -> List[Any]:
    """Every entity of a type whose parts match the filters; parts that are not given match everything.

    Raises:
        ValueError: unknown type or run.
    """
    _require_type(object_type)
    if run_name:
        run = root.get_run(run_name)
        if run is None:
            raise ValidationError(f"Run '{run_name}' not found")
        runs = [run]
    else:
        runs = root.runs
    return [entity for run in runs for entity in _in_run(run, object_type, filters)]


def _matches(value: Any, wanted: Any, pattern_type: str) -> bool:
    if wanted is None or wanted == "" or wanted == "*":
        return True
    if isinstance(value, float) and pattern_type != "regex":
        try:
            return abs(value - float(wanted)) < 5e-4
        except (TypeError, ValueError):
            pass
    if pattern_type == "regex":
        try:
            return re.match(str(wanted), str(value)) is not None
        except re.error as error:
            raise ValidationError(f"Invalid regex pattern '{wanted}': {error}") from None
    if isinstance(wanted, (list, tuple, set)):
        return value in wanted
    return fnmatch.fnmatchcase(str(value), str(wanted))


def _in_run(run: Any, object_type: str, filters: Dict[str, Any]) -> Iterator[Any]:
    pattern_type = filters.get("pattern_type", "glob")

    def fits(**values: Any) -> bool:
        return all(_matches(value, filters.get(part), pattern_type) for part, value in values.items())

    if object_type in _ANNOTATIONS:
        entities = {"picks": "picks", "filaments": "filaments", "mesh": "meshes"}[object_type]
        for entity in getattr(run, entities):
            name = entity.pickable_object_name
            if fits(object_name=name, user_id=entity.user_id, session_id=entity.session_id):
                yield entity
    elif object_type == "segmentation":
        flags = {flag: filters.get(flag) for flag in _FLAGS}
        if flags["instance"] is None and flags["panoptic"] is None:
            flags["instance"] = flags["panoptic"] = False
        for entity in run.segmentations:
            owner = fits(name=entity.name, user_id=entity.user_id, session_id=entity.session_id)
            kind = all(value is None or getattr(entity, f"is_{flag}") == value for flag, value in flags.items())
            if owner and kind and fits(voxel_spacing=entity.voxel_size):
                yield entity
    else:
        for spacing in run.voxel_spacings:
            if not fits(voxel_spacing=spacing.voxel_size):
                continue
            for tomogram in spacing.tomograms:
                if not fits(tomo_type=tomogram.tomo_type):
                    continue
                if object_type == "tomogram":
                    yield tomogram
                else:
                    yield from (f for f in tomogram.features if fits(feature_type=f.feature_type))
