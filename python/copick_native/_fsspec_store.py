"""Any fsspec file system as a store of the library, for protocols that have no native backend.

    open_fsspec_store("github://org:repo@main/project", {})   # what a config's root and fs_args say

The library calls the methods of FsspecStore with keys relative to the root ("ExperimentRuns/TS_001/.meta"); what they
promise is written in _store_hook.py. An absent value is None; a folder of that name is no value either. Whatever else goes wrong is raised, and
reaches the user as PermissionError or StorageError with the file system's own words: missing and denied stay different.

How a value is written. Object stores show an upload when it has ended, so it goes straight to its key. File systems
that are folders of files (local, SFTP, FTP, SMB, HDFS and what is built on them) show a file while it is written, so
there it goes to a hidden name beside its key, which is then renamed.

Threads: any. After a fork and after pickling the file system is made anew: its connections belong to one process.
"""

from __future__ import annotations

import os
import re
import secrets
from typing import Any, Optional, Sequence

FOLDERS_OF_FILES = frozenset(
    {"file", "local", "sftp", "ssh", "ftp", "smb", "hdfs", "arrow_hdfs", "webhdfs", "webHDFS", "jupyter", "jlab"},
)
# What file systems call the thing that changes when a value does, the surest first.
VERSION_FIELDS = ("ETag", "etag", "md5", "md5Hash", "checksum", "sha", "generation", "version_id", "VersionId", "mtime",
                  "last_modified", "LastModified", "modified", "updated", "time", "created")
ABSENT = (FileNotFoundError, IsADirectoryError, NotADirectoryError)

Listed = list[tuple[str, bool, int]]


def open_fsspec_store(url: str, fs_args: Optional[dict[str, Any]] = None) -> Any:
    """The engine's store of a root in an fsspec file system."""
    from copick_native import _core

    return _core.store_from_python(FsspecStore(url, fs_args))


