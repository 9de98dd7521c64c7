"""One peer's half of the comparison: reads.py PEER IMAGE WORKLOADS ROUNDS, printing {"name": [milliseconds, ...]}.

PEER is zarr, zarrs or tensorstore. Terms are those of reads.cpp.
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
        return lambda index: array[index].read().result()
    import zarr

    if peer == "zarrs":
        import zarrs  # noqa: F401

        zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"})
    array = zarr.open_array(path, mode="r")
    return lambda index: array[index]


def zarr_format(path):
    import os

    return 3 if os.path.exists(path + "/zarr.json") else 2


def main(peer, image, workloads, rounds):
    read = opener(peer, image)
    report = {}
    with open(workloads) as file:
        for name, regions in json.load(file).items():
            indices = [tuple(slice(b, e) for b, e in region) for region in regions]
            report[name] = []
            for _ in range(int(rounds)):
                begin = time.perf_counter()
                for index in indices:
                    read(index)
                report[name].append(1e3 * (time.perf_counter() - begin))
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
