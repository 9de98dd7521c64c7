"""MODULE POINTS: a picks file of that many points to arrays, a tenth of them back to disk; seconds and megabytes."""

import json
import resource
import sys
import time
import warnings

warnings.simplefilter("ignore")
import numpy as np  # noqa: E402, F401  (what it takes is not the module's)

copick = __import__(sys.argv[1])
points = int(sys.argv[2])


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


run = copick.from_file("config.json").get_run("TS_000")
picks = run.get_picks("ribosome", "many")[0]
before, begin = peak(), time.perf_counter()
positions, matrices = picks.numpy()
figures = {"to arrays": time.perf_counter() - begin, "peak growth, MB": peak() - before, "peak, MB": peak()}
assert positions.shape == (points, 3) and matrices.shape == (points, 4, 4)
tenth = slice(0, points // 10)
begin = time.perf_counter()
run.new_picks("ribosome", "9", "again", exist_ok=True).from_numpy(positions[tenth], matrices[tenth])
figures["a tenth from arrays"] = time.perf_counter() - begin
print(json.dumps(figures))
