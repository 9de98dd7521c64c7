"""What the reference package makes of a project, and how it writes and edits one.

A description is plain JSON: every entity by its identity, arrays as shape, dtype and SHA-256 of their elements in C
order, little-endian. The tool of this folder describes projects in the same terms.
"""

import hashlib
import json
import warnings

warnings.simplefilter("ignore")

import copick  # noqa: E402
import numpy as np  # noqa: E402
import trimesh  # noqa: E402
import zarr  # noqa: E402

GENERATION = int(zarr.__version__.split(".")[0]) - 1  # copick 1 stands on zarr 2, copick 2 on zarr 3


def array_facts(array):
    array = np.asarray(array)
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
    return {"shape": list(array.shape), "dtype": array.dtype.name,
            "sha256": hashlib.sha256(little.tobytes()).hexdigest()}


def multiscales(group):
    attributes = dict(group.attrs)
    return attributes.get("ome", attributes)["multiscales"][0]


def volume_facts(entity):
    group = zarr.open_group(entity.zarr(), mode="r")
    levels = []
    for dataset in multiscales(group)["datasets"]:
        scale = dataset["coordinateTransformations"][0]["scale"]
        levels.append({"path": dataset["path"], "scale": [float(v) for v in scale],
                       **array_facts(group[dataset["path"]][...])})
    axes = [axis["name"] for axis in multiscales(group)["axes"]]
    return {"axes": axes, "levels": levels}


def point_facts(point):
    return {"location": [point.location.x, point.location.y, point.location.z],
            "transformation": [float(v) for row in point.transformation for v in row],
            "instance_id": point.instance_id, "score": point.score}


def picks_facts(picks):
    picks.refresh()
    return {"run_name": picks.meta.run_name, "voxel_spacing": picks.meta.voxel_spacing, "unit": picks.meta.unit,
            "trust_orientation": picks.trust_orientation, "points": [point_facts(p) for p in picks.points or []]}


def mesh_facts(mesh):
    scene = mesh.mesh
    parts = {}
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        part = scene.geometry[name]
        world = trimesh.transform_points(part.vertices, matrix)
        colors = part.visual.vertex_colors if part.visual.kind == "vertex" else np.zeros((0, 4), np.uint8)
        parts[node] = {"vertices": len(part.vertices), "faces": len(part.faces),
                       "centre": [round(float(v), 3) + 0.0 for v in world.mean(axis=0)],
                       "colors": hashlib.sha256(np.asarray(colors, np.uint8).tobytes()).hexdigest()}
    return parts


def filament_facts(filaments):
    facts = []
    for one in filaments.filaments:
        curve = None if one.curve is None else {
            "kind": one.curve.kind, "step": one.curve.step,
            "control_points": [[float(v) for v in p] for p in one.curve.control_points]}
        facts.append({"instance_id": one.instance_id, "points": [[float(v) for v in p] for p in one.points],
                      "polarity_known": one.polarity_known, "score": one.score, "radius": one.radius,
                      "metadata": one.metadata, "curve": curve})
    return {"voxel_spacing": filaments.meta.voxel_spacing, "filaments": facts}


def kind_of(segmentation):
    return segmentation.segmentation_type


def run_facts(run):
    spacings = {}
    for spacing in run.voxel_spacings:
        tomograms = {}
        for tomogram in spacing.tomograms:
            features = {f.feature_type: volume_facts(f) for f in tomogram.features}
            tomograms[tomogram.tomo_type] = {**volume_facts(tomogram), "features": features}
        spacings["%.3f" % spacing.voxel_size] = tomograms
    key = lambda e: f"{e.pickable_object_name}:{e.user_id}/{e.session_id}"  # noqa: E731
    return {
        "voxel_spacings": spacings,
        "picks": {key(p): picks_facts(p) for p in run.picks},
        "meshes": {key(m): mesh_facts(m) for m in run.meshes},
        "filaments": {key(f): filament_facts(f) for f in run.filaments},
        "segmentations": {f"{kind_of(s)} {s.name}:{s.user_id}/{s.session_id}@{s.voxel_size:.3f}": volume_facts(s)
                          for s in run.segmentations},
    }


def object_facts(definition):
    facts = definition.model_dump()
    facts["color"] = list(facts["color"])
    return facts


def describe(config):
    root = copick.from_file(config)
    return {
        "name": root.config.name, "description": root.config.description,
        "user_id": root.config.user_id, "session_id": root.config.session_id,
        "objects": [object_facts(o) for o in root.config.pickable_objects],
        "maps": {o.name: volume_facts(o) for o in root.pickable_objects if o.is_particle and has_map(root, o.name)},
        "runs": {run.name: run_facts(run) for run in root.runs},
    }


