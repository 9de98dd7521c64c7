"""Runs: everything that belongs to one place on a sample."""

from __future__ import annotations

from copick_native._model import Model, string
from copick_native.errors import ConflictError, ValidationError
from copick_native.models.filaments import CopickFilaments, CopickFilamentsFile
from copick_native.models.mesh import CopickMesh, CopickMeshMeta
from copick_native.models.picks import CopickPicks
from copick_native.models.points import CopickPicksFile
from copick_native.models.segmentation import CopickSegmentation, CopickSegmentationMeta
from copick_native.models.spacing import CopickVoxelSpacing, CopickVoxelSpacingMeta
from copick_native.util.escape import sanitize_name
from copick_native.util.segmentation import segmentation_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, List, Optional, Sequence, Tuple, Type, Union

    from copick_native.models.config import CopickConfig
    from copick_native.models.root import CopickRoot

    Names = Union[str, Iterable[str], None]


PRELOADED = ("images", "segmentations", "picks", "meshes", "filaments")
"""What ``CopickRoot.preload`` can list of a run; images are voxel spacings with all that is in them."""


class CopickRunMeta(Model):
    """Identity of a run."""

    name: str
    _rules = {"name": string}


def _among(wanted: Any, single: tuple) -> Any:
    """A condition as something that `in` can be asked of."""
    return (wanted,) if isinstance(wanted, single) else list(wanted)


def _names(wanted: Names) -> Optional[Sequence[str]]:
    """A condition on names as something that `in` can be asked of, once or often; None: any name."""
    return (wanted,) if isinstance(wanted, str) else None if wanted is None else list(wanted)


def _made_by(entities: list, user_id: Names, session_id: Names) -> list:
    """The entities of one of these users and one of these sessions."""
    if user_id is None and session_id is None:
        return entities
    users, sessions = _names(user_id), _names(session_id)
    found = []
    for entity in entities:
        meta = entity.meta
        if (users is None or meta.user_id in users) and (sessions is None or meta.session_id in sessions):
            found.append(entity)
    return found


def _of_object(entities: list, object_name: Names, user_id: Names, session_id: Names) -> list:
    """The entities that meet every condition. Asked for in loops over thousands of names, so told without detours."""
    if object_name is None:
        return _made_by(entities, user_id, session_id)
    found = []
    if type(object_name) is type(user_id) is type(session_id) is str:
        for entity in entities:
            meta = entity.meta
            if (
                meta.session_id == session_id
                and meta.user_id == user_id
                and meta.pickable_object_name == object_name
            ):
                found.append(entity)
        return found
    objects, users, sessions = _names(object_name) or (), _names(user_id), _names(session_id)
    for entity in entities:
        meta = entity.meta
        if (
            meta.pickable_object_name in objects
            and (users is None or meta.user_id in users)
            and (sessions is None or meta.session_id in sessions)
        ):
            found.append(entity)
    return found


