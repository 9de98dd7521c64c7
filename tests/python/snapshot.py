"""What a script left in its project folder, as facts that do not depend on compression, key order or part sizes.

    python snapshot.py FOLDER        run in an environment with zarr and trimesh; prints JSON

Arrays are read with zarr, meshes with trimesh, JSON is parsed; STAR, CSV and tables are compared as text.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "scripts"))
from report import plain  # noqa: E402

TEXT = {".csv", ".star", ".tbl", ".txt", ".md"}


def zarr_facts(path):
    import zarr

    top = zarr.open(str(path), mode="r")
    if not hasattr(top, "arrays"):
        return {"": [top.shape, str(top.dtype), plain(np.array(top)), plain(dict(top.attrs))]}
    facts = {"attributes": plain(dict(top.attrs))}
    for name, array in top.arrays():
        facts[name] = [array.shape, str(array.dtype), plain(np.array(array)), plain(dict(array.attrs))]
    return facts


def mesh_facts(path):
    import trimesh

    scene = trimesh.load(path)
    shapes = sorted([len(m.vertices), len(m.faces)] for m in getattr(scene, "geometry", {"": scene}).values())
    return [shapes, None if scene.bounds is None else np.round(scene.bounds, 3).tolist()]


def mrc_facts(path):
    import mrcfile

    with mrcfile.open(path) as opened:
        return plain([opened.data, int(opened.header.mode), round(float(opened.voxel_size.x), 4)])


def tiff_facts(path):
    import tifffile

    return plain(tifffile.imread(path))


def em_facts(path):
    import emfile

    return plain(emfile.read(path)[1])


def json_facts(path):
    return plain(json.loads(path.read_text(encoding="utf-8")))


def text_facts(path):
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]


READERS = {".json": json_facts, ".glb": mesh_facts, ".mrc": mrc_facts, ".tif": tiff_facts, ".em": em_facts,
           **dict.fromkeys(TEXT, text_facts)}


def facts_of(folder):
    folder = Path(folder)
    facts = {}
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        for name in [f for f in folders if f.endswith(".zarr")]:
            facts[str((here / name).relative_to(folder))] = attempt(zarr_facts, here / name)
        folders[:] = sorted(f for f in folders if not f.endswith(".zarr") and f not in {"formats", "__pycache__"})
        for name in files:
            path = here / name
            facts[str(path.relative_to(folder))] = attempt(READERS.get(path.suffix, checksum), path)
    return facts


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def attempt(reader, path):
    try:
        return reader(path)
    except Exception as error:
        return f"unreadable: {type(error).__name__}: {error}"


if __name__ == "__main__":
    json.dump(facts_of(sys.argv[1]), sys.stdout)
