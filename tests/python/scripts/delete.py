"""Deleting: one, by filter, all of a kind, and what the filters must not touch."""

import os

import copick
import numpy as np
from report import identities, refused, show

root = copick.from_file("overlay-only.json")
run = root.new_run("D1")
for session in ("1", "2", "3"):
    for name in ("ribosome", "proteasome"):
        run.new_picks(name, session, "d").from_numpy(np.ones((1, 3)))
run.new_mesh("membrane", "1", "d")
run.new_segmentation(10.0, "membrane", "1", user_id="d").from_numpy(np.ones((2, 2, 2), np.uint8))
run.new_segmentation(10.0, "cell", "1", True, "d").from_numpy(np.ones((2, 2, 2), np.uint8))
run.new_segmentation(10.0, "ribosome", "1", user_id="d", is_instance=True).from_numpy(np.ones((2, 2, 2), np.uint8))
run.new_filaments("microtubule", "1", "d")
tomogram = run.new_voxel_spacing(10.0).new_tomogram("wbp")
tomogram.from_numpy(np.ones((4, 4, 4)))
tomogram.new_features("edges")

picks = run.get_picks("ribosome", session_id="1")[0]
picks.delete()
show("one", [identities(run.picks), os.path.exists(picks.path)])
run.delete_picks(object_name="ribosome", session_id="2")
show("by filter", identities(run.picks))
run.delete_picks(user_id="nobody")
show("nobody's", len(run.picks))
run.delete_picks()
show("all", identities(run.picks))
run.delete_segmentations(name="membrane")
show("segmentations", identities(run.segmentations))
run.delete_segmentations()
show("the rest of the types that are selected", identities(run.segmentations))
run.delete_segmentations(is_instance=None, is_panoptic=None)
show("every type", identities(run.segmentations))
run.delete_meshes()
show("meshes", identities(run.meshes))
run.delete_filaments()
show("filaments", identities(run.filaments))
tomogram.delete_features()
show("features", identities(tomogram.features))
run.get_voxel_spacing(10.0).delete_tomograms("wbp")
show("tomograms", identities(run.get_voxel_spacing(10.0).tomograms))
run.delete_voxel_spacings(10.0)
show("spacings", identities(run.voxel_spacings))
show("runs", [r.name for r in root.runs])
root.delete_run("D1")
show("runs after", [r.name for r in root.runs])
root.delete_run("no-such-run")
root.refresh()
show("after refresh", [r.name for r in root.runs])
root.get_run("TS_002").delete()
show("a whole run", [[r.name for r in root.runs], os.path.exists("v2-local/static/ExperimentRuns/TS_002")])

both = copick.from_file("config.json")
refused("static tomogram", both.get_run("TS_001").get_voxel_spacing(13.48).get_tomograms("wbp")[0].delete)
