"""Configurations: from text, from a file, new ones; edited, validated and saved."""

import json

import copick
from copick.impl.filesystem import CopickConfigFSSpec, CopickRootFSSpec
from copick.models import CopickConfig, PickableObject
from report import refused, show

text = open("config.json").read()
root = copick.from_string(text)
show("from text", [type(root).__name__, root.config.name, [r.name for r in root.runs]])
show("class", CopickRootFSSpec.from_file("config.json").config.name)
show("dump", root.config.model_dump())
show("kinds", [type(root.config).__name__, isinstance(root.config, CopickConfig), isinstance(root.config, CopickConfigFSSpec)])

root.config.name = "renamed"
root.config.description = "größer – 日本"
root.user_id = "carol"
root.session_id = "42"
root.config.pickable_objects[0].radius = 131.5
root.config.pickable_objects[1].metadata["note"] = {"deep": [1, 2]}
root.config.pickable_objects.append(PickableObject(name="fibril", is_particle=True, label=30, go_id="GO:1"))
root.save_config("saved.json")
again = copick.from_file("saved.json")
show("saved", again.config.model_dump())
show("ids", [again.user_id, again.session_id, again.get_object("fibril").identifier])
show("go", again.config.pickable_objects[-1].go_id)
show("user picks", len(again.get_run("TS_001").user_picks()))
picks = again.get_run("TS_001").new_picks("ribosome", "1")
show("default user", picks.user_id)

made = copick.new_config("new.json", "new-project", "my project", "of mine", [PickableObject(name="a", is_particle=True)])
show("new config", json.load(open("new.json")))
opened = copick.from_file("new.json")
show("empty", [opened.runs, [o.name for o in opened.pickable_objects]])

config = CopickConfigFSSpec(pickable_objects=[], overlay_root="local://" + __import__("os").getcwd() + "/by-hand",
                            overlay_fs_args={"auto_mkdir": True})
by_hand = CopickRootFSSpec(config)
by_hand.new_run("r1")
show("by hand", [[r.name for r in by_hand.runs], config.static_root, config.static_fs_args, config.config_type])

refused("no file", copick.from_file, "nowhere.json")
refused("no JSON", copick.from_string, "{")
refused("bad label", PickableObject, name="a", is_particle=True, label=0)
refused("bad name", PickableObject, name="a_b", is_particle=True)
refused("bad color", PickableObject, name="a", is_particle=True, color=(1, 2, 3, 300))
refused("missing", PickableObject, is_particle=True)
refused("bad user", CopickConfig, pickable_objects=[], user_id="a_b")
refused("no objects", CopickConfig)
