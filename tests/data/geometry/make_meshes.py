"""Writes meshes/*.glb with trimesh and meshes/facts.json, what trimesh reads from them. trimesh 5.2.0; repeatable.

    python make_meshes.py            writes them
    python make_meshes.py --check    loads written/*.glb, which this project wrote, and compares with written/facts.json
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import trimesh
from trimesh.transformations import rotation_matrix, scale_matrix, translation_matrix

here = pathlib.Path(__file__).parent


def sha(array, dtype):
    return hashlib.sha256(np.ascontiguousarray(array, dtype=dtype).tobytes()).hexdigest()


def facts_of(path):
    scene = trimesh.load(path, process=False, force="scene")
    nodes = []
    for name in sorted(scene.graph.nodes_geometry):
        matrix, geometry_name = scene.graph[name]
        geometry = scene.geometry[geometry_name]
        fact = {"geometry": geometry_name, "matrix": matrix.ravel().tolist(), "vertices": len(geometry.vertices),
                "positions_sha256": sha(geometry.vertices, "<f4")}
        if isinstance(geometry, trimesh.Trimesh):
            fact["faces_sha256"] = sha(geometry.faces, "<u4")
            fact["faces"] = len(geometry.faces)
            if geometry.visual.kind == "vertex":
                fact["colors_sha256"] = sha(geometry.visual.vertex_colors, "u1")
            fact["name"] = name
        nodes.append(fact)
    meshes = [g for g in scene.dump() if isinstance(g, trimesh.Trimesh)]
    whole = trimesh.util.concatenate(meshes) if meshes else None
    facts = {"nodes": nodes, "bounds": None if scene.is_empty else scene.bounds.tolist()}
    if whole is not None:
        facts.update(area=float(whole.area), volume=float(whole.volume), triangles=len(whole.faces))
    return facts


def ball(radius):
    return trimesh.creation.icosphere(subdivisions=1, radius=radius)


def colored():
    mesh = ball(5)
    mesh.visual.vertex_colors = np.stack([np.arange(42) * 6, 255 - np.arange(42), np.full(42, 7), np.full(42, 200)], 1)
    mesh.vertex_normals  # exported with the mesh
    return mesh.scene()


def nested():
    scene = trimesh.Scene()
    scene.add_geometry(ball(1), node_name="outer", geom_name="ball", transform=translation_matrix([10, 20, 30]))
    turn = rotation_matrix(0.7, [1, 2, 3])
    scene.add_geometry(trimesh.creation.box((1, 2, 3)), node_name="inner", geom_name="box", parent_node_name="outer",
                       transform=turn @ scale_matrix(2.0))
    scene.graph.update(frame_from="outer", frame_to="again", geometry="ball", matrix=translation_matrix([0, 0, -8]))
    scene.graph.update(frame_from="again", frame_to="mirror", geometry="box", matrix=np.diag([-1, 1, 1, 1]))
    return scene


def awkward_names():
    scene = trimesh.Scene()
    for i, name in enumerate(["Ålesund \"quoted\" \\ 日本 😀", "a/b", " spaced "]):
        scene.add_geometry(trimesh.creation.box((1, 1, 1)), node_name=name, geom_name=name,
                           transform=translation_matrix([3 * i, 0, 0]))
    return scene


def points_and_lines():
    rng = np.random.default_rng(3)
    scene = trimesh.Scene()
    scene.add_geometry(trimesh.PointCloud(rng.uniform(0, 9, (5, 3)).astype(np.float32)), node_name="cloud")
    scene.add_geometry(trimesh.load_path(np.array([[0, 0, 0], [1, 2, 3], [4, 4, 4]], dtype=float)), node_name="line")
    return scene


def textured():
    mesh = trimesh.creation.box((2, 2, 2))
    material = trimesh.visual.material.PBRMaterial(baseColorFactor=[10, 20, 30, 255], metallicFactor=0.5)
    mesh.visual = trimesh.visual.TextureVisuals(uv=np.linspace(0, 1, 16).reshape(8, 2), material=material)
    return mesh.scene()


def write():
    folder = here / "meshes"
    folder.mkdir(exist_ok=True)
    scenes = {"colored": colored(), "nested": nested(), "awkward-names": awkward_names(),
              "points-and-lines": points_and_lines(), "textured": textured()}
    facts = {}
    for name, scene in scenes.items():
        (folder / f"{name}.glb").write_bytes(scene.export(file_type="glb", include_normals=name == "colored"))
        facts[name] = facts_of(folder / f"{name}.glb")
    # What the Python package stores for a new mesh.
    (folder / "new.glb").write_bytes(trimesh.Trimesh().scene().export(file_type="glb"))
    (folder / "facts.json").write_text(json.dumps(facts, indent=1))


def check():
    expected = json.loads((here / "written" / "facts.json").read_text())
    for name, facts in expected.items():
        found = facts_of(here / "written" / f"{name}.glb")
        assert found == facts, f"{name}: expected {facts}, found {found}"
    print(f"{len(expected)} files are read by trimesh {trimesh.__version__} as written")


check() if "--check" in sys.argv else write()
