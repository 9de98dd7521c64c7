"""The value classes: defaults, validation, copies, JSON, pickles."""

import copy
import json
import pickle

import copick
import numpy as np
from copick.models import (CopickConfig, CopickFeaturesMeta, CopickLocation, CopickMeshMeta, CopickPicksFile, CopickPoint,
                           CopickRunMeta, CopickSegmentationMeta, CopickTomogramMeta, CopickVoxelSpacingMeta, FilamentSpec,
                           PickableObject)
from copick.util.escape import sanitize_name
from report import refused, show

location = CopickLocation(x=1, y=2.5, z="3")
show("location", [location, location.x, location == CopickLocation(x=1, y=2.5, z=3), type(location.x).__name__])
point = CopickPoint(location=location)
show("point", [point, point.transformation, point.score, point.instance_id])
show("repr", repr(point))
show("json", json.loads(point.model_dump_json()))
show("from facts", CopickPoint(**{"location": {"x": 0, "y": 0, "z": 0}, "score": 0.5, "instance_id": 3}))
show("validated", CopickPoint.model_validate({"location": {"x": 0, "y": 0, "z": 0}}))
show("copied", [copy.deepcopy(point) == point, point.model_copy(update={"score": 2.0}).score])
show("pickled", pickle.loads(pickle.dumps(point)) == point)
show("metas", [CopickRunMeta(name="a"), CopickVoxelSpacingMeta(voxel_size=10), CopickTomogramMeta(tomo_type="wbp"),
               CopickFeaturesMeta(tomo_type="wbp", feature_type="f"),
               CopickSegmentationMeta(user_id="u", session_id="1", name="n", is_multilabel=True, voxel_size=1.5),
               CopickMeshMeta(pickable_object_name="o", user_id="u", session_id="1"),
               CopickPicksFile(pickable_object_name="o", user_id="u", session_id="1")])
made = PickableObject(name="a", is_particle=True)
show("object", [made, made.go_id, made.is_filament, PickableObject(name="a", is_particle=True, identifier="GO:1").go_id])
made.set_filament(FilamentSpec(polar=True))
show("filament", [made.is_filament, made.metadata])
show("config", CopickConfig(pickable_objects=[made]))
show("fields", {c.__name__: sorted(c.model_fields) for c in (PickableObject, CopickPoint, CopickConfig, CopickPicksFile)})
refused("row", CopickPoint, location=location, transformation_=np.ones((4, 4)).tolist())
refused("shape", CopickPoint, location=location, transformation_=[[1.0]])
refused("text", CopickLocation, x="a", y=0, z=0)
refused("missing", CopickLocation, x=0, y=0)
refused("both kinds", CopickSegmentationMeta, user_id="u", session_id="1", name="n", is_multilabel=True, voxel_size=1.0, is_instance=True)
show("names", [sanitize_name("a_b c/d", suppress_warnings=True), sanitize_name("ok-1.5")])
refused("empty name", sanitize_name, "___")
show("types", [getattr(t, "__name__", str(t)) for t in copick.COPICK_TYPES])
offered = {"COPICK_TYPES", "__version__", "from_croissant", "from_czcdp_datasets", "from_file", "from_string", "new_config"}
show("all", [sorted(offered - set(copick.__all__)), sorted(n for n in offered if not hasattr(copick, n))])
