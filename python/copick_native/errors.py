"""Everything this package raises on purpose.

One family, :class:`CopickError`, split by what a caller would branch on. Each class is also one of the built-in
exceptions that code written for the reference catches: ``except FileNotFoundError`` and ``except KeyError`` both see
a :class:`NotFoundError`, ``except ValueError`` a :class:`ValidationError`.

>>> try:
...     raise ValidationError("cannot create picks: no user id")
... except ValueError as error:
...     print(error)
cannot create picks: no user id
"""

import builtins


class CopickError(Exception):
    """Base of the family. The four facts of an error that came from the engine are its attributes."""

    doing: str = ""
    """What was being done; completes "cannot ..."."""
    where: str = ""
    """Path or URL."""
    why: str = ""
    """The reason."""
    hint: str = ""
    """What to do next."""


class NotFoundError(CopickError, FileNotFoundError, KeyError):
    """The thing asked for is definitely not there."""


class ValidationError(CopickError, ValueError):
    """An argument or a file's content breaks a rule of the data model."""


class PermissionError(CopickError, builtins.PermissionError):
    """A write was asked of a read-only source, or the storage refused access."""


class ConflictError(CopickError, FileExistsError, ValueError):
    """Somebody else was first: the thing exists already, or changed since it was read."""


class CorruptError(CopickError, ValueError):
    """Bytes on disk or from the network break their format."""


class StorageError(CopickError, OSError):
    """The storage failed: no space, time-out, truncated transfer."""


class UnsupportedError(CopickError, NotImplementedError):
    """A kind of project or an operation that this version does not offer."""
