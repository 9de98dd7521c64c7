"""The stores handed to zarr: opened, listed, read, and written through."""

import copick
import numpy as np
import zarr
from report import show

root = copick.from_file("config.json")
run = root.get_run("TS_001")
tomogram = run.get_voxel_spacing(13.48).get_tomograms("wbp")[0]

group = zarr.open(tomogram.zarr())
show("keys", sorted(group.keys()))
show("attributes", dict(group.attrs))
show("array", [group["0"].shape, str(group["0"].dtype), group["0"].chunks])
show("data", np.array(group["0"]))
show("region", group["0"][2:5, ::2, 3])
store = tomogram.zarr()
show("holds", [".zgroup" in store, "0/.zarray" in store, "nothing" in store])
show("names", sorted(k for k in store if k.startswith(".")))

feature = tomogram.get_features("sobel")
show("feature", np.array(zarr.open(feature.zarr(), mode="r")["0"]))
segmentation = run.get_segmentations(name="membrane")[0]
show("segmentation", np.array(zarr.open(segmentation.zarr(), "r")["0"]))
show("object", np.array(zarr.open(root.get_object("ribosome").zarr(), mode="r")["0"]))

many = run.get_segmentations(name="many")[0]
array = zarr.open(many.zarr())["0"]
show("before", array[:2, :3, :4])
array[:2, :3, :4] = 7
show("after", zarr.open(many.zarr())["0"][:3, :4, :5])
show("numpy sees it", many.numpy(z=slice(0, 3)))

spacing = run.get_voxel_spacing(13.48)
new = spacing.new_tomogram("by-zarr")
target = zarr.open_group(new.zarr(), mode="a")
target.create_dataset("0", data=np.arange(60, dtype=np.float32).reshape(3, 4, 5), chunks=(2, 2, 2))
target.attrs["origin"] = "a script"
show("written", [new.numpy(), dict(zarr.open(new.zarr()).attrs)])
root.refresh()
again = root.get_run("TS_001").get_voxel_spacing(13.48).get_tomograms("by-zarr")[0]
show("found again", again.numpy())
