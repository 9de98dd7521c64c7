"""Import from and export to the files of other packages."""

import os

import copick
import mrcfile
import numpy as np
from copick.ops.add import add_picks_from_file, add_segmentation_from_file, add_tomogram_from_file
from copick.ops.export import export_picks, export_segmentation, export_tomogram
from report import refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")
formats = "formats/"

show("mrc", add_tomogram_from_file(root, "F1", "wbp", formats + "mrc/mode2-float32.mrc", create_pyramid=False).numpy())
show("mrc spacing", [vs.voxel_size for vs in root.get_run("F1").voxel_spacings])
show("big endian", add_tomogram_from_file(root, "F1", "big", formats + "mrc/big-endian-mode1.mrc", 10.0).numpy())
refused("no voxel size", lambda: add_tomogram_from_file(root, "F1", "none", formats + "mrc/no-voxel-size.mrc").numpy())
refused("tiff", lambda: add_tomogram_from_file(root, "F1", "tif", formats + "tiff/float32.tif", 10.0).numpy())
refused("em", lambda: add_tomogram_from_file(root, "F1", "em", formats + "em/volume-float32.em", 10.0).numpy())
refused("zarr", lambda: add_tomogram_from_file(root, "F1", "zarr", formats + "zarr/plain-group.zarr", 10.0).numpy())
for name, options in [("picks.csv", {}), ("relion31.star", {"voxel_spacing": 12.5}), ("relion5.star", {"voxel_spacing": 12.5}),
                      ("dynamo.tbl", {"voxel_spacing": 12.5}), ("motivelist-7.em", {"voxel_spacing": 12.5})]:
    session = name.replace(".", "-").replace("_", "-")
    try:
        picks = add_picks_from_file(root, "TS_001", formats + "picks/" + name, "ribosome", "imported", session, **options)
    except Exception as error:
        show(name, type(error).__name__)
        continue
    positions, transforms = picks.numpy()
    show(name, [np.round(positions, 6), np.round(transforms, 6) + 0.0, picks.instance_ids(), np.round(picks.scores(), 6)])

mask = np.zeros((6, 7, 8), np.int8)
mask[2:4, 2:5, 2:6] = 1
with mrcfile.new("mask.mrc") as target:
    target.set_data(mask)
    target.voxel_size = 13.48
show("mask", add_segmentation_from_file(root, "TS_001", "mask.mrc", 13.48, "membrane", "imported", "1").numpy())

os.mkdir("out")
picks = run.get_picks("ribosome", "pytom")[0]
for extension, format in [("star", "star"), ("csv", "csv"), ("tbl", "dynamo"), ("em", "em")]:
    refused(f"export {format}", lambda: export_picks(picks, f"out/picks.{extension}", format, voxel_spacing=13.48,
                                                     run_name="TS_001") and None)
tomogram = run.get_voxel_spacing(13.48).get_tomograms("wbp")[0]
for extension, format in [("mrc", "mrc"), ("tif", "tiff"), ("zarr", "zarr")]:
    refused(f"tomogram {format}", lambda: export_tomogram(tomogram, f"out/tomogram.{extension}", format) and None)
segmentation = run.get_segmentations(name="membrane", user_id="membrain")[0]
for extension, format in [("mrc", "mrc"), ("tif", "tiff"), ("em", "em"), ("zarr", "zarr")]:
    refused(f"segmentation {format}", lambda: export_segmentation(segmentation, f"out/mask.{extension}", format) and None)
with mrcfile.open("out/tomogram.mrc") as exported:
    show("exported", [exported.data, float(exported.voxel_size.x), int(exported.header.mode)])
with mrcfile.open("out/mask.mrc") as exported:
    show("exported mask", [exported.data.astype(np.float32), int(exported.header.mode)])
show("files", sorted(os.listdir("out")))
