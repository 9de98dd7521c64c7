"""Volumes of projects in folders: which engine handle and which path they have."""

from __future__ import annotations

from copick_native._volume import NativeVolume
from copick_native.errors import NotFoundError
from copick_native.impl.overlay import (
    CopickFeaturesOverlay,
    CopickObjectOverlay,
    CopickSegmentationOverlay,
    CopickTomogramOverlay,
)
from copick_native.models import CopickFeaturesMeta
from copick_native.models.volumes import VolumeEntity
from copick_native.util.segmentation import SEGMENTATION_TYPES, segmentation_store_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, List, Optional, Sequence, Tuple, Type

    from copick_native.impl.filesystem import CopickRootFSSpec, CopickRunFSSpec, CopickVoxelSpacingFSSpec

STATIC: Final = "static"
OVERLAY: Final = "overlay"


class _Stored(VolumeEntity):
    """What all four kinds do with their Zarr store."""

    read_only: bool
    _known_native: tuple = (None, None)  # the engine's project, and the handle it gave

    def _root(self) -> Any:
        raise NotImplementedError

    def _handle(self, engine: Any, side: Any) -> Any:
        """The engine's handle."""
        raise NotImplementedError

    def _identity(self) -> tuple:
        raise NotImplementedError

    def _side(self) -> Any:
        return STATIC if self.read_only and self._root().engine.has_static else OVERLAY

    def _native(self) -> NativeVolume:
        root = self._root()
        engine, volume = self._known_native
        if engine is not root.engine:
            side = self._side()
            identity = (type(self).__name__, side == STATIC, *self._identity())
            volume = root.volume(identity, lambda: self._handle(root.engine, side))
            self._known_native = (root.engine, volume)
        return volume

    def __getstate__(self) -> dict:
        state = super().__getstate__()
        state.pop("_known_native", None)
        return state

    def zarr(self) -> Any:
        """The Zarr store, for ``zarr.open()`` of zarr-python 2 or 3; values that are written appear in one step."""
        from copick_native._zarr_store import open_zarr_store

        native = self._native()
        store = self._root().engine.store(self._side())
        if not self.read_only:
            self._materialise()
        return open_zarr_store(store, native.core.key, self.read_only, native.forget, _Reopen(self))

    def _materialise(self) -> None:
        """Makes the empty folder of the store."""
        store = self._root().engine.store(OVERLAY)
        store.make_prefix(self._native().core.key)

    def _write(self, data: Any, spacing: float, levels: int, **options: Any) -> None:
        self._root().engine_with_config()
        super()._write(data, spacing, levels, **options)

    def _write_region(self, group: Any, selection: Any, data: Any, refresh_levels: bool) -> None:
        self._root().engine_with_config()
        super()._write_region(group, selection, data, refresh_levels)

    def _delete_data(self) -> None:
        native = self._native()
        store = self._root().engine.store(OVERLAY)
        parent, _, name = native.core.key.rpartition("/")
        if all(entry[0] != name for entry in store.list(parent)):
            raise NotFoundError(f"cannot delete {native.core.url}: there is no such Zarr store")
        native.core.remove()
        native.forget()


class _Reopen:
    """Makes an entity's store again, in another process."""

    def __init__(self, entity: Any):
        self.entity = entity

    def __call__(self) -> Any:
        return self.entity.zarr()


class CopickSegmentationFSSpec(_Stored, CopickSegmentationOverlay):
    """A segmentation in a folder.

    Attributes:
        filename: Name of its Zarr store.
        path: Path of it, without protocol.
        fs: Its fsspec file system.
    """

    run: CopickRunFSSpec

    @property
    def filename(self) -> str:
        return segmentation_store_name(
            self.voxel_size,
            self.user_id,
            self.session_id,
            self.name,
            is_multilabel=self.is_multilabel,
            is_instance=self.is_instance,
            is_panoptic=self.is_panoptic,
        )

    @property
    def path(self) -> str:
        base = self.run.static_path if self.read_only else self.run.overlay_path
        return f"{base}/{self.directory}/{self.filename}"

    @property
    def fs(self) -> Any:
        return self.run.fs_static if self.read_only else self.run.fs_overlay

    def _root(self) -> Any:
        return self.run.root

    def _identity(self) -> tuple:
        kind = SEGMENTATION_TYPES.index(self.segmentation_type)
        return self.run.name, self.voxel_size, self.user_id, self.session_id, self.name, kind

    def _handle(self, engine: Any, side: Any) -> Any:
        return engine.segmentation(side, *self._identity())


