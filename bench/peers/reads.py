"""One peer's half of the comparison: reads.py PEER IMAGE WORKLOADS ROUNDS, printing what reads.cpp prints.

PEER is zarr, zarrs or tensorstore. None of them takes several regions in one call; tensorstore is asked for all before it
is waited for. With --update as a fifth argument the regions are written, as reads.cpp does it.
"""

import json
import sys
import time


def opener(peer, image):
    path = image + "/0"
    if peer == "tensorstore":
        import tensorstore

        driver = "zarr3" if zarr_format(path) == 3 else "zarr"
        array = tensorstore.open({"driver": driver, "kvstore": {"driver": "file", "path": path}}).result()
        return lambda indices: [future.result() for future in [array[index].read() for index in indices]]
    array = zarr_for(peer).open_array(path, mode="r")
    return lambda indices: [array[index] for index in indices]


def zarr_for(peer):
    import zarr

    if peer == "zarrs":
        import zarrs  # noqa: F401

        zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"})
    return zarr


def zarr_format(path):
    import os

    return 3 if os.path.exists(path + "/zarr.json") else 2


def written():
    """What this process has passed to write calls so far, in bytes."""
    with open("/proc/self/io") as file:
        return int(file.read().split("wchar:")[1].split()[0])


def updater(peer, image):
    """Writes regions, each time with other values, and reads them back."""
    import numpy

    zarr = zarr_for(peer)
    start = 1

    def update(indices):
        nonlocal start
        array = zarr.open_array(image + "/0", mode="r+")
        for index in indices:
            values = numpy.empty([s.stop - s.start for s in index], array.dtype)
            values.flat = range(start, start + values.size)
            start += values.size
            array[index] = values
            assert (array[index] == values).all()

    return update


def main(peer, image, workloads, rounds, mode=""):
    work = updater(peer, image) if mode == "--update" else opener(peer, image)
    report = {}
    with open(workloads) as file:
        for name, regions in json.load(file).items():
            indices = [tuple(slice(b, e) for b, e in region) for region in regions]
            report[name] = {"ms": [], "cpu": [], "bytes": []}
            for _ in range(int(rounds)):
                wall, cpu, before = time.perf_counter(), time.process_time(), written()
                work(indices)
                report[name]["ms"].append(1e3 * (time.perf_counter() - wall))
                report[name]["cpu"].append(1e3 * (time.process_time() - cpu))
                report[name]["bytes"].append(written() - before)
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
