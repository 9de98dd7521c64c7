"""The store of zarr-python 2."""

from __future__ import annotations

from typing import Any, Callable, Optional

from zarr.storage import Store

from copick_native._zarr_keys import Keys


class Zarr2Store(Keys, Store):
    """An engine store for zarr-python 2. Keys of chunks are nested, as copick has them."""

    _erasable = True
    _dimension_separator = "/"

    def __init__(
        self,
        store: Any,
        prefix: str,
        read_only: bool,
        on_metadata: Optional[Callable[[], None]] = None,
        reopen: Optional[Callable[[], Any]] = None,
    ):
        Keys.__init__(self, store, prefix, read_only, on_metadata)
        self._reopen = reopen
        self._writeable = not read_only

    def is_writeable(self) -> bool:
        return self._writeable

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zarr2Store) and self.path == other.path

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self):
        return _again, (self._reopen,)


def _again(reopen: Callable[[], Any]) -> Any:
    return reopen()
