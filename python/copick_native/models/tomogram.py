"""Tomograms and the feature maps computed from them."""

from __future__ import annotations

from copick_native._model import Model, string
from copick_native.errors import ConflictError, ValidationError
from copick_native.models.volumes import ALL, VolumeEntity, dtype_name, spatial
from copick_native.util.escape import sanitize_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple, Type, Union

    import numpy as np
    import numpy.typing as npt

    from copick_native.models.config import CopickConfig
    from copick_native.models.spacing import CopickVoxelSpacing


class CopickTomogramMeta(Model):
    """Identity of a tomogram: its type ("wbp", "denoised")."""

    tomo_type: str
    _rules = {"tomo_type": string}


class CopickTomogram(VolumeEntity):
    """A reconstructed volume, axes (z, y, x).

    A backend overrides ``zarr``, ``query_features``, ``_feature_factory`` and ``_delete_data``.

    Attributes:
        voxel_spacing: The voxel spacing it belongs to.
        meta: Its identity.
    """

    def __init__(
        self,
        voxel_spacing: "CopickVoxelSpacing",
        meta: CopickTomogramMeta,
        config: Optional["CopickConfig"] = None,
    ):
        self.meta = meta
        self.voxel_spacing = voxel_spacing
        self._features: Optional[List["CopickFeatures"]] = None

    def __repr__(self) -> str:
        features = None if self._features is None else len(self._features)
        return f"CopickTomogram(tomo_type={self.tomo_type}, len(features)={features}) at {hex(id(self))}"

    @property
    def name(self) -> str:
        """Its type, by which a tomogram of a spacing is told from the others."""
        return self.tomo_type

    @property
    def tomo_type(self) -> str:
        return self.meta.tomo_type

    # --- feature maps ---

    def query_features(self) -> List["CopickFeatures"]:
        raise NotImplementedError("a backend's tomogram must offer query_features().")

    def _feature_factory(self) -> Tuple[Type["CopickFeatures"], Type["CopickFeaturesMeta"]]:
        return CopickFeatures, CopickFeaturesMeta

    @property
    def features(self) -> List["CopickFeatures"]:
        """Feature maps; listed on first use and kept until ``refresh_features()``."""
        if self._features is None:
            self._features = self.query_features()
        return self._features

    @features.setter
    def features(self, value: List["CopickFeatures"]) -> None:
        self._features = value

    def get_features(self, feature_type: str) -> Union["CopickFeatures", None]:
        """The feature map of that type, or None."""
        return next((features for features in self.features if features.feature_type == feature_type), None)

    def new_features(self, feature_type: str, exist_ok: bool = False, **kwargs: Any) -> "CopickFeatures":
        """A new, empty feature map.

        Raises:
            ValueError: it exists, and not ``exist_ok``.
        """
        feature_type = sanitize_name(feature_type)
        existing = self.get_features(feature_type)
        if existing is not None:
            if exist_ok:
                return existing
            raise ConflictError(f"Feature type {feature_type} already exists for this tomogram.")
        make, make_meta = self._feature_factory()
        features = make(
            tomogram=self,
            meta=make_meta(tomo_type=self.tomo_type, feature_type=feature_type, **kwargs),
        )
        features._materialise()
        self.features.append(features)
        return features

    def refresh_features(self) -> None:
        """Lists the feature maps again."""
        self._features = self.query_features()

    def refresh(self) -> None:
        """Lists the feature maps again, and forgets cached metadata."""
        native = self._native()
        if native is not None:
            native.forget()
        self.refresh_features()

    def __getstate__(self) -> dict:
        """Identity and parents travel to another process, lists do not."""
        return {**self.__dict__, **dict.fromkeys(("_features",))}

    def _invalidate_caches(self) -> None:
        self._features = None

    def delete(self) -> None:
        """Removes the tomogram and its feature maps."""
        self.delete_features()
        self._delete_data()
        siblings = self.voxel_spacing._tomograms
        if siblings is not None and self in siblings:
            siblings.remove(self)

    def delete_features(self) -> None:
        """Removes its feature maps."""
        for features in list(self.features):
            features.delete()

    # --- data ---

    def numpy(
        self,
        zarr_group: Optional[str] = None,
        x: slice = ALL,
        y: slice = ALL,
        z: slice = ALL,
        out: Optional["np.ndarray"] = None,
    ) -> "np.ndarray":
        """A region as an array (z, y, x) of the stored type; only the chunks it touches are decoded.

        Args:
            zarr_group: Level by its path ("0", "1"); default the full resolution.
            x, y, z: Voxels of that level.
            out: Array of the region's shape to fill, of any strides and number type; it is returned.

        Raises:
            KeyError: no such level, or nothing was written yet.
            ValueError: larger than the free memory, or ``out`` does not fit.

        >>> plane = tomo.numpy(z=slice(90, 91))                                 # doctest: +SKIP
        """
        return self._read(zarr_group, spatial(x, y, z), out)

    def from_numpy(
        self,
        data: "np.ndarray",
        levels: int = 3,
        dtype: "npt.DTypeLike" = "float32",
        *,
        chunks: Optional[Tuple[int, ...]] = None,
        zarr_format: int = 0,
        progress: Any = None,
    ) -> None:
        """Replaces the tomogram, atomically, and its coarser levels with it.

        Args:
            data: (z, y, x), of any strides.
            levels: Levels in all, each half the size of the one before.
            dtype: Stored type; None: that of ``data``.
            chunks: (z, y, x); default 256 cubed (Zarr v2) or 128 cubed (v3).
            zarr_format: 2 or 3; 0: what it has, else what the project says, else 2.
            progress: Called with (voxels done, voxels in all).
        """
        import numpy as np

        data = np.asarray(data)
        self._write(
            data,
            self.voxel_spacing.voxel_size,
            levels,
            dtype=dtype_name(dtype or data.dtype),
            chunks=chunks,
            zarr_format=zarr_format,
            progress=progress,
        )

    def set_region(
        self,
        data: "np.ndarray",
        zarr_group: Optional[str] = None,
        x: slice = ALL,
        y: slice = ALL,
        z: slice = ALL,
        refresh_levels: bool = True,
    ) -> None:
        """Replaces a region of one level.

        Args:
            data: The region's voxels, or what broadcasts to them.
            zarr_group, x, y, z: As in ``numpy()``.
            refresh_levels: Bring the coarser levels up to date around it. (The reference leaves them stale.)
        """
        self._write_region(zarr_group, spatial(x, y, z), data, refresh_levels)


