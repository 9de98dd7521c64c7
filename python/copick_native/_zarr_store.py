"""What ``zarr()`` hands out: a store that ``zarr.open()`` of zarr-python 2 and 3 takes.

Every value that is written through it becomes visible in one step. Which of the two kinds is made depends on the zarr
that is installed; both also work as a mapping from keys to bytes.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from copick_native._zarr_keys import Keys


def open_zarr_store(
    store: Any,
    prefix: str,
    read_only: bool,
    on_metadata: Optional[Callable[[], None]] = None,
    reopen: Optional[Callable[[], Any]] = None,
) -> Any:
    """The store for the zarr that is installed; without one, a plain mapping.

    ``reopen`` makes the same store again: it travels when the store is pickled.
    """
    try:
        import zarr
    except ImportError:
        from collections.abc import MutableMapping

        made = type("CopickZarrStore", (Keys, MutableMapping), {})(store, prefix, read_only, on_metadata)
        return made
    if int(zarr.__version__.split(".")[0]) >= 3:
        from copick_native._zarr3 import Zarr3Store

        return Zarr3Store(store, prefix, read_only, on_metadata, reopen)
    from copick_native._zarr2 import Zarr2Store

    return Zarr2Store(store, prefix, read_only, on_metadata, reopen)
