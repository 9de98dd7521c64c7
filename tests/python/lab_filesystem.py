"""A file system that a user registered with fsspec: keys in a dictionary, latency, refusals and a log of calls."""

import time

import fsspec
from fsspec.implementations.memory import MemoryFileSystem


class LabFileSystem(MemoryFileSystem):
    """lab://name/...; `refused` names are denied, `delay` is waited for in each call."""

    protocol = "lab"
    store, pseudo_dirs, calls = {}, [""], []

    def __init__(self, token=None, delay=0.0, refused=(), **options):
        super().__init__(**options)
        self.token, self.delay, self.refused = token, delay, tuple(refused)

    @classmethod
    def _strip_protocol(cls, path):
        path = str(path).removeprefix("lab://").strip("/")
        return "/" + path if path else ""

    def unstrip_protocol(self, name):
        return "lab://" + self._strip_protocol(name).lstrip("/")

    def _asked(self, verb, path):
        self.calls.append((verb, path))
        time.sleep(self.delay)
        if any(name in path for name in self.refused):
            raise PermissionError(f"403: {path}")

    def cat_file(self, path, start=None, end=None, **options):
        self._asked("cat", path)
        return super().cat_file(path, start, end, **options)

    def pipe_file(self, path, value, **options):
        self._asked("pipe", path)
        return super().pipe_file(path, value, **options)

    def ls(self, path, detail=True, **options):
        self._asked("ls", path)
        return super().ls(path, detail=detail, **options)


fsspec.register_implementation("lab", LabFileSystem, clobber=True)
