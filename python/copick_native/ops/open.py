"""Opening and creating projects."""

from __future__ import annotations

from copick_native.errors import CorruptError, UnsupportedError, ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, Dict, List, Optional, Union

    from copick_native.impl.filesystem import CopickRootFSSpec
    from copick_native.models import PickableObject

API_VERSION = "1.31.0"
"""Version of the copick API that new configs are made for."""


def from_string(data: str) -> "CopickRootFSSpec":
    """Opens the project that a config's JSON text describes.

    Raises:
        ValueError: the text is no config.
        NotImplementedError: its kind of project cannot be opened yet.
    """
    return _open(data, "the config text")


def from_file(path: Union[str, "os.PathLike[str]"]) -> "CopickRootFSSpec":
    """Opens the project that a config file describes.

    >>> root = from_file("copick_config.json")                                  # doctest: +SKIP
    """
    with open(path, encoding="utf-8") as file:
        return _open(file.read(), str(path))


def _open(text: str, where: str) -> "CopickRootFSSpec":
    from copick_native import _core

    try:
        data = _core.parse_json(text, where)
    except ValueError as error:
        raise CorruptError(f"cannot open the project: {where} is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise ValidationError(f"cannot open the project: {where} is no JSON object")
    if "config_type" not in data:
        import warnings

        warnings.warn(
            "config_type not found in config file, defaulting to filesystem",
            DeprecationWarning,
            stacklevel=3,
        )
    kind = data.setdefault("config_type", "filesystem")
    if kind == "filesystem":
        from copick_native.impl.filesystem import CopickConfigFSSpec, CopickRootFSSpec

        return CopickRootFSSpec(CopickConfigFSSpec(**data))
    if kind in ("cryoet_data_portal", "mlcroissant"):
        raise _unsupported(kind)
    raise ValidationError(
        f"Unknown config_type: {kind}. Supported types are 'filesystem', 'cryoet_data_portal', and 'mlcroissant'.",
    )


def _unsupported(kind: str) -> UnsupportedError:
    return UnsupportedError(
        f"cannot open a project of type '{kind}': this version of copick_native opens projects of type 'filesystem'; "
        "use the copick package for this one",
    )


def from_czcdp_datasets(
    dataset_ids: List[int],
    overlay_root: str,
    overlay_fs_args: Union[Dict[str, Any], None] = None,
    user_id: Union[str, None] = None,
    session_id: Union[str, None] = None,
    output_path: Union[str, None] = None,
) -> Any:
    """Opens datasets of the CryoET Data Portal. Not offered by this version: NotImplementedError."""
    raise _unsupported("cryoet_data_portal")


def from_croissant(
    croissant_url: str,
    overlay_root: Optional[str] = None,
    croissant_base_url: Optional[str] = None,
    overlay_fs_args: Optional[Dict[str, Any]] = None,
    croissant_fs_args: Optional[Dict[str, Any]] = None,
    static_fs_args: Optional[Dict[str, Any]] = None,
    output_path: Optional[str] = None,
) -> Any:
    """Opens a Croissant manifest. Not offered by this version: NotImplementedError."""
    raise _unsupported("mlcroissant")


def new_config(
    config: str,
    overlay_root: str,
    proj_name: str = "copick project",
    proj_description: str = "",
    pickable_objects: Optional[List["PickableObject"]] = None,
) -> "CopickRootFSSpec":
    """Writes the config of a new project and opens it. A config that is there is replaced.

    Args:
        config: Path of the file; its folder is made.
        overlay_root: Folder of the project's data.
        proj_name, proj_description: For people.
        pickable_objects: What can be annotated.
    """
    import json

    from copick_native import _core

    members = {
        "config_type": "filesystem",
        "name": proj_name,
        "description": proj_description,
        "version": API_VERSION,
        "pickable_objects": [pickable.model_dump() for pickable in pickable_objects or []],
        "overlay_root": "local://" + overlay_root,
        "overlay_fs_args": {"auto_mkdir": True},
    }
    _core.write_file(config, json.dumps(members, indent=4).encode())
    return from_file(config)
