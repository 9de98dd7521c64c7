"""MODULE: as copick_bench_regions, through Python: for each line "TIMES z0 z1 y0 y1 x0 x1" of standard input the shortest of that many
reads into one array, in seconds."""

import sys
import time

import numpy as np

copick = __import__(sys.argv[1])
tomogram = copick.from_file("config.json").get_run("TS_000").get_voxel_spacing(10.0).get_tomograms("wbp")[0]
for line in sys.stdin:
    times, z0, z1, y0, y1, x0, x1 = map(int, line.split())
    out, best = np.empty((z1 - z0, y1 - y0, x1 - x0), np.float32), 1e9
    for _ in range(times):
        begin = time.perf_counter()
        tomogram.numpy(z=slice(z0, z1), y=slice(y0, y1), x=slice(x0, x1), out=out)
        best = min(best, time.perf_counter() - begin)
    print(best, flush=True)
