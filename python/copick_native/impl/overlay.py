"""Two sources seen as one: entities that know whether they may be written, and parents that ask both sources.

The static source is read-only; new data go to the overlay. A backend overrides the ``_query_static_*`` and
``_query_overlay_*`` methods; lists show the static source first.
"""

from __future__ import annotations

from copick_native.errors import PermissionError
from copick_native.models import (
    CopickFeatures,
    CopickFeaturesMeta,
    CopickFilaments,
    CopickFilamentsFile,
    CopickMesh,
    CopickMeshMeta,
    CopickObject,
    CopickPicks,
    CopickPicksFile,
    CopickRoot,
    CopickRun,
    CopickSegmentation,
    CopickSegmentationMeta,
    CopickTomogram,
    CopickTomogramMeta,
    CopickVoxelSpacing,
    PickableObject,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence

    from trimesh.parent import Geometry


def _refuse(verb: str, noun: str) -> None:
    raise PermissionError(
        f"Cannot {verb} {noun} in a read-only source: it belongs to the static source; make your own under your user "
        "and session id, it goes to the overlay.",
    )


class CopickPicksOverlay(CopickPicks):
    """Picks of one of two sources. ``read_only``: of the static one."""

    def __init__(self, run: CopickRun, file: CopickPicksFile, read_only: bool = False):
        super().__init__(run, file)
        self.read_only = read_only

    def store(self) -> None:
        """Stores the picks; PermissionError in the static source."""
        if self.read_only:
            _refuse("store", "picks")
        super().store()

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "picks")
        super().delete()


class CopickFilamentsOverlay(CopickFilaments):
    """Filaments of one of two sources. ``read_only``: of the static one."""

    def __init__(self, run: CopickRun, file: CopickFilamentsFile, read_only: bool = False):
        super().__init__(run, file)
        self.read_only = read_only

    def store(self) -> None:
        """Stores the filaments; PermissionError in the static source."""
        if self.read_only:
            _refuse("store", "filaments")
        super().store()

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "filaments")
        super().delete()


class CopickMeshOverlay(CopickMesh):
    """A mesh of one of two sources. ``read_only``: of the static one."""

    def __init__(
        self,
        run: CopickRun,
        meta: CopickMeshMeta,
        mesh: Optional["Geometry"] = None,
        read_only: bool = False,
    ):
        super().__init__(run, meta, mesh)
        self.read_only = read_only

    def store(self) -> None:
        """Stores the mesh; PermissionError in the static source."""
        if self.read_only:
            _refuse("store", "mesh")
        super().store()

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "mesh")
        super().delete()


class CopickSegmentationOverlay(CopickSegmentation):
    """A segmentation of one of two sources. ``read_only``: of the static one."""

    def __init__(self, run: CopickRun, meta: CopickSegmentationMeta, read_only: bool = False):
        super().__init__(run, meta)
        self.read_only = read_only

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "segmentation")
        super().delete()


class CopickObjectOverlay(CopickObject):
    """An object whose density map is in one of two sources. ``read_only``: in the static one."""

    def __init__(self, root: CopickRoot, meta: PickableObject, read_only: bool = False):
        super().__init__(root, meta)
        self.read_only = read_only

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "object")
        super().delete()


class CopickFeaturesOverlay(CopickFeatures):
    """A feature map of one of two sources. ``read_only``: of the static one."""

    def __init__(self, tomogram: CopickTomogram, meta: CopickFeaturesMeta, read_only: bool = False):
        super().__init__(tomogram, meta)
        self.read_only = read_only

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "features")
        super().delete()


