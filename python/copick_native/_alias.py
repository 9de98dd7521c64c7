"""This package under the name ``copick``.

``install()`` puts a finder in front of the others: a submodule ``copick.x`` is then the module ``copick_native.x``,
the same object, imported when it is asked for.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from types import ModuleType
from typing import Any, Optional

OURS, THEIRS = "copick_native", "copick"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and "loads" ``copick.*`` as what ``copick_native.*`` is."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname != THEIRS and not fullname.startswith(THEIRS + "."):
            return None
        ours = OURS + fullname[len(THEIRS) :]
        if importlib.util.find_spec(ours) is None:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return importlib.import_module(OURS + spec.name[len(THEIRS) :])

    def exec_module(self, module: ModuleType) -> None:
        # The import machinery has just called it by the other name; it keeps its own.
        module.__spec__ = importlib.util.find_spec(module.__name__)


def install() -> None:
    """See :func:`copick_native.install_as_copick`."""
    present = sys.modules.get(THEIRS)
    ours = sys.modules[OURS]
    if present is ours:
        return
    if present is not None:
        raise RuntimeError("cannot install as copick: another copick is imported already; call this before")
    sys.meta_path.insert(0, _Finder())
    sys.modules[THEIRS] = ours
    for name, module in list(sys.modules.items()):
        if name.startswith(OURS + ".") and not name.startswith(OURS + "._"):
            sys.modules[THEIRS + name[len(OURS) :]] = module
