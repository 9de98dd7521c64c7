"""copick_native: cryo-electron-tomography datasets, anywhere, through the copick API.

>>> import copick_native as copick
>>> root = copick.from_file("copick_config.json")                               # doctest: +SKIP
>>> for run in root.runs:                                                       # doctest: +SKIP
...     for picks in run.get_picks(object_name="ribosome"):
...         positions, transforms = picks.numpy()

Names, signatures and results are those of the copick package; :func:`install_as_copick` puts this package in its
place for code that imports ``copick``.
"""

from copick_native._version import __version__
from copick_native.models import COPICK_TYPES
from copick_native.ops.open import from_croissant, from_czcdp_datasets, from_file, from_string, new_config

__all__ = [
    "COPICK_TYPES",
    "__version__",
    "from_croissant",
    "from_czcdp_datasets",
    "from_file",
    "from_string",
    "install_as_copick",
    "new_config",
    "set_chunk_cache",
    "set_memory_budget",
    "set_threads",
]


def install_as_copick() -> None:
    """Makes ``import copick`` and its submodules mean this package, for the whole process.

    Call it before anything imports copick. RuntimeError when the other copick is imported already.
    """
    from copick_native._alias import install

    install()


def set_threads(count: int) -> bool:
    """Size of the engine's thread pool, 0: what the machine grants. False once the pool is in use."""
    from copick_native import _core

    return _core.set_threads(count)


def set_chunk_cache(bytes: int) -> None:
    """Bytes in which decoded chunks are kept for the next read, at most the memory budget; 0, the default: none.

    For crops that lie close to each other and are read one by one; :meth:`read_many` needs no cache.
    """
    from copick_native import _core

    _core.set_chunk_cache(bytes)


def set_memory_budget(bytes: int) -> None:
    """Bytes of data in flight between storage and arrays; 0: the default."""
    from copick_native import _core

    _core.set_memory_budget(bytes)
