"""Interoperability with the copick package of the environment this runs in.

    python run.py INTEROP_TOOL

Each check is a sentence that can be false; every difference found is printed and the exit code counts the failures.
"""

import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import reference  # noqa: E402

TOOL = sys.argv[1]
FORMATS = [2] if reference.GENERATION == 1 else [2, 3]
OBJECTS = [
    {"name": "ribosome", "is_particle": True, "label": 1, "color": [0, 117, 220, 255], "emdb_id": "3883",
     "identifier": "GO:0005840", "map_threshold": 0.037, "radius": 130.0, "metadata": {"a": [1, 2.5, None]}},
    {"name": "proteasome", "is_particle": True, "label": 2, "radius": 60.0},
    {"name": "membrane", "is_particle": False, "label": 4},
    {"name": "microtubule", "is_particle": True, "label": 5,
     "metadata": {"copick": {"filament": {"polar": True, "helical_rise_a": 9.4}}}},
]


def ours(*arguments):
    done = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"interop_tool {' '.join(map(str, arguments))} failed:\n{done.stderr}")
    return json.loads(done.stdout) if done.stdout else None


def differences(a, b, where=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if key not in a or key not in b:
                yield f"{where}/{key}: only {'theirs' if key not in a else 'ours'}"
            else:
                yield from differences(a[key], b[key], f"{where}/{key}")
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield f"{where}: {len(a)} entries in ours, {len(b)} in theirs"
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f"{where}[{i}]")
    elif isinstance(a, float) or isinstance(b, float):
        same = a == b or (a is not None and b is not None and math.isnan(a) and math.isnan(b))
        if not same and not (where.find("/meshes/") >= 0 and abs(a - b) < 2e-3):
            yield f"{where}: {a} != {b}"
    elif a != b:
        yield f"{where}: {a!r} != {b!r}"


def new_project(folder, root=None, fs_args=None):
    config = Path(folder) / "config.json"
    config.write_text(json.dumps({
        "config_type": "filesystem", "name": "interop", "description": "größe", "version": "1.0.0",
        "x-lab": {"grid": 7}, "pickable_objects": OBJECTS, "user_id": "theirs",
        "overlay_root": root or f"local://{folder}/data", "overlay_fs_args": fs_args or {"auto_mkdir": True}}, indent=4))
    return config


def check_equal(sentence, config):
    found = list(differences(ours("describe", config), json.loads(json.dumps(reference.describe(str(config))))))
    print(("FAILED  " if found else "passed  ") + sentence)
    for line in found[:20]:
        print("    " + line)
    return not found


def check(sentence, holds):
    print(("passed  " if holds else "FAILED  ") + sentence)
    return holds


def they_read_what_we_wrote(zarr_format):
    with tempfile.TemporaryDirectory() as folder:
        config = new_project(folder)
        ours("write", config, zarr_format)
        return check_equal(f"they read a Zarr v{zarr_format} project that we wrote", config)


def we_read_what_they_wrote():
    with tempfile.TemporaryDirectory() as folder:
        config = new_project(folder)
        reference.write(str(config))
        before = sorted(str(p) for p in Path(folder).rglob("*"))
        equal = check_equal("we read a project that they wrote", config)
        return equal and check("reading wrote nothing", before == sorted(str(p) for p in Path(folder).rglob("*")))


def turns_lose_nothing(zarr_format):
    """We and they edit one project in turns; after each turn both see the same, and our unknown members survive us."""
    with tempfile.TemporaryDirectory() as folder:
        config = new_project(folder)
        ours("write", config, zarr_format)
        good = True
        for turn in range(1, 5):
            if turn % 2:
                reference.edit(str(config), turn)
            else:
                ours("edit", config, turn)
            good &= check_equal(f"turn {turn} of an edit war on Zarr v{zarr_format} lost nothing", config)
        facts = ours("describe", config)
        run = facts["runs"]["TS_001"]
        names = {f"{who}{turn}" for who, turn in (("theirs", 1), ("ours", 2), ("theirs", 3), ("ours", 4))}
        sessions = {key.split("/")[1] for key in run["picks"] if key.startswith("ribosome:")}
        objects = {o["name"] for o in facts["objects"]}
        return good & check("every turn's picks and objects are there", names <= sessions and names <= objects)


def unknown_members_survive_our_edits():
    with tempfile.TemporaryDirectory() as folder:
        config = new_project(folder)
        reference.write(str(config))
        path = Path(folder) / "data/ExperimentRuns/TS_001/Picks/theirs_1_ribosome.json"
        document = json.loads(path.read_text())
        document["x-note"] = {"by": "hand"}
        document["points"][0]["x-quality"] = [1, 2]
        path.write_text(json.dumps(document, indent=4))
        ours("edit", config, 2)
        after = json.loads(path.read_text())
        kept = after["x-note"] == {"by": "hand"} and after["points"][0]["x-quality"] == [1, 2]
        kept &= json.loads(config.read_text())["x-lab"] == {"grid": 7}
        return check("members nobody knows survive our edits of picks and config", kept)


def main():
    results = [they_read_what_we_wrote(f) for f in FORMATS]
    results.append(we_read_what_they_wrote())
    results += [turns_lose_nothing(f) for f in FORMATS]
    results.append(unknown_members_survive_our_edits())
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed (copick {reference.copick.__version__})")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