class FsspecStore:
    """One root of a project in an fsspec file system."""

    def __init__(self, url: str, fs_args: Optional[dict[str, Any]] = None):
        self.root_url = url
        self.fs_args = dict(fs_args or {})
        self._connect()

    def _connect(self) -> None:
        from fsspec.core import url_to_fs

        self._fs, root = url_to_fs(self.root_url, **self.fs_args)
        self._root = root.rstrip("/")
        self._process = os.getpid()
        self._hides_writes = _is_folder_of_files(self._fs)

    @property
    def fs(self):
        """The file system, of this process."""
        if self._process != os.getpid():
            self._connect()
        return self._fs

    def __reduce__(self):
        return type(self), (self.root_url, self.fs_args)

    # Names

    def path(self, key: str) -> str:
        """The path of a key in the file system; "" is the root."""
        return f"{self._root}/{key}" if key else self._root or "/"

    def _key(self, path: str) -> str:
        """The key of a path as the file system spells it: some begin with a slash that others leave out."""
        return path.strip("/")[len(self._root.strip("/")):].strip("/")

    def url(self, key: str = "") -> str:
        """The address for messages, without credentials."""
        return re.sub(r"://[^/@]*:[^/@]*@", "://", str(self.fs.unstrip_protocol(self.path(key))))

    # Reading

    def get_many(self, requests: Sequence[tuple[str, int, Optional[int]]]) -> list[Optional[bytes]]:
        """Parts (key, offset, length or None) in one call, fetched at once where the file system can. A negative
        offset asks for the last bytes. None: certainly not there."""
        paths = [self.path(key) for key, _, _ in requests]
        starts = [offset or None for _, offset, _ in requests]
        ends = [None if length is None else offset + length for _, offset, length in requests]
        answers = self.fs.cat_ranges(paths, starts, ends, on_error="return")
        return [self._part(*asked) for asked in zip(requests, answers)]

    def _part(self, request: tuple[str, int, Optional[int]], answer: Any) -> Optional[bytes]:
        if not isinstance(answer, BaseException):
            return answer
        if isinstance(answer, ABSENT):
            return None
        key, offset, _ = request
        info = self._info(key)
        if info is None:  # a few raise errors of their own for what is not there
            return None
        if offset >= info["size"]:  # a range behind the end holds no bytes, though servers refuse it
            return b""
        raise answer

    def _info(self, key: str) -> Optional[dict[str, Any]]:
        """What is known about a value, or None where there is none."""
        path = self.path(key)
        self.fs.invalidate_cache(self.fs._parent(path))
        try:
            info = self.fs.info(path)
        except ABSENT:
            return None
        return None if info["type"] == "directory" else info

    def stat(self, key: str) -> Optional[tuple[int, str]]:
        """(size, version); the version is empty where the file system does not say when a value changed."""
        info = self._info(key)
        if info is None:
            return None
        size = int(info.get("size") or 0)
        changed = next((str(info[field]) for field in VERSION_FIELDS if info.get(field)), "")
        return size, f"{size}-{changed}" if changed else ""

    def list(self, prefix: str) -> Listed:
        """One level: (name, is folder, size). A prefix that does not exist is empty."""
        path = self.path(prefix)
        self.fs.invalidate_cache(path)
        try:
            found = self.fs.ls(path, detail=True)
        except ABSENT:
            return []
        rows = {}
        for info in found:
            key = self._key(info["name"])
            if key != prefix.strip("/"):  # the folder's own marker, or a value where a folder was asked for
                rows[key.rsplit("/", 1)[-1]] = (info["type"] == "directory", int(info.get("size") or 0))
        return [(name, is_folder, 0 if is_folder else size) for name, (is_folder, size) in rows.items()]

    def list_recursive(self, prefix: str) -> Listed:
        """Every value below the prefix: (key, False, size)."""
        path = self.path(prefix)
        self.fs.invalidate_cache()
        try:
            found = self.fs.find(path, detail=True)
        except ABSENT:
            return []
        keys = ((self._key(info["name"]), int(info.get("size") or 0)) for info in found.values())
        return [(key, False, size) for key, size in keys if key and key != prefix.strip("/")]

    # Writing

    def put(self, key: str, value: bytes) -> str:
        """Writes a whole value and returns its version; no reader sees a part of it."""
        path = self.path(key)
        if self._hides_writes:
            folder, name = path.rsplit("/", 1)
            hidden = f"{folder}/{_unfinished_name(name)}"
            self._write(hidden, value)
            try:
                self.fs.mv(hidden, path)
            except BaseException:
                self.fs.rm_file(hidden)
                raise
        else:
            self._write(path, value)
        written = self.stat(key)
        return written[1] if written else ""

    def _write(self, path: str, value: bytes) -> None:
        try:
            self.fs.pipe_file(path, value)
        except FileNotFoundError:  # its folder is not there, on file systems that have folders
            self.fs.makedirs(self.fs._parent(path), exist_ok=True)
            self.fs.pipe_file(path, value)

    def erase(self, key: str) -> bool:
        """Removes one value; False when there was none."""
        if self._info(key) is None:
            return False
        self.fs.rm_file(self.path(key))
        return True

    def erase_prefix(self, prefix: str) -> int:
        """Removes the value `prefix` and everything below it; returns how many values went."""
        values = len(self.list_recursive(prefix))
        if values == 0 and self._info(prefix) is not None:
            values = 1
        try:
            self.fs.rm(self.path(prefix), recursive=True)
        except ABSENT:
            return 0
        return values

    def make_prefix(self, prefix: str) -> None:
        """Makes an empty folder, where the file system has folders."""
        self.fs.makedirs(self.path(prefix), exist_ok=True)

    def move(self, source: str, target: str) -> None:
        """Moves a value, replacing what was there."""
        path = self.path(target)
        try:
            self.fs.mv(self.path(source), path)
        except FileNotFoundError:
            self.fs.makedirs(self.fs._parent(path), exist_ok=True)
            self.fs.mv(self.path(source), path)


def _unfinished_name(name: str) -> str:
    """The library's own mark of a write under way, which listing leaves out: .<name>.<13 characters of 0-9a-v>.part"""
    mark = "".join(secrets.choice("0123456789abcdefghijklmnopqrstuv") for _ in range(13))
    return f".{name if len(name) < 60 else name[:58] + '~'}.{mark}.part"


def _is_folder_of_files(fs: Any) -> bool:
    """Whether a file can be seen while it is written: of the file system itself, and of what it wraps."""
    while fs is not None:
        protocols = {fs.protocol} if isinstance(fs.protocol, str) else set(fs.protocol)
        if protocols & FOLDERS_OF_FILES or any("local" in base.__module__ for base in type(fs).__mro__
                                               if base.__module__.startswith("fsspec.")):
            return True
        fs = getattr(fs, "fs", None)
    return False
