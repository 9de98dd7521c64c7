"""The project: its config, runs and objects."""

from __future__ import annotations

from copick_native.errors import ConflictError, NotFoundError, ValidationError
from copick_native.models.config import CopickConfig, FilamentSpec, PickableObject, _metadata_with_filament
from copick_native.models.objects import CopickObject
from copick_native.models.run import PRELOADED, CopickRun, CopickRunMeta
from copick_native.util.escape import sanitize_name
from copick_native.util.segmentation import RESERVED_NAME_SUFFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Type, Union


class CopickRoot:
    """A project.

    A backend overrides ``query``, ``_run_factory`` and ``_object_factory``.

    Attributes:
        config: Its description.
    """

    _run_places: Dict[str, int] = {}  # where in the list names were when last looked for

    def __init__(self, config: CopickConfig):
        self.config = config
        self._runs: Optional[List[CopickRun]] = None
        self._objects: Optional[List[CopickObject]] = None
        if config.runs is not None:
            make, make_meta = self._run_factory()
            self._runs = [make(self, make_meta(name=name)) for name in config.runs]

    def __repr__(self) -> str:
        objects = None if self._objects is None else len(self._objects)
        runs = None if self._runs is None else len(self._runs)
        return (
            f"CopickRoot(user_id={self.user_id}, len(pickable_objects)={objects}, len(runs)={runs}) "
            f"at {hex(id(self))}"
        )

    def _repr_html_(self) -> str:
        from html import escape

        runs = "".join(f"<li>{escape(run.name)}</li>" for run in self.runs[:20])
        more = f"<li>… {len(self.runs) - 20} more</li>" if len(self.runs) > 20 else ""
        names = ", ".join(escape(pickable.name) for pickable in self.config.pickable_objects)
        return (
            f"<b>{escape(self.config.name or 'copick project')}</b> {escape(self.config.description or '')}<br>"
            f"objects: {names or 'none'}<br>{len(self.runs)} runs<ul>{runs}{more}</ul>"
        )

    @property
    def user_id(self) -> Optional[str]:
        return self.config.user_id

    @user_id.setter
    def user_id(self, value: str) -> None:
        self.config.user_id = value

    @property
    def session_id(self) -> Optional[str]:
        return self.config.session_id

    @session_id.setter
    def session_id(self, value: str) -> None:
        self.config.session_id = value

    # --- what a backend offers ---

    def query(self) -> List[CopickRun]:
        raise NotImplementedError("a backend's root must offer query().")

    def _run_factory(self) -> Tuple[Type[CopickRun], Type[CopickRunMeta]]:
        return CopickRun, CopickRunMeta

    def _object_factory(self) -> Tuple[Type[CopickObject], Type[PickableObject]]:
        return CopickObject, PickableObject

    def _query_objects(self) -> None:
        make, _ = self._object_factory()
        self._objects = [make(self, meta=pickable) for pickable in self.config.pickable_objects]

    # --- runs ---

    @property
    def runs(self) -> List[CopickRun]:
        """Listed on first use and kept until ``refresh()``."""
        if self._runs is None:
            self._runs = self.query()
        return self._runs

    def get_run(self, name: str, **kwargs: Any) -> Union[CopickRun, None]:
        """The run of that name, or None. Does not list the others."""
        if self._runs is not None:
            return self._listed_run(name)
        make, make_meta = self._run_factory()
        run = make(self, meta=make_meta(name=name, **kwargs))
        return run if run.ensure(create=False) else None

    def _listed_run(self, name: str) -> Optional[CopickRun]:
        """The first listed run of that name. By places, so that a loop over names is no loop over loops."""
        runs, places = self.runs, self._run_places
        place = places.get(name)
        if place is not None and place < len(runs) and runs[place].meta.name == name:
            return runs[place]
        self._run_places = {run.name: i for i, run in reversed(list(enumerate(runs)))}  # the list has changed
        place = self._run_places.get(name)
        return None if place is None else runs[place]

    def preload(
        self,
        runs: Optional[Iterable[Union[CopickRun, str]]] = None,
        *,
        images: bool = True,
        segmentations: bool = True,
        picks: bool = True,
        meshes: bool = True,
        filaments: bool = True,
    ) -> None:
        """Lists what runs hold, all at once: a loop over them then waits for no listing.

        On a far storage that takes a few round trips, where a loop takes several for each run. What is listed already
        is not listed again. A backend written in Python lists one run after the other.

        Args:
            runs: Runs or names of runs; default all.
            images: Voxel spacings, tomograms and feature maps.
            segmentations, picks, meshes, filaments: Those lists.

        Raises:
            KeyError: the project has no run of a name.

        >>> root.preload(images=False)                                              # doctest: +SKIP
        >>> counts = {run.name: len(run.picks) for run in root.runs}                # doctest: +SKIP
        """
        flags = (images, segmentations, picks, meshes, filaments)
        wanted = [kind for kind, is_wanted in zip(PRELOADED, flags) if is_wanted]
        chosen = list(self.runs) if runs is None else [self._known_run(run) for run in runs]
        self._preload(chosen, wanted)

    def _known_run(self, run: Union[CopickRun, str]) -> CopickRun:
        if not isinstance(run, str):
            return run
        _ = self.runs  # one listing, and the handles that a loop will meet
        found = self._listed_run(run)
        if found is None:
            raise NotFoundError(f"cannot list run '{run}': the project has no such run; root.runs are those it has")
        return found

    def _preload(self, runs: Sequence[CopickRun], wanted: Sequence[str]) -> None:
        for run in runs:
            run._list(wanted)

    def new_run(self, name: str, exist_ok: bool = False, **kwargs: Any) -> CopickRun:
        """A new run. ValueError when it exists, and not ``exist_ok``."""
        existing = next((run for run in self.runs if run.name == name), None)
        if existing is not None:
            if exist_ok:
                return existing
            raise ConflictError(f"Run name {name} already exists.")
        make, make_meta = self._run_factory()
        run = make(self, meta=make_meta(name=name, **kwargs))
        run.ensure(create=True)
        self.runs.append(run)
        return run

    def delete_run(self, name: str) -> None:
        """Removes a run and all that is in it; an unknown name is ignored."""
        run = self.get_run(name)
        if run is not None:
            run.delete()

    # --- objects ---

    @property
    def pickable_objects(self) -> List[CopickObject]:
        if self._objects is None:
            self._query_objects()
        return [] if self._objects is None else self._objects

    @property
    def objects(self) -> Dict[str, CopickObject]:
        """The objects by name."""
        return {pickable.name: pickable for pickable in self.pickable_objects}

    def get_object(self, name: str) -> Union[CopickObject, None]:
        """The object of that name, or None."""
        return next((pickable for pickable in self.pickable_objects if pickable.name == name), None)

    def new_object(
        self,
        name: str,
        is_particle: bool,
        label: Optional[int] = None,
        color: Optional[Tuple[int, int, int, int]] = None,
        emdb_id: Optional[str] = None,
        pdb_id: Optional[str] = None,
        identifier: Optional[str] = None,
        map_threshold: Optional[float] = None,
        radius: Optional[float] = None,
        metadata: Optional[Dict[str, Any]] = None,
        exist_ok: bool = False,
        filament: Union[FilamentSpec, Dict[str, Any], None] = None,
    ) -> CopickObject:
        """Adds an object to the open project's config; ``save_config`` writes it.

        Args:
            label: Default the next free one.
            exist_ok: Change the object of that name by whatever is given.
            filament: Declares it a filament.
            Others: As of :class:`PickableObject`.

        Raises:
            ValueError: the name or the label is taken, or a rule is broken; the config is as before then.
        """
        if name != sanitize_name(name, suppress_warnings=True):
            raise ValidationError(
                f"Object name '{name}' contains invalid characters. Use sanitize_name() to clean it.",
            )
        if name.endswith(RESERVED_NAME_SUFFIXES):
            import logging

            logging.getLogger("copick_native").warning(
                "Object name '%s' ends like the name of a multilabel segmentation; its own would be ambiguous.",
                name,
            )
        given = {
            "label": label,
            "color": color,
            "emdb_id": emdb_id,
            "pdb_id": pdb_id,
            "identifier": identifier,
            "map_threshold": map_threshold,
            "radius": radius,
            "metadata": metadata,
        }
        existing = self.get_object(name)
        if existing is not None:
            if not exist_ok:
                raise ConflictError(f"Object name {name} already exists.")
            return self._change_object(existing, is_particle, given, filament)
        labels = [pickable.label for pickable in self.config.pickable_objects if pickable.label is not None]
        if label in labels:
            raise ConflictError(f"Object label {label} already exists.")
        given["label"] = label if label is not None else max(labels, default=0) + 1
        given["color"] = color if color is not None else (100, 100, 100, 255)
        given["metadata"] = _metadata_with_filament(metadata, filament) if filament is not None else metadata or {}
        meta = PickableObject(name=name, is_particle=is_particle, **given)
        _ = self.pickable_objects
        self.config.pickable_objects.append(meta)
        made = self._make_object(meta)
        self.pickable_objects.append(made)
        return made

    def _make_object(self, meta: PickableObject) -> CopickObject:
        make, _ = self._object_factory()
        return make(self, meta)

    def _change_object(self, existing: CopickObject, is_particle: bool, given: dict, filament: Any) -> CopickObject:
        meta = existing.meta
        changed = {**meta.model_dump(), "is_particle": is_particle, **{k: v for k, v in given.items() if v}}
        if filament is not None:
            changed["metadata"] = _metadata_with_filament(changed["metadata"], filament)
        validated = type(meta).model_validate(changed)  # before anything is touched
        for name in type(meta).model_fields:
            setattr(meta, name, getattr(validated, name))
        return existing

    # --- the whole ---

    def refresh(self) -> None:
        """Lists the runs again, and looks at the objects again."""
        self._runs = self.query()
        self._objects = None

    def reconnect(self) -> None:
        """Connects to the storage again, where the backend keeps a connection."""

    def _invalidate_all_caches(self) -> None:
        for run in self._runs or ():
            run._invalidate_caches()
        self._runs = self._objects = None

    def save_config(self, config_path: str) -> None:
        """Writes the config as JSON, atomically. Members of the file it was read from that we do not know stay."""
        import json

        from copick_native import _core

        _core.write_file(str(config_path), json.dumps(self.config.document(), indent=4).encode())
