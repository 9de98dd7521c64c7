"""Pickable objects and their density maps."""

import copick
import numpy as np
from report import refused, show

root = copick.from_file("config.json")
show("fields", [[o.name, o.is_particle, o.label, o.color, o.emdb_id, o.pdb_id, o.identifier, o.map_threshold, o.radius,
                 o.metadata, o.is_filament, o.filament] for o in root.pickable_objects])
volume = (np.arange(1000, dtype=np.float32) / 64).reshape(10, 10, 10)

new = root.new_object("virus", True, radius=300.0, emdb_id="1234", identifier="GO:0019028", metadata={"a": [1, None]})
show("new", new)
show("label", new.label)
new.from_numpy(volume, 10.0)
show("density", new.numpy())
show("plane", new.numpy(z=slice(2, 3)))
new.set_region(np.zeros((1, 2, 3), np.float32), x=slice(0, 3), y=slice(0, 2), z=slice(0, 1))
show("region", new.numpy())
tube = root.new_object("actin", True, 20, (1, 2, 3, 4), filament={"polar": True})
show("filament", [tube.is_filament, tube.filament, tube.metadata])
surface = root.new_object("vesicle", is_particle=False)
show("surface", [surface.label, surface.zarr()])
refused("twice", root.new_object, "virus", True, text=True)
refused("label", root.new_object, "other", True, 1, text=True)
refused("name", root.new_object, "bad_name", True)
changed = root.new_object("virus", True, radius=123.0, exist_ok=True)
show("changed", [changed.radius, changed.emdb_id, changed.label])
show("listed", [o.name for o in root.pickable_objects])
root.save_config("edited.json")
again = copick.from_file("edited.json")
show("saved", [repr(o) for o in again.pickable_objects])
show("density of the saved", again.get_object("virus").numpy())
show("read only", [[o.name, o.read_only] for o in again.pickable_objects])
