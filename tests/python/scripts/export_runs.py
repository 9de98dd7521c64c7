"""What URIs name, of one run and of a project, as files."""

import os

import copick
import mrcfile
import numpy as np
from copick.ops.export import export, export_run
from report import refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")


def files(folder):
    return sorted(os.path.join(at, name)[len(folder) :] for at, _, names in os.walk(folder) for name in names)


show("picks", export_run(run, "picks", picks_uri="*:*/*", output_format="csv"))
show("picks files", files("picks"))
volumes = {"segmentation_uri": "membrane:*/*", "tomogram_uri": "wbp@13.48"}
show("volumes", export_run(run, "volumes", output_format="mrc", **volumes))
show("volumes files", files("volumes"))
for path in files("volumes"):
    with mrcfile.open("volumes" + path) as volume:
        show(path, [volume.data.astype(np.float32), round(float(volume.voxel_size.x), 3)])
show("level", export_run(run, "level", tomogram_uri="wbp@13.48", output_format="tiff", level=1))
show("level files", files("level"))
show("nothing", export_run(run, "nothing"))
show("no spacing", {key: len(value) if key == "errors" else value
                    for key, value in export_run(run, "star", picks_uri="*:*/*", output_format="star").items()})

show("project", export("config.json", "project", picks_uri="ribosome:*/*", output_format="csv", n_workers=2))
show("project files", files("project"))
show("one run", export("config.json", "one", run_names=["TS_001"], picks_uri="ribosome:*/*", output_format="star",
                       voxel_spacing=13.48))
show("one run files", files("one"))
refused("polarity", lambda: export("config.json", "x", filaments_uri="a:b/c", polarity_from_filaments=False))
refused("half sets", lambda: export("config.json", "x", half_sets="filament", filament_columns="off"))
