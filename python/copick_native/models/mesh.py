"""Meshes: surfaces of one object in one run."""

from __future__ import annotations

from copick_native._model import Model, string
from copick_native.models._authored import Annotation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from trimesh.parent import Geometry

    from copick_native.models.run import CopickRun


class CopickMeshMeta(Model):
    """Identity of a mesh: object, user or tool, session ("0" means a tool made it)."""

    pickable_object_name: str
    user_id: str
    session_id: str
    _rules = {"pickable_object_name": string, "user_id": string, "session_id": string}


class CopickMesh(Annotation):
    """A mesh as a trimesh scene.

    A backend overrides ``_load``, ``_store`` and ``_delete_data``.

    Attributes:
        run: The run it belongs to.
        meta: Its identity.
    """

    def __init__(self, run: "CopickRun", meta: CopickMeshMeta, mesh: Optional["Geometry"] = None):
        self.meta: CopickMeshMeta = meta
        self.run: "CopickRun" = run
        self._mesh = mesh

    def __repr__(self) -> str:
        return (
            f"CopickMesh(pickable_object_name={self.pickable_object_name}, user_id={self.user_id}, "
            f"session_id={self.session_id}) at {hex(id(self))}"
        )

    @property
    def color(self):
        """Of the object."""
        return self.run.root.get_object(self.pickable_object_name).color

    def _load(self) -> "Geometry":
        raise NotImplementedError("a backend's mesh must offer _load().")

    def _store(self) -> None:
        raise NotImplementedError("a backend's mesh must offer _store().")

    def _delete_data(self) -> None:
        raise NotImplementedError("a backend's mesh must offer _delete_data().")

    def _materialise(self) -> None:
        """Writes the empty file of a new mesh."""
        import trimesh

        self._mesh = trimesh.Trimesh().scene()
        self.store()

    @property
    def mesh(self) -> "Geometry":
        """The scene (needs trimesh); read on first use. Vertices are angstrom."""
        if self._mesh is None:
            self._mesh = self.load()
        return self._mesh

    @mesh.setter
    def mesh(self, value: "Geometry") -> None:
        self._mesh = value

    def load(self) -> "Geometry":
        """Reads the file, now."""
        self._mesh = self._load()
        return self._mesh

    def store(self) -> None:
        """Writes the mesh that was set."""
        self._store()

    def refresh(self) -> None:
        """Reads the file again."""
        self._mesh = self.load()

    def delete(self) -> None:
        """Removes the file, and the mesh from its run."""
        self._delete_data()
        siblings = self.run._meshes
        if siblings is not None and self in siblings:
            siblings.remove(self)