class CopickRun:
    """Tomograms, picks, meshes, filaments and segmentations of one place.

    Lists are read on first use and kept until ``refresh()``. A backend overrides the ``query_*`` methods, the
    factories, ``ensure`` and ``_delete_data``.

    Attributes:
        root: The project.
        meta: Its identity.
    """

    def __init__(self, root: "CopickRoot", meta: CopickRunMeta, config: Optional["CopickConfig"] = None):
        self.meta = meta
        self.root = root
        self._voxel_spacings: Optional[List[CopickVoxelSpacing]] = None
        self._picks: Optional[List[CopickPicks]] = None
        self._meshes: Optional[List[CopickMesh]] = None
        self._filaments: Optional[List[CopickFilaments]] = None
        self._segmentations: Optional[List[CopickSegmentation]] = None
        if config is not None:
            make, make_meta = self._voxel_spacing_factory()
            self._voxel_spacings = [
                make(run=self, meta=make_meta(voxel_size=size), config=config) for size in config.tomograms or {}
            ]

    def __repr__(self) -> str:
        def known(entities: Optional[list]) -> Optional[int]:
            return None if entities is None else len(entities)

        return (
            f"CopickRun(name={self.name}, len(voxel_spacings)={known(self._voxel_spacings)}, "
            f"len(picks)={known(self._picks)}, len(meshes)={known(self._meshes)}, "
            f"len(segmentations)={known(self._segmentations)}) at {hex(id(self))}"
        )

    def _repr_html_(self) -> str:
        from html import escape

        spacings = ", ".join(f"{spacing.voxel_size:g} Å" for spacing in self.voxel_spacings)
        return (
            f"<b>{escape(self.name)}</b>: {spacings or 'no tomograms'}; {len(self.picks)} picks, "
            f"{len(self.segmentations)} segmentations, {len(self.meshes)} meshes, {len(self.filaments)} filament sets"
        )

    @property
    def name(self) -> str:
        return self.meta.name

    @name.setter
    def name(self, value: str) -> None:
        self.meta.name = value

    @property
    def split(self) -> Optional[str]:
        """Machine-learning split it belongs to, where the backend keeps one."""
        return None

    # --- what a backend offers ---

    def query_voxelspacings(self) -> List[CopickVoxelSpacing]:
        raise NotImplementedError("a backend's run must offer query_voxelspacings().")

    def query_picks(self) -> List[CopickPicks]:
        raise NotImplementedError("a backend's run must offer query_picks().")

    def query_filaments(self) -> List[CopickFilaments]:
        return []

    def query_meshes(self) -> List[CopickMesh]:
        raise NotImplementedError("a backend's run must offer query_meshes().")

    def query_segmentations(self) -> List[CopickSegmentation]:
        raise NotImplementedError("a backend's run must offer query_segmentations().")

    def _voxel_spacing_factory(self) -> Tuple[Type[CopickVoxelSpacing], Type[CopickVoxelSpacingMeta]]:
        return CopickVoxelSpacing, CopickVoxelSpacingMeta

    def _picks_factory(self) -> Type[CopickPicks]:
        return CopickPicks

    def _filaments_factory(self) -> Type[CopickFilaments]:
        return CopickFilaments

    def _mesh_factory(self) -> Tuple[Type[CopickMesh], Type[CopickMeshMeta]]:
        return CopickMesh, CopickMeshMeta

    def _segmentation_factory(self) -> Tuple[Type[CopickSegmentation], Type[CopickSegmentationMeta]]:
        return CopickSegmentation, CopickSegmentationMeta

    def ensure(self, create: bool = False) -> bool:
        """Whether it exists; with ``create``, makes it."""
        raise NotImplementedError("a backend's run must offer ensure().")

    def _delete_data(self) -> None:
        raise NotImplementedError("a backend's run must offer _delete_data().")

    # --- lists ahead of their use ---

    def _list(self, wanted: Sequence[str]) -> None:
        """Lists these of ``PRELOADED``, as far as they are not listed yet."""
        for kind in wanted:
            if kind != "images":
                getattr(self, kind)
                continue
            for spacing in self.voxel_spacings:
                for tomogram in spacing.tomograms:
                    _ = tomogram.features

    def _unlisted(self, wanted: Sequence[str]) -> Tuple[str, ...]:
        """Those of ``wanted`` that are not all listed yet."""
        return tuple(kind for kind in wanted if not self._is_listed(kind))

    def _is_listed(self, kind: str) -> bool:
        return self._images_are_listed() if kind == "images" else getattr(self, f"_{kind}") is not None

    def _images_are_listed(self) -> bool:
        return self._voxel_spacings is not None and all(
            spacing._tomograms is not None and all(tomogram._features is not None for tomogram in spacing._tomograms)
            for spacing in self._voxel_spacings
        )

    # --- voxel spacings ---

    @property
    def voxel_spacings(self) -> List[CopickVoxelSpacing]:
        if self._voxel_spacings is None:
            self._voxel_spacings = self.query_voxelspacings()
        return self._voxel_spacings

    def get_voxel_spacing(self, voxel_size: float, **kwargs: Any) -> Union[CopickVoxelSpacing, None]:
        """The voxel spacing of that size, compared at 0.001 angstrom, or None."""
        if self._voxel_spacings is None:
            make, make_meta = self._voxel_spacing_factory()
            spacing = make(self, meta=make_meta(voxel_size=voxel_size, **kwargs))
            return spacing if spacing.ensure(create=False) else None
        for spacing in self._voxel_spacings:
            if spacing.meta.voxel_size == voxel_size:
                return spacing
        wanted = round(float(voxel_size), 3)
        return next((spacing for spacing in self._voxel_spacings if round(spacing.voxel_size, 3) == wanted), None)

    def new_voxel_spacing(self, voxel_size: float, exist_ok: bool = False, **kwargs: Any) -> CopickVoxelSpacing:
        """A new voxel spacing; angstrom. ValueError when it exists, and not ``exist_ok``."""
        wanted = round(float(voxel_size), 3)
        existing = next((spacing for spacing in self.voxel_spacings if round(spacing.voxel_size, 3) == wanted), None)
        if existing is not None:
            if exist_ok:
                return existing
            raise ConflictError(f"VoxelSpacing {voxel_size} already exists for this run.")
        make, make_meta = self._voxel_spacing_factory()
        spacing = make(run=self, meta=make_meta(voxel_size=voxel_size, **kwargs))
        spacing.ensure(create=True)
        self.voxel_spacings.append(spacing)
        return spacing

    def refresh_voxel_spacings(self) -> None:
        self._voxel_spacings = self.query_voxelspacings()

    def delete_voxel_spacings(self, voxel_size: Optional[float] = None) -> None:
        """Removes the voxel spacing of that size; None: all."""
        if voxel_size is None:
            doomed = list(self.voxel_spacings)
        else:
            found = self.get_voxel_spacing(voxel_size)
            doomed = [] if found is None else [found]
        for spacing in doomed:
            spacing.delete()

    # --- who makes something new ---

    def _maker(self, kind: str, session_id: str, user_id: Optional[str]) -> Tuple[str, str]:
        """(user, session) of something new, made of characters that file names can carry."""
        user = sanitize_name(user_id) if user_id is not None else self.root.config.user_id
        if user is None:
            raise ValidationError(f"User ID must be set in the root config or supplied to new_{kind}.")
        return user, sanitize_name(session_id)

    def _require_object(self, object_name: str) -> str:
        """The object's sanitised name; ValueError when the config does not know it."""
        object_name = sanitize_name(object_name)
        known = [pickable.name for pickable in self.root.config.pickable_objects]
        if object_name not in known:
            import difflib

            near = difflib.get_close_matches(object_name, known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValidationError(f"Object name {object_name} not found in pickable objects.{hint}")
        return object_name

    # --- picks ---

    @property
    def picks(self) -> List[CopickPicks]:
        if self._picks is None:
            self._picks = self.query_picks()
        return self._picks

    def user_picks(self) -> List[CopickPicks]:
        """Of the config's user; without one, all that people made (session not "0")."""
        user = self.root.config.user_id
        return [p for p in self.picks if p.from_user] if user is None else self.get_picks(user_id=user)

    def tool_picks(self) -> List[CopickPicks]:
        """All that tools made (session "0")."""
        return [picks for picks in self.picks if picks.from_tool]

    def get_picks(
        self,
        object_name: Names = None,
        user_id: Names = None,
        session_id: Names = None,
        **kwargs: Any,
    ) -> List[CopickPicks]:
        """The picks that meet every condition: a name, or one of several; None accepts all."""
        return _of_object(self.picks, object_name, user_id, session_id)

    def new_picks(
        self,
        object_name: str,
        session_id: str,
        user_id: Optional[str] = None,
        exist_ok: bool = False,
    ) -> CopickPicks:
        """New, empty picks, stored at once.

        Raises:
            ValueError: they exist (and not ``exist_ok``), no user id is known, or the config has no such object.
        """
        object_name = self._require_object(object_name)
        user, session = self._maker("picks", session_id, user_id)
        existing = self.get_picks(object_name=object_name, session_id=session, user_id=user)
        if existing:
            if exist_ok:
                return existing[-1]
            raise ConflictError(f"Picks for {object_name} by user/tool {user} already exist in session {session}.")
        file = CopickPicksFile(pickable_object_name=object_name, user_id=user, session_id=session, run_name=self.name)
        picks = self._picks_factory()(run=self, file=file)
        picks.store()
        self.picks.append(picks)
        return picks

    def refresh_picks(self) -> None:
        self._picks = self.query_picks()

    def delete_picks(
        self,
        object_name: Optional[str] = None,
        user_id: Optional[str] = None,
        session_id: Optional[str] = None,
    ) -> None:
        """Removes the picks that meet every condition."""
        for picks in list(self.get_picks(object_name=object_name, user_id=user_id, session_id=session_id)):
            picks.delete()

    # --- meshes ---

    @property
    def meshes(self) -> List[CopickMesh]:
        if self._meshes is None:
            self._meshes = self.query_meshes()
        return self._meshes

    def user_meshes(self) -> List[CopickMesh]:
        """As ``user_picks``."""
        user = self.root.config.user_id
        return [m for m in self.meshes if m.from_user] if user is None else self.get_meshes(user_id=user)

    def tool_meshes(self) -> List[CopickMesh]:
        return [mesh for mesh in self.meshes if mesh.from_tool]

    def get_meshes(
        self,
        object_name: Names = None,
        user_id: Names = None,
        session_id: Names = None,
    ) -> List[CopickMesh]:
        """The meshes that meet every condition."""
        return _of_object(self.meshes, object_name, user_id, session_id)

    def new_mesh(
        self,
        object_name: str,
        session_id: str,
        user_id: Optional[str] = None,
        exist_ok: bool = False,
        **kwargs: Any,
    ) -> CopickMesh:
        """A new, empty mesh, stored at once. Raises as ``new_picks``."""
        object_name = self._require_object(object_name)
        user, session = self._maker("mesh", session_id, user_id)
        existing = self.get_meshes(object_name=object_name, session_id=session, user_id=user)
        if existing:
            if exist_ok:
                return existing[-1]
            raise ConflictError(f"Mesh for {object_name} by user/tool {user} already exist in session {session}.")
        make, make_meta = self._mesh_factory()
        meta = make_meta(pickable_object_name=object_name, user_id=user, session_id=session, **kwargs)
        mesh = make(run=self, meta=meta)
        mesh._materialise()
        self.meshes.append(mesh)
        return mesh

    def refresh_meshes(self) -> None:
        self._meshes = self.query_meshes()

    def delete_meshes(
        self,
        object_name: Optional[str] = None,
        user_id: Optional[str] = None,
        session_id: Optional[str] = None,
    ) -> None:
        """Removes the meshes that meet every condition."""
        for mesh in list(self.get_meshes(object_name=object_name, user_id=user_id, session_id=session_id)):
            mesh.delete()

    # --- filaments ---

    @property
    def filaments(self) -> List[CopickFilaments]:
        if self._filaments is None:
            self._filaments = self.query_filaments()
        return self._filaments

    def get_filaments(
        self,
        object_name: Names = None,
        user_id: Names = None,
        session_id: Names = None,
    ) -> List[CopickFilaments]:
        """The filament sets that meet every condition."""
        return _of_object(list(self.filaments), object_name, user_id, session_id)

    def new_filaments(
        self,
        object_name: str,
        session_id: str,
        user_id: Optional[str] = None,
        exist_ok: bool = False,
    ) -> CopickFilaments:
        """A new, empty set of filaments, stored at once. Raises as ``new_picks``; an object that is not declared a
        filament is logged."""
        object_name = self._require_object(object_name)
        known = self.root.get_object(object_name)
        if known is None or not known.is_filament:
            import logging

            logging.getLogger("copick_native").warning("Object %s is not declared a filament.", object_name)
        user, session = self._maker("filaments", session_id, user_id)
        existing = self.get_filaments(object_name=object_name, session_id=session, user_id=user)
        if existing:
            if exist_ok:
                return existing[-1]
            raise ConflictError(f"Filaments for {object_name} by user/tool {user} already exist in session {session}.")
        file = CopickFilamentsFile(
            pickable_object_name=object_name,
            user_id=user,
            session_id=session,
            run_name=self.name,
        )
        filaments = self._filaments_factory()(run=self, file=file)
        filaments.store()
        self.filaments.append(filaments)
        return filaments

    def refresh_filaments(self) -> None:
        self._filaments = self.query_filaments()

    def delete_filaments(
        self,
        object_name: Optional[str] = None,
        user_id: Optional[str] = None,
        session_id: Optional[str] = None,
    ) -> None:
        """Removes the filament sets that meet every condition."""
        for filaments in self.get_filaments(object_name=object_name, user_id=user_id, session_id=session_id):
            filaments.delete()

    # --- segmentations ---

    @property
    def segmentations(self) -> List[CopickSegmentation]:
        """Of every kind."""
        if self._segmentations is None:
            self._segmentations = self.query_segmentations()
        return self._segmentations

    def user_segmentations(self) -> List[CopickSegmentation]:
        """As ``user_picks``, of every kind."""
        user = self.root.config.user_id
        if user is None:
            return [segmentation for segmentation in self.segmentations if segmentation.from_user]
        return self.get_segmentations(user_id=user, is_instance=None, is_panoptic=None)

    def tool_segmentations(self) -> List[CopickSegmentation]:
        return [segmentation for segmentation in self.segmentations if segmentation.from_tool]

    def get_segmentations(
        self,
        user_id: Names = None,
        session_id: Names = None,
        is_multilabel: Optional[bool] = None,
        name: Names = None,
        voxel_size: Union[float, Iterable[float], None] = None,
        *,
        is_instance: Optional[bool] = False,
        is_panoptic: Optional[bool] = False,
        **kwargs: Any,
    ) -> List[CopickSegmentation]:
        """The segmentations that meet every condition.

        Unless asked for, instance and panoptic ones are left out: ``is_instance=True`` gives instance ones,
        ``is_instance=None, is_panoptic=None`` every kind.
        """
        found = _made_by(self.segmentations, user_id, session_id)
        if name is not None:
            names = _among(name, (str,))
            found = [segmentation for segmentation in found if segmentation.name in names]
        flags = {"is_multilabel": is_multilabel, "is_instance": is_instance, "is_panoptic": is_panoptic}
        for flag, wanted in flags.items():
            if wanted is not None:
                found = [segmentation for segmentation in found if getattr(segmentation, flag) == wanted]
        if voxel_size is not None:
            sizes = {round(float(size), 3) for size in _among(voxel_size, (int, float))}
            found = [segmentation for segmentation in found if round(segmentation.voxel_size, 3) in sizes]
        return found

    def new_segmentation(
        self,
        voxel_size: float,
        name: str,
        session_id: str,
        is_multilabel: bool = False,
        user_id: Optional[str] = None,
        exist_ok: bool = False,
        *,
        is_instance: bool = False,
        is_panoptic: bool = False,
        **kwargs: Any,
    ) -> CopickSegmentation:
        """A new, empty segmentation; ``voxel_size`` in angstrom.

        Raises:
            ValueError: it exists (and not ``exist_ok``), no user id is known, more than one kind is asked for, or a
                binary or instance one is named for no object of the config.
        """
        kind = segmentation_type(is_multilabel, is_instance, is_panoptic)
        name = self._require_object(name) if kind in ("binary", "instance") else sanitize_name(name)
        user, session = self._maker("segmentation", session_id, user_id)
        flags = {"is_multilabel": is_multilabel, "is_instance": is_instance, "is_panoptic": is_panoptic}
        existing = self.get_segmentations(
            user_id=user,
            session_id=session,
            name=name,
            voxel_size=voxel_size,
            **flags,
        )
        if existing:
            if exist_ok:
                return existing[-1]
            raise ConflictError(
                f"A {kind} segmentation by user/tool {user} already exists in session {session} with name {name} and "
                f"voxel size of {voxel_size}.",
            )
        make, make_meta = self._segmentation_factory()
        meta = make_meta(voxel_size=voxel_size, user_id=user, session_id=session, name=name, **flags, **kwargs)
        segmentation = make(run=self, meta=meta)
        segmentation._materialise()
        self.segmentations.append(segmentation)
        return segmentation

    def refresh_segmentations(self) -> None:
        self._segmentations = self.query_segmentations()

    def delete_segmentations(
        self,
        user_id: Optional[str] = None,
        session_id: Optional[str] = None,
        is_multilabel: Optional[bool] = None,
        name: Optional[str] = None,
        voxel_size: Optional[float] = None,
        *,
        is_instance: Optional[bool] = False,
        is_panoptic: Optional[bool] = False,
    ) -> None:
        """Removes the segmentations that ``get_segmentations`` gives for these conditions."""
        doomed = self.get_segmentations(
            user_id=user_id,
            session_id=session_id,
            is_multilabel=is_multilabel,
            name=name,
            voxel_size=voxel_size,
            is_instance=is_instance,
            is_panoptic=is_panoptic,
        )
        for segmentation in list(doomed):
            segmentation.delete()

    # --- all of it ---

    def refresh(self) -> None:
        """Lists everything again."""
        self.refresh_voxel_spacings()
        self.refresh_picks()
        self.refresh_meshes()
        self.refresh_segmentations()
        self.refresh_filaments()

    def __getstate__(self) -> dict:
        """Identity and parents travel to another process, lists do not."""
        return {**self.__dict__, **dict.fromkeys(("_voxel_spacings", "_picks", "_meshes", "_filaments", "_segmentations"))}

    def _invalidate_caches(self) -> None:
        for spacing in self._voxel_spacings or ():
            spacing._invalidate_caches()
        self._voxel_spacings = self._picks = self._meshes = self._segmentations = self._filaments = None

    def delete(self) -> None:
        """Removes the run and all that is in it."""
        self.delete_voxel_spacings()
        self.delete_picks()
        self.delete_meshes()
        self.delete_segmentations(is_instance=None, is_panoptic=None)
        self.delete_filaments()
        self._delete_data()
        if self.root._runs is not None and self in self.root._runs:
            self.root._runs.remove(self)