class CopickFeaturesMeta(Model):
    """Identity of a feature map: the tomogram's type and its own."""

    tomo_type: str
    feature_type: str
    _rules = {"tomo_type": string, "feature_type": string}


class CopickFeatures(VolumeEntity):
    """Features computed from a tomogram, axes (z, y, x) or (feature, z, y, x).

    Attributes:
        tomogram: The tomogram they were computed from.
        meta: Their identity.
    """

    def __init__(self, tomogram: CopickTomogram, meta: CopickFeaturesMeta):
        self.meta: CopickFeaturesMeta = meta
        self.tomogram: CopickTomogram = tomogram

    def __repr__(self) -> str:
        return f"CopickFeatures(tomo_type={self.tomo_type}, feature_type={self.feature_type}) at {hex(id(self))}"

    @property
    def tomo_type(self) -> str:
        return self.meta.tomo_type

    @property
    def feature_type(self) -> str:
        return self.meta.feature_type

    def delete(self) -> None:
        """Removes the feature map."""
        self._delete_data()
        siblings = self.tomogram._features
        if siblings is not None and self in siblings:
            siblings.remove(self)

    def numpy(
        self,
        zarr_group: Optional[str] = None,
        slices: Optional[Tuple[slice, ...]] = None,
        out: Optional["np.ndarray"] = None,
    ) -> "np.ndarray":
        """A region as an array of the stored type.

        Args:
            zarr_group: Level by its path; default the full resolution.
            slices: One for each axis of the array; default all of it.
            out: Array to fill.
        """
        return self._read(zarr_group, slices if slices is not None else (Ellipsis,), out)

    def from_numpy(
        self,
        data: "np.ndarray",
        *,
        chunks: Optional[Tuple[int, ...]] = None,
        shards: Optional[Tuple[int, ...]] = None,
        dtype: Optional["np.dtype"] = None,
        metadata: Optional[Dict[str, Any]] = None,
        overwrite: bool = True,
        zarr_format: int = 0,
        progress: Any = None,
    ) -> None:
        """Replaces the feature map, atomically.

        Args:
            data: (z, y, x) or (feature, z, y, x).
            chunks: Of the three spatial axes, or of all four.
            shards: Zarr v3: outer unit, as many axes as the data.
            dtype: Stored type; default that of ``data``.
            metadata: Not taken over by native backends.
            overwrite: False: FileExistsError when there are data.
            zarr_format: 2 or 3; 0: what it has, else what the project says, else 2.
        """
        import numpy as np

        array = np.asarray(data, dtype=dtype)
        if array.ndim not in (3, 4):
            raise ValidationError(
                f"Feature data must be 3D (z, y, x) or 4D (feature, z, y, x), got shape {array.shape!r}",
            )
        native = self._native()
        if not overwrite and native is not None and native.core.has_data():
            raise ConflictError(f"cannot write {self!r}: it has data, and overwrite is off")
        self._write(
            array,
            self.tomogram.voxel_spacing.voxel_size,
            1,
            dtype=dtype_name(array.dtype),
            chunks=chunks,
            shards=shards,
            zarr_format=3 if shards is not None else zarr_format,
            progress=progress,
        )

    def set_region(
        self,
        data: "np.ndarray",
        zarr_group: Optional[str] = None,
        slices: Optional[Tuple[slice, ...]] = None,
        refresh_levels: bool = True,
    ) -> None:
        """Replaces a region of one level; ``slices`` as in ``numpy()``."""
        self._write_region(zarr_group, slices if slices is not None else (Ellipsis,), data, refresh_levels)