class CopickTomogramOverlay(CopickTomogram):
    """A tomogram of one of two sources, with feature maps of both. ``read_only``: of the static one."""

    def __init__(
        self,
        voxel_spacing: CopickVoxelSpacing,
        meta: CopickTomogramMeta,
        read_only: bool = False,
        **kwargs: Any,
    ):
        super().__init__(voxel_spacing, meta, **kwargs)
        self.read_only = read_only

    def _query_static_features(self) -> Sequence[CopickFeaturesOverlay]:
        raise NotImplementedError("a backend's tomogram must offer _query_static_features().")

    def _query_overlay_features(self) -> Sequence[CopickFeaturesOverlay]:
        raise NotImplementedError("a backend's tomogram must offer _query_overlay_features().")

    def query_features(self) -> List[CopickFeatures]:
        """Feature maps of both sources, static first."""
        return [*self._query_static_features(), *self._query_overlay_features()]

    def delete(self) -> None:
        if self.read_only:
            _refuse("delete", "tomogram")
        super().delete()


class CopickVoxelSpacingOverlay(CopickVoxelSpacing):
    """A voxel spacing with tomograms of both sources."""

    def _query_static_tomograms(self) -> Sequence[CopickTomogramOverlay]:
        raise NotImplementedError("a backend's voxel spacing must offer _query_static_tomograms().")

    def _query_overlay_tomograms(self) -> Sequence[CopickTomogramOverlay]:
        raise NotImplementedError("a backend's voxel spacing must offer _query_overlay_tomograms().")

    def query_tomograms(self) -> List[CopickTomogram]:
        """Tomograms of both sources, static first."""
        return [*self._query_static_tomograms(), *self._query_overlay_tomograms()]


class CopickRunOverlay(CopickRun):
    """A run with entities of both sources."""

    def _query_static_voxel_spacings(self) -> Sequence[CopickVoxelSpacingOverlay]:
        raise NotImplementedError("a backend's run must offer _query_static_voxel_spacings().")

    def _query_overlay_voxel_spacings(self) -> Sequence[CopickVoxelSpacingOverlay]:
        raise NotImplementedError("a backend's run must offer _query_overlay_voxel_spacings().")

    def query_voxelspacings(self) -> List[CopickVoxelSpacing]:
        """Voxel spacings of both sources; one that both have is listed once."""
        static = self._query_static_voxel_spacings()
        known = {spacing.voxel_size for spacing in static}
        return [*static, *(s for s in self._query_overlay_voxel_spacings() if s.voxel_size not in known)]

    def _query_static_picks(self) -> Sequence[CopickPicksOverlay]:
        raise NotImplementedError("a backend's run must offer _query_static_picks().")

    def _query_overlay_picks(self) -> Sequence[CopickPicksOverlay]:
        raise NotImplementedError("a backend's run must offer _query_overlay_picks().")

    def query_picks(self) -> List[CopickPicks]:
        """Of both sources, static first."""
        return [*self._query_static_picks(), *self._query_overlay_picks()]

    def _query_static_filaments(self) -> Sequence[CopickFilamentsOverlay]:
        return []

    def _query_overlay_filaments(self) -> Sequence[CopickFilamentsOverlay]:
        return []

    def query_filaments(self) -> List[CopickFilaments]:
        """Of both sources, static first."""
        return [*self._query_static_filaments(), *self._query_overlay_filaments()]

    def _query_static_meshes(self) -> Sequence[CopickMeshOverlay]:
        raise NotImplementedError("a backend's run must offer _query_static_meshes().")

    def _query_overlay_meshes(self) -> Sequence[CopickMeshOverlay]:
        raise NotImplementedError("a backend's run must offer _query_overlay_meshes().")

    def query_meshes(self) -> List[CopickMesh]:
        """Of both sources, static first."""
        return [*self._query_static_meshes(), *self._query_overlay_meshes()]

    def _query_static_segmentations(self) -> Sequence[CopickSegmentationOverlay]:
        raise NotImplementedError("a backend's run must offer _query_static_segmentations().")

    def _query_overlay_segmentations(self) -> Sequence[CopickSegmentationOverlay]:
        raise NotImplementedError("a backend's run must offer _query_overlay_segmentations().")

    def query_segmentations(self) -> List[CopickSegmentation]:
        """Of both sources, static first."""
        return [*self._query_static_segmentations(), *self._query_overlay_segmentations()]
