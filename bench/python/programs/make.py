"""The project that is measured, in the working folder: SIDE POINTS RUNS. By the reference, but for the large picks file,
which is the reference's text written without its two minutes of making points.

TS_000 has the tomogram and the large picks; every run has a voxel spacing with a tomogram folder, and six picks.
"""

import json
import os
import sys
from pathlib import Path

import copick
import numpy as np

side, points, runs = (int(word) for word in sys.argv[1:])
project = Path("project").resolve()
config = {
    "config_type": "filesystem",
    "name": "bench",
    "description": "",
    "version": "1",
    "pickable_objects": [{"name": "ribosome", "is_particle": True, "label": 1, "radius": 100}],
    "overlay_root": f"local://{project}",
    "overlay_fs_args": {"auto_mkdir": True},
}
Path("config.json").write_text(json.dumps(config))

random = np.random.default_rng(5)
root = copick.from_file("config.json")
for number in range(runs):
    run = root.new_run(f"TS_{number:03}")
    spacing = run.new_voxel_spacing(10.0)
    os.makedirs(f"{spacing.overlay_path}/{'denoised' if number == 0 else 'wbp'}.zarr")
    for session in "123456":
        run.new_picks("ribosome", session, "user").from_numpy(random.uniform(0, 1000, (3, 3)))

volume = np.cumsum(random.standard_normal((side, side, side), dtype=np.float32), axis=2)
root.get_run("TS_000").get_voxel_spacing(10.0).new_tomogram("wbp").from_numpy(volume, levels=1)

matrices = np.tile(np.eye(4), (points, 1, 1))
matrices[:, :3, :3] += random.normal(size=(points, 3, 3)) * 0.1
places = random.uniform(0, 5000, (points, 3))
members = json.loads((project / "ExperimentRuns/TS_000/Picks/user_1_ribosome.json").read_text())
members |= {"user_id": "many", "session_id": "9"}
members["points"] = [
    {"location": {"x": x, "y": y, "z": z}, "transformation_": matrix, "instance_id": 0, "score": 1.0}
    for (x, y, z), matrix in zip(places.tolist(), matrices.tolist())
]
(project / "ExperimentRuns/TS_000/Picks/many_9_ribosome.json").write_text(json.dumps(members, indent=4))
