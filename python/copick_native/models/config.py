"""What a project is made of: its config and the objects that can be picked or segmented."""

from __future__ import annotations

from copick_native._model import Model, boolean, integer, list_of, mapping, number, optional, string
from copick_native.errors import ValidationError
from copick_native.util.escape import sanitize_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple, Union

COPICK_METADATA_NAMESPACE = "copick"
"""Key of ``PickableObject.metadata`` that belongs to copick itself."""
FILAMENT_METADATA_KEY = "filament"
"""Key below it that declares an object a filament."""


def _above_zero(value: Any) -> float:
    checked = number(value)
    if not checked > 0:
        raise ValueError(f"expected a number above 0, found {checked}")
    return checked


def _sane(value: Any) -> str:
    text = string(value)
    if text != sanitize_name(text, suppress_warnings=True):
        raise ValueError(f"'{text}' holds characters that file names cannot carry; use sanitize_name() on it")
    return text


def _label(value: Any) -> int:
    checked = integer(value)
    if checked == 0:
        raise ValueError("label 0 means background")
    return checked


def _color(value: Any) -> Tuple[int, ...]:
    if not hasattr(value, "__iter__") or isinstance(value, str):
        raise ValueError(f"expected four numbers (red, green, blue, alpha), found {value!r}")
    color = tuple(integer(part) for part in value)
    if len(color) != 4 or not all(0 <= part <= 255 for part in color):
        raise ValueError(f"expected four numbers from 0 to 255 (red, green, blue, alpha), found {color}")
    return color


class FilamentSpec(Model):
    """Declares an object to be a filament: something continuous that is traced along its axis.

    It is kept in the object's metadata, ``metadata["copick"]["filament"]``, so that programs that know no filaments
    read an ordinary particle and write the declaration back.

    Attributes:
        polar: Whether its two ends differ (microtubules, actin); None: not stated.
        helical_rise_a: Rise per subunit, angstrom; descriptive only.
        helical_twist_deg: Twist per subunit, degrees; descriptive only.
    """

    polar: Optional[bool] = None
    helical_rise_a: Optional[float] = None
    helical_twist_deg: Optional[float] = None

    _extra = True
    _rules = {
        "polar": optional(boolean),
        "helical_rise_a": optional(_above_zero),
        "helical_twist_deg": optional(number),
    }


def _metadata_with_filament(metadata: Optional[Dict[str, Any]], filament: Any) -> Dict[str, Any]:
    """A copy of `metadata` with the declaration set, or (None) removed."""
    result = dict(metadata or {})
    namespace = result.get(COPICK_METADATA_NAMESPACE, {})
    if not isinstance(namespace, dict):
        raise ValidationError(
            f"cannot declare a filament: metadata['{COPICK_METADATA_NAMESPACE}'] is a {type(namespace).__name__}, "
            "expected a dict",
        )
    namespace = {key: value for key, value in namespace.items() if key != FILAMENT_METADATA_KEY}
    if filament is not None:
        namespace[FILAMENT_METADATA_KEY] = FilamentSpec.model_validate(filament).model_dump(exclude_none=True)
    if namespace:
        result[COPICK_METADATA_NAMESPACE] = namespace
    else:
        result.pop(COPICK_METADATA_NAMESPACE, None)
    return result


