"""Types of command-line parameters."""

from __future__ import annotations

from typing import Any, Optional

import click


class CopickURI(click.ParamType):
    """Text that is a copick URI; what it names is checked by the command.

    Attributes:
        object_type: "picks", "mesh", "segmentation", "tomogram" or "feature": for programs that make forms of commands.
        role: "input", "output" or "reference".
    """

    name = "COPICK_URI"

    def __init__(self, object_type: str, role: str = "input"):
        self.object_type = object_type
        self.role = role

    def convert(self, value: Any, param: Optional[click.Parameter], ctx: Optional[click.Context]) -> Optional[str]:
        return None if value is None else str(value)

    def get_metavar(self, param: click.Parameter, **kwargs: Any) -> str:
        return "URI"

    def __repr__(self) -> str:
        return f"CopickURI({self.object_type!r}, {self.role!r})"
