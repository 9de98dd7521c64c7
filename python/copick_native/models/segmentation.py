"""Segmentations: voxel masks of one object, of several, of instances, or of both."""

from __future__ import annotations

from copick_native._model import Model, boolean, number, string
from copick_native.errors import ValidationError
from copick_native.models._authored import Authored
from copick_native.models.volumes import ALL, VolumeEntity, dtype_name
from copick_native.util.segmentation import (
    PANOPTIC_CHANNELS,
    check_panoptic_values,
    checked_label_cast,
    label_dtype,
    panoptic_channel_index,
    segmentation_directory,
    segmentation_type,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Optional, Tuple, Union

    import numpy as np

    from copick_native.models.run import CopickRun

_GREY = [128, 128, 128, 0]


class CopickSegmentationMeta(Model):
    """Identity of a segmentation.

    Attributes:
        user_id, session_id: Who made it; session "0" means a tool.
        name: Object, or any name for multilabel and panoptic ones.
        is_multilabel, is_instance, is_panoptic: Its kind; none set: binary.
        voxel_size: Angstrom, rounded to 0.001.
    """

    user_id: str
    session_id: str
    name: str
    is_multilabel: bool
    is_instance: bool = False
    is_panoptic: bool = False
    voxel_size: float

    _rules = {
        "user_id": string,
        "session_id": string,
        "name": string,
        "is_multilabel": boolean,
        "is_instance": boolean,
        "is_panoptic": boolean,
        "voxel_size": number,
    }

    def _finish(self) -> None:
        segmentation_type(self.is_multilabel, self.is_instance, self.is_panoptic)


class CopickSegmentation(Authored, VolumeEntity):
    """A mask, axes (z, y, x); panoptic ones (2, z, y, x): label and instance.

    A backend overrides ``zarr`` and ``_delete_data``.

    Attributes:
        run: The run it belongs to.
        meta: Its identity.
    """

    def __init__(self, run: "CopickRun", meta: CopickSegmentationMeta):
        self.meta: CopickSegmentationMeta = meta
        self.run: "CopickRun" = run

    def __repr__(self) -> str:
        return (
            f"CopickSegmentation(user_id={self.user_id}, session_id={self.session_id}, name={self.name}, "
            f"segmentation_type={self.segmentation_type}, voxel_size={self.voxel_size}) at {hex(id(self))}"
        )

    @property
    def name(self) -> str:
        return self.meta.name

    @property
    def voxel_size(self) -> float:
        return self.meta.voxel_size

    @property
    def is_multilabel(self) -> bool:
        return self.meta.is_multilabel

    @property
    def is_instance(self) -> bool:
        return self.meta.is_instance

    @property
    def is_panoptic(self) -> bool:
        return self.meta.is_panoptic

    @property
    def segmentation_type(self) -> str:
        """"binary", "multilabel", "instance" or "panoptic"."""
        return segmentation_type(self.is_multilabel, self.is_instance, self.is_panoptic)

    @property
    def directory(self) -> str:
        """The folder of the run that holds it."""
        return segmentation_directory(self.is_multilabel, self.is_instance, self.is_panoptic)

    @property
    def color(self):
        """Of the object; grey where it shows several, or one that the config does not know."""
        pickable = None if self.is_multilabel or self.is_panoptic else self.run.root.get_object(self.name)
        return list(_GREY) if pickable is None else pickable.color

    def delete(self) -> None:
        """Removes the segmentation."""
        self._delete_data()
        siblings = self.run._segmentations
        if siblings is not None and self in siblings:
            siblings.remove(self)

    # --- data ---

    def _selection(self, x: slice, y: slice, z: slice, channel: Union[str, int, None]) -> tuple:
        if self.is_panoptic:
            return (ALL if channel is None else panoptic_channel_index(channel), z, y, x)
        if channel is not None:
            raise ValidationError(f"{self} is a {self.segmentation_type} segmentation; only panoptic ones have channels.")
        return z, y, x

    def numpy(
        self,
        zarr_group: Optional[str] = None,
        x: slice = ALL,
        y: slice = ALL,
        z: slice = ALL,
        channel: Optional[Union[str, int]] = None,
        out: Optional["np.ndarray"] = None,
    ) -> "np.ndarray":
        """A region as an array of the stored type; only the chunks it touches are decoded.

        Args:
            zarr_group: Level by its path; default the full resolution.
            x, y, z: Voxels of that level.
            channel: Of panoptic ones: "label" (0) or "instance" (1) gives (z, y, x); None both.
            out: Array of the region's shape to fill; it is returned.
        """
        return self._read(zarr_group, self._selection(x, y, z, channel), out)

    def from_numpy(
        self,
        data: "np.ndarray",
        levels: int = 1,
        dtype: Optional["np.dtype"] = None,
        *,
        chunks: Optional[Tuple[int, int, int]] = None,
        zarr_format: int = 0,
        progress: Any = None,
    ) -> None:
        """Replaces the segmentation, atomically.

        Args:
            data: (z, y, x), or (2, z, y, x) for panoptic ones: labels and instances.
            levels: Levels in all; labels are never averaged.
            dtype: Stored type; default the smallest unsigned one that holds every label. Nothing wraps.
            chunks, zarr_format, progress: As of a tomogram.

        Raises:
            ValueError: a label is negative or no whole number, does not fit ``dtype``, or (panoptic) is no
                object's, or an instance stands where the label is 0.
        """
        import numpy as np

        data = np.asarray(data)
        if self.is_panoptic and (data.ndim != 4 or data.shape[0] != 2):
            raise ValidationError(
                f"A panoptic segmentation is a (2, Z, Y, X) array (channels {PANOPTIC_CHANNELS}), not {data.shape}.",
            )
        if dtype is None:
            dtype = label_dtype(data, floor="uint16" if self.is_instance or self.is_panoptic else "uint8")
        data = checked_label_cast(data, dtype)
        if self.is_panoptic:
            check_panoptic_values(data[0], data[1], self._object_labels())
        self._write(
            data,
            self.voxel_size,
            levels,
            dtype=dtype_name(dtype),
            chunks=chunks,
            zarr_format=zarr_format,
            downsampling="nearest",
            progress=progress,
        )

    def set_region(
        self,
        data: "np.ndarray",
        zarr_group: Optional[str] = None,
        x: slice = ALL,
        y: slice = ALL,
        z: slice = ALL,
        channel: Optional[Union[str, int]] = None,
        refresh_levels: bool = True,
    ) -> None:
        """Replaces a region of one level. ValueError when a label does not fit the stored type.

        Args:
            data: The region's labels, or what broadcasts to them; of both channels of a panoptic one unless
                ``channel`` says which.
            zarr_group, x, y, z, channel: As in ``numpy()``.
            refresh_levels: Bring the coarser levels up to date around it.
        """
        import numpy as np

        selection = self._selection(x, y, z, channel)
        native = self._native()
        stored = native.level(zarr_group).dtype if native is not None else None
        data = checked_label_cast(data, stored)
        if self.is_panoptic and channel is None:
            if data.ndim != 4 or data.shape[0] != 2:
                raise ValidationError(f"A panoptic region is a (2, z, y, x) array, not {data.shape}.")
            check_panoptic_values(data[0], data[1], self._object_labels())
        elif self.is_panoptic:
            other = self._read(zarr_group, (1 - selection[0], *selection[1:]))
            data = np.broadcast_to(data, other.shape)
            labels, instances = (data, other) if selection[0] == 0 else (other, data)
            check_panoptic_values(labels, instances, self._object_labels())
            selection = (slice(selection[0], selection[0] + 1), *selection[1:])
            data = data[np.newaxis]
        self._write_region(zarr_group, selection, data, refresh_levels)

    # --- what is in it ---

    def _object_labels(self) -> List[Optional[int]]:
        return [pickable.label for pickable in self.run.root.config.pickable_objects]

    def _object_label(self, object_name: Optional[str]) -> Optional[int]:
        pickable = self.run.root.get_object(object_name or "")
        if pickable is None:
            raise ValidationError(f"Object name {object_name} not found in pickable objects.")
        return pickable.label

    def _slabs(self, zarr_group: Optional[str]) -> Iterator["np.ndarray"]:
        """The volume in slabs of whole chunk rows, so that memory stays small."""
        native = self._native()
        if native is None:
            yield self._read(zarr_group, (Ellipsis,))
            return
        level = native.level(zarr_group)
        thickness = level.chunks[-3]
        for begin in range(0, level.shape[-3], thickness):
            yield native.read(level.index, (Ellipsis, slice(begin, begin + thickness), ALL, ALL))

    def instance_ids(self, zarr_group: Optional[str] = None, object_name: Optional[str] = None) -> "np.ndarray":
        """The instances there are, sorted, int64.

        Args:
            zarr_group: Level; the full resolution holds every instance.
            object_name: Whose; panoptic segmentations need it.
        """
        import numpy as np

        if self.is_instance:
            if object_name not in (None, self.name):
                raise ValidationError(f"{self} holds instances of {self.name}, not {object_name}.")
        elif not self.is_panoptic:
            raise ValidationError(
                f"{self} is a {self.segmentation_type} segmentation; instance_ids() needs an instance or panoptic one.",
            )
        elif object_name is None:
            raise ValidationError("Instance IDs of a panoptic segmentation are per object; pass object_name.")
        label = self._object_label(object_name) if self.is_panoptic else 0
        found: set = set()
        for slab in self._slabs(zarr_group):
            found.update(np.unique(slab[1][slab[0] == label] if self.is_panoptic else slab).tolist())
        return np.array(sorted(found - {0}), dtype=np.int64)

    def segments(self, zarr_group: Optional[str] = None) -> List[Tuple[str, int]]:
        """The (object, instance) pairs of a panoptic segmentation; instance 0 is what is not split."""
        import numpy as np

        if not self.is_panoptic:
            raise ValidationError(f"{self} is a {self.segmentation_type} segmentation; segments() needs a panoptic one.")
        names = {pickable.label: pickable.name for pickable in self.run.root.config.pickable_objects}
        pairs: set = set()
        for labels, instances in self._slabs(zarr_group):
            inside = labels != 0
            rows = np.unique(np.stack([labels[inside], instances[inside]], axis=1), axis=0)
            pairs.update(map(tuple, rows.tolist()))
        return sorted((names.get(label, str(label)), instance) for label, instance in pairs)

    def label_volume(self, zarr_group: Optional[str] = None) -> "np.ndarray":
        """The label channel of a panoptic segmentation."""
        return self.numpy(zarr_group=zarr_group, channel="label")

    def instance_volume(self, object_name: str, zarr_group: Optional[str] = None) -> "np.ndarray":
        """The instances of one object in a panoptic segmentation, 0 elsewhere."""
        import numpy as np

        labels, instances = self.numpy(zarr_group=zarr_group)
        return np.where(labels == self._object_label(object_name), instances, 0)
