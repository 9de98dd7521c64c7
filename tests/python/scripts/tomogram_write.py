"""A new run, spacing, tomogram with its pyramid, and features."""

import copick
import numpy as np
import zarr
from report import identities, identity, refused, show

root = copick.from_file("config.json")
run = root.new_run("TS_100")
show("run", [run.name, run.voxel_spacings, run.picks])
spacing = run.new_voxel_spacing(10.0)
show("spacing", identity(spacing))
random = np.random.default_rng(3)
volume = random.integers(-500, 500, (20, 33, 47)).astype(np.float32) / 64

tomogram = spacing.new_tomogram("wbp")
tomogram.from_numpy(volume)
show("level 0", tomogram.numpy())
group = zarr.open(tomogram.zarr())
show("levels", [[key, group[key].shape, str(group[key].dtype)] for key in sorted(group.keys())])
for level in ("1", "2"):
    array = np.round(tomogram.numpy(level).astype(np.float64), 4)
    show("pyramid", [level, array.shape, round(float(array.mean()), 3)])
show("ome", dict(group.attrs)["multiscales"][0]["axes"])
show("scales", [d["coordinateTransformations"] for d in dict(group.attrs)["multiscales"][0]["datasets"]])
tomogram.set_region(np.full((2, 3, 4), 5.0, np.float32), x=slice(3, 7), y=slice(2, 5), z=slice(1, 3))
show("region", tomogram.numpy())

single = spacing.new_tomogram("denoised")
single.from_numpy(volume[::2, ::-1, 3:], levels=1, dtype=np.float32)
show("one level", [single.numpy(), sorted(zarr.open(single.zarr()).keys())])
half = spacing.new_tomogram("half")
half.from_numpy(volume, levels=1, dtype=np.float16)
show("half", half.numpy())

feature = tomogram.new_features("edges")
show("feature", identity(feature))
target = zarr.open_group(feature.zarr(), mode="a")
target.create_dataset("0", shape=volume.shape, chunks=(16, 16, 16), dtype="f4", fill_value=0)
feature.set_region(volume[:4, :5, :6], slices=(slice(0, 4), slice(0, 5), slice(0, 6)))
show("feature data", feature.numpy())

refused("run twice", root.new_run, "TS_100", text=True)
refused("spacing twice", run.new_voxel_spacing, 10.0, text=True)
refused("tomogram twice", spacing.new_tomogram, "wbp", text=True)
refused("features twice", tomogram.new_features, "edges", text=True)
show("exist_ok", [root.new_run("TS_100", exist_ok=True).name, run.new_voxel_spacing(10.0, exist_ok=True).voxel_size,
                  spacing.new_tomogram("wbp", exist_ok=True).tomo_type, tomogram.new_features("edges", exist_ok=True).feature_type])
fresh = copick.from_file("config.json")
show("runs", [r.name for r in fresh.runs])
show("tomograms", identities(fresh.get_run("TS_100").get_voxel_spacing(10.0).tomograms))
show("features", identities(fresh.get_run("TS_100").get_voxel_spacing(10.0).get_tomograms("wbp")[0].features))
