"""A peer's half of the comparison over links: does one thing once, as remote.cpp does, and prints the same.

    peers.py list CONFIG RUNS             copick 1: the first RUNS runs of a project with all their entities
    peers.py plane CONFIG RUN             copick 1: opens the run's first tomogram, reads its middle z plane
    peers.py obstore URL BUCKET PREFIX    every value below the prefix, all under way at once
    peers.py tensorstore URL BUCKET PREFIX
    peers.py array URL BUCKET PATH        tensorstore: a Zarr v2 array, whole

What the imports cost is not counted, nor what listing the values costs.
"""

import asyncio
import json
import os
import sys
import time


def copick_entities(config, count):
    import copick

    def work():
        found = 0
        for run in copick.from_file(config).runs[: int(count)]:
            for spacing in run.voxel_spacings:
                for tomogram in spacing.tomograms:
                    found += 1 + len(tomogram.features)
            found += len(run.picks) + len(run.meshes) + len(run.segmentations)
        return found

    return work


def copick_plane(config, name):
    import copick
    import zarr

    def work():
        tomogram = copick.from_file(config).get_run(name).voxel_spacings[0].tomograms[0]
        array = zarr.open(tomogram.zarr(), mode="r")["0"]
        return array[array.shape[0] // 2].nbytes

    return work


def obstore_values(url, bucket, prefix):
    import obstore
    from obstore.store import S3Store

    store = S3Store(bucket, endpoint=url, region="us-east-1", access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
                    secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"], client_options={"allow_http": True})
    keys = [one["path"] for page in obstore.list(store, prefix + "/") for one in page]

    async def get(key):
        return len(await (await obstore.get_async(store, key)).bytes_async())

    async def all_of_them():
        return sum(await asyncio.gather(*[get(key) for key in keys]))

    return lambda: asyncio.run(all_of_them())


def tensorstore_kvstore(url, bucket, path):
    return {"driver": "s3", "bucket": bucket, "path": path, "endpoint": url, "aws_region": "us-east-1",
            "aws_credentials": {"type": "environment"}}


def tensorstore_values(url, bucket, prefix):
    import tensorstore

    store = tensorstore.KvStore.open(tensorstore_kvstore(url, bucket, prefix + "/")).result()
    keys = store.list().result()
    return lambda: sum(len(one.result().value) for one in [store.read(key) for key in keys])


def tensorstore_array(url, bucket, path):
    import tensorstore

    kvstore = tensorstore_kvstore(url, bucket, path + "/")
    return lambda: tensorstore.open({"driver": "zarr", "kvstore": kvstore}).result().read().result().nbytes


VERBS = {"list": copick_entities, "plane": copick_plane, "obstore": obstore_values, "tensorstore": tensorstore_values,
         "array": tensorstore_array}

if __name__ == "__main__":
    work = VERBS[sys.argv[1]](*sys.argv[2:])
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    report = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "found": found}
    print(json.dumps(report), flush=True)
    os._exit(0)  # threads of a peer now and then crash while the interpreter ends
