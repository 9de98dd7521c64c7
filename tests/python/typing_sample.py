"""What a typed script relies on: each line is checked by mypy --strict and by pyright, and none may be Any."""

from typing import Any, List, Optional, Tuple

import copick_native as copick
import numpy as np
from copick_native.models import (CopickConfig, CopickFeatures, CopickMesh, CopickObject, CopickPicks, CopickPoint, CopickRoot,
                                  CopickRun, CopickSegmentation, CopickTomogram, CopickVoxelSpacing)
from typing_extensions import assert_type

root = copick.from_file("config.json")
checked_root: CopickRoot = root
runs: List[CopickRun] = list(root.runs)
config: CopickConfig = root.config
found: Optional[CopickRun] = root.get_run("TS_001")
assert found is not None
assert_type(found.name, str)
target: Optional[CopickObject] = root.get_object("ribosome")
spacing: Optional[CopickVoxelSpacing] = found.get_voxel_spacing(13.48)
assert spacing is not None
tomograms: List[CopickTomogram] = spacing.get_tomograms("wbp")
volume: "np.ndarray[Any, Any]" = tomograms[0].numpy("0", z=slice(3, 4))
features: Optional[CopickFeatures] = tomograms[0].get_features("sobel")
picks: List[CopickPicks] = found.get_picks(object_name="ribosome", user_id=["alice", "bob"])
arrays: Tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"] = picks[0].numpy()
points: List[CopickPoint] = picks[0].points
assert_type(points[0].location.x, float)
picks[0].from_numpy(np.zeros((3, 3)), scores=np.ones(3))
segmentations: List[CopickSegmentation] = found.get_segmentations(is_multilabel=True)
segmentations[0].set_region(np.zeros((1, 1, 1), np.uint8), z=slice(0, 1))
meshes: List[CopickMesh] = found.get_meshes("membrane")
new: CopickSegmentation = found.new_segmentation(13.48, "membrane", "1", user_id="me", exist_ok=True)
