"""What picks, meshes, filaments and segmentations share: a user or a tool made them, in a session."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any



class Authored:
    """An entity whose ``meta`` says who made it."""

    meta: Any

    @property
    def user_id(self) -> str:
        return self.meta.user_id

    @property
    def session_id(self) -> str:
        return self.meta.session_id

    @property
    def from_tool(self) -> bool:
        return self.session_id == "0"

    @property
    def from_user(self) -> bool:
        return self.session_id != "0"


class Annotation(Authored):
    """One that is of an object: picks, a mesh, filaments."""

    @property
    def pickable_object_name(self) -> str:
        return self.meta.pickable_object_name
