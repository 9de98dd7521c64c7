"""Picks: points one by one, as arrays, as a data frame."""

import copick
from report import identity, show

root = copick.from_file("config.json")
for run in root.runs:
    for picks in sorted(run.picks, key=lambda p: (p.pickable_object_name, p.user_id, p.session_id)):
        show("picks", [run.name, identity(picks), picks.from_tool, picks.from_user, picks.trust_orientation, picks.color])
        show("meta", [picks.meta.run_name, picks.meta.voxel_spacing, picks.meta.unit, len(picks.points)])
        show("points", [[p.location.x, p.location.y, p.location.z, p.transformation, p.instance_id, p.score]
                        for p in picks.points])
        show("first", picks.points[0] if picks.points else None)
        positions, transforms = picks.numpy()
        show("numpy", [positions, transforms])
        show("more", [picks.instance_ids(), picks.scores(), picks.full_positions()])
        show("loaded", type(picks.load()).__name__)
        if all(p.instance_id is not None and p.score is not None for p in picks.points):
            frame = picks.df()
            show("columns", list(frame.columns))
            show("rows", [[abs(cell) if cell in (180.0, -180.0) else cell for cell in row] for row in frame.itertuples(index=False)])
