"""Values below one prefix of an engine store, as a mapping: what the stores of both zarr-pythons are made of."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Optional

from copick_native.errors import PermissionError

_METADATA = (".zarray", ".zattrs", ".zgroup", "zarr.json", ".zmetadata")


class Keys:
    """Values below one prefix of an engine store, as a mapping.

    ``on_metadata`` is called when a metadata key was written, so that handles read it again.
    """

    def __init__(
        self,
        store: Any,
        prefix: str,
        read_only: bool,
        on_metadata: Optional[Callable[[], None]] = None,
    ):
        self._keys, self._prefix, self._read_only_keys = store, prefix, read_only
        self._on_metadata = on_metadata

    @property
    def path(self) -> str:
        """Path or URL of the Zarr store."""
        return self._keys.url(self._prefix)

    def _key(self, key: str) -> str:
        key = key.strip("/")
        return f"{self._prefix}/{key}" if key else self._prefix

    def _writable(self, key: str) -> None:
        if self._read_only_keys:
            raise PermissionError(f"cannot write '{key}' of {self.path}: it belongs to the read-only static source")

    def _written(self, key: str) -> None:
        if self._on_metadata is not None and key.rsplit("/", 1)[-1] in _METADATA:
            self._on_metadata()

    def __getitem__(self, key: str) -> bytes:
        value = self._keys.get(self._key(key))
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        self._writable(key)
        self._keys.put(self._key(key), _buffer(value))
        self._written(key)

    def __delitem__(self, key: str) -> None:
        self._writable(key)
        if not self._keys.erase(self._key(key)):
            raise KeyError(key)
        self._written(key)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._keys.size(self._key(key)) is not None

    def __iter__(self) -> Iterator[str]:
        start = len(self._prefix) + 1
        return (key[start:] for key, _, _ in self._keys.list_recursive(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def keys(self) -> List[str]:
        return list(self)

    def listdir(self, path: str = "") -> List[str]:
        """Names one level below ``path``."""
        return [name for name, _, _ in self._keys.list(self._key(path))]

    def getsize(self, path: str = "") -> int:
        """Bytes of a value, or of the values directly below a folder."""
        size = self._keys.size(self._key(path))
        return size if size is not None else sum(
            self._keys.size(f"{self._key(path)}/{name}") or 0
            for name, is_folder, _ in self._keys.list(self._key(path))
            if not is_folder
        )

    def rmdir(self, path: str = "") -> None:
        """Removes everything below ``path``."""
        self._writable(path)
        self._keys.erase_prefix(self._key(path))
        if self._on_metadata is not None:
            self._on_metadata()

    def rename(self, src_path: str, dst_path: str) -> None:
        source = self._key(src_path)
        for key, _, _ in self._keys.list_recursive(source):
            tail = key[len(source) :]
            self[f"{dst_path}{tail}"] = self._keys.get(key)
        self.rmdir(src_path)


def _buffer(value: Any) -> Any:
    """A value as contiguous bytes, without a copy where it is that already."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return value
    import numpy as np

    return np.ascontiguousarray(value).reshape(-1).view(np.uint8)
