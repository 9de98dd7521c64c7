"""The ``copick`` command of the wheel: hands over to the program inside it."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "copick")
    os.execv(program, ["copick", *sys.argv[1:]])
