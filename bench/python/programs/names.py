"""MODULE: seconds of a look-up by name, one after the other over all runs: cold, when nothing has been listed, and warm, again."""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")
copick = __import__(sys.argv[1])
names = [run.name for run in copick.from_file("config.json").runs]


def loop(call, things):
    begin = time.perf_counter()
    found = [call(thing) for thing in things]
    took = time.perf_counter() - begin
    assert all(found)
    return found, took / len(things)


def each(root, mark):
    runs, run = loop(root.get_run, names)
    spacings, spacing = loop(lambda run: run.get_voxel_spacing(10.0), runs)
    _, tomogram = loop(lambda spacing: spacing.get_tomograms("wbp"), spacings)
    _, picks = loop(lambda run: run.get_picks("ribosome", "user", "2"), runs)
    found = {"get_run": run, "get_voxel_spacing": spacing, "get_tomograms": tomogram, "get_picks": picks}
    return {f"{name}, {mark}": took for name, took in found.items()}


cold = copick.from_file("config.json")
figures = each(cold, "cold")
# Handles that get_run makes before the runs are listed are new ones each time, so the lists are looked at first.
for run in cold.runs:
    _ = run.picks, [spacing.tomograms for spacing in run.voxel_spacings]
warm = [each(cold, "warm") for _ in range(5)]
figures |= {name: min(one[name] for one in warm) for name in warm[0]}
print(json.dumps(figures))
