"""Arrays of the Zarr packages of this environment, read by ours, and ours, read by them.

    python run.py ARRAYS_TOOL

With zarr 2 (copick 1's environment): every codec of version 2. With zarr 3, tensorstore and zarrs (the peers'
environment): both versions and shards. Every array is read whole and in random regions, all in one call; one element that
differs is a failure. The exit code counts the failures.
"""

import itertools
import json
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np  # noqa: E402
import writers  # noqa: E402

TOOL = sys.argv[1]
OUR_TYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
             "float64", "complex64", "complex128"]


def tool(verb, items, folder):
    path = Path(folder) / f"{verb}.json"
    path.write_text(json.dumps(items))
    done = subprocess.run([TOOL, verb, path], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"arrays_tool {verb} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def values(shape, dtype, seed=0):
    """Numbers that every codec and type holds exactly, with runs and noise."""
    count = int(np.prod(shape, dtype=np.int64))
    flat = (np.arange(count) * 37 % 101 + np.arange(count) // 64 % 20 + seed).reshape(shape)
    if np.dtype(dtype).kind == "c":
        return (flat - 1j * (flat % 3)).astype(dtype)
    return (flat % 2 if np.dtype(dtype).kind == "b" else flat).astype(dtype)


def regions(shape, rng):
    yield [[0, n] for n in shape]
    for _ in range(6):
        ends = [sorted((rng.randrange(n), rng.randrange(n))) for n in shape]
        yield [[b, e + 1] for b, e in ends]


def same(a, b):
    return a.shape == b.shape and np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()


def we_read_theirs(folder):
    """What a writer of this environment stored is what we read."""
    rng = random.Random(3)
    items, expected = [], {}
    for name, write in writers.all_cases():
        store = str(Path(folder) / "theirs" / name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = np.asarray(write(store, values))
        native = array.astype(array.dtype.newbyteorder("="))
        boxes = list(regions(native.shape, rng))
        items.append({"store": store, "regions": boxes, "out": store + ".raw"})
        expected[store] = b"".join(np.ascontiguousarray(native[tuple(slice(*r) for r in box)]).tobytes()
                                   for box in boxes)
    failures = tool("read", items, folder)
    for item in items:
        store = item["store"]
        if store not in failures and Path(item["out"]).read_bytes() != expected[store]:
            failures[store] = "voxels differ"
    report(f"we read {len(items)} arrays of {', '.join(writers.NAMES)}", failures, folder)
    return len(failures)


def they_read_ours(folder):
    items = []
    layouts = [(2, (9, 20, 17), (4, 8, 8), None), (3, (9, 20, 17), (4, 8, 8), None),
               (3, (9, 20, 17), (4, 8, 8), (8, 16, 16)), (2, (2, 9, 10, 7), (1, 4, 4, 4), None),
               (3, (2, 9, 10, 7), (1, 4, 4, 4), (1, 8, 8, 8)), (2, (33,), (10,), None)]
    for number, (dtype, (version, shape, chunks, shards)) in enumerate(itertools.product(OUR_TYPES, layouts)):
        if version not in writers.FORMATS or (version == 3 and dtype.startswith("complex")):
            continue
        store = Path(folder) / "ours" / f"{dtype}-{number}"
        source = Path(folder) / f"{number}.raw"
        source.write_bytes(values(shape, dtype, number).tobytes())
        items.append({"store": str(store), "zarr_format": version, "shape": shape, "chunks": chunks, "shards": shards,
                      "dtype": dtype, "source": str(source), "seed": number})
    failures = tool("write", items, folder)
    read = 0
    for item, (peer, open_array) in itertools.product(items, writers.READERS.items()):
        if item["store"] in failures or not writers.can_read(peer, item):
            continue
        read += 1
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = np.asarray(open_array(item["store"], item["zarr_format"]))
            if not same(found, values(item["shape"], item["dtype"], item["seed"])):
                failures[f"{item['store']} in {peer}"] = "voxels differ"
        except Exception as error:  # noqa: BLE001
            failures[f"{item['store']} in {peer}"] = repr(error)
    report(f"{', '.join(writers.READERS)} read {len(items)} arrays of ours, {read} readings", failures, folder)
    return len(failures)


def report(sentence, failures, folder):
    print(("FAILED  " if failures else "passed  ") + sentence)
    for store, message in list(failures.items())[:20]:
        print(f"    {store.replace(folder, '')}: {message}")


with tempfile.TemporaryDirectory() as place:
    sys.exit(we_read_theirs(place) + they_read_ours(place))
