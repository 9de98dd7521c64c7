"""One peer's half of the comparison: reads.py PEER IMAGE WORKLOADS ROUNDS, printing what reads.cpp prints.

PEER is zarr, zarrs or tensorstore. None of them takes several regions in one call; tensorstore is asked for all before it
is waited for.
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
    import zarr

    if peer == "zarrs":
        import zarrs  # noqa: F401

        zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"})
    array = zarr.open_array(path, mode="r")
    return lambda indices: [array[index] for index in indices]


def zarr_format(path):
    import os

    return 3 if os.path.exists(path + "/zarr.json") else 2


def main(peer, image, workloads, rounds):
    read = opener(peer, image)
    report = {}
    with open(workloads) as file:
        for name, regions in json.load(file).items():
            indices = [tuple(slice(b, e) for b, e in region) for region in regions]
            report[name] = {"ms": [], "cpu": []}
            for _ in range(int(rounds)):
                wall, cpu = time.perf_counter(), time.process_time()
                read(indices)
                report[name]["ms"].append(1e3 * (time.perf_counter() - wall))
                report[name]["cpu"].append(1e3 * (time.process_time() - cpu))
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
