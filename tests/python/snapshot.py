"""What a script left in its project folder, as facts that do not depend on compression, key order or part sizes.

    python snapshot.py FOLDER NAME...        run in an environment with zarr and trimesh; prints JSON

Arrays are read with zarr, meshes with trimesh, JSON is parsed; STAR, CSV and tables are compared as text.
"""

import hashlib
import json
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
    for image in facts["attributes"].get("multiscales", []):
        image["metadata"] = image.get("metadata") or None  # absent, null and {} say the same
    for name, array in top.arrays():
        values = np.array(array)
        averaged = name != "0" and values.dtype.kind == "f"
        facts[name] = [array.shape, str(array.dtype), samples(values) if averaged else plain(values), plain(dict(array.attrs))]
    return facts


def samples(values):
    """Coarser levels of floats are averages, whose last bit depends on the order of adding: compared with a tolerance."""
    flat = values.reshape(-1).astype(np.float64)
    return [float(flat.mean()), float(flat.std()), *map(float, flat[:: max(1, len(flat) // 200)])]


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


def marker(path):
    return "is there"  # a folder's mark: what is in it means nothing


READERS = {".json": json_facts, ".glb": mesh_facts, ".mrc": mrc_facts, ".tif": tiff_facts, ".tiff": tiff_facts, ".em": em_facts, ".meta": marker,
           **dict.fromkeys(TEXT, text_facts)}


def facts_of(folder, names):
    paths = {name: Path(folder) / name for name in names}
    return {name: attempt(zarr_facts if name.endswith(".zarr") else READERS.get(path.suffix or path.name, checksum), path)
            for name, path in paths.items() if path.exists()}


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def attempt(reader, path):
    try:
        return reader(path)
    except Exception as error:
        return f"unreadable: {type(error).__name__}: {error}"


if __name__ == "__main__":
    json.dump(facts_of(sys.argv[1], sys.argv[2:]), sys.stdout)
