"""From a config's root to a store: native where the engine has a backend, fsspec for everything else."""

from __future__ import annotations

import os

from copick_native import _core
from copick_native.errors import UnsupportedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

LOCAL = ("", "local", "file")
ENGINE = (*LOCAL, "http", "https", "s3", "s3a", "ssh", "sftp", "zip", "simplecache", "filecache", "blockcache")
"""Protocols that the engine has a backend for. ("memory" is shared with fsspec where that is installed.)"""


def protocol_of(url: str) -> str:
    """The protocol of a URL; "" for a plain path.

    >>> protocol_of("s3://bucket/project"), protocol_of("/data/project"), protocol_of("simplecache::s3://b")
    ('s3', '', 'simplecache::s3')
    """
    head, mark, _ = url.partition("://")
    return head.lower() if mark else ""


def is_native(url: str, fs_args: Optional[Dict[str, Any]] = None) -> bool:
    """Whether the engine opens it itself; everything else is left to fsspec.

    >>> is_native("s3://bucket/project"), is_native("zip://project::https://host/x.zip"), is_native("github://a:b@/")
    (True, True, False)
    >>> is_native("gs://bucket", {"token": "anon"}), is_native("gs://bucket", {"token": "cloud"})
    (True, False)
    """
    fs_args = fs_args or {}
    try:
        _core.json_text(fs_args)
    except TypeError:
        return False  # objects that only Python knows
    google = fs_args.get("token") == "anon" or fs_args.get("anon") or "key" in fs_args
    known = (*ENGINE, "gs", "gcs") if google else ENGINE
    names = (link.partition("://") for link in url.split("::"))  # "simplecache::s3://bucket": a cache of a bucket
    return all((name.lower() in known) if mark or name.endswith("cache") else True for name, mark, _ in names)


def local_path(url: str) -> str:
    """The absolute path that a local URL means; relative ones start from the working directory."""
    path = url.partition("://")[2] if "://" in url else url
    return os.path.abspath(os.path.expanduser(path))


def open_store(url: str, fs_args: Optional[Dict[str, Any]] = None) -> Any:
    """The engine's store for a root of the config."""
    protocol = protocol_of(url)
    if protocol in LOCAL:
        return _core.open_store("local://" + local_path(url), _core.json_text(fs_args or {}))
    if is_native(url, fs_args):
        return _core.open_store(url, _core.json_text(fs_args or {}))
    try:
        from copick_native._fsspec_store import open_fsspec_store
    except ImportError as error:
        if protocol == "memory":
            return _core.open_store(url)
        raise UnsupportedError(
            f"cannot open '{protocol}://' storage: the engine has no backend for it, and fsspec is not installed "
            f"({error}); pip install fsspec and the package that offers '{protocol}'",
        ) from None
    return open_fsspec_store(url, fs_args or {})


def filesystem(url: str, fs_args: Optional[Dict[str, Any]] = None) -> Any:
    """A real fsspec file system for a root of the config."""
    try:
        import fsspec
    except ImportError:
        raise UnsupportedError(
            "cannot hand out a file system: fsspec is not installed; pip install fsspec",
        ) from None
    if protocol_of(url) in LOCAL:
        return fsspec.filesystem("file", **(fs_args or {}))
    return fsspec.core.url_to_fs(url, **(fs_args or {}))[0]


def strip_protocol(url: str, fs_args: Optional[Dict[str, Any]] = None) -> str:
    """The root as its file system spells it, without a trailing '/'.

    >>> strip_protocol("s3://bucket/project/"), strip_protocol("ssh://host/data/project"), strip_protocol("zip://in::https://h/x.zip")
    ('bucket/project', '/data/project', 'in')
    """
    if protocol_of(url) in LOCAL:
        return local_path(url)
    if not is_native(url, fs_args):
        return filesystem(url, fs_args)._strip_protocol(url).rstrip("/")
    link = next(link for link in url.split("::") if not link.endswith("cache"))  # a cache has the names of what it caches
    protocol, _, rest = link.partition("://")
    if protocol in ("http", "https"):
        return link.rstrip("/")
    return ("/" + rest.partition("/")[2] if protocol in ("ssh", "sftp") else rest).rstrip("/")
