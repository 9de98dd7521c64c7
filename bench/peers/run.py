"""Ours beside the peers on one machine, in one run: imports, reads and small updates of a large volume, scaling, limits.

    python run.py BUILD ENVIRONMENTS [--shape 400,1440,1022] [--rounds 5] [--volume FILE] [--skip-imports]

BUILD holds bin/copick and bin/copick_bench_reads; ENVIRONMENTS is the folder of copick1/, copick2/ and peers/ that
tools/python_environments makes. Prints Markdown: medians, peak memory, and ratios (peer / ours; above 1 we are faster). Where
a peer is faster the table is followed by a sentence that says so. Times are of the warm cache; beside each stands the
processor time, which other programs on the machine disturb less.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
READ_PEERS = ("zarr", "tensorstore", "zarrs")
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
MEASURE = """
import resource, subprocess, sys, time
begin = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
seconds = time.perf_counter() - begin
sys.stderr.buffer.write(done.stderr[-2000:] if done.returncode else b"")
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
sys.exit(done.returncode)
"""


def output_of(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def measured(command):
    """Seconds, processor seconds and peak resident megabytes of a command."""
    return tuple(map(float, output_of([sys.executable, "-c", MEASURE, *command]).split()))


def one_core(command):
    return ["taskset", "-c", str(min(os.sched_getaffinity(0))), *command]


class Bench:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.losses = []

    def python(self, name):
        return self.args.environments / name / "bin" / "python"

    def project(self, name):
        """A fresh project's config; image_of() is where its tomogram lies."""
        root = self.folder / name
        shutil.rmtree(root, ignore_errors=True)
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({
            "config_type": "filesystem", "name": name, "pickable_objects": [],
            "overlay_root": f"local://{root}", "overlay_fs_args": {"auto_mkdir": True}}))
        return path

    def image_of(self, name):
        return next((self.folder / name / "ExperimentRuns/TS").glob("VoxelSpacing*/wbp.zarr"))

    def add(self, program, name, *options):
        return [program, "add", "tomogram", self.volume, "--run", "TS", "--tomo-type", "wbp", *options, "-c",
                self.project(name)]

    def make_volume(self):
        if self.args.volume:
            self.volume = self.args.volume
            return
        self.volume = self.folder / "volume.mrc"
        output_of([self.python("peers"), "-c", MAKE_VOLUME, self.volume, ",".join(map(str, self.args.shape))])

    def imports(self):
        ours = self.args.build / "bin/copick"
        has_switch = "--no-fsync" in output_of([ours, "add", "tomogram", "--help"])
        durable = self.add(ours, "ours")
        rows = {"limit: dd conv=fsync of the same bytes": measured(
            ["dd", f"if={self.volume}", f"of={self.folder}/dd", "bs=4M", "conv=fsync"])}
        (self.folder / "dd").unlink()
        rows["copick"] = measured(durable)
        rows["copick, one core"] = measured(one_core(self.add(ours, "one")))
        if has_switch:
            rows["copick, --no-fsync"] = measured(self.add(ours, "one", "--no-fsync"))
        rows["copick, Zarr v3"] = measured(self.add(ours, "ours3", "--zarr-format", "3"))
        shutil.rmtree(self.folder / "one")
        if not self.args.skip_imports:
            rows["copick 1 (Python)"] = measured(self.add(self.python("copick1").parent / "copick", "theirs1"))
            shutil.rmtree(self.folder / "theirs1")
        rows["copick 2 (Python), Zarr v3"] = measured(self.add(self.python("copick2").parent / "copick", "theirs2"))
        reference = rows["copick, --no-fsync" if has_switch else "copick"][0]
        print(f"\n## Import of a {os.path.getsize(self.volume) / 1e9:.2f} GB MRC file, three levels\n")
        print("| what | s | processor s | peak MB | times ours |\n|---|---:|---:|---:|---:|")
        for name, (seconds, cpu, megabytes) in rows.items():
            print(f"| {name} | {seconds:.2f} | {cpu:.2f} | {megabytes:.0f} | {seconds / reference:.2f} |")
        print("\nThe Python packages flush nothing to the disk; `copick` does unless it is told not to.")
        for name, (seconds, _, _) in rows.items():
            if name.startswith("copick") and "Python" in name and seconds < reference:
                self.losses.append(f"{name} imports faster: {seconds:.2f} s to {reference:.2f} s")

    def ours(self, image, wrap=list):
        return json.loads(output_of(wrap([self.args.build / "bin/copick_bench_reads", image, self.workloads,
                                          self.args.rounds])))

    def reads(self, image, title, peers=READ_PEERS):
        found = {"copick": self.ours(image)}
        for peer in peers:
            found[peer] = json.loads(output_of([self.python("peers"), HERE / "reads.py", peer, image, self.workloads,
                                                self.args.rounds]))
        ms = {who: medians(report, "ms") for who, report in found.items()}
        cpu = {who: medians(report, "cpu") for who, report in found.items()}
        print(f"\n## {title}\n\nMedian of {self.args.rounds}: ms (processor ms).\n")
        print("| read | copick | " + " | ".join(peers) + " | best peer / copick |")
        print("|---|---:|" + "---:|" * (len(peers) + 1))
        for name in workloads(self.args.shape):
            best = min(peers, key=lambda peer: ms[peer][name])
            ratio = ms[best][name] / ms["copick"][name]
            cells = [f"{ms[who][name]:.1f} ({cpu[who][name]:.0f})" for who in ("copick", *peers)]
            print(f"| {name} | " + " | ".join(cells) + f" | {ratio:.1f} |")
            if ratio < 1:
                self.losses.append(f"{title}: {best} reads '{name}' faster, {ms[best][name]:.1f} ms to "
                                   f"{ms['copick'][name]:.1f} ms")
        reused = ms["copick"]["whole, memory reused"]
        print(f"\nThe whole into memory that is already there: {reused:.1f} ms.")
        if "limit" in ms["copick"]:
            limit = ms["copick"]["limit"]
            print(f"Limit: plain Blosc decode of level 0 on all cores into memory that is already there {limit:.1f} ms; "
                  f"the whole read reaches {100 * limit / reused:.0f} % of it, and "
                  f"{100 * cpu['copick']['limit'] / cpu['copick']['whole, memory reused']:.0f} % in processor time.")

    def scaling(self, image):
        one, all_cores = self.ours(image, one_core), self.ours(image)
        print(f"\n## Reading on one core and on {len(os.sched_getaffinity(0))}\n")
        print("| read | one, ms | all, ms | speed-up |\n|---|---:|---:|---:|")
        single = medians(one, "ms")
        for name, value in medians(all_cores, "ms").items():
            print(f"| {name} | {single[name]:.1f} | {value:.1f} | {single[name] / value:.2f} |")

    def updates(self, layouts, peers):
        """Layouts: title to image. The volumes are changed."""
        file = self.folder / "updates.json"
        begins = [min(n // 2 // 128 * 128 + 60, n - 8) for n in self.args.shape]  # inside one inner chunk
        file.write_text(json.dumps({"update": [[[begin, begin + 8] for begin in begins]]}))
        print(f"\n## An update of 8³ in a shard\n\nMedian of {self.args.rounds}: opened, written and read back.\n")
        print("| layout | by | ms (processor ms) | MB written |\n|---|---|---:|---:|")
        program = self.args.build / "bin/copick_bench_reads"
        for title, image in layouts.items():
            tail = (image, file, self.args.rounds)
            commands = {"copick, flushed to the disk": [program, *tail, "--update-durably"],
                        "copick": [program, *tail, "--update"]}
            for peer in peers:
                commands[peer] = [self.python("peers"), HERE / "reads.py", peer, *tail, "--update"]
            found = {}
            for who, command in commands.items():
                report = json.loads(output_of(command))
                found[who], cpu, size = (medians(report, what)["update"] for what in ("ms", "cpu", "bytes"))
                print(f"| {title} | {who} | {found[who]:.0f} ({cpu:.0f}) | {size / 1e6:.1f} |")
            for peer in peers:
                if found[peer] < found["copick"]:
                    self.losses.append(f"{title}: {peer} updates 8³ faster, {found[peer]:.0f} ms to {found['copick']:.0f} ms")
        print("\nThe inner chunks of a shard vary in size and stand one behind the other, and storage replaces objects, not their "
              "middle: so the format makes any change write the shard anew, though only the inner chunks it touches are coded.")

    def run(self):
        self.workloads = self.folder / "workloads.json"
        self.workloads.write_text(json.dumps(workloads(self.args.shape)))
        self.make_volume()
        print(f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f} at the start; volume "
              f"{' x '.join(map(str, self.args.shape))} float32, warm cache")
        self.imports()
        self.reads(self.image_of("ours"), "Zarr v2, 256³ chunks, Blosc lz4")
        self.scaling(self.image_of("ours"))
        # tensorstore knows no numcodecs.shuffle, which copick 2 gives floats.
        shuffling = ("zarr", "zarrs")
        self.reads(self.image_of("theirs2"), "Zarr v3 in shards of 128³, written by copick 2", shuffling)
        self.reads(self.image_of("ours3"), "Zarr v3 in shards of 128³, written by copick", shuffling)
        self.updates({"one shard a level, written by copick 2": self.image_of("theirs2"),
                      "shards of at most 64 MB, written by copick": self.image_of("ours3")}, shuffling)
        print("\n## Where a peer is faster\n")
        print("\n".join(f"- {loss}." for loss in self.losses) or "Nowhere in this run.")


def medians(report, what):
    return {name: statistics.median(times[what]) for name, times in report.items() if times}


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("environments", type=Path)
    parser.add_argument("--shape", default="400,1440,1022", type=lambda t: tuple(map(int, t.split(","))))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--volume", type=Path, help="an MRC file of that shape instead of one made here")
    parser.add_argument("--skip-imports", action="store_true", help="leave out the slow import by copick 1")
    args = parser.parse_args()
    args.build, args.environments = args.build.resolve(), args.environments.resolve()
    with tempfile.TemporaryDirectory(prefix="copick-peers-") as folder:
        Bench(args, Path(folder)).run()


if __name__ == "__main__":
    main()
