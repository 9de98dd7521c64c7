"""New segmentations of every kind, and updates of a region."""

import copick
import numpy as np
from report import identities, identity, refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")
random = np.random.default_rng(2)
labels = random.integers(0, 5, (12, 20, 24)).astype(np.int64)

binary = run.new_segmentation(13.48, "membrane", "1", user_id="scripter")
show("new", identity(binary))
binary.from_numpy((labels > 3).astype(np.uint8))
show("binary", binary.numpy())
binary.set_region(np.ones((2, 3, 4), np.uint8), z=slice(1, 3), y=slice(4, 7), x=slice(5, 9))
show("region", binary.numpy())
binary.set_region(np.zeros((1, 20, 24)), "0", z=slice(0, 1))
show("plane", binary.numpy(z=slice(0, 2)))

multi = run.new_segmentation(voxel_size=13.48, name="cell", session_id="1", is_multilabel=True, user_id="scripter")
multi.from_numpy(labels, levels=3)
show("levels", [multi.numpy(level) for level in ("0", "1", "2")])
multi.from_numpy(labels * 100)
show("wider", [multi.numpy(), str(multi.numpy().dtype)])
multi.from_numpy(labels[::2, ::-1], dtype=np.uint32)
show("strided", multi.numpy())

instance = run.new_segmentation(13.48, "ribosome", "1", user_id="scripter", is_instance=True)
instance.from_numpy(labels)
show("instance", [instance.numpy(), instance.instance_ids()])
panoptic = run.new_segmentation(13.48, "scene2", "1", user_id="scripter", is_panoptic=True)
known = np.where(labels == 3, 0, labels)
panoptic.from_numpy(np.stack([known, np.where(known > 0, 9, 0)]))
show("panoptic", [panoptic.numpy(), panoptic.segments(), panoptic.numpy(channel="label")])

refused("value does not fit", binary.set_region, np.full((1, 1, 1), 900), z=slice(0, 1), y=slice(0, 1), x=slice(0, 1))
refused("fraction", multi.from_numpy, labels + 0.5)
refused("negative", multi.from_numpy, -labels)
refused("panoptic shape", panoptic.from_numpy, labels)
refused("both kinds", run.new_segmentation, 13.48, "ribosome", "2", True, "scripter", is_instance=True)
refused("twice", run.new_segmentation, 13.48, "membrane", "1", user_id="scripter", text=True)
refused("no such object", run.new_segmentation, 13.48, "nothing", "1", user_id="scripter")
again = run.new_segmentation(13.48, "membrane", "1", user_id="scripter", exist_ok=True)
show("exists", again.numpy(z=slice(0, 1)))
show("kept", multi.numpy())
run.refresh_segmentations()
show("found again", identities(run.get_segmentations(user_id="scripter", is_instance=None, is_panoptic=None)))
