"""Open a project and walk through all of it."""

import copick
from report import identities, identity, show

root = copick.from_file("config.json")
show("root", root)
show("config", root.config)
show("ids", [root.user_id, root.session_id])
show("objects", [repr(o) for o in root.pickable_objects])
show("runs", [run.name for run in root.runs])
show("root after runs", root)

for run in root.runs:
    show("run", run)
    show("picks", identities(run.picks))
    show("meshes", identities(run.meshes))
    show("segmentations", identities(run.segmentations))
    show("selected segmentations", identities(run.get_segmentations()))
    show("filaments", identities(run.filaments))
    for spacing in sorted(run.voxel_spacings, key=lambda s: s.voxel_size):
        show("spacing", [identity(spacing), len(spacing.tomograms)])
        for tomogram in sorted(spacing.tomograms, key=lambda t: t.tomo_type):
            show("tomogram", [identity(tomogram), tomogram])
            show("features", identities(tomogram.features))
            show("tomogram after features", tomogram)
    show("run after", run)

run = root.get_run("TS_001")
show("by name", run.name)
show("unknown", [root.get_run("no-such-run"), root.get_object("no-such-object"), run.get_voxel_spacing(99.0)])
show("object", root.get_object("ribosome"))
show("from tool", sorted(p.user_id for p in run.tool_picks()))
show("from user", sorted(p.user_id for p in run.user_picks()))
show("reprs", sorted(repr(p) for p in run.picks) + sorted(repr(s) for s in run.segmentations)
     + sorted(repr(m) for m in run.meshes) + sorted(repr(f) for f in run.filaments))
