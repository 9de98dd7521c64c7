"""From a config's root to a store: native where the engine has a backend, fsspec for everything else."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Optional

from copick_native import _core
from copick_native.errors import UnsupportedError

NATIVE = ("", "local", "file")
"""Protocols that the engine reads itself. ("memory" is shared with fsspec where that is installed.)"""


def protocol_of(url: str) -> str:
    """The protocol of a URL; "" for a plain path.

    >>> protocol_of("s3://bucket/project"), protocol_of("/data/project"), protocol_of("simplecache::s3://b")
    ('s3', '', 'simplecache::s3')
    """
    head, mark, _ = url.partition("://")
    return head.lower() if mark else ""


def local_path(url: str) -> str:
    """The absolute path that a local URL means; relative ones start from the working directory."""
    path = url.partition("://")[2] if "://" in url else url
    return os.path.abspath(os.path.expanduser(path))


def open_store(url: str, fs_args: Optional[Dict[str, Any]] = None) -> Any:
    """The engine's store for a root of the config."""
    protocol = protocol_of(url)
    if protocol in NATIVE:
        return _core.open_store("local://" + local_path(url), json.dumps(fs_args or {}))
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
    if protocol_of(url) in NATIVE:
        return fsspec.filesystem("file", **(fs_args or {}))
    return fsspec.core.url_to_fs(url, **(fs_args or {}))[0]


def strip_protocol(url: str, fs_args: Optional[Dict[str, Any]] = None) -> str:
    """The root as its file system spells it, without a trailing '/'."""
    if protocol_of(url) in NATIVE:
        return local_path(url)
    return filesystem(url, fs_args)._strip_protocol(url).rstrip("/")
