"""The store of zarr-python 3.

Its methods are coroutines; the engine's calls run on threads, so that many chunks are read at the same time.
"""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Callable, Iterable, Optional

from zarr.abc.store import ByteRequest, OffsetByteRequest, RangeByteRequest, Store, SuffixByteRequest
from zarr.core.buffer import Buffer, BufferPrototype

from copick_native._zarr_keys import Keys


class Zarr3Store(Keys, Store):
    """An engine store for zarr-python 3."""

    supports_writes = True
    supports_deletes = True
    supports_partial_writes = False
    supports_listing = True

    def __init__(
        self,
        store: Any,
        prefix: str,
        read_only: bool,
        on_metadata: Optional[Callable[[], None]] = None,
        reopen: Optional[Callable[[], Any]] = None,
    ):
        Store.__init__(self, read_only=read_only)
        Keys.__init__(self, store, prefix, read_only, on_metadata)
        self._reopen = reopen

    def with_read_only(self, read_only: bool = False) -> "Zarr3Store":
        made = Zarr3Store(self._keys, self._prefix, read_only or self._read_only_keys, self._on_metadata, self._reopen)
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zarr3Store) and self.path == other.path

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self):
        return _again, (self._reopen,)

    def __repr__(self) -> str:
        return f"Zarr3Store('{self.path}')"

    # --- the coroutines of the interface ---

    async def get(
        self,
        key: str,
        prototype: Optional[BufferPrototype] = None,
        byte_range: Optional[ByteRequest] = None,
    ) -> Optional[Buffer]:
        if prototype is None:
            from zarr.core.buffer import default_buffer_prototype

            prototype = default_buffer_prototype()
        value = await asyncio.to_thread(self._part, key, byte_range)
        return None if value is None else prototype.buffer.from_bytes(value)

    def _part(self, key: str, byte_range: Optional[ByteRequest]) -> Optional[bytes]:
        if byte_range is None:
            return self._keys.get(self._key(key))
        if isinstance(byte_range, RangeByteRequest):
            return self._keys.get_range(self._key(key), byte_range.start, byte_range.end - byte_range.start)
        if isinstance(byte_range, OffsetByteRequest):
            return self._keys.get_range(self._key(key), byte_range.offset)
        if isinstance(byte_range, SuffixByteRequest):
            return self._keys.get_range(self._key(key), -byte_range.suffix) if byte_range.suffix else b""
        raise ValueError(f"unexpected byte range {byte_range!r}")

    async def get_partial_values(
        self,
        prototype: BufferPrototype,
        key_ranges: Iterable[tuple],
    ) -> list:
        return list(await asyncio.gather(*(self.get(key, prototype, part) for key, part in key_ranges)))

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self.__contains__, key)

    async def set(self, key: str, value: Buffer) -> None:
        self._check_writable()
        await asyncio.to_thread(self.__setitem__, key, value.as_numpy_array())

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        if not await self.exists(key):
            await self.set(key, value)

    async def delete(self, key: str) -> None:
        self._check_writable()
        await asyncio.to_thread(self._erase, key)

    def _erase(self, key: str) -> None:
        self._keys.erase(self._key(key))
        self._written(key)

    async def delete_dir(self, prefix: str) -> None:
        self._check_writable()
        await asyncio.to_thread(self.rmdir, prefix)

    async def clear(self) -> None:
        await self.delete_dir("")

    async def is_empty(self, prefix: str) -> bool:
        return not await asyncio.to_thread(self.listdir, prefix)

    async def getsize(self, key: str) -> int:  # type: ignore[override]  # zarr-python 3 waits for it
        size = await asyncio.to_thread(self._keys.size, self._key(key))
        if size is None:
            raise FileNotFoundError(key)
        return size

    async def list(self) -> AsyncIterator[str]:
        for key in await asyncio.to_thread(self.keys):
            yield key

    async def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        for key in await asyncio.to_thread(self.keys):
            if key.startswith(prefix):
                yield key

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        for name in await asyncio.to_thread(self.listdir, prefix):
            yield name


def _again(reopen: Callable[[], Any]) -> Any:
    return reopen()
