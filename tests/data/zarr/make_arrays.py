"""Writes arrays_v2.json (with zarr 2.18.7) or arrays_v3.json (with zarr 3.1.6): small arrays in awkward layouts.

    python make_arrays.py

The file maps a name to {"shape", "dtype", "written", "files"}: "files" are the stored values by key, hexadecimal;
"written" is the box [[begin, end], ...] that holds values, all else is the fill value 7. The element at index i of the
whole array in C order is (37 i) mod 101; complex ones have -1 as their imaginary part.
"""

import json
from pathlib import Path

import numpy as np
import zarr

HERE = Path(__file__).parent
SHAPE = (5, 6, 7)
FILL = 7


def values(shape, dtype):
    flat = (np.arange(int(np.prod(shape, dtype=np.int64))) * 37) % 101
    flat = flat.reshape(shape)
    if np.dtype(dtype).kind == "c":
        return (flat - 1j).astype(dtype)
    if np.dtype(dtype).kind == "b":
        return flat.astype(bool)
    return flat.astype(dtype)


def record(files, array, written):
    box = written or [[0, n] for n in array.shape]
    return {"shape": list(array.shape), "dtype": str(np.dtype(array.dtype).newbyteorder("=")), "written": box,
            "files": {key: bytes(value).hex() for key, value in sorted(files.items())}}


def write(array, written):
    data = values(array.shape, array.dtype)
    part = tuple(slice(b, e) for b, e in written) if written else ...
    array[part] = data[part]


