"""Voxel spacings: the tomograms of a run at one resolution."""

from __future__ import annotations

from copick_native._model import Model, number
from copick_native.errors import ConflictError
from copick_native.models.tomogram import CopickTomogram, CopickTomogramMeta
from copick_native.util.escape import sanitize_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple, Type, Union

    from copick_native.models.config import CopickConfig
    from copick_native.models.run import CopickRun


class CopickVoxelSpacingMeta(Model):
    """Identity of a voxel spacing: the edge of a voxel in angstrom, rounded to 0.001."""

    voxel_size: float
    _rules = {"voxel_size": number}


class CopickVoxelSpacing:
    """All tomograms of a run at one resolution.

    A backend overrides ``query_tomograms``, ``ensure``, ``_tomogram_factory`` and ``_delete_data``.

    Attributes:
        run: The run it belongs to.
        meta: Its identity.
    """

    def __init__(self, run: "CopickRun", meta: CopickVoxelSpacingMeta, config: Optional["CopickConfig"] = None):
        self.run = run
        self.meta = meta
        self._tomograms: Optional[List[CopickTomogram]] = None
        if config is not None:
            make, make_meta = self._tomogram_factory()
            types = (config.tomograms or {}).get(self.voxel_size, [])
            self._tomograms = [make(voxel_spacing=self, meta=make_meta(tomo_type=tomo_type)) for tomo_type in types]

    def __repr__(self) -> str:
        tomograms = None if self._tomograms is None else len(self._tomograms)
        return f"CopickVoxelSpacing(voxel_size={self.voxel_size}, len(tomograms)={tomograms}) at {hex(id(self))}"

    @property
    def voxel_size(self) -> float:
        return self.meta.voxel_size

    def query_tomograms(self) -> List[CopickTomogram]:
        raise NotImplementedError("a backend's voxel spacing must offer query_tomograms().")

    def _tomogram_factory(self) -> Tuple[Type[CopickTomogram], Type[CopickTomogramMeta]]:
        return CopickTomogram, CopickTomogramMeta

    def ensure(self, create: bool = False) -> bool:
        """Whether it exists; with ``create``, makes it."""
        raise NotImplementedError("a backend's voxel spacing must offer ensure().")

    def _delete_data(self) -> None:
        raise NotImplementedError("a backend's voxel spacing must offer _delete_data().")

    @property
    def tomograms(self) -> List[CopickTomogram]:
        """Listed on first use and kept until ``refresh()``."""
        if self._tomograms is None:
            self._tomograms = self.query_tomograms()
        return self._tomograms

    def get_tomogram(self, tomo_type: str) -> Union[CopickTomogram, None]:
        """The first tomogram of that type, or None. Deprecated: ``get_tomograms`` gives all."""
        import warnings

        warnings.warn(
            "get_tomogram is deprecated, use get_tomograms instead. Results may be incomplete",
            DeprecationWarning,
            stacklevel=2,
        )
        return next((tomogram for tomogram in self.tomograms if tomogram.tomo_type == tomo_type), None)

    def get_tomograms(self, tomo_type: Optional[str] = None, **kwargs: Any) -> List[CopickTomogram]:
        """The tomograms of that type: one, or one in each source."""
        tomograms = self.tomograms if self._tomograms is None else self._tomograms
        return [tomogram for tomogram in tomograms if tomogram.meta.tomo_type == tomo_type]

    def new_tomogram(self, tomo_type: str, exist_ok: bool = False, **kwargs: Any) -> CopickTomogram:
        """A new, empty tomogram.

        Raises:
            ValueError: it exists, and not ``exist_ok``.
        """
        tomo_type = sanitize_name(tomo_type)
        existing = self.get_tomograms(tomo_type)
        if existing:
            if exist_ok:
                return existing[0]
            raise ConflictError(f"Tomogram type {tomo_type} already exists for this voxel spacing.")
        make, make_meta = self._tomogram_factory()
        tomogram = make(voxel_spacing=self, meta=make_meta(tomo_type=tomo_type, **kwargs))
        tomogram._materialise()
        self.tomograms.append(tomogram)
        return tomogram

    def refresh_tomograms(self) -> None:
        """Lists the tomograms again."""
        self._tomograms = self.query_tomograms()

    def refresh(self) -> None:
        self.refresh_tomograms()

    def __getstate__(self) -> dict:
        """Identity and parents travel to another process, lists do not."""
        return {**self.__dict__, **dict.fromkeys(("_tomograms",))}

    def _invalidate_caches(self) -> None:
        self._tomograms = None

    def delete(self) -> None:
        """Removes the voxel spacing and its tomograms."""
        self.delete_tomograms()
        self._delete_data()
        siblings = self.run._voxel_spacings
        if siblings is not None and self in siblings:
            siblings.remove(self)

    def delete_tomograms(self, tomo_type: Optional[str] = None) -> None:
        """Removes the tomograms of that type; None: all."""
        for tomogram in list(self.tomograms if tomo_type is None else self.get_tomograms(tomo_type)):
            tomogram.delete()