def has_map(root, name):
    return bool(root.fs_overlay.glob(f"{root.root_overlay}/Objects/{name}.zarr/*/*"))


def noise(shape, seed):
    values = np.random.default_rng(seed).normal(0, 1, shape)
    return (np.round(values * 64) / 64).astype(np.float32)


def write(config):
    """A project with one of everything."""
    root = copick.from_file(config)
    run = root.new_run("TS_001")
    tomogram = run.new_voxel_spacing(10.0).new_tomogram("wbp")
    tomogram.from_numpy(noise((21, 22, 23), 1))
    features = tomogram.new_features("sobel")
    if GENERATION == 2:
        features.from_numpy(noise((21, 22, 23), 2))
    else:
        from copick.util.ome import write_ome_zarr_3d

        write_ome_zarr_3d(features.zarr(), {10.0: noise((21, 22, 23), 2)}, chunk_size=(16, 16, 16))
    picks = run.new_picks("ribosome", session_id="1", user_id="theirs")
    matrices = np.tile(np.eye(4), (5, 1, 1))
    matrices[:, :3, 3] = 2.5
    picks.from_numpy(np.abs(noise((5, 3), 3)) * 100, matrices, instance_ids=[0, 1, 2, 3, 2**40], scores=[0, .5, 1, 2, 3])
    run.new_picks("proteasome", session_id="0", user_id="tool")
    mesh = run.new_mesh("membrane", session_id="1", user_id="theirs")
    ball = trimesh.creation.icosphere(subdivisions=1, radius=30)
    ball.visual.vertex_colors = np.tile([10, 200, 30, 255], (len(ball.vertices), 1)).astype(np.uint8)
    scene = trimesh.Scene()
    scene.add_geometry(ball, node_name="ball", geom_name="ball",
                       transform=trimesh.transformations.translation_matrix([100, 50, 25]))
    scene.add_geometry(trimesh.creation.box(extents=(10, 20, 30)), node_name="box", geom_name="box")
    mesh.mesh = scene
    mesh.store()
    filaments = run.new_filaments("microtubule", "1", "theirs")
    filaments.from_control_points([np.array([[0, 0, 0], [50, 10, 0], [90, 40, 5.0]])], instance_ids=[3],
                                  voxel_spacing=10.0, polarity_known=[True], scores=[0.75], radii=[125.0])
    labels = np.zeros((21, 22, 23), np.int64)
    labels[3:9, 4:12, 5:14] = 1
    run.new_segmentation(10.0, "membrane", "1", user_id="theirs").from_numpy(labels, levels=2)
    run.new_segmentation(10.0, "all", "1", user_id="theirs", is_multilabel=True).from_numpy(labels * 2, levels=3)
    run.new_segmentation(10.0, "ribosome", "1", user_id="theirs", is_instance=True).from_numpy(labels * 300)
    run.new_segmentation(10.0, "scene", "1", user_id="theirs", is_panoptic=True).from_numpy(
        np.stack([labels, labels * 7]), levels=2)
    root.get_object("ribosome").from_numpy(noise((8, 9, 10), 4), 5.0)


def edit(config, turn):
    """One turn of an edit war: points appended, a segmentation rewritten, an object added."""
    root = copick.from_file(config)
    run = root.get_run("TS_001")
    for picks in run.get_picks(object_name="ribosome"):
        positions, matrices = picks.numpy()
        more = np.concatenate([positions, [[turn, turn, turn]]])
        ids = np.concatenate([picks.instance_ids(), [turn]])
        scores = np.concatenate([picks.scores(), [0.5]])
        picks.from_numpy(more, np.concatenate([matrices, [np.eye(4)]]), instance_ids=ids, scores=scores)
    volume = run.get_voxel_spacing(10.0).get_tomogram("wbp")
    volume.set_region(np.full((2, 3, 4), float(turn), np.float32), zarr_group="0", x=slice(0, 4), y=slice(0, 3), z=slice(0, 2))
    labels = np.full((5, 6, 7), turn, np.uint8)
    run.new_segmentation(10.0, f"turn{turn}", "1", user_id="theirs", is_multilabel=True).from_numpy(labels)
    copy = run.new_picks("ribosome", session_id=f"theirs{turn}", user_id="theirs")
    copy.from_numpy(np.full((2, 3), float(turn)))
    root.new_object(name=f"theirs{turn}", is_particle=True, radius=turn)
    root.save_config(config)


if __name__ == "__main__":
    import sys

    if sys.argv[1] == "describe":
        print(json.dumps(describe(sys.argv[2])))
    elif sys.argv[1] == "write":
        write(sys.argv[2])
    else:
        edit(sys.argv[2], int(sys.argv[3]))
