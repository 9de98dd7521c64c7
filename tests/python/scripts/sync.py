"""Copying from one project to another: picks, meshes, segmentations, tomograms, with names mapped and left out."""

import json

import copick
from copick.ops.sync import sync_meshes, sync_picks, sync_segmentations, sync_tomograms
from report import identities, refused, show

source = copick.from_file("config.json")
config = json.load(open("overlay-only.json"))
config["overlay_root"] = "local://target"
config["overlay_fs_args"] = {"auto_mkdir": True}
config["pickable_objects"] += [{"name": "renamed", "is_particle": True, "label": 77, "radius": 60}]
target = copick.from_string(json.dumps(config))


def contents(root):
    facts = {}
    for run in sorted(root.runs, key=lambda run: run.name):
        picks = {f"{p.pickable_object_name} {p.user_id} {p.session_id}": [[q.model_dump() for q in p.points], p.trust_orientation]
                 for p in run.picks}
        volumes = {f"{s.name} {s.user_id} {s.session_id} {s.voxel_size}": s.numpy() for s in run.segmentations}
        tomograms = {f"{t.tomo_type} {v.voxel_size}": t.numpy() for v in run.voxel_spacings for t in v.tomograms}
        meshes = {f"{m.pickable_object_name} {m.user_id} {m.session_id}": m.mesh.dump(concatenate=True).vertices.shape for m in run.meshes}
        facts[run.name] = {"picks": picks, "meshes": meshes, "segmentations": volumes, "tomograms": tomograms}
    return facts


sync_picks(source, target)
show("picks", contents(target))
sync_picks(source, target, source_runs=["TS_001"], source_objects=["ribosome"], source_users=["alice"],
           target_objects={"ribosome": "renamed"}, target_users={"alice": "bob"}, target_runs={"TS_001": "other"})
show("renamed", contents(target))
sync_picks(source, target, source_runs=["TS_001"], source_objects=["ribosome"], target_objects={"ribosome": "unknown"})
sync_picks(source, target, source_runs=["TS_001"], exist_ok=True, max_workers=1)
show("replaced", identities(target.get_run("TS_001").picks))
refused("a run that is not mapped", sync_picks, source, target, target_runs={"TS_001": "x"})

sync_meshes(source, target, source_runs=["TS_001"])
show("meshes", contents(target))
sync_segmentations(source, target, source_runs=["TS_001"], source_names=["membrane"], target_names={"membrane": "skin"})
show("one name", identities(target.get_run("TS_001").segmentations))
sync_segmentations(source, target, voxel_spacings=[13.48], target_users={"membrain": "tool"})
show("one size", contents(target))
sync_tomograms(source, target, source_runs=["TS_001"], source_tomo_types=["wbp"], target_tomo_types={"wbp": "raw"})
show("tomograms", contents(target))
sync_tomograms(source, target, source_runs=["TS_001"], voxel_spacings=[13.48, 77.0], source_tomo_types=["wbp", "nothing"])
show("of one size", contents(target))
