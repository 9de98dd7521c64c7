"""Records that behave like the reference's pydantic models, without importing pydantic.

A subclass declares fields as annotations with defaults, and rules for them in ``_rules``; keyword construction,
``model_dump``, ``model_validate``, JSON, equality and ``repr`` follow. Unknown keywords are ignored, as pydantic does
by default, unless the class says ``_extra = True``: then they are kept and dumped.

>>> class Shape(Model):
...     name: str
...     sides: int = 4
...     _rules = {"name": string, "sides": integer}
>>> Shape(name="square", sides="4")
Shape(name='square', sides=4)
>>> Shape.model_validate({"name": "hexagon", "sides": 6}).model_dump()
{'name': 'hexagon', 'sides': 6}
"""

from __future__ import annotations

from copick_native.errors import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Iterator, Optional, Tuple

_REQUIRED = object()


class FieldInfo:
    """One field: its default, and what makes and checks its value."""

    __slots__ = ("name", "default", "rule", "aliases", "annotation")

    def __init__(self, name: str, default: Any, rule: Optional[Callable], aliases: Tuple[str, ...], annotation: Any):
        self.name, self.default, self.rule, self.aliases, self.annotation = name, default, rule, aliases, annotation

    default_factory = None

    def is_required(self) -> bool:
        return self.default is _REQUIRED

    def get_default(self, call_default_factory: bool = True) -> Any:
        """A default that nobody else holds."""
        return _plain(self.default, {"mode": "python"}) if isinstance(self.default, (list, dict)) else self.default

    def __repr__(self) -> str:
        return f"FieldInfo(annotation={self.annotation!r}, required={self.is_required()})"


