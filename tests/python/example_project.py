"""Makes path/to/config.json in the working folder: the project the programs of examples/python open. Run by the reference."""

import json
import os

import copick
import numpy as np
import trimesh
import zarr

os.makedirs("path/to")
with open("path/to/config.json", "w") as config:
    json.dump({
        "config_type": "filesystem", "name": "examples", "description": "what the examples open", "version": "1.0",
        "pickable_objects": [{"name": "proteasome", "is_particle": True, "label": 1, "radius": 60.0},
                             {"name": "membrane", "is_particle": False, "label": 2}],
        "overlay_root": f"local://{os.getcwd()}/path/to/project", "overlay_fs_args": {"auto_mkdir": True},
    }, config)
root = copick.from_file("path/to/config.json")
volume = np.arange(16**3, dtype=np.float32).reshape(16, 16, 16) / 64
root.get_object("proteasome").from_numpy(volume, 10.0)
run = root.new_run("TS_001")
spacing = run.new_voxel_spacing(10.0)
for kind, values in ("denoised", volume[::-1]), ("wbp", volume):
    tomogram = spacing.new_tomogram(kind)
    tomogram.from_numpy(values)
    zarr.open_group(tomogram.new_features("sobel").zarr()).create_dataset("0", data=values * 2)
run.new_picks("proteasome", "1", "alice").from_numpy(np.arange(12.0).reshape(4, 3))
mesh = run.new_mesh("membrane", "1", "bob")
mesh.mesh = trimesh.creation.box((10, 20, 30)).scene()
mesh.store()
run.new_segmentation(10.0, "proteasome", "1", user_id="alice").from_numpy((volume > 30).astype(np.uint8))
