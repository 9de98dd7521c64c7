"""MODULE: seconds of reading regions of the tomogram, the shortest of a few."""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")
copick = __import__(sys.argv[1])
tomogram = copick.from_file("config.json").get_run("TS_000").get_voxel_spacing(10.0).get_tomograms("wbp")[0]
side = tomogram.numpy(z=slice(0, 1)).shape[-1]
middle, cube = slice(side // 2, side // 2 + 1), slice(side // 4, side // 4 + 64)


def best(call, times):
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        took.append(time.perf_counter() - begin)
    return min(took)


figures = {
    "z plane": best(lambda: tomogram.numpy(z=middle), 4),
    "cube": best(lambda: tomogram.numpy(z=cube, y=cube, x=cube), 4),
    "whole": best(tomogram.numpy, 2),
    "one voxel": best(lambda: tomogram.numpy(z=slice(0, 1), y=slice(0, 1), x=slice(0, 1)), 10),
}
print(json.dumps(figures))
