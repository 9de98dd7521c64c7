"""Ours beside the peers on one machine, in one run: import, reads of a large volume, and the limit.

    python run.py BUILD PYTHON1 PYTHON_PEERS [--shape 400,1440,1022] [--rounds 5] [--keep FOLDER]

BUILD holds bin/copick and bin/copick_bench_reads; PYTHON1 is the environment of copick 1, PYTHON_PEERS the one of
requirements.txt. Prints Markdown: medians in ms, peak memory, and ratios (peer / ours; above 1 we are faster).
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAKE_VOLUME = """
import sys, numpy as np, mrcfile
shape = tuple(map(int, sys.argv[2].split(",")))
rng = np.random.default_rng(1)
with mrcfile.new_mmap(sys.argv[1], shape=shape, mrc_mode=2, overwrite=True) as mrc:
    wave = np.sin(np.arange(shape[2]) / 17)[None, :] + np.cos(np.arange(shape[1]) / 23)[:, None]
    for z in range(shape[0]):
        noise = rng.normal(0, 1, shape[1:])
        mrc.data[z] = np.round((wave * np.cos(z / 11) + noise) * 64) / 64
    mrc.voxel_size = 10.0
"""


class Run:
    """One timed child process."""

    def __init__(self, command, env=None):
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **(env or {})})
        self.stdout, self.stderr = process.communicate()
        self.seconds = time.perf_counter() - begin
        if process.returncode:
            raise SystemExit(f"{' '.join(map(str, command))}\n{self.stderr}")


def measured(command, env=None):
    """Seconds and peak resident megabytes of a command, by a fork of its own."""
    script = ("import resource, subprocess, sys, time; b = time.perf_counter(); "
              "r = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE); "
              "s = time.perf_counter() - b; sys.stderr.buffer.write(r.stderr[-2000:] if r.returncode else b''); "
              "print(s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024); sys.exit(r.returncode)")
    run = Run([sys.executable, "-c", script, *map(str, command)], env)
    seconds, megabytes = map(float, run.stdout.split())
    return seconds, megabytes


def config(folder, name):
    path = Path(folder) / f"{name}.json"
    path.write_text(json.dumps({"config_type": "filesystem", "name": name, "pickable_objects": [],
                                "overlay_root": f"local://{folder}/{name}", "overlay_fs_args": {"auto_mkdir": True}}))
    return path


def import_table(args, folder, mrc):
    ours = [args.build / "bin/copick", "add", "tomogram", mrc, "--run", "TS", "--tomo-type", "wbp", "--overwrite"]
    theirs = [Path(args.python1).parent / "copick", *ours[1:]]
    size = mrc.stat().st_size
    rows = [("limit: dd conv=fsync of the same bytes", *measured(["dd", f"if={mrc}", f"of={folder}/dd", "bs=4M", "conv=fsync"]))]
    os.remove(Path(folder) / "dd")
    rows.append(("copick, durable", *measured([*ours, "-c", config(folder, "ours")])))
    rows.append(("copick, --no-fsync", *measured([*ours, "--no-fsync", "-c", config(folder, "ours2")])))
    shutil.rmtree(Path(folder) / "ours2")
    if not args.skip_copick1:
        rows.append(("copick 1 (Python)", *measured([*theirs, "-c", config(folder, "theirs")])))
        shutil.rmtree(Path(folder) / "theirs", ignore_errors=True)
    reference = rows[2][1]
    print(f"\nImport of a {size / 1e9:.2f} GB MRC file, three levels.\n")
    print("| what | s | peak MB | times --no-fsync |\n|---|---:|---:|---:|")
    for name, seconds, megabytes in rows:
        print(f"| {name} | {seconds:.2f} | {megabytes:.0f} | {seconds / reference:.2f} |")
    return Path(folder) / "ours/ExperimentRuns/TS/VoxelSpacing10.000/wbp.zarr"


def workloads(shape):
    z, y, x = shape
    whole = [[0, z], [0, y], [0, x]]
    rng = random.Random(4)
    cubes = []
    for _ in range(50):
        corner = [rng.randrange(0, max(1, n - 64)) for n in shape]
        cubes.append([[c, min(c + 64, n)] for c, n in zip(corner, shape)])
    return {"whole": [whole], "z plane": [[[z // 2, z // 2 + 1], *whole[1:]]],
            "y plane": [[whole[0], [y // 2, y // 2 + 1], whole[2]]],
            "x plane": [[*whole[:2], [x // 2, x // 2 + 1]]], "50 cubes of 64": cubes}


def read_table(args, folder, image, title):
    path = Path(folder) / "workloads.json"
    path.write_text(json.dumps(workloads(args.shape)))
    found = {"copick": json.loads(Run([args.build / "bin/copick_bench_reads", image, path, str(args.rounds)]).stdout)}
    for peer in ("zarr", "tensorstore", "zarrs"):
        if peer == "tensorstore" and title.startswith("Zarr v3"):
            continue  # it does not know numcodecs.shuffle
        found[peer] = json.loads(Run([args.python_peers, HERE / "reads.py", peer, image, path, str(args.rounds)]).stdout)
    median = {who: {name: statistics.median(times) for name, times in report.items() if times}
              for who, report in found.items()}
    print(f"\n{title}. Median of {args.rounds}, ms.\n")
    peers = [who for who in found if who != "copick"]
    print("| read | copick | " + " | ".join(peers) + " | best peer / copick |\n|---|---:|" + "---:|" * (len(peers) + 1))
    for name in workloads(args.shape):
        values = [median[who][name] for who in peers]
        print(f"| {name} | {median['copick'][name]:.1f} | " + " | ".join(f"{v:.1f}" for v in values) +
              f" | {min(values) / median['copick'][name]:.1f} |")
    if "limit" in median["copick"]:
        limit = median["copick"]["limit"]
        print(f"\nLimit: plain Blosc decode of level 0 on all cores {limit:.1f} ms; the whole read reaches "
              f"{100 * limit / median['copick']['whole']:.0f} % of it.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("python1")
    parser.add_argument("python_peers")
    parser.add_argument("--shape", default="400,1440,1022", type=lambda t: tuple(map(int, t.split(","))))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-copick1", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copick-peers-") as folder:
        mrc = Path(folder) / "volume.mrc"
        Run([args.python_peers, "-c", MAKE_VOLUME, mrc, ",".join(map(str, args.shape))])
        image = import_table(args, folder, mrc)
        read_table(args, folder, image, "Zarr v2, 256³ chunks, Blosc lz4")


if __name__ == "__main__":
    main()
