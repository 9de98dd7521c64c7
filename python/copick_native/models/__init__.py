"""The data model, with the names of the reference's ``copick.models``.

What is abstract here (``zarr``, ``query_*``, ``_load``, ``_store``) a backend offers;
:mod:`copick_native.impl.filesystem` is the one on the engine.
"""

from copick_native.models.config import (
    COPICK_METADATA_NAMESPACE,
    FILAMENT_METADATA_KEY,
    CopickConfig,
    FilamentSpec,
    PickableObject,
)
from copick_native.models.filaments import (
    CopickFilament,
    CopickFilamentCurve,
    CopickFilaments,
    CopickFilamentsFile,
)
from copick_native.models.mesh import CopickMesh, CopickMeshMeta
from copick_native.models.objects import CopickObject
from copick_native.models.picks import CopickPicks
from copick_native.models.points import CopickLocation, CopickPicksFile, CopickPoint
from copick_native.models.root import CopickRoot
from copick_native.models.run import CopickRun, CopickRunMeta
from copick_native.models.segmentation import CopickSegmentation, CopickSegmentationMeta
from copick_native.models.spacing import CopickVoxelSpacing, CopickVoxelSpacingMeta
from copick_native.models.tomogram import CopickFeatures, CopickFeaturesMeta, CopickTomogram, CopickTomogramMeta

COPICK_TYPES = (
    CopickRoot,
    CopickRun,
    CopickVoxelSpacing,
    CopickTomogram,
    CopickFeatures,
    CopickPicks,
    CopickMesh,
    CopickSegmentation,
    CopickObject,
    CopickFilaments,
)

__all__ = [
    "COPICK_METADATA_NAMESPACE",
    "COPICK_TYPES",
    "FILAMENT_METADATA_KEY",
    "CopickConfig",
    "CopickFeatures",
    "CopickFeaturesMeta",
    "CopickFilament",
    "CopickFilamentCurve",
    "CopickFilaments",
    "CopickFilamentsFile",
    "CopickLocation",
    "CopickMesh",
    "CopickMeshMeta",
    "CopickObject",
    "CopickPicks",
    "CopickPicksFile",
    "CopickPoint",
    "CopickRoot",
    "CopickRun",
    "CopickRunMeta",
    "CopickSegmentation",
    "CopickSegmentationMeta",
    "CopickTomogram",
    "CopickTomogramMeta",
    "CopickVoxelSpacing",
    "CopickVoxelSpacingMeta",
    "FilamentSpec",
    "PickableObject",
]

# Classes are known by this module's name, wherever in it they are written: in reprs, and in pickles.
for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = __name__
del _name
