"""copick_native beside the Python package, and beside the library below it: time, memory and ratios of what scripts do most.

    python run.py BUILD_FOLDER [--rounds N] [--side VOXELS]

Needs BUILD_FOLDER/wheel/site (tools/python_wheel) and BUILD_FOLDER/python/copick1 (tools/python_environments). Both run in
that one environment, each measurement in processes of its own, turn about; a figure is the median of its rounds, with
the spread from the smallest to the largest. The data are made once, by the reference, and read from the page cache.

The second table is what the module costs above the library: the same regions into an array that is there already, by
copick_bench_regions (C++) and through Python, turn about; the shortest time of each process, the median of their ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = {
    "import and open": ("seconds", "a whole process: start Python, import, open a project, list its runs"),
    "300,000 picks to arrays": ("seconds", "numpy() of a picks file of 300,000 points"),
    "300,000 picks, memory": ("MB", "how much the peak grew by that"),
    "300,000 picks from arrays": ("seconds", "from_numpy(), to disk"),
    "z plane": ("seconds", "numpy(z=slice(k, k + 1)) of a float32 tomogram"),
    "cube": ("seconds", "64 voxels a side"),
    "whole": ("seconds", "numpy() of everything"),
    "one voxel": ("seconds", "numpy() of 1 x 1 x 1: what a call costs"),
    "run and picks by name": ("seconds", "get_run, get_picks, of a project that is listed"),
}

MAKE = """
import json, sys, os, copick, numpy as np
side = int(sys.argv[1])
here = os.getcwd()
json.dump({"config_type": "filesystem", "name": "bench", "description": "", "version": "1",
           "pickable_objects": [{"name": "ribosome", "is_particle": True, "label": 1, "radius": 100}],
           "overlay_root": "local://" + here + "/project", "overlay_fs_args": {"auto_mkdir": True}}, open("config.json", "w"))
root = copick.from_file("config.json")
random = np.random.default_rng(5)
for number in range(20):
    run = root.new_run(f"TS_{number:03}")
    for session in "123":
        run.new_picks("ribosome", session, "user").from_numpy(random.uniform(0, 1000, (10, 3)))
run = root.get_run("TS_000")
volume = np.cumsum(random.normal(size=(side, side, side)), axis=2).astype(np.float32)
run.new_voxel_spacing(10.0).new_tomogram("wbp").from_numpy(volume, levels=1)
matrices = np.tile(np.eye(4), (300_000, 1, 1))
matrices[:, :3, :3] += random.normal(size=(300_000, 3, 3)) * 0.1
run.new_picks("ribosome", "9", "many").from_numpy(random.uniform(0, 5000, (300_000, 3)), matrices)
"""

IMPORT = "import copick; root = copick.from_file('config.json'); assert len(root.runs) == 20"

MEASURE = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
import copick, numpy as np
root = copick.from_file("config.json")
run = root.get_run("TS_000")
tomogram = run.get_voxel_spacing(10.0).get_tomograms("wbp")[0]
side = tomogram.numpy(z=slice(0, 1)).shape[-1]
picks = run.get_picks("ribosome", "many")[0]
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def best(call, times):
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        took.append(time.perf_counter() - begin)
    return min(took)
middle = slice(side // 2, side // 2 + 1)
cube = slice(side // 4, side // 4 + 64)
figures = {}
before = peak()
begin = time.perf_counter()
positions, matrices = picks.numpy()
figures["300,000 picks to arrays"] = time.perf_counter() - begin
figures["300,000 picks, memory"] = peak() - before
assert positions.shape == (300_000, 3) and matrices.shape == (300_000, 4, 4)
begin = time.perf_counter()
run.new_picks("ribosome", "9", "again", exist_ok=True).from_numpy(positions, matrices)
figures["300,000 picks from arrays"] = time.perf_counter() - begin
figures["z plane"] = best(lambda: tomogram.numpy(z=middle), 9)
figures["cube"] = best(lambda: tomogram.numpy(z=cube, y=cube, x=cube), 9)
figures["whole"] = best(tomogram.numpy, 3)
figures["one voxel"] = best(lambda: tomogram.numpy(z=slice(0, 1), y=slice(0, 1), x=slice(0, 1)), 50)
len(root.runs)
figures["run and picks by name"] = best(lambda: root.get_run("TS_000").get_picks("ribosome", "user", "2"), 50)
print(json.dumps(figures))
"""


