"""Several processes and threads read one project."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import copick
from report import show


def total(path, run, spacing):
    root = copick.from_file(path)
    tomogram = root.get_run(run).get_voxel_spacing(spacing).get_tomograms("wbp")[0]
    return float(tomogram.numpy().sum()), len(root.get_run(run).picks)


if __name__ == "__main__":
    root = copick.from_file("config.json")
    expected = total("config.json", "TS_001", 13.48)
    show("one", expected)
    jobs = [("config.json", "TS_001", 13.48)] * 4 + [("config.json", "TS_002", 13.48)] * 2
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            show(method, list(pool.map(total, *zip(*jobs))))
    tomogram = root.get_run("TS_001").get_voxel_spacing(13.48).get_tomograms("wbp")[0]
    with ThreadPoolExecutor(4) as pool:
        planes = list(pool.map(lambda z: float(tomogram.numpy(z=slice(z, z + 1)).sum()), range(8)))
    show("threads", planes)
