"""Runs every example of the docstrings of copick_native and of docs/python.md, in a copy of the sample project."""

import doctest
import importlib
import os
import pkgutil
import sys
import tempfile
from pathlib import Path

import copick_native
from parity import make_project

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "python.md"
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def main():
    failed = tried = 0
    names = [m.name for m in pkgutil.walk_packages(copick_native.__path__, "copick_native.") if not m.name.endswith("__main__")]
    for name in ["copick_native", *names]:
        try:
            module = importlib.import_module(name)
        except ImportError as missing:
            print(f"{name} cannot be imported: {missing}")
            failed += name.rsplit(".", 1)[-1] != "_zarr3"  # needs zarr 3
            continue
        result = doctest.testmod(module, optionflags=FLAGS)
        failed, tried = failed + result.failed, tried + result.attempted
    result = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=FLAGS)
    failed, tried = failed + result.failed, tried + result.attempted
    print(f"{tried} examples, {failed} failed")
    return 1 if failed or not result.attempted else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="copick-examples-") as folder:
        make_project(Path(folder).resolve())
        os.chdir(folder)
        sys.exit(main())
