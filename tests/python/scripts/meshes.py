"""Meshes: read as a scene, written from trimesh."""

import copick
import numpy as np
import trimesh
from report import identities, identity, refused, show

root = copick.from_file("config.json")
run = root.get_run("TS_001")


def facts(scene):
    meshes = [g for g in (scene.geometry.values() if hasattr(scene, "geometry") else [scene])]
    return [type(scene).__name__, len(meshes), [[len(m.vertices), len(m.faces)] for m in meshes],
            np.round(np.asarray(scene.bounds), 3)]


for mesh in sorted(run.meshes, key=lambda m: m.user_id):
    show("mesh", [identity(mesh), mesh.from_tool, mesh.from_user, mesh.color])
    show("scene", facts(mesh.mesh))
    show("loaded", type(mesh.load()).__name__)

new = run.new_mesh("membrane", "3", "scripter")
show("new", identity(new))
new.mesh = trimesh.creation.box(extents=(10, 20, 30)).scene()
new.store()
run.refresh_meshes()
again = run.get_meshes(object_name="membrane", user_id="scripter", session_id="3")[0]
show("read back", facts(again.mesh))
again.mesh = trimesh.creation.icosphere(subdivisions=1, radius=50.0)
again.store()
run.refresh_meshes()
show("replaced", facts(run.get_meshes("membrane", "scripter", "3")[0].mesh))
refused("twice", run.new_mesh, "membrane", "3", "scripter", text=True)
refused("no such object", run.new_mesh, "nothing", "3", "scripter", text=True)
show("exists", identity(run.new_mesh("membrane", "3", "scripter", exist_ok=True)))
run.delete_meshes(user_id="scripter")
show("deleted", identities(run.meshes))
