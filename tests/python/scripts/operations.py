"""copick.ops: query, add, manage, count, map."""

import copick
import numpy as np
from copick.ops.add import (add_features, add_object, add_object_volume, add_run, add_segmentation, add_tomogram,
                            add_voxelspacing, get_or_create_run, get_or_create_voxelspacing)
from copick.ops.get import (get_features, get_meshes, get_picks, get_runs, get_segmentations, get_tomograms,
                            get_voxelspacings)
from copick.ops.manage import copy_copick_objects, move_copick_objects, remove_copick_objects
from copick.ops.run import map_runs
from copick.ops.stats import meshes_stats, picks_stats, segmentations_stats
from report import identities, refused, show

root = copick.from_file("config.json")
show("get", [identities(get_picks(root)), identities(get_picks(root, "TS_001", object_name="ribosome")),
             identities(get_picks("config.json", user_id="alice", parallel=True, workers=2, show_progress=False))])
show("more", [identities(get_meshes(root)), identities(get_segmentations(root)), identities(get_segmentations(root, is_instance=True)),
              identities(get_tomograms(root, tomo_type="wbp")), identities(get_voxelspacings(root, voxel_size=13.48)),
              identities(get_features(root)), [r.name for r in get_runs(root)], [r.name for r in get_runs(root, "TS_001")]])

volume = (np.arange(2000, dtype=np.float32) / 64).reshape(10, 10, 20)
show("add run", add_run(root, "A1").name)
refused("add run twice", add_run, root, "A1")
show("create", [get_or_create_run(root, "A2").name, get_or_create_voxelspacing(root.get_run("A2"), 8.0).voxel_size])
show("spacing", add_voxelspacing(root, "A1", 10.0).voxel_size)
tomogram = add_tomogram(root, "A1", "wbp", volume, 10.0)
show("tomogram", tomogram.numpy())
tomogram = add_tomogram(root, "A1", "pyr", volume, 10.0, create_pyramid=True, pyramid_levels=2, chunks=(8, 8, 8))
show("pyramid", [tomogram.numpy("0"), tomogram.numpy("1").shape])
show("flipped", add_tomogram(root, "A1", "flip", volume, 10.0, flip="0,2").numpy())
show("transposed", add_tomogram(root, "A1", "transposed", volume, 10.0, transpose="2,1,0").numpy())
refused("tomogram twice", add_tomogram, root, "A1", "wbp", volume, 10.0)
show("overwritten", add_tomogram(root, "A1", "wbp", volume * 2, 10.0, exist_ok=True, overwrite=True).numpy())
add_voxelspacing(root, "A1", 1.0)
add_tomogram(root, "A1", "wbp", volume, 1.0)
show("features", add_features(root, "A1", 1.0, "wbp", "f", volume).numpy())
show("object", add_object(root, "blob", True, radius=10.0, volume=volume, voxel_size=10.0).numpy())
show("object volume", add_object_volume(root, "apo-ferritin", volume, 10.0).name)

copied = copy_copick_objects(root, "picks", "ribosome:alice/1", "ribosome:copied/1", run_name="TS_001")
show("copied", [copied, identities(root.get_run("TS_001").get_picks(user_id="copied"))])
moved = move_copick_objects(root, "picks", "ribosome:copied/1", "ribosome:moved/1", run_name="TS_001")
show("moved", [moved, identities(root.get_run("TS_001").get_picks(user_id=["copied", "moved"]))])
removed = remove_copick_objects(root, "picks", "ribosome:moved/1", run_name="TS_001")
show("removed", [removed, identities(root.get_run("TS_001").get_picks(user_id=["copied", "moved"]))])
show("dry", remove_copick_objects(root, "picks", "*:alice/*", dry_run=True))

show("stats", [picks_stats(root, show_progress=False), meshes_stats(root, show_progress=False),
               segmentations_stats(root, show_progress=False)])


def count(run, factor):
    return factor * len(run.picks)


show("mapped", map_runs(count, root, root.runs, workers=2, show_progress=False, factor=10))
show("by name", map_runs(count, root, ["TS_001", "TS_002"], workers=2, show_progress=False, run_args=[{"factor": 1}, {"factor": 2}]))
refused("lengths", map_runs, count, root, ["TS_001"], run_args=[{}, {}], show_progress=False)