REGIONS = """
import json, sys, time
import copick, numpy as np
tomogram = copick.from_file("config.json").get_run("TS_000").get_voxel_spacing(10.0).get_tomograms("wbp")[0]
for times, z0, z1, y0, y1, x0, x1 in json.loads(sys.argv[1]):
    out, best = np.empty((z1 - z0, y1 - y0, x1 - x0), np.float32), 1e9
    for _ in range(times):
        begin = time.perf_counter()
        tomogram.numpy(z=slice(z0, z1), y=slice(y0, y1), x=slice(x0, x1), out=out)
        best = min(best, time.perf_counter() - begin)
    print(best)
"""


def regions(side):
    """By name: how often, and z, y, x from and to."""
    middle, quarter = side // 2, side // 4
    return {
        "z plane": (40, middle, middle + 1, 0, side, 0, side),
        "cube": (40, *(quarter, quarter + 64) * 3),
        "whole": (5, *(0, side) * 3),
        "one voxel": (300, *(0, 1) * 3),
    }


def environment(site=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    if site:
        clean["PYTHONPATH"] = str(site)
    return clean


def of(program, native):
    """A program as the native module runs it: under the name copick_native, so that nothing else is imported."""
    return program.replace("import copick", "import copick_native as copick", 1) if native else program


def timed(command, **options):
    """Wall seconds of a process."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.PIPE, **options)
    return os.times().elapsed - before.elapsed


def row(name, unit, theirs, ours):
    def text(values):
        scale, label = (1, "MB") if unit == "MB" else (1e3, "ms") if statistics.median(values) >= 1e-3 else (1e6, "us")
        return f"{statistics.median(values) * scale:9.1f} {label} ({(max(values) - min(values)) * scale:.1f})"

    ratio = statistics.median(theirs) / max(statistics.median(ours), 1e-9)
    return f"{name:28} {text(theirs):26} {text(ours):26} {ratio:8.1f} x"


def seconds(command, **options):
    """The numbers that a process prints."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options)
    return [float(line) for line in done.stdout.split()]


def above_the_library(build, python, setting, wanted, rounds):
    """By region the seconds of the library and of the module, one of each a round."""
    library = [str(build / "bin" / "copick_bench_regions"), "config.json", "TS_000", "10", "wbp"]
    library += [str(number) for region in wanted.values() for number in region]
    module = [python, "-c", of(REGIONS, True), json.dumps(list(wanted.values()))]
    found = {name: ([], []) for name in wanted}
    for number in range(rounds):
        turns = [(0, library), (1, module)]
        for which, command in turns if number % 2 == 0 else reversed(turns):
            for name, value in zip(wanted, seconds(command, **setting)):
                found[name][which].append(value)
    return found


def print_above(found):
    print(f"\n{'':28} {'library':>12} {'module':>12} {'ratio':>8} {'a call':>12}")
    for name, (library, module) in found.items():
        ratio = statistics.median(m / c for c, m in zip(library, module))
        call = statistics.median(m - c for c, m in zip(library, module))
        times = [f"{statistics.median(values) * 1e3:9.3f} ms" for values in (library, module)]
        print(f"{name:28} {times[0]:>12} {times[1]:>12} {ratio:8.3f} {call * 1e6:+9.1f} us")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", type=int, default=384)
    options = parser.parse_args()
    build = options.build.resolve()
    python, site = str(build / "python" / "copick1" / "bin" / "python"), build / "wheel" / "site"
    figures = {True: {}, False: {}}
    with tempfile.TemporaryDirectory(prefix="copick-bench-") as folder:
        subprocess.run([python, "-c", MAKE, str(options.side)], cwd=folder, env=environment(), check=True)
        for _ in range(options.rounds):
            for native in (False, True):
                setting = {"cwd": folder, "env": environment(site if native else None)}
                found = {"import and open": timed([python, "-c", of(IMPORT, native)], **setting)}
                done = subprocess.run([python, "-c", of(MEASURE, native)], check=True, stdout=subprocess.PIPE, text=True, **setting)
                found |= json.loads(done.stdout)
                for name, value in found.items():
                    figures[native].setdefault(name, []).append(value)
        setting = {"cwd": folder, "env": environment(site)}
        above = above_the_library(build, python, setting, regions(options.side), 2 * options.rounds + 1)
    print(f"float32 tomogram of {options.side} voxels a side, as the reference writes it; median of {options.rounds} (spread)")
    print(f"{'':28} {'copick 1.31':26} {'copick_native':26} {'ratio':>8}")
    for name, (unit, _) in CASES.items():
        print(row(name, unit, figures[False][name], figures[True][name]))
    print("\n".join(f"  {name}: {what}" for name, (_, what) in CASES.items()))
    print_above(above)
    return 0


if __name__ == "__main__":
    sys.exit(main())
