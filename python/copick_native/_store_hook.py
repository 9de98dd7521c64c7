"""What a storage written in Python must offer to serve as a store of the engine.

``copick_native._core.store_from_python(object)`` makes a store of any object with the methods of :class:`StoreHook`.
The fsspec bridge (``_fsspec_store.py``) is one. Keys are relative, separated by ``/``, without a leading or trailing
one; a prefix is a folder's key, ``""`` the whole store.

Exceptions: ``PermissionError`` stays one, everything else becomes a ``StorageError`` with its text. Only a definite
"there is no such key" may be answered by None or False.

Threads: methods are called from any thread, one at a time unless they wait outside the interpreter lock.
"""

from __future__ import annotations

from typing import Iterable, List, Optional, Protocol, Sequence, Tuple


class StoreHook(Protocol):
    """Named bytes somewhere."""

    def get_many(self, requests: Sequence[Tuple[str, int, Optional[int]]]) -> Iterable[Optional[bytes]]:
        """One answer a request ``(key, offset, length)``, in order; None: no such key.

        ``length`` None reads to the end; an ``offset`` below 0 asks for the last ``-offset`` bytes. A range that
        reaches past the end gives the bytes there are. Answers are ``bytes`` or any other buffer. At most 64
        requests come at once: the place to read them at the same time.
        """

    def stat(self, key: str) -> Optional[Tuple[int, str]]:
        """Size in bytes and a version: a text that changes when the bytes do, "" where the storage cannot tell."""

    def put(self, key: str, value: bytes) -> str:
        """Writes a whole value, making folders as needed, and returns its version. Readers must never see half."""

    def erase(self, key: str) -> bool:
        """Removes one value; False when it was not there."""

    def erase_prefix(self, prefix: str) -> int:
        """Removes everything below a folder, and the folder; how many values went."""

    def make_prefix(self, prefix: str) -> None:
        """Makes an empty folder, where the storage has folders."""

    def move(self, source: str, target: str) -> None:
        """Renames one value, replacing what was at ``target``; copy and erase will do."""

    def list(self, prefix: str) -> List[Tuple[str, bool, int]]:
        """``(name, is folder, size)`` one level below ``prefix``. A folder that does not exist is an empty list."""

    def list_recursive(self, prefix: str) -> List[Tuple[str, bool, int]]:
        """``(key, False, size)`` of every value below ``prefix``, keys from the store's root."""

    def url(self, key: str) -> str:
        """A path or URL for messages, without secrets. Equal places must have equal URLs."""
