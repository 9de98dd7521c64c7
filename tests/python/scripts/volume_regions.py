"""Tomograms, features, segmentations and density maps as arrays: whole, a plane, a cube, steps, other levels."""

import copick
import numpy as np
from report import identity, refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")
spacing = run.get_voxel_spacing(13.48)

for tomogram in sorted(spacing.tomograms, key=lambda t: t.tomo_type):
    whole = tomogram.numpy()
    show("whole", [identity(tomogram), whole])
    show("kind", [type(whole).__name__, whole.flags["WRITEABLE"], whole.flags["C_CONTIGUOUS"]])
    show("plane", tomogram.numpy(z=slice(3, 4)))
    show("cube", tomogram.numpy(z=slice(2, 9), y=slice(5, 17), x=slice(7, 20)))
    show("level", tomogram.numpy("0", x=slice(0, 8), y=slice(0, 8), z=slice(0, 8)))
    show("equal", bool(np.array_equal(whole[2:9, 5:17, 7:20],
                                      tomogram.numpy(z=slice(2, 9), y=slice(5, 17), x=slice(7, 20)))))
    show("steps", tomogram.numpy(z=slice(0, None, 2), y=slice(1, None, 3)))
    show("from the end", tomogram.numpy(z=slice(-2, None)))
    show("beyond", tomogram.numpy(z=slice(0, 10_000)))
    show("empty", tomogram.numpy(z=slice(5, 5)).shape)
    refused("no such level", tomogram.numpy, zarr_group="77")
    for feature in sorted(tomogram.features, key=lambda f: f.feature_type):
        show("features", identity(feature))
        show("feature array", feature.numpy())

for level in ("0", "1", "2"):
    refused(f"pyramid {level}", spacing.get_tomograms("wbp")[0].numpy, zarr_group=level)

for segmentation in sorted(run.segmentations, key=lambda s: (s.name, s.voxel_size, s.user_id)):
    show("segmentation", [identity(segmentation), segmentation.segmentation_type, segmentation.directory])
    show("voxels", segmentation.numpy())
    show("region", segmentation.numpy(z=slice(1, 3), x=slice(2, 6)))
    show("color", segmentation.color)
panoptic = run.get_segmentations(is_panoptic=True, is_multilabel=None)[0]
show("labels", panoptic.numpy(channel="label"))
show("instances", panoptic.numpy(channel=1))
show("segments", panoptic.segments())
show("label volume", panoptic.label_volume())
show("instance volume", panoptic.instance_volume("ribosome"))
instance = run.get_segmentations(is_instance=True)[0]
show("ids", instance.instance_ids())
refused("channel of a binary one", run.get_segmentations(name="membrane")[0].numpy, channel="label", text=False)

for name in ("ribosome", "proteasome", "apo-ferritin", "membrane"):
    target = root.get_object(name)
    store = target.zarr() if name in ("ribosome", "proteasome", "membrane") else None
    show("density", [name, store is None])
show("density map", root.get_object("ribosome").numpy())
show("density plane", root.get_object("ribosome").numpy(z=slice(4, 5)))
show("overlay density", root.get_object("proteasome").numpy())
show("not a particle", root.get_object("membrane").numpy())
