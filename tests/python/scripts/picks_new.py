"""New picks, from arrays, from points and from a data frame, with orientations, scores and instances."""

import copick
import numpy as np
from copick.models import CopickLocation, CopickPoint
from report import identity, refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")
random = np.random.default_rng(1)
positions = random.uniform(0, 500, (40, 3))

picks = run.new_picks("ribosome", "7", "scripter")
show("new", [identity(picks), picks.points])
picks.from_numpy(positions)
show("read back", picks.numpy())

turned = run.new_picks(object_name="proteasome", session_id="7", user_id="scripter")
transforms = np.tile(np.eye(4), (40, 1, 1))
angles = random.uniform(0, 6.28, 40)
transforms[:, 0, 0] = transforms[:, 1, 1] = np.cos(angles)
transforms[:, 0, 1], transforms[:, 1, 0] = -np.sin(angles), np.sin(angles)
transforms[:, :3, 3] = random.normal(size=(40, 3))
turned.from_numpy(positions, transforms)
show("orientations", turned.numpy())
turned.from_numpy(positions, transforms, np.arange(40), random.uniform(size=40))
show("scores", [turned.instance_ids(), turned.scores(), turned.full_positions()])
turned.from_numpy(positions[:3].astype(np.float32))
show("float32", turned.numpy()[0])
turned.from_numpy(positions[::2][:, ::-1])
show("strided", turned.numpy()[0])
turned.from_numpy(np.zeros((0, 3)))
show("none", [turned.numpy(), turned.points])

by_points = run.new_picks("apo-ferritin", "7", "scripter")
by_points.points = [CopickPoint(location=CopickLocation(x=1, y=2.5, z=3), score=0.25, instance_id=4),
                    CopickPoint(location={"x": 4, "y": 5, "z": 6})]
by_points.store()
by_points.points[0].location.x = 11.5
point = by_points.points[1]
point.transformation = np.diag([1.0, -1.0, -1.0, 1.0])
by_points.meta.trust_orientation = False
by_points.store()
show("edited", [by_points.points, by_points.numpy()])
by_points.points.append(CopickPoint(location=CopickLocation(x=7, y=8, z=9)))
by_points.store()
run.refresh_picks()
show("after refresh", run.get_picks(object_name="apo-ferritin", user_id="scripter")[0].points)

frame = run.get_picks("ribosome", "scripter")[0].df()
copied = run.new_picks("ribosome", "8", "scripter")
copied.from_df(frame)
positions, transforms = copied.numpy()
show("from a data frame", [np.round(positions, 6), np.round(transforms, 6) + 0.0])

existing = run.new_picks("ribosome", "7", "scripter", exist_ok=True)
show("exists", len(existing.points))
refused("twice", run.new_picks, "ribosome", "7", "scripter", text=True)
refused("no such object", run.new_picks, "nothing", "7", "scripter", text=True)
refused("lengths", picks.from_numpy, positions, transforms[:3], text=True)
refused("negative id", picks.from_numpy, positions[:1], None, np.array([-1]), text=True)
refused("fractional id", picks.from_numpy, positions[:1], None, np.array([0.5]), text=True)
refused("score", picks.from_numpy, positions[:1], scores=np.array([np.inf]), text=True)
refused("shape of scores", picks.from_numpy, positions[:2], scores=np.array([1.0]), text=True)
refused("format", picks.df, "spreadsheet")
show("nothing was lost", len(picks.points))
show("names are cleaned", identity(run.new_picks("ribosome", "a_b c", "my_tool")))
