"""copick-utils on a project: picks to a segmentation, its components, and picks of those again; a mesh of the picks."""

import numpy as np
from copick_utils.converters.mesh_from_picks import mesh_from_picks_standard
from copick_utils.converters.picks_from_segmentation import picks_from_segmentation
from copick_utils.converters.segmentation_from_picks import segmentation_from_picks
from copick_utils.io import readers, writers
from copick_utils.process.connected_components import separate_segmentation_components
from report import identity, show
from training_project import SPACING, make

root = make()
for run in [root.get_run("train-1"), root.get_run("train-2")]:
    picks = run.get_picks("ribosome", "trainer")[0]
    painted, counts = segmentation_from_picks(picks, run, "ribosome", "1", "painter", 60.0, SPACING, "wbp")
    show("painted", [identity(painted), counts, painted.numpy()])
    components = separate_segmentation_components(painted, multilabel=False)
    show("components", sorted(((c.session_id, int(c.numpy().sum())) for c in components)))
    found, counts = picks_from_segmentation(painted, run, "ribosome", "2", "finder", 1, maxima_filter_size=5, min_particle_size=50,
                                            max_particle_size=50000, voxel_spacing=SPACING)
    positions = found.numpy()[0]
    show("found", [identity(found), counts, np.round(positions[np.lexsort(positions.T)], 3)])
    mesh, counts = mesh_from_picks_standard(picks, run, "ribosome", "1", "mesher")
    show("mesh", [identity(mesh), counts, np.round(np.asarray(mesh.mesh.bounds), 3)])
    show("read", [readers.tomogram(run, SPACING, "wbp"), readers.segmentation(run, SPACING, "ribosome", "painter"),
                  readers.coordinates(run, "ribosome", "trainer", voxel_size=SPACING)])
    writers.segmentation(run, (painted.numpy() > 0).astype(np.uint8), "writer", "ribosome", "3", SPACING)
    show("written", [identity(s) for s in run.get_segmentations(user_id="writer")])
