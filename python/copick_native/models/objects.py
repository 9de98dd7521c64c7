"""Objects: what can be annotated, with a density map where there is one."""

from __future__ import annotations

from copick_native.errors import ValidationError
from copick_native.models.config import FilamentSpec, PickableObject
from copick_native.models.volumes import ALL, VolumeEntity, dtype_name, spatial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, MutableMapping, Optional, Tuple, Union

    import numpy as np
    import numpy.typing as npt

    from copick_native.models.root import CopickRoot


class CopickObject(VolumeEntity):
    """An object of the config, and its density map, axes (z, y, x).

    A backend overrides ``zarr`` and ``_delete_data``.

    Attributes:
        meta: Its definition.
        root: The project.
    """

    def __init__(self, root: "CopickRoot", meta: PickableObject):
        self.meta = meta
        self.root = root

    def __repr__(self) -> str:
        def shown(value: Any) -> Any:
            return "None" if value is None else value

        return (
            f"CopickObject(name={self.name}, is_particle={self.is_particle}, label={shown(self.label)}, "
            f"color={shown(self.color)}, emdb_id={shown(self.emdb_id)}, pdb_id={shown(self.pdb_id)}, "
            f"identifier={shown(self.identifier)} threshold={shown(self.map_threshold)}, "
            f"metadata={shown(self.metadata)}) at {hex(id(self))}"
        )

    @property
    def name(self) -> str:
        return self.meta.name

    @property
    def is_particle(self) -> bool:
        return self.meta.is_particle

    @property
    def label(self) -> Union[int, None]:
        return self.meta.label

    @property
    def color(self) -> Union[Tuple[int, int, int, int], None]:
        return self.meta.color

    @property
    def emdb_id(self) -> Union[str, None]:
        return self.meta.emdb_id

    @property
    def pdb_id(self) -> Union[str, None]:
        return self.meta.pdb_id

    @property
    def identifier(self) -> Union[str, None]:
        return self.meta.identifier

    @property
    def map_threshold(self) -> Union[float, None]:
        return self.meta.map_threshold

    @property
    def radius(self) -> Union[float, None]:
        """Angstrom."""
        return self.meta.radius

    @property
    def metadata(self) -> Optional[Dict[str, Any]]:
        return self.meta.metadata

    @property
    def filament(self) -> Optional[FilamentSpec]:
        return self.meta.filament

    @property
    def is_filament(self) -> bool:
        return self.meta.is_filament

    def zarr(self) -> Union[None, MutableMapping]:
        """The Zarr store of its density map; None for what is no particle."""
        if not self.is_particle:
            return None
        raise NotImplementedError("a backend's object must offer zarr().")

    def has_density_map(self) -> bool:
        """Whether a density map is stored."""
        native = self._native() if self.is_particle else None
        return native is not None and native.core.has_data()

    def numpy(
        self,
        zarr_group: Optional[str] = None,
        x: slice = ALL,
        y: slice = ALL,
        z: slice = ALL,
        out: Optional["np.ndarray"] = None,
    ) -> Union[None, "np.ndarray"]:
        """A region of the density map (z, y, x); None for what is no particle."""
        if not self.is_particle:
            return None
        return self._read(zarr_group, spatial(x, y, z), out)

    def from_numpy(
        self,
        data: "np.ndarray",
        voxel_size: float,
        dtype: "npt.DTypeLike" = "float32",
    ) -> None:
        """Replaces the density map, atomically.

        Args:
            data: (z, y, x).
            voxel_size: Angstrom.
            dtype: Stored type; None: that of ``data``.
        """
        import numpy as np

        if not self.is_particle:
            raise ValidationError(
                f"Cannot write a density map for object {self.name!r}: it is no particle, so it has none.",
            )
        data = np.asarray(data)
        self._write(data, voxel_size, 1, dtype=dtype_name(dtype or data.dtype), voxel_size=voxel_size)

    def set_region(
        self,
        data: "np.ndarray",
        zarr_group: Optional[str] = None,
        x: slice = ALL,
        y: slice = ALL,
        z: slice = ALL,
    ) -> None:
        """Replaces a region of the density map."""
        self._write_region(zarr_group, spatial(x, y, z), data, True)

    def delete(self) -> None:
        """Removes the density map, and the object from the project's list."""
        self._delete_data()
        if self.root._objects is not None and self in self.root._objects:
            self.root._objects.remove(self)
