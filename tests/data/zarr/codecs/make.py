"""Writes chunks encoded by others, for tests of decoding.

    python make.py v2    zarr 2.18.7, numcodecs 0.15.2   -> v2.json, v2.bin
    python make.py v3    zarr 3.1.6,  numcodecs 0.16.6   -> v3.json, v3.bin

The JSON is a list of cases: the chain of codec entries as array metadata spell them (without "bytes"), the dtype, and
offset and size of the encoded chunk and of what it decodes to in the .bin.
"""

import functools
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
version = sys.argv[1]
SHAPE = (7, 8, 9)
rng = np.random.default_rng(7)


@functools.cache
def values(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, SHAPE).astype(bool)
    if dtype.kind == "f":
        return (100 + 10 * np.sin(np.arange(np.prod(SHAPE)) / 20).reshape(SHAPE) + rng.random(SHAPE)).astype(dtype)
    ramp = np.arange(np.prod(SHAPE)).reshape(SHAPE) // 5 + rng.integers(0, 4, SHAPE)
    return ramp.astype(dtype)


cases, blob, seen = [], bytearray(), {}


def place(data):
    data = bytes(data)
    if data not in seen:
        seen[data] = len(blob)
        blob.extend(data)
    return [seen[data], len(data)]


def case(codecs, dtype, encoded, decoded):
    cases.append({"codecs": codecs, "dtype": dtype, "encoded": place(encoded), "decoded": place(decoded)})


