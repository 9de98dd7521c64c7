"""Projects in folders: on a disk through the engine, anywhere else through fsspec.

Class names, paths and ``fs_*`` attributes are those of the reference. Reading and writing never touch the fsspec file
systems that ``fs_static`` and ``fs_overlay`` hand out: those are made when somebody asks.
"""

from __future__ import annotations

from copick_native import _core, _stores
from copick_native._model import mapping, optional, string
from copick_native._volume import NativeVolume
from copick_native.errors import NotFoundError
from copick_native.impl.annotations import CopickFilamentsFSSpec, CopickMeshFSSpec, CopickPicksFSSpec
from copick_native.impl.overlay import CopickRunOverlay, CopickVoxelSpacingOverlay
from copick_native.impl.volumes import (
    CopickFeaturesFSSpec,
    CopickObjectFSSpec,
    CopickSegmentationFSSpec,
    CopickTomogramFSSpec,
)
from copick_native.models import (
    CopickConfig,
    CopickFilamentsFile,
    CopickMeshMeta,
    CopickPicksFile,
    CopickRoot,
    CopickRun,
    CopickRunMeta,
    CopickSegmentationMeta,
    CopickTomogramMeta,
    CopickVoxelSpacingMeta,
    PickableObject,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Final, List, Literal, Optional, Sequence, Tuple, Type

    Side = Literal["static", "overlay"]

__all__ = [
    "CopickConfigFSSpec",
    "CopickFeaturesFSSpec",
    "CopickFilamentsFSSpec",
    "CopickMeshFSSpec",
    "CopickObjectFSSpec",
    "CopickPicksFSSpec",
    "CopickRootFSSpec",
    "CopickRunFSSpec",
    "CopickSegmentationFSSpec",
    "CopickTomogramFSSpec",
    "CopickVoxelSpacingFSSpec",
    "query_filament_files",
]

for _class in (
    CopickFeaturesFSSpec,
    CopickFilamentsFSSpec,
    CopickMeshFSSpec,
    CopickObjectFSSpec,
    CopickPicksFSSpec,
    CopickSegmentationFSSpec,
    CopickTomogramFSSpec,
):
    _class.__module__ = __name__

STATIC: Final = "static"
OVERLAY: Final = "overlay"
SIDES: Tuple[Side, Side] = (STATIC, OVERLAY)
_KINDS = ("binary", "multilabel", "instance", "panoptic")



def _remark(level: int, text: str) -> None:
    from copick_native.util.log import engine_remark

    engine_remark(level, text)


_core.set_log(_remark)


class CopickConfigFSSpec(CopickConfig):
    """Config of a project in folders.

    Attributes:
        overlay_root: Path or URL of what is written to.
        static_root: Path or URL of what is only read; None: there is none.
        overlay_fs_args, static_fs_args: Arguments of their file systems.
    """

    config_type: str = "filesystem"
    overlay_root: str
    static_root: Optional[str] = None
    overlay_fs_args: Optional[Dict[str, Any]] = {}
    static_fs_args: Optional[Dict[str, Any]] = {}

    _rules = {
        **CopickConfig._rules,
        "config_type": string,
        "overlay_root": string,
        "static_root": optional(string),
        "overlay_fs_args": optional(mapping),
        "static_fs_args": optional(mapping),
    }


def query_filament_files(run: Any, read_only: bool) -> List[CopickFilamentsFSSpec]:
    """The filament sets of a run in one of its two sources."""
    return run._annotations(STATIC if read_only else OVERLAY, "filaments")


class CopickVoxelSpacingFSSpec(CopickVoxelSpacingOverlay):
    """A voxel spacing in folders.

    Attributes:
        static_path, overlay_path: Its folders.
        fs_static, fs_overlay: Their fsspec file systems.
        static_is_overlay: Whether there is one folder only.
    """

    run: CopickRunFSSpec

    def _tomogram_factory(self) -> Tuple[Type[CopickTomogramFSSpec], Type[CopickTomogramMeta]]:
        return CopickTomogramFSSpec, CopickTomogramMeta

    @property
    def static_path(self) -> str:
        return f"{self.run.static_path}/VoxelSpacing{self.voxel_size:.3f}"

    @property
    def overlay_path(self) -> str:
        return f"{self.run.overlay_path}/VoxelSpacing{self.voxel_size:.3f}"

    @property
    def fs_static(self) -> Any:
        return self.run.fs_static

    @property
    def fs_overlay(self) -> Any:
        return self.run.fs_overlay

    @property
    def static_is_overlay(self) -> bool:
        return self.run.static_is_overlay

    def _tomograms_in(self, side: Any) -> List[CopickTomogramFSSpec]:
        make, make_meta = self._tomogram_factory()
        types = self.run.root.listed("tomograms", side, self.run.name, self.voxel_size)
        return [make(self, make_meta(tomo_type=tomo_type), read_only=side == STATIC) for tomo_type in types]

    def _query_static_tomograms(self) -> Sequence[CopickTomogramFSSpec]:
        return self._tomograms_in(STATIC)

    def _query_overlay_tomograms(self) -> Sequence[CopickTomogramFSSpec]:
        return self._tomograms_in(OVERLAY)

    def ensure(self, create: bool = False) -> bool:
        """Whether either source has it; with ``create``, makes it in the overlay."""
        engine, run, voxel_size = self.run.root.engine, self.run.name, self.meta.voxel_size
        if engine.spacing_exists(run, voxel_size):
            return True
        if create:
            engine.create_spacing(run, voxel_size)
        return create

    def _delete_data(self) -> None:
        self.run.root.remove_folder(f"ExperimentRuns/{self.run.name}/VoxelSpacing{self.voxel_size:.3f}")


class CopickRunFSSpec(CopickRunOverlay):
    """A run in folders; attributes as of :class:`CopickVoxelSpacingFSSpec`."""

    root: CopickRootFSSpec

    def _voxel_spacing_factory(self) -> Tuple[Type[CopickVoxelSpacingFSSpec], Type[CopickVoxelSpacingMeta]]:
        return CopickVoxelSpacingFSSpec, CopickVoxelSpacingMeta

    def _picks_factory(self) -> Type[CopickPicksFSSpec]:
        return CopickPicksFSSpec

    def _filaments_factory(self) -> Type[CopickFilamentsFSSpec]:
        return CopickFilamentsFSSpec

    def _mesh_factory(self) -> Tuple[Type[CopickMeshFSSpec], Type[CopickMeshMeta]]:
        return CopickMeshFSSpec, CopickMeshMeta

    def _segmentation_factory(self) -> Tuple[Type[CopickSegmentationFSSpec], Type[CopickSegmentationMeta]]:
        return CopickSegmentationFSSpec, CopickSegmentationMeta

    @property
    def static_path(self) -> str:
        return f"{self.root.root_static}/ExperimentRuns/{self.name}"

    @property
    def overlay_path(self) -> str:
        return f"{self.root.root_overlay}/ExperimentRuns/{self.name}"

    @property
    def fs_static(self) -> Any:
        return self.root.fs_static

    @property
    def fs_overlay(self) -> Any:
        return self.root.fs_overlay

    @property
    def static_is_overlay(self) -> bool:
        return self.root.static_is_overlay

    # --- lists ---

    def _spacings_in(self, side: Any) -> List[CopickVoxelSpacingFSSpec]:
        make, make_meta = self._voxel_spacing_factory()
        sizes = self.root.listed("spacings", side, self.name)
        return [make(run=self, meta=make_meta(voxel_size=size)) for size in sizes]

    def _query_static_voxel_spacings(self) -> Sequence[CopickVoxelSpacingFSSpec]:
        return self._spacings_in(STATIC)

    def _query_overlay_voxel_spacings(self) -> Sequence[CopickVoxelSpacingFSSpec]:
        return self._spacings_in(OVERLAY)

    def _annotations(self, side: Any, kind: Any) -> list:
        identities = [
            {"user_id": user, "session_id": session, "pickable_object_name": name}
            for user, session, name in self.root.listed("annotations", side, kind, self.name)
        ]
        read_only = side == STATIC
        if kind == "mesh":
            make, make_meta = self._mesh_factory()
            return [make(run=self, meta=make_meta(**identity), read_only=read_only) for identity in identities]
        picks = kind == "picks"
        make_filed: Any = self._picks_factory() if picks else self._filaments_factory()
        make_file: Any = CopickPicksFile if picks else CopickFilamentsFile
        return [make_filed(run=self, file=make_file(**identity), read_only=read_only) for identity in identities]

    def _query_static_picks(self) -> Sequence[CopickPicksFSSpec]:
        return self._annotations(STATIC, "picks")

    def _query_overlay_picks(self) -> Sequence[CopickPicksFSSpec]:
        return self._annotations(OVERLAY, "picks")

    def _query_static_meshes(self) -> Sequence[CopickMeshFSSpec]:
        return self._annotations(STATIC, "mesh")

    def _query_overlay_meshes(self) -> Sequence[CopickMeshFSSpec]:
        return self._annotations(OVERLAY, "mesh")

    def _query_static_filaments(self) -> Sequence[CopickFilamentsFSSpec]:
        return query_filament_files(self, read_only=True)

    def _query_overlay_filaments(self) -> Sequence[CopickFilamentsFSSpec]:
        return query_filament_files(self, read_only=False)

    def _segmentations_in(self, side: Any) -> List[CopickSegmentationFSSpec]:
        make, make_meta = self._segmentation_factory()
        made = []
        for size, user, session, name, kind in self.root.listed("segmentations", side, self.name):
            flags = {f"is_{other}": _KINDS[kind] == other for other in _KINDS[1:]}
            meta = make_meta(voxel_size=size, user_id=user, session_id=session, name=name, **flags)
            made.append(make(run=self, meta=meta, read_only=side == STATIC))
        return made

    def _query_static_segmentations(self) -> Sequence[CopickSegmentationFSSpec]:
        return self._segmentations_in(STATIC)

    def _query_overlay_segmentations(self) -> Sequence[CopickSegmentationFSSpec]:
        return self._segmentations_in(OVERLAY)

    # --- existence ---

    def ensure(self, create: bool = False) -> bool:
        """Whether either source has it; with ``create``, makes it in the overlay."""
        engine = self.root.engine
        if engine.run_exists(self.name):
            return True
        if create:
            engine.create_run(self.name)
        return create

    def _delete_data(self) -> None:
        self.root.remove_folder(f"ExperimentRuns/{self.name}")


class CopickRootFSSpec(CopickRoot):
    """A project in folders.

    Attributes:
        root_static, root_overlay: The roots as their file systems spell them, without protocol.
        fs_static, fs_overlay: Their fsspec file systems, made when first asked for.
        static_is_overlay: Whether there is one root only.
        engine: The open project of the engine.
    """

    def __init__(self, config: CopickConfigFSSpec):
        super().__init__(config)
        self._open()

    def _open(self) -> None:
        config = self.config
        self.root_overlay = _stores.strip_protocol(config.overlay_root, config.overlay_fs_args)
        overlay = _stores.open_store(config.overlay_root, config.overlay_fs_args)
        static = None
        self.root_static = self.root_overlay
        if config.static_root is not None:
            self.root_static = _stores.strip_protocol(config.static_root, config.static_fs_args)
            static = _stores.open_store(config.static_root, config.static_fs_args)
        self._engine_config = _core.json_text(config.document())
        self.engine = _core.Project(self._engine_config, "the config", overlay, static)
        self._filesystems: Dict[str, Any] = {}
        self._ahead: Dict[tuple, list] = {}
        self._volumes: Any = None  # NativeVolume by identity, as long as anybody has it

    @classmethod
    def from_file(cls, path: str) -> "CopickRootFSSpec":
        """Opens the project that a config file describes."""
        with open(path, encoding="utf-8") as file:
            return cls(CopickConfigFSSpec(**_core.parse_json(file.read(), path)))

    # --- the engine ---

    def engine_with_config(self) -> Any:
        """The engine's project, told of what changed in ``config`` since."""
        text = _core.json_text(self.config.document())
        if text != self._engine_config:
            self.engine.set_config(text)
            self._engine_config = text
        return self.engine

    def volume(self, identity: tuple, make: Callable[[], Any]) -> NativeVolume:
        """The one handle of a volume, so that all that show it see what was written."""
        if self._volumes is None:
            import weakref

            self._volumes = weakref.WeakValueDictionary()
        volume = self._volumes.get(identity)
        if volume is None:
            core = make()
            local = _stores.protocol_of(self.config.overlay_root) in _stores.LOCAL
            watched = self.engine.store(OVERLAY) if local and not core.read_only else None
            volume = self._volumes.setdefault(identity, NativeVolume(core, watched))
        return volume

    def remove_folder(self, key: str) -> None:
        """Removes a folder of the overlay; FileNotFoundError when it is not there."""
        store = self.engine.store(OVERLAY)
        parent, _, name = key.rpartition("/")
        if not store.list(key) and all(entry[0] != name for entry in store.list(parent)):
            raise NotFoundError(f"cannot delete {store.url(key)}: the overlay has no such folder")
        store.erase_prefix(key)

    # --- file systems ---

    def _filesystem(self, side: str) -> Any:
        if side not in self._filesystems:
            root, arguments = getattr(self.config, f"{side}_root"), getattr(self.config, f"{side}_fs_args")
            self._filesystems[side] = _stores.filesystem(root, arguments)
        return self._filesystems[side]

    @property
    def fs_overlay(self) -> Any:
        return self._filesystem("overlay")

    @fs_overlay.setter
    def fs_overlay(self, value: Any) -> None:
        self._filesystems["overlay"] = value

    @property
    def fs_static(self) -> Any:
        return self._filesystem("overlay" if self.config.static_root is None else "static")

    @fs_static.setter
    def fs_static(self, value: Any) -> None:
        self._filesystems["overlay" if self.config.static_root is None else "static"] = value

    @property
    def static_is_overlay(self) -> bool:
        return not self.engine.has_static

    def reconnect(self) -> None:
        """Opens the stores and file systems again, and forgets all lists."""
        self._invalidate_all_caches()
        self._open()

    # --- lists ---

    def _run_factory(self) -> Tuple[Type[CopickRunFSSpec], Type[CopickRunMeta]]:
        return CopickRunFSSpec, CopickRunMeta

    def _object_factory(self) -> Tuple[Type[CopickObjectFSSpec], Type[PickableObject]]:
        return CopickObjectFSSpec, PickableObject

    def query(self) -> List[CopickRun]:
        """The runs of both sources by name, each once."""
        make, make_meta = self._run_factory()
        names = {name for side in SIDES for name in self.engine.runs(side)}
        return [make(self, make_meta(name=name)) for name in sorted(names)]

    def listed(self, method: str, side: str, *identity: Any) -> Any:
        """What that method of the engine lists, or what ``preload`` listed in its place; that is handed out once."""
        found = self._ahead.pop((method, side, *identity), None) if self._ahead else None
        return getattr(self.engine, method)(side, *identity) if found is None else found

    def _preload(self, runs: Sequence[CopickRun], wanted: Sequence[str]) -> None:
        from copick_native.impl.preload import listings

        groups: Dict[Tuple[str, ...], List[str]] = {}
        for run in runs:
            groups.setdefault(run._unlisted(wanted), []).append(run.name)
        for missing, names in groups.items():
            if missing:
                self._ahead.update(listings(self.engine, names, missing))
        try:
            super()._preload(runs, wanted)
        finally:
            self._ahead = {}

    def _query_objects(self) -> None:
        make, _ = self._object_factory()
        if self.static_is_overlay:
            only_static: set = set()
        else:
            only_static = set(self.engine.object_maps(STATIC)) - set(self.engine.object_maps(OVERLAY))
        self._objects = [make(self, meta, read_only=meta.name in only_static) for meta in self.config.pickable_objects]

    # --- travelling to another process ---

    def __getstate__(self) -> dict:
        return {"config": self.config}

    def __setstate__(self, state: dict) -> None:
        self.config = state["config"]
        self._runs = self._objects = None
        self._run_places = {}
        self._open()