def main_v2():
    from numcodecs import LZ4, BZ2, Blosc, Delta, FixedScaleOffset, GZip, LZMA, Shuffle, Zlib, Zstd

    cases = {f"dtype-{d.strip('<|>')}": dict(dtype=d) for d in
             ["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]}
    cases |= {
        "big-i2": dict(dtype=">i2"), "big-f4": dict(dtype=">f4"), "big-f8-raw": dict(dtype=">f8", compressor=None),
        "big-c8": dict(dtype=">c8"), "big-f4-fortran": dict(dtype=">f4", order="F"),
        "fortran": dict(order="F"), "fortran-raw": dict(order="F", compressor=None),
        "raw": dict(compressor=None), "zstd": dict(compressor=Zstd(3)), "gzip": dict(compressor=GZip(3)),
        "zlib": dict(compressor=Zlib(3)), "lz4": dict(compressor=LZ4()), "bz2": dict(compressor=BZ2()),
        "lzma": dict(compressor=LZMA()), "blosc-zstd-bit": dict(compressor=Blosc("zstd", 5, Blosc.BITSHUFFLE)),
        "blosc-none": dict(compressor=Blosc("lz4", 5, Blosc.NOSHUFFLE)),
        "delta": dict(dtype="<i4", filters=[Delta("<i4")]),
        "delta-raw": dict(dtype="<i4", filters=[Delta("<i4")], compressor=None),
        "shuffle-zlib": dict(dtype="<i4", filters=[Shuffle(4)], compressor=Zlib(1)),
        "scale": dict(dtype="<f8", filters=[FixedScaleOffset(0, 10, "<f8", "<i4")]),
        "slash": dict(dimension_separator="/"), "dot": dict(dimension_separator="."),
        "one-chunk": dict(chunks=(9, 9, 9)), "exact": dict(chunks=(5, 6, 7)),
        "missing-chunks": dict(written=[[0, 5], [3, 6], [4, 7]]),
        "missing-first-slash": dict(written=[[2, 5], [3, 6], [4, 7]], chunks=(2, 3, 4), dimension_separator="/",
                                    unstated=True),
        "unstated-slash": dict(dimension_separator="/", unstated=True), "unstated-dot": dict(unstated=True),
        "one-axis": dict(shape=(11,), chunks=(4,)), "four-axes": dict(shape=(2, 3, 4, 5), chunks=(1, 2, 3, 2)),
        "no-axes": dict(shape=(), chunks=()), "no-elements": dict(shape=(0, 3, 4), chunks=(1, 3, 4)),
    }
    result = {}
    for name, options in cases.items():
        options = {"shape": SHAPE, "chunks": (2, 3, 4), "dtype": "<f4", "fill_value": FILL} | options
        unstated, written = options.pop("unstated", False), options.pop("written", None)
        store = {}
        array = zarr.create(store=store, **options)
        write(array, written)
        if unstated:
            text = bytes(store[".zarray"]).decode()
            document = json.loads(text)
            document.pop("dimension_separator", None)
            store[".zarray"] = json.dumps(document, indent=4).encode()
        result[name] = record(store, array, written)
    return result


def main_v3():
    from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec
    from zarr.codecs.numcodecs import Delta, Shuffle

    def sharded(inner, codecs, location="end", checksum=True):
        index = [BytesCodec()] + ([Crc32cCodec()] if checksum else [])
        return ShardingCodec(chunk_shape=inner, codecs=codecs, index_codecs=index, index_location=location)

    zstd = [BytesCodec(), ZstdCodec(level=3)]
    cases = {f"dtype-{d}": dict(dtype=d) for d in
             ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
              "float64", "complex64", "complex128"]}
    cases |= {
        "raw": dict(codecs=[BytesCodec()]), "big": dict(codecs=[BytesCodec(endian="big"), ZstdCodec()]),
        "big-raw": dict(codecs=[BytesCodec(endian="big")]), "gzip": dict(codecs=[BytesCodec(), GzipCodec(level=3)]),
        "blosc": dict(codecs=[BytesCodec(), BloscCodec(typesize=4, cname="lz4", shuffle="shuffle")]),
        "crc": dict(codecs=[BytesCodec(), ZstdCodec(), Crc32cCodec()]),
        "zstd-checksum": dict(codecs=[BytesCodec(), ZstdCodec(checksum=True)]),
        "transpose": dict(codecs=[TransposeCodec(order=(2, 0, 1)), *zstd]),
        "transpose-raw": dict(codecs=[TransposeCodec(order=(1, 2, 0)), BytesCodec()]),
        "two-transposes": dict(codecs=[TransposeCodec(order=(2, 0, 1)), TransposeCodec(order=(0, 2, 1)), *zstd]),
        "numcodecs-shuffle": dict(codecs=[BytesCodec(), Shuffle(elementsize=4), ZstdCodec()]),
        "numcodecs-delta": dict(dtype="int32", codecs=[Delta(dtype="<i4"), BytesCodec(), ZstdCodec()]),
        "keys-default-dot": dict(key=("default", ".")), "keys-v2-slash": dict(key=("v2", "/")),
        "keys-v2-dot": dict(key=("v2", ".")),
        "missing-chunks": dict(written=[[0, 5], [3, 6], [4, 7]]),
        "one-axis": dict(shape=(11,), chunks=(4,)), "four-axes": dict(shape=(2, 3, 4, 5), chunks=(1, 2, 3, 2)),
        "no-axes": dict(shape=(), chunks=()),
        "shard": dict(chunks=(4, 6, 8), codecs=[sharded((2, 3, 4), zstd)]),
        "shard-one": dict(chunks=(6, 6, 8), codecs=[sharded((2, 3, 4), zstd)], key=("v2", "/")),
        "shard-start": dict(chunks=(4, 6, 8), codecs=[sharded((2, 3, 4), zstd, location="start")]),
        "shard-no-crc": dict(chunks=(4, 6, 8), codecs=[sharded((2, 3, 4), zstd, checksum=False)]),
        "shard-raw": dict(chunks=(4, 6, 8), codecs=[sharded((2, 3, 4), [BytesCodec()])]),
        "shard-big": dict(chunks=(4, 6, 8), codecs=[sharded((2, 3, 4), [BytesCodec(endian="big")])]),
        "shard-transpose": dict(chunks=(4, 6, 8), codecs=[sharded((2, 3, 4), [TransposeCodec(order=(2, 1, 0)), *zstd])]),
        "shard-missing": dict(chunks=(2, 6, 8), codecs=[sharded((2, 3, 4), zstd)], written=[[0, 4], [0, 3], [4, 7]]),
    }
    result = {}
    for name, options in cases.items():
        options = {"shape": SHAPE, "chunks": (2, 3, 4), "dtype": "float32", "codecs": zstd, "key": ("default", "/"),
                   "written": None} | options
        written, key = options.pop("written"), options.pop("key")
        store = zarr.storage.MemoryStore()
        array = zarr.create(store=store, zarr_format=3, fill_value=options["dtype"] == "bool" or FILL,
                            chunk_key_encoding={"name": key[0], "configuration": {"separator": key[1]}}, **options)
        write(array, written)
        files = {k: v.to_bytes() for k, v in store._store_dict.items()}
        result[name] = record(files, array, written)
    return result


if __name__ == "__main__":
    version = zarr.__version__.split(".")[0]
    arrays = main_v2() if version == "2" else main_v3()
    (HERE / f"arrays_v{version}.json").write_text(json.dumps(arrays, indent=1) + "\n")