class CopickFeaturesFSSpec(_Stored, CopickFeaturesOverlay):
    """A feature map in a folder. ``path`` and ``fs`` as of a segmentation."""

    tomogram: CopickTomogramFSSpec

    @property
    def path(self) -> str:
        stem = self.tomogram.static_stem if self.read_only else self.tomogram.overlay_stem
        return f"{stem}_{self.feature_type}_features.zarr"

    @property
    def fs(self) -> Any:
        return self.tomogram.fs_static if self.read_only else self.tomogram.fs_overlay

    def _root(self) -> Any:
        return self.tomogram.voxel_spacing.run.root

    def _identity(self) -> tuple:
        spacing = self.tomogram.voxel_spacing
        return spacing.run.name, spacing.voxel_size, self.tomo_type, self.feature_type

    def _handle(self, engine: Any, side: Any) -> Any:
        return engine.features_volume(side, *self._identity())


class CopickTomogramFSSpec(_Stored, CopickTomogramOverlay):
    """A tomogram in a folder.

    Attributes:
        static_path, overlay_path: Path of its Zarr store in either source, without protocol.
        static_stem, overlay_stem: The same without ".zarr".
        path: That of the source it is in.
        fs_static, fs_overlay: The sources' fsspec file systems.
        static_is_overlay: Whether there is one source only.
    """

    voxel_spacing: CopickVoxelSpacingFSSpec

    def _feature_factory(self) -> Tuple[Type[CopickFeaturesFSSpec], Type[CopickFeaturesMeta]]:
        return CopickFeaturesFSSpec, CopickFeaturesMeta

    @property
    def static_stem(self) -> str:
        return f"{self.voxel_spacing.static_path}/{self.tomo_type}"

    @property
    def overlay_stem(self) -> str:
        return f"{self.voxel_spacing.overlay_path}/{self.tomo_type}"

    @property
    def static_path(self) -> str:
        return f"{self.static_stem}.zarr"

    @property
    def overlay_path(self) -> str:
        return f"{self.overlay_stem}.zarr"

    @property
    def path(self) -> str:
        return self.static_path if self.read_only else self.overlay_path

    @property
    def fs_static(self) -> Any:
        return self.voxel_spacing.fs_static

    @property
    def fs_overlay(self) -> Any:
        return self.voxel_spacing.fs_overlay

    @property
    def static_is_overlay(self) -> bool:
        return self.voxel_spacing.static_is_overlay

    def _root(self) -> Any:
        return self.voxel_spacing.run.root

    def _identity(self) -> tuple:
        return self.voxel_spacing.run.name, self.voxel_spacing.voxel_size, self.tomo_type

    def _handle(self, engine: Any, side: Any) -> Any:
        return engine.tomogram(side, *self._identity())

    def _features_in(self, side: Any) -> List[CopickFeaturesFSSpec]:
        make, make_meta = self._feature_factory()
        types = self._root().listed("features", side, *self._identity())
        metas = [make_meta(tomo_type=self.tomo_type, feature_type=feature_type) for feature_type in types]
        return [make(tomogram=self, meta=meta, read_only=side == STATIC) for meta in metas]

    def _query_static_features(self) -> Sequence[CopickFeaturesFSSpec]:
        return self._features_in(STATIC)

    def _query_overlay_features(self) -> Sequence[CopickFeaturesFSSpec]:
        return self._features_in(OVERLAY)


class CopickObjectFSSpec(_Stored, CopickObjectOverlay):
    """An object whose density map is in a folder; attributes as of a tomogram."""

    root: CopickRootFSSpec

    @property
    def static_path(self) -> str:
        return f"{self.root.root_static}/Objects/{self.name}.zarr"

    @property
    def overlay_path(self) -> str:
        return f"{self.root.root_overlay}/Objects/{self.name}.zarr"

    @property
    def path(self) -> str:
        return self.static_path if self.read_only else self.overlay_path

    @property
    def fs_static(self) -> Any:
        return self.root.fs_static

    @property
    def fs_overlay(self) -> Any:
        return self.root.fs_overlay

    @property
    def static_is_overlay(self) -> bool:
        return self.root.static_is_overlay

    def _root(self) -> Any:
        return self.root

    def _identity(self) -> tuple:
        return (self.name,)

    def _handle(self, engine: Any, side: Any) -> Any:
        return engine.object_volume(side, self.name)

    def zarr(self) -> Optional[Any]:
        """The Zarr store of the density map; None for what is no particle."""
        return super().zarr() if self.is_particle else None

    def _delete_data(self) -> None:
        """Removes the density map, if there is one."""
        if self._native().core.has_data():
            super()._delete_data()
