"""Filaments: traced centre lines with editable curves."""

import copick
import numpy as np
from copick.models import CopickFilament
from report import identities, identity, refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")
for filaments in sorted(run.filaments, key=lambda f: f.user_id):
    show("filaments", [identity(filaments), filaments.from_tool, filaments.from_user, filaments.voxel_spacing, len(filaments.filaments)])
    show("ids", filaments.instance_ids())
    show("points", filaments.numpy())
    show("fields", [[f.instance_id, f.points, f.curve.kind if f.curve else None, f.curve_is_current()] for f in filaments.filaments])
    show("control points", filaments.control_points())

new = run.new_filaments("microtubule", "9", "scripter")
show("new", [identity(new), new.filaments])
line = np.stack([np.linspace(0, 100, 11), np.zeros(11), np.full(11, 5.0)], axis=1)
new.from_numpy([line, line + 50.0])
show("from arrays", [new.numpy(), new.instance_ids()])
new.from_control_points([line[::5]], step=10.0)
show("from control points", [[np.round(p, 6) for p in new.numpy()], [np.round(c, 6) for c in new.control_points()]])
new.filaments = [CopickFilament(instance_id=3, points=line[:4].tolist())]
new.store()
show("assigned", [new.get(3), new.get(4)])
run.refresh_filaments()
show("after refresh", [run.get_filaments(user_id="scripter")[0].numpy(), identities(run.filaments)])
show("reversed", new.get(3).reversed())
refused("twice", run.new_filaments, "microtubule", "9", "scripter", text=True)
refused("no such object", run.new_filaments, "nothing", "9", "scripter", text=True)
refused("one point", CopickFilament, instance_id=1, points=[[0, 0, 0]])
refused("id", CopickFilament, instance_id=0, points=line.tolist())
