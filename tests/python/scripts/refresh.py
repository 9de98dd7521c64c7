"""Two openings of one project: each sees what the other wrote after a refresh, and its own at once."""

import copick
import numpy as np
from report import identities, show

first, second = copick.from_file("config.json"), copick.from_file("config.json")
run, other = first.get_run("TS_001"), second.get_run("TS_001")
show("before", [len(run.picks), len(other.picks), len(run.meshes), len(run.segmentations), len(run.filaments)])

run.new_picks("ribosome", "50", "first").from_numpy(np.ones((2, 3)))
show("own at once", [len(run.picks), len(other.picks)])
other.refresh_picks()
show("after a refresh", len(other.picks))
picks = other.get_picks(user_id="first")[0]
show("points", picks.points)
run.get_picks(user_id="first")[0].from_numpy(np.zeros((3, 3)))
show("kept", len(picks.points))
picks.refresh()
show("fresh", len(picks.points))

run.new_segmentation(13.48, "cell", "50", True, "first").from_numpy(np.ones((4, 4, 4), np.uint8))
other.refresh_segmentations()
show("segmentations", identities(other.get_segmentations(user_id="first")))
run.new_filaments("microtubule", "50", "first")
other.refresh_filaments()
show("filaments", identities(other.get_filaments(user_id="first")))

first.new_run("TS_200").new_voxel_spacing(5.0).new_tomogram("wbp").from_numpy(np.ones((4, 4, 4)))
show("runs", [len(first.runs), len(second.runs)])
second.refresh()
show("refreshed", [len(second.runs), [r.name for r in second.runs]])
new = second.get_run("TS_200")
first.get_run("TS_200").get_voxel_spacing(5.0).new_tomogram("sirt").from_numpy(np.ones((4, 4, 4)))
new.refresh()
show("spacing", identities(new.get_voxel_spacing(5.0).tomograms))
new.get_voxel_spacing(5.0).refresh()
show("entities are the same", [second.runs[0] is second.runs[0], second.get_run("TS_001") is second.get_run("TS_001"),
                               run.picks is run.picks, run.picks[0].points is run.picks[0].points])
