"""A static source with a writable overlay: which half an entity is of, and what is refused on the read-only half."""

import os

import copick
import numpy as np
from report import identities, identity, refused, show

here = os.getcwd()
root = copick.from_file("config.json")
show("roots", [root.root_overlay.replace(here, ""), root.root_static.replace(here, ""), root.fs_overlay is not None,
               root.fs_static is not None])
run = root.get_run("TS_001")
show("paths", [run.overlay_path.replace(here, ""), run.static_path.replace(here, ""), run.static_is_overlay])
for picks in sorted(run.picks, key=lambda p: (p.user_id, p.session_id, p.pickable_object_name)):
    show("picks", [identity(picks), picks.read_only, picks.path.replace(here, "")])
for segmentation in sorted(run.segmentations, key=lambda s: (s.name, s.user_id)):
    show("segmentation", [segmentation.name, segmentation.read_only, segmentation.path.replace(here, ""), segmentation.filename])
for tomogram in sorted(run.get_voxel_spacing(13.48).tomograms, key=lambda t: t.tomo_type):
    show("tomogram", [tomogram.tomo_type, tomogram.read_only, tomogram.overlay_path.replace(here, ""),
                      tomogram.static_path.replace(here, "")])
for mesh in sorted(run.meshes, key=lambda m: m.user_id):
    show("mesh", [mesh.read_only, mesh.path.replace(here, "")])
show("objects", [[o.name, o.read_only] for o in root.pickable_objects])

static_picks = run.get_picks(user_id="pytom")[0]
refused("store static picks", static_picks.store)
refused("points of static picks", static_picks.from_numpy, np.ones((1, 3)))
refused("delete static picks", static_picks.delete)
refused("static mesh", run.get_meshes(user_id="membrain")[0].store)
overlay_only = root.get_run("run-3.b")
show("overlay only", [overlay_only.name, identities(overlay_only.picks), identities(overlay_only.voxel_spacings)])
static_only = root.get_run("TS_002")
static_only.new_picks("ribosome", "1", "scripter").from_numpy(np.ones((2, 3)))
show("picks in the overlay of a static run", [os.path.exists("v2-local/overlay/ExperimentRuns/TS_002/Picks/scripter_1_ribosome.json"),
                                              identities(static_only.picks)])
new = static_only.get_voxel_spacing(13.48).new_tomogram("made")
new.from_numpy(np.ones((4, 4, 4)))
show("tomogram of a static spacing", [new.read_only, identities(static_only.get_voxel_spacing(13.48).tomograms)])
sobel = run.get_voxel_spacing(13.48).get_tomograms("wbp")[0].get_features("sobel")
show("features", [sobel.read_only, sobel.path.replace(here, "")])
names = sorted(os.path.relpath(os.path.join(folder, name), "v2-local/static") for folder, _, files in os.walk("v2-local/static")
               for name in files if "TS_002" in folder and ".zarr" not in folder)
show("static is as it was", names)
