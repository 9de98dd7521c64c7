"""Picks, meshes and filaments of projects in folders: files of the engine."""

from __future__ import annotations

from copick_native import _core
from copick_native.errors import NotFoundError, UnsupportedError
from copick_native.impl.overlay import CopickFilamentsOverlay, CopickMeshOverlay, CopickPicksOverlay
from copick_native.models import CopickFilamentsFile, CopickPicksFile
from copick_native.models._authored import Annotation
from copick_native.models.points import columns_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, Optional

    import numpy as np
    from trimesh.parent import Geometry

STATIC: Final = "static"
OVERLAY: Final = "overlay"


class _Filed(Annotation):
    """What the three kinds do with their file."""

    run: Any
    read_only: bool
    _folder: str
    _extension: str
    _maker: str  # the engine's method that makes the handle
    _handle: Optional[Any] = None

    def _file(self) -> Any:
        """The engine's handle; it remembers the version it read, so that nobody's work is overwritten unseen."""
        if self._handle is None:
            engine = self.run.root.engine
            side = STATIC if self.read_only and engine.has_static else OVERLAY
            make = getattr(engine, self._maker)
            self._handle = make(side, self.run.name, self.user_id, self.session_id, self.pickable_object_name)
        return self._handle

    @property
    def directory(self) -> str:
        """Its folder, with a trailing '/', without protocol."""
        base = self.run.static_path if self.read_only else self.run.overlay_path
        return f"{base}/{self._folder}/"

    @property
    def path(self) -> str:
        """Its file, without protocol."""
        return f"{self.directory}{self.user_id}_{self.session_id}_{self.pickable_object_name}{self._extension}"

    @property
    def fs(self) -> Any:
        """Its fsspec file system."""
        return self.run.fs_static if self.read_only else self.run.fs_overlay

    def _ready_to_store(self) -> Any:
        """The handle of a file that exists."""
        file = self._file()
        if not file.exists():
            file.refresh()
            file.create()
        return file

    def _delete_data(self) -> None:
        file = self._file()
        if not file.exists():
            raise NotFoundError(f"File not found: {file.url}")
        file.remove()

    def __getstate__(self) -> dict:
        return {key: value for key, value in self.__dict__.items() if key != "_handle"}


class CopickPicksFSSpec(_Filed, CopickPicksOverlay):
    """Picks in a JSON file.

    Attributes:
        path: The file, without protocol.
        directory: Its folder.
        fs: Its fsspec file system.
    """

    _folder, _extension, _maker = "Picks", ".json", "picks"

    def _load(self) -> CopickPicksFile:
        file = self._file()
        file.refresh()
        if not file.exists():
            raise NotFoundError(f"File not found: {file.url}")
        members = _core.parse_json(file.header(), file.url)
        members.pop("points", None)
        members.update(
            pickable_object_name=members.get("pickable_object_name") or self.pickable_object_name,
            user_id=members.get("user_id") or self.user_id,
            session_id=members.get("session_id") or self.session_id,
        )
        loaded = CopickPicksFile(**members)
        loaded.keep_stored(file)
        return loaded

    def _store(self) -> None:
        file = self._ready_to_store()
        meta = self.meta
        if meta.stored is None and (meta.points or "points" in meta.model_fields_set):
            positions, transforms, ids, scores, null_ids, null_scores = columns_of(meta.points or [])
            file.set_table(positions, transforms, ids, scores, null_ids, null_scores)
        present = _core.parse_json(file.header(), file.url)
        changed = {
            name: getattr(meta, name)
            for name in ("run_name", "voxel_spacing", "unit", "trust_orientation")
            if name in meta.model_fields_set and getattr(meta, name) != present.get(name)
        }
        if changed:
            file.set_header(_core.json_text(changed))
        file.store()

    def _set_columns(self, positions: "np.ndarray", transforms: Any, instance_ids: Any, scores: Any) -> None:
        if self.read_only:
            self.store()
        file = self._ready_to_store()
        file.set_table(positions, transforms, instance_ids, scores)
        self.meta.keep_stored(file)


class CopickFilamentsFSSpec(_Filed, CopickFilamentsOverlay):
    """Filaments in a JSON file; attributes as of picks."""

    _folder, _extension, _maker = "Filaments", ".json", "filaments"

    def _load(self) -> CopickFilamentsFile:
        file = self._file()
        file.refresh()
        if not file.exists():
            raise NotFoundError(f"File not found: {file.url}")
        return CopickFilamentsFile(**_core.parse_json(file.json(), file.url))

    def _store(self) -> None:
        file = self._ready_to_store()
        file.set_json(_core.json_text(self.meta.model_dump()))
        file.store()


class CopickMeshFSSpec(_Filed, CopickMeshOverlay):
    """A mesh in a GLB file; attributes as of picks."""

    _folder, _extension, _maker = "Meshes", ".glb", "mesh"

    def _load(self) -> "Geometry":
        file = self._file()
        file.refresh()
        if not file.exists():
            raise NotFoundError(f"File not found: {file.url}")
        trimesh = _trimesh()
        from io import BytesIO

        return trimesh.load(BytesIO(file.glb()), file_type="glb")

    def _store(self) -> None:
        file = self._ready_to_store()
        if self._mesh is not None:
            file.set_glb(bytes(self._mesh.export(file_type="glb")))
        file.store()

    def _materialise(self) -> None:
        if self.read_only:
            self.store()
        self._file().create()

    @property
    def mesh(self) -> "Geometry":
        """The scene (needs trimesh); read on first use. Vertices are angstrom."""
        return super().mesh

    @mesh.setter
    def mesh(self, value: "Geometry") -> None:
        self._mesh = value

    # --- beyond the reference: without trimesh ---

    def triangles(self) -> tuple:
        """Vertices (N, 3) float32 in angstrom and faces (M, 3) uint32 of the whole scene, as stored."""
        return self._file().triangles()

    def set_triangles(self, vertices: "np.ndarray", faces: "np.ndarray") -> None:
        """Replaces the mesh by these triangles and stores it."""
        import numpy as np

        if self.read_only:
            self.store()
        file = self._ready_to_store()
        file.set_triangles(
            np.ascontiguousarray(vertices, dtype=np.float32),
            np.ascontiguousarray(faces, dtype=np.uint32),
        )
        file.store()
        self._mesh = None


def _trimesh() -> Any:
    try:
        import trimesh
    except ImportError:
        raise UnsupportedError(
            "cannot make a scene of a mesh: trimesh is not installed; pip install trimesh, or use triangles()",
        ) from None
    return trimesh