class PickableObject(Model):
    """Something that can be annotated in a tomogram.

    Attributes:
        name: Unique in the project, without ``_``, blanks and separators.
        is_particle: Whether points mark it (True) or masks only (False).
        label: Its value in multilabel segmentations: unique, not 0.
        color: Red, green, blue, alpha, 0 to 255.
        emdb_id, pdb_id: Entries of those data banks.
        identifier: Term of an ontology or data bank ("GO:0005840"); ``go_id`` in old files.
        map_threshold: Level at which its density map is shown.
        radius: Angstrom; of a filament the tube's.
        metadata: Anything; the key "copick" belongs to copick.
    """

    name: str
    is_particle: bool
    label: Optional[int] = 1
    color: Optional[Tuple[int, int, int, int]] = (100, 100, 100, 255)
    emdb_id: Optional[str] = None
    pdb_id: Optional[str] = None
    identifier: Optional[str] = None
    map_threshold: Optional[float] = None
    radius: Optional[float] = None
    metadata: Optional[Dict[str, Any]] = {}

    _aliases = {"identifier": ("go_id", "identifier")}
    _rules = {
        "name": _sane,
        "is_particle": boolean,
        "label": optional(_label),
        "color": optional(_color),
        "emdb_id": optional(string),
        "pdb_id": optional(string),
        "identifier": optional(string),
        "map_threshold": optional(number),
        "radius": optional(number),
        "metadata": lambda value: {} if value is None else mapping(value),
    }

    def _finish(self) -> None:
        spec = self.filament
        if spec is None:
            return
        if not self.is_particle:
            raise ValidationError(
                f"cannot declare '{self.name}' a filament: filaments are annotated with points, and is_particle is "
                "False",
            )
        self.__dict__["metadata"] = _metadata_with_filament(self.metadata, spec)

    @property
    def go_id(self) -> Optional[str]:
        """Old name of ``identifier``."""
        return self.identifier

    @go_id.setter
    def go_id(self, value: Optional[str]) -> None:
        self.identifier = value

    @property
    def filament(self) -> Optional[FilamentSpec]:
        """The filament declaration, or None."""
        namespace = (self.metadata or {}).get(COPICK_METADATA_NAMESPACE)
        if isinstance(namespace, dict) and namespace.get(FILAMENT_METADATA_KEY) is not None:
            return FilamentSpec.model_validate(namespace[FILAMENT_METADATA_KEY])
        return None

    @property
    def is_filament(self) -> bool:
        return self.filament is not None

    def set_filament(self, filament: Union[FilamentSpec, Dict[str, Any], None]) -> None:
        """Declares the object a filament, changes its declaration, or (None) takes it away.

        Raises:
            ValueError: the object is no particle, or the declaration breaks a rule.
        """
        metadata = _metadata_with_filament(self.metadata, filament)
        self.metadata = type(self).model_validate({**self.model_dump(), "metadata": metadata}).metadata


def _objects(value: Any) -> List[PickableObject]:
    return list_of(PickableObject.model_validate)(value)


def _spacing_types(value: Any) -> Dict[float, List[str]]:
    return {number(size): list_of(string)(types) for size, types in mapping(value).items()}


class CopickConfig(Model):
    """The description of a project: its objects, who works on it, and optional indexes of names.

    Attributes:
        name, description: For people.
        version: Version of the copick API that the file was made for.
        pickable_objects: What can be annotated.
        user_id, session_id: Who makes new annotations, unless a call says so.
        runs, voxel_spacings, tomograms: Names, for sources that cannot list.
    """

    name: Optional[str] = "CoPick"
    description: Optional[str] = "Let's CoPick!"
    version: Optional[str] = "0.2.0"
    pickable_objects: List[PickableObject]
    user_id: Optional[str] = None
    session_id: Optional[str] = None
    runs: Optional[List[str]] = None
    voxel_spacings: Optional[List[float]] = None
    tomograms: Optional[Dict[float, List[str]]] = {}

    _rules = {
        "name": optional(string),
        "description": optional(string),
        "version": optional(string),
        "pickable_objects": _objects,
        "user_id": optional(_sane),
        "session_id": optional(_sane),
        "runs": optional(list_of(string)),
        "voxel_spacings": optional(list_of(number)),
        "tomograms": optional(_spacing_types),
    }

    @classmethod
    def from_file(cls, filename: str) -> "CopickConfig":
        """The config in a JSON file."""
        from copick_native import _core

        with open(filename, encoding="utf-8") as file:
            return cls(**_core.parse_json(file.read(), filename))