def make_v2():
    import numcodecs

    def one(config, dtype, source=None):
        codec = numcodecs.get_codec(config)
        source = values(dtype) if source is None else source
        encoded = numcodecs.compat.ensure_bytes(codec.encode(source))
        decoded = numcodecs.compat.ensure_bytes(codec.decode(encoded))
        case([codec.get_config()], dtype, encoded, decoded)

    for cname in ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]:
        one({"id": "blosc", "cname": cname, "clevel": 5, "shuffle": 1, "blocksize": 0}, "float32")
        one({"id": "blosc", "cname": cname, "clevel": 1, "shuffle": 2, "blocksize": 512}, "uint8")
    for shuffle in [-1, 0, 1, 2]:
        one({"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": shuffle, "blocksize": 256}, "int16")
        one({"id": "blosc", "cname": "zstd", "clevel": 9, "shuffle": shuffle, "blocksize": 0}, "uint8")
    one({"id": "blosc", "cname": "lz4", "clevel": 0, "shuffle": 0, "blocksize": 0}, "int16")
    one({"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1, "blocksize": 0}, "float32",
        rng.integers(0, 256, SHAPE + (4,), "u1").view("f4")[..., 0])
    one({"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1, "blocksize": 0}, "float64")
    for dtype in ["float32", "uint8", "int16"]:
        one({"id": "zstd", "level": 1}, dtype)
        one({"id": "gzip", "level": 1}, dtype)
        one({"id": "zlib", "level": 1}, dtype)
        one({"id": "lz4", "acceleration": 1}, dtype)
        one({"id": "bz2", "level": 1}, dtype)
        one({"id": "lzma", "format": 1, "check": -1, "preset": None, "filters": None}, dtype)
    one({"id": "zstd", "level": -5, "checksum": True}, "int16")
    one({"id": "zlib", "level": -1}, "int16")
    one({"id": "gzip", "level": 0}, "uint8")
    one({"id": "gzip", "level": 9}, "int16")
    one({"id": "lzma", "format": 1, "check": 1, "preset": 9, "filters": None}, "int16")
    one({"id": "lzma", "format": 2, "check": -1, "preset": 1, "filters": None}, "int16")
    raw = [{"id": 3, "dist": 2}, {"id": 33, "preset": 1}]
    one({"id": "lzma", "format": 3, "check": -1, "preset": None, "filters": raw}, "int16")
    raw = [{"id": 0x4000000000000001, "dict_size": 4096, "lc": 0, "lp": 1}]
    one({"id": "lzma", "format": 3, "check": -1, "preset": None, "filters": raw}, "int16")

    for size in [1, 2, 3, 4, 8, 16]:
        one({"id": "shuffle", "elementsize": size}, {3: "uint8", 16: "float64"}.get(size, "int16"))
    one({"id": "shuffle", "elementsize": 4}, "float32")
    one({"id": "delta", "dtype": "<i2", "astype": "|i1"}, "int16")
    one({"id": "delta", "dtype": "<i4", "astype": "<i4"}, "int32", rng.integers(-2**31, 2**31, SHAPE).astype("i4"))
    one({"id": "delta", "dtype": ">u2", "astype": ">u2"}, "uint16", values("uint16").astype(">u2"))
    one({"id": "delta", "dtype": "<f4", "astype": "<f4"}, "float32")
    one({"id": "delta", "dtype": "<f2", "astype": "<f2"}, "float16")
    one({"id": "fixedscaleoffset", "scale": 10, "offset": 100, "dtype": "<f4", "astype": "|u1"}, "float32")
    one({"id": "fixedscaleoffset", "scale": 2.5, "offset": 90.5, "dtype": "<f8", "astype": "<i2"}, "float64")
    one({"id": "fixedscaleoffset", "scale": 3, "offset": 1, "dtype": "<f4", "astype": "<f4"}, "float32")
    one({"id": "fixedscaleoffset", "scale": 3, "offset": 1, "dtype": "<f2", "astype": "<f2"}, "float16")
    one({"id": "astype", "encode_dtype": "<f2", "decode_dtype": "<f4"}, "float32")
    one({"id": "astype", "encode_dtype": "|i1", "decode_dtype": "<f4"}, "float32")
    one({"id": "astype", "encode_dtype": ">i4", "decode_dtype": "<i2"}, "int16")
    one({"id": "astype", "encode_dtype": "|u1", "decode_dtype": "|b1"}, "bool")
    for digits in [0, 2, -1]:
        one({"id": "quantize", "digits": digits, "dtype": "<f4", "astype": "<f4"}, "float32")
    one({"id": "quantize", "digits": 1, "dtype": "<f8", "astype": "<f4"}, "float64")
    one({"id": "quantize", "digits": 1, "dtype": "<f2", "astype": "<f2"}, "float16")
    for dtype, bits in [("float16", 4), ("float32", 7), ("float32", 0), ("float64", 30), ("float32", 23)]:
        one({"id": "bitround", "keepbits": bits}, dtype)
    one({"id": "packbits"}, "bool")
    one({"id": "packbits"}, "bool", values("bool").reshape(-1)[:11])
    one({"id": "crc32"}, "int16")
    one({"id": "adler32"}, "int16")


def make_v3():
    import zarr
    from zarr import codecs as core
    from zarr.codecs import numcodecs as extra

    def one(dtype, compressors, filters=()):
        store = zarr.storage.MemoryStore()
        source = values(dtype)
        array = zarr.create_array(store, shape=SHAPE, chunks=SHAPE, dtype=dtype, filters=list(filters),
                                  compressors=list(compressors))
        array[:] = source
        chain = json.loads(store._store_dict["zarr.json"].to_bytes())["codecs"]
        chain = [entry for entry in chain if entry["name"] != "bytes"]
        case(chain, dtype, store._store_dict["c/0/0/0"].to_bytes(), np.ascontiguousarray(array[:]).tobytes())

    for cname in ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]:
        one("float32", [core.BloscCodec(cname=cname)])
    for shuffle in ["noshuffle", "shuffle", "bitshuffle"]:
        one("int16", [core.BloscCodec(cname="lz4", shuffle=shuffle, blocksize=256)])
    for dtype in ["float32", "uint8"]:
        one(dtype, [core.ZstdCodec(level=3)])
        one(dtype, [core.GzipCodec(level=5)])
        one(dtype, [core.Crc32cCodec()])
    one("int16", [core.ZstdCodec(level=0, checksum=True), core.Crc32cCodec()])
    one("float32", [extra.Shuffle(elementsize=4), core.ZstdCodec(level=3)])
    one("float16", [extra.Shuffle(), core.ZstdCodec(level=3)])
    one("float32", [extra.Blosc(cname="zstd", clevel=3, shuffle=2)])
    for codec in [extra.LZ4(), extra.Zstd(level=1), extra.Zlib(level=1), extra.GZip(level=1), extra.BZ2(level=1), extra.LZMA(),
                  extra.CRC32(), extra.CRC32C(), extra.Adler32()]:
        one("int16", [codec])
    one("int16", [], [extra.Delta(dtype="int16")])
    one("int32", [core.ZstdCodec(level=1)], [extra.Delta(dtype="<i4", astype="<i2")])
    one("float32", [], [extra.BitRound(keepbits=5)])
    one("float32", [], [extra.FixedScaleOffset(scale=10, offset=100, astype="<i2")])
    one("float32", [], [extra.Quantize(digits=1)])
    one("int16", [], [extra.AsType(encode_dtype="<i4", decode_dtype="<i2")])


make_v2() if version == "v2" else make_v3()
with open(version + ".json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
with open(version + ".bin", "wb") as out:
    out.write(blob)
print(len(cases), "cases,", len(blob), "bytes")
