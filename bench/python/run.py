"""copick_native beside the Python package, and beside the library below it: time, memory and ratios of what scripts do most.

    python run.py BUILD_FOLDER [--rounds N] [--side VOXELS] [--points N] [--only TABLE...]

Needs BUILD_FOLDER/wheel/site (tools/python_wheel), BUILD_FOLDER/python/copick1 (tools/python_environments), and for the last
table BUILD_FOLDER/bin/copick_bench_regions. Takes about two minutes, most of them the reference's; each table is printed when it
is measured. Both modules run in one environment, each figure in fresh processes, turn about: the best of them, the median, and
the ratio of the medians. The data are read from the page cache.

  opening   import, open, list the runs; the whole process less that of a Python that does nothing, and from inside
  picks     a large picks file to arrays, with memory; a tenth of them back to disk
  volumes   regions as a script reads them
  names     get_run, get_voxel_spacing, get_tomograms, get_picks in loops over all runs
  overhead  what a call costs above the library: the same regions into an array that is there already, by copick_bench_regions
            (C++) and through Python, turn about; the ratio of the best, and of the pairs the median and the middle half
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent / "programs"
TABLES = ("opening", "picks", "volumes", "names", "overhead")
RUNS = 60


class Bench:
    """Runs programs in the project's folder."""

    def __init__(self, build, folder):
        self.python = str(build / "python" / "copick1" / "bin" / "python")
        self.library = str(build / "bin" / "copick_bench_regions")
        self.folder = folder
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        self.environments = {"copick": clean, "copick_native": clean | {"PYTHONPATH": str(build / "wheel" / "site")}}

    def run(self, command, module="copick"):
        """What a process prints, and its wall seconds."""
        begin = time.perf_counter()
        environment = self.environments[module]
        done = subprocess.run(command, cwd=self.folder, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout, time.perf_counter() - begin

    def program(self, name, module, *arguments):
        """The figures that a program prints for a module, and the process's seconds."""
        command = [self.python, str(PROGRAMS / f"{name}.py"), module, *map(str, arguments)]
        text, took = self.run(command, module)
        return json.loads(text), took

    def both(self, name, theirs, ours, *arguments):
        """By figure the values of the reference and of ours, so many fresh processes of each, turn about."""
        figures = {}
        for number in range(max(theirs, ours)):
            for which, module in enumerate(("copick", "copick_native")):
                if number < (theirs, ours)[which]:
                    for figure, value in self.program(name, module, *arguments)[0].items():
                        figures.setdefault(figure, ([], []))[which].append(value)
        return figures


def text_of(name, values):
    if name.endswith("MB"):
        scale, unit = 1, "MB"
    else:
        scale, unit = (1e3, "ms") if statistics.median(values) >= 1e-3 else (1e6, "us")
    return f"{min(values) * scale:9.2f} /{statistics.median(values) * scale:9.2f} {unit}"


def show(figures):
    print(f"{'best / median':28} {'copick':>24} {'copick_native':>24} {'ratio':>9}")
    for name, (theirs, ours) in figures.items():
        ratio = statistics.median(theirs) / max(statistics.median(ours), 1e-9)
        print(f"{name:28} {text_of(name, theirs):>24} {text_of(name, ours):>24} {ratio:8.1f}x")


def opening(bench, options):
    """A process in which Python does nothing beside one that opens, one of each a round."""
    whole = "whole process less bare"
    figures = {}
    bare = [bench.run([bench.python, "-c", "pass"])[1] for _ in range(4 * options.rounds)]
    for number in range(4 * options.rounds):
        for which, module in enumerate(("copick", "copick_native")):
            if which == 0 and number >= options.rounds:
                continue
            bare.append(bench.run([bench.python, "-c", "pass"])[1])
            found, took = bench.program("opening", module)
            found[whole] = took - statistics.median(bare)
            for name, value in found.items():
                figures.setdefault(name, ([], []))[which].append(value)
    show(figures)
    print(f"a bare Python: {text_of('', bare).strip()}")


def picks(bench, options):
    print(f"{options.points} points")
    show(bench.both("picks", 2, options.rounds, options.points))


def volumes(bench, options):
    print(f"float32, {options.side} voxels a side, a cube of 64, a z plane, one voxel")
    show(bench.both("volumes", 2, options.rounds))


def names(bench, options):
    print(f"{RUNS} runs")
    show(bench.both("names", options.rounds, options.rounds))


class Asked:
    """A program that answers a line with a line, as long as this lives."""

    def __init__(self, bench, command):
        self.process = subprocess.Popen(
            command, cwd=bench.folder, env=bench.environments["copick_native"], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def seconds(self, question):
        self.process.stdin.write(question + "\n")
        return float(self.process.stdout.readline())


def overhead(bench, options):
    """Turn about, region by region: whatever else the machine does meets both. New processes now and then, for some are unlucky
    with the places of their memory."""
    side = options.side
    middle, quarter = side // 2, side // 4
    wanted = {  # turns, reads in a turn of which the shortest counts, and z, y, x from and to
        "z plane": (20, 5, (middle, middle + 1, 0, side, 0, side)),
        "cube": (20, 5, (quarter, quarter + 64) * 3),
        "whole": (5, 2, (0, side) * 3),
        "one voxel": (20, 40, (0, 1) * 3),
    }
    commands = (
        [bench.library, "config.json", "TS_000", "10", "wbp"],
        [bench.python, str(PROGRAMS / "regions.py"), "copick_native"],
    )
    found = {name: ([], []) for name in wanted}
    for _ in range(2 * options.rounds):
        with Asked(bench, commands[0]) as library, Asked(bench, commands[1]) as module:
            for name, (turns, reads, region) in wanted.items():
                question = " ".join(map(str, (reads, *region)))
                for number in range(turns):
                    pair = [(0, library), (1, module)]
                    for which, asked in pair if number % 2 == 0 else reversed(pair):
                        found[name][which].append(asked.seconds(question))
    print(f"{'best / median':28} {'library':>24} {'module':>24} {'best':>7} {'ratio':>7} {'middle half':>15} {'a call':>12}")
    for name, (cpp, python) in found.items():
        low, ratio, high = statistics.quantiles((p / c for c, p in zip(cpp, python)), n=4)
        call = statistics.median(p - c for c, p in zip(cpp, python))
        print(
            f"{name:28} {text_of(name, cpp):>24} {text_of(name, python):>24} {min(python) / min(cpp):7.3f} {ratio:7.3f} "
            f"{f'{low:.3f}-{high:.3f}':>15} {call * 1e6:+9.1f} us",
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", type=int, default=384)
    parser.add_argument("--points", type=int, default=300_000)
    parser.add_argument("--only", nargs="+", choices=TABLES, default=TABLES)
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="copick-bench-") as folder:
        bench = Bench(options.build.resolve(), folder)
        print("making the project", end=" ", flush=True)
        bench.run([bench.python, str(PROGRAMS / "make.py"), str(options.side), str(options.points), str(RUNS)])
        print(f"took {time.perf_counter() - begin:.0f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        for table in TABLES:
            if table in options.only:
                begin = time.perf_counter()
                print(f"\n--- {table}")
                globals()[table](bench, options)
                print(f"took {time.perf_counter() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
