"""dask.distributed: four worker processes read handles that were sent to them."""

import logging

import numpy as np
from dask.distributed import Client, LocalCluster
from report import show
from training_project import SPACING, make


def plane_sum(tomogram, z):
    return float(tomogram.numpy(z=slice(z, z + 1)).astype(np.float64).sum())


def count(config, run):
    import copick

    return sum(len(p.points) for p in copick.from_file(config).get_run(run).picks)


logging.disable(logging.CRITICAL)  # the scheduler names its ports

if __name__ == "__main__":
    root = make()
    tomograms = [root.get_run(n).get_voxel_spacing(SPACING).get_tomograms("wbp")[0] for n in ("train-1", "train-2")]
    with LocalCluster(n_workers=4, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        jobs = [client.submit(plane_sum, t, z, pure=False) for t in tomograms for z in range(0, 64, 8)]
        show("planes", client.gather(jobs))
        show("points", client.gather([client.submit(count, "config.json", run.name, pure=False) for run in root.runs]))