class Model:
    """Base of the records. Fields are set freely afterwards, unchecked, as in the reference."""

    model_fields: Dict[str, FieldInfo] = {}
    _rules: Dict[str, Callable] = {}
    _aliases: Dict[str, Tuple[str, ...]] = {}
    _extra: bool = False
    _plan: Tuple[Tuple[str, Tuple[str, ...], FieldInfo], ...] = ()  # name, keys it is given by, field

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        fields = dict(cls.model_fields)
        for name, annotation in cls.__dict__.get("__annotations__", {}).items():
            if name.startswith("_") or name.startswith("model_"):
                continue
            default = cls.__dict__.get(name, _REQUIRED)
            if default is not _REQUIRED:
                delattr(cls, name)
            elif name in fields and not isinstance(default, property):
                default = _REQUIRED
            fields[name] = FieldInfo(name, default, None, (), annotation)
        for name, field in fields.items():
            field = fields[name] = FieldInfo(name, field.default, field.rule, field.aliases, field.annotation)
            field.rule = cls._rules.get(name, field.rule)
            field.aliases = cls._aliases.get(name, field.aliases)
        cls.model_fields = fields
        cls._plan = tuple((name, field.aliases or (name,), field) for name, field in fields.items())

    def __init__(self, **data: Any) -> None:
        state = self.__dict__
        given = set()
        for name, keys, field in self._plan:
            for key in keys:
                if key in data:
                    try:
                        state[name] = data[key] if field.rule is None else field.rule(data[key])
                    except (ValueError, TypeError, AssertionError) as error:
                        raise ValidationError(
                            f"cannot make a {type(self).__name__}: field '{name}': {error}",
                        ) from None
                    given.add(name)
                    break
            else:
                if field.default is _REQUIRED:
                    raise ValidationError(f"cannot make a {type(self).__name__}: field '{name}' is required")
                state[name] = field.get_default()
        state["_given"] = given
        if self._extra:
            state["_extras"] = {key: value for key, value in data.items() if key not in self.model_fields}
        elif len(given) != len(data):
            unknown = [key for key in data if key not in self.model_fields and not self._is_alias(key)]
            if unknown:
                state["_unknown"] = {key: data[key] for key in unknown}
        self._finish()

    def _finish(self) -> None:
        """Checks that look at several fields; runs at the end of construction."""

    @classmethod
    def _is_alias(cls, key: str) -> bool:
        return any(key in field.aliases for field in cls.model_fields.values())

    # --- attributes ---

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.model_fields:
            self.__dict__[name] = value
            self.__dict__.setdefault("_given", set()).add(name)
        elif name.startswith("_") or hasattr(type(self), name):
            object.__setattr__(self, name, value)
        elif self._extra:
            self.__dict__["_extras"][name] = value
        else:
            raise ValueError(f'"{type(self).__name__}" object has no field "{name}"')

    def __getattr__(self, name: str) -> Any:
        extras = self.__dict__.get("_extras")
        if extras and name in extras:
            return extras[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    @property
    def model_fields_set(self) -> set:
        """Names of the fields that were given or assigned."""
        return set(self.__dict__.get("_given", ()))

    @property
    def model_extra(self) -> Optional[Dict[str, Any]]:
        return self.__dict__.get("_extras")

    # --- to plain data and back ---

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Optional[Iterable[str]] = None,
        exclude: Optional[Iterable[str]] = None,
        by_alias: bool = False,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        **_: Any,
    ) -> Dict[str, Any]:
        """The fields as a dict, nested records as dicts too. ``mode="json"`` gives lists for tuples."""
        dumped: Dict[str, Any] = {}
        below = {"mode": mode, "exclude_unset": exclude_unset, "exclude_none": exclude_none}
        for name, field in self.model_fields.items():
            if include is not None and name not in include or exclude is not None and name in exclude:
                continue
            value = getattr(self, name)
            if exclude_unset and name not in self.__dict__.get("_given", ()):
                continue
            if exclude_none and value is None or exclude_defaults and value == field.default:
                continue
            dumped[name] = _plain(value, below)
        if self._extra:
            dumped.update({key: _plain(value, below) for key, value in self.__dict__["_extras"].items()})
        return dumped

    def model_dump_json(self, *, indent: Optional[int] = None, **options: Any) -> str:
        import json

        separators = None if indent else (",", ":")
        return json.dumps(self.model_dump(mode="json", **options), indent=indent, separators=separators)

    @classmethod
    def model_validate(cls, obj: Any, **_: Any):
        """A record of this class from a dict or from another record."""
        if isinstance(obj, cls):
            return obj
        if isinstance(obj, Model):
            obj = obj.model_dump()
        if not isinstance(obj, dict):
            raise ValidationError(f"cannot make a {cls.__name__}: found {type(obj).__name__}, expected a dict")
        return cls(**obj)

    @classmethod
    def model_validate_json(cls, json_data, **_: Any):
        import json

        return cls.model_validate(json.loads(json_data))

    @classmethod
    def model_construct(cls, _fields_set=None, **values: Any):
        """A record without any check."""
        made = cls.__new__(cls)
        for name, field in cls.model_fields.items():
            made.__dict__[name] = values[name] if name in values else field.get_default()
        made.__dict__["_given"] = set(values) if _fields_set is None else set(_fields_set)
        if cls._extra:
            made.__dict__["_extras"] = {k: v for k, v in values.items() if k not in cls.model_fields}
        return made

    def model_copy(self, *, update: Optional[Dict[str, Any]] = None, deep: bool = False):
        """A copy with some fields replaced, unchecked."""
        import copy

        made = copy.deepcopy(self) if deep else copy.copy(self)
        for name, value in (update or {}).items():
            setattr(made, name, value)
        return made

    def __copy__(self):
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        for name in ("_given", "_extras"):
            if name in made.__dict__:
                made.__dict__[name] = made.__dict__[name].copy()
        return made

    dict = model_dump
    json = model_dump_json
    copy = model_copy
    parse_obj = model_validate

    def document(self) -> Dict[str, Any]:
        """``model_dump`` with the members that no field knows, as they were given: for writing files back."""
        dumped = {name: _document(getattr(self, name)) for name in self.model_fields}
        dumped.update(self.__dict__.get("_extras") or {})
        for key, value in (self.__dict__.get("_unknown") or {}).items():
            dumped.setdefault(key, value)
        return dumped

    # --- comparing and showing ---

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, Model) or type(self) is not type(other):
            return NotImplemented
        mine, theirs = self.__dict__.get("_extras"), other.__dict__.get("_extras")
        return mine == theirs and all(getattr(self, name) == getattr(other, name) for name in self.model_fields)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Tuple[str, Any]]:
        for name in self.model_fields:
            yield name, getattr(self, name)

    def _shown(self) -> Iterator[str]:
        for name in self.model_fields:
            yield f"{name}={getattr(self, name)!r}"
        for key, value in (self.model_extra or {}).items():
            yield f"{key}={value!r}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._shown())})"

    def __str__(self) -> str:
        return " ".join(self._shown())

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """Lets a pydantic model have a field of this type."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.model_validate,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.model_dump()),
        )


def _plain(value: Any, options: Dict[str, Any]) -> Any:
    if isinstance(value, Model):
        return value.model_dump(**options)
    if isinstance(value, list):
        return [_plain(item, options) for item in value]
    if isinstance(value, tuple):
        return (list if options["mode"] == "json" else tuple)(_plain(item, options) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item, options) for key, item in value.items()}
    return value


def _document(value: Any) -> Any:
    if isinstance(value, Model):
        return value.document()
    if isinstance(value, (list, tuple)):
        return [_document(item) for item in value]
    return value


# --- rules: what pydantic's lax mode accepts ---


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text, found {type(value).__name__}")
    return value


def boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if value in (0, 1):
        return bool(value)
    raise ValueError(f"expected true or false, found {value!r}")


_WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}


def integer(value: Any) -> int:
    if isinstance(value, (str, float)) or hasattr(value, "__float__") and not hasattr(value, "__index__"):
        number_value = float(value)
        if not number_value.is_integer():
            raise ValueError(f"expected a whole number, found {value!r}")
        return int(value) if isinstance(value, str) and "." not in value else int(number_value)
    if not hasattr(value, "__index__"):
        raise ValueError(f"expected a whole number, found {value!r}")
    return int(value)


def number(value: Any) -> float:
    if isinstance(value, str) or hasattr(value, "__float__") or hasattr(value, "__index__"):
        return float(value)
    raise ValueError(f"expected a number, found {value!r}")


def optional(rule: Callable) -> Callable:
    def rule_or_none(value: Any) -> Any:
        return None if value is None else rule(value)

    return rule_or_none


def list_of(rule: Callable) -> Callable:
    def rule_for_all(value: Any) -> list:
        if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
            raise ValueError(f"expected a list, found {type(value).__name__}")
        return [rule(item) for item in value]

    return rule_for_all


def mapping(value: Any) -> Dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a dict, found {type(value).__name__}")
    return value
