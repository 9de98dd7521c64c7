"""What the Zarr packages of this environment can write and read.

all_cases() gives (name, write): write(folder, values) stores an array in the folder and returns all it holds, as the
package itself reads it back where a codec loses something.
"""

import itertools

import numpy as np
import zarr
from numcodecs import (BZ2, LZ4, LZMA, AsType, BitRound, Blosc, CRC32, Adler32, Delta, FixedScaleOffset, GZip, PackBits,
                       Quantize, Shuffle, Zlib, Zstd)

ZARR3 = int(zarr.__version__.split(".")[0]) >= 3
FORMATS = [2, 3] if ZARR3 else [2]
NAMES = [f"zarr {zarr.__version__}"]
TYPES = ["|b1", "|i1", "<i2", ">i2", "<i4", ">i4", "<i8", "|u1", ">u2", "<u4", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8",
         ">f8", "<c8", ">c8", "<c16"]
NATIVE = [t for t in TYPES if t[0] != ">"]
SHAPE, CHUNKS = (9, 20, 17), (4, 8, 8)
LARGE, LARGE_CHUNKS = (64, 130, 160), (64, 128, 160)  # large enough that Blosc chunks are read in blocks


def compressors():
    for cname, shuffle in itertools.product(["blosclz", "lz4", "lz4hc", "zlib", "zstd"], [-1, 0, 1, 2]):
        yield f"blosc-{cname}-{shuffle}", Blosc(cname, 5, shuffle)
    yield from [("blosc-stored", Blosc("lz4", 0, 0)), ("blosc-blocks", Blosc("lz4", 9, 1, blocksize=256)), ("none", None),
                ("zstd", Zstd(3)), ("gzip", GZip(3)), ("zlib", Zlib(3)), ("lz4", LZ4()), ("bz2", BZ2()), ("lzma", LZMA())]


def filters():
    yield from [("delta", "<i4", [Delta("<i4")]), ("delta-narrow", "<i4", [Delta("<i4", "<i2")]),
                ("shuffle", "<f4", [Shuffle(4)]), ("scale", "<f8", [FixedScaleOffset(0, 10, "<f8", "<i4")]),
                ("quantize", "<f4", [Quantize(1, "<f4")]), ("bitround", "<f4", [BitRound(10)]),
                ("astype", "<f8", [AsType("<f4", "<f8")]), ("packbits", "|b1", [PackBits()]),
                ("delta-shuffle", "<i8", [Delta("<i8"), Shuffle(8)]), ("crc32", "<i4", [CRC32()]),
                ("adler32", "<i4", [Adler32()])]


def zarr_python(version, **options):
    """An array by zarr-python, which also says what it holds: a codec may lose something, and some chunks are absent."""
    options = {"shape": SHAPE, "chunks": CHUNKS, "dtype": "<f4", "fill_value": 7} | options
    written = options.pop("written", None)

    def write(folder, values):
        if ZARR3:
            array = zarr.create_array(store=folder, zarr_format=version, **options)
        else:
            array = zarr.open(folder, mode="w", **options)
        part = tuple(slice(b, e) for b, e in written) if written else ...
        array[part] = values(array.shape, options["dtype"])[part]
        return array[...]

    return write


def v2_cases():
    def case(name, **options):
        if ZARR3:
            compressor = options.pop("compressor", Blosc())
            separator = options.pop("dimension_separator", ".")
            options |= {"compressors": compressor, "chunk_key_encoding": {"name": "v2", "separator": separator}}
        return f"v2-{name}", zarr_python(2, **options)

    for dtype, order in itertools.product(TYPES, "CF"):
        yield case(f"{dtype.strip('<|>')}{'big' if dtype[0] == '>' else ''}-{order}", dtype=dtype, order=order,
                   fill_value=1)
    for name, compressor in compressors():
        yield case(name, compressor=compressor)
        yield case(f"{name}-F-big", compressor=compressor, order="F", dtype=">f8", dimension_separator="/")
    for name, dtype, chain in filters():
        for end, compressor in (("blosc", Blosc()), ("zlib", Zlib(1)), ("none", None)):
            yield case(f"filter-{name}-{end}", dtype=dtype, filters=chain, compressor=compressor, fill_value=0)
    for name, fill in (("nan", float("nan")), ("inf", float("inf")), ("minus-inf", float("-inf")), ("number", -2.5)):
        yield case(f"fill-{name}", fill_value=fill, written=[[4, 9], [0, 8], [3, 5]])
    yield case("one-axis", shape=(101,), chunks=(10,))
    yield case("two-axes", shape=(31, 7), chunks=(8, 7), order="F")
    yield case("four-axes", shape=(2, 5, 6, 7), chunks=(1, 2, 3, 4), dimension_separator="/")
    yield case("five-axes", shape=(2, 3, 4, 5, 6), chunks=(1, 2, 3, 4, 5))
    for cname, order in itertools.product(["lz4", "zstd", "blosclz"], "CF"):
        yield case(f"large-{cname}-{order}", shape=LARGE, chunks=LARGE_CHUNKS, compressor=Blosc(cname, 1, 1), order=order)


def v3_codecs():
    from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, TransposeCodec, ZstdCodec
    from zarr.codecs import numcodecs as nc

    for cname, shuffle in itertools.product(["blosclz", "lz4", "lz4hc", "zlib", "zstd"],
                                            ["noshuffle", "shuffle", "bitshuffle"]):
        yield f"blosc-{cname}-{shuffle}", dict(compressors=[BloscCodec(cname=cname, shuffle=shuffle)])
    yield "gzip", dict(compressors=[GzipCodec()])
    yield "zstd", dict(compressors=[ZstdCodec(level=3)])
    yield "zstd-checksum", dict(compressors=[ZstdCodec(level=3, checksum=True), Crc32cCodec()])
    yield "none", dict(compressors=None)
    yield "crc32c", dict(compressors=[Crc32cCodec()])
    yield "big", dict(serializer=BytesCodec(endian="big"), dtype="<f8")
    yield "big-none", dict(serializer=BytesCodec(endian="big"), compressors=None, dtype="<i2")
    for order in itertools.permutations(range(3)):
        yield "transpose-" + "".join(map(str, order)), dict(filters=[TransposeCodec(order=order)])
    yield "transpose-big-none", dict(filters=[TransposeCodec(order=(2, 0, 1))], serializer=BytesCodec(endian="big"),
                                     compressors=None)
    yield "shuffle-zstd", dict(compressors=[nc.Shuffle(elementsize=4), ZstdCodec(level=3)])
    for name, codec in (("lz4", nc.LZ4()), ("bz2", nc.BZ2()), ("lzma", nc.LZMA()), ("zlib", nc.Zlib()),
                        ("nc-zstd", nc.Zstd()), ("nc-gzip", nc.GZip()), ("nc-blosc", nc.Blosc())):
        yield name, dict(compressors=[codec])


def v3_cases():
    for name, options in v3_codecs():
        yield f"v3-{name}", zarr_python(3, **options)
        yield f"v3-sharded-{name}", zarr_python(3, shards=(8, 16, 16), written=[[0, 9], [0, 18], [2, 17]], **options)
    for dtype in NATIVE:
        yield f"v3-{dtype.strip('<|')}", zarr_python(3, dtype=dtype, fill_value=1)
        yield f"v3-sharded-{dtype.strip('<|')}", zarr_python(3, dtype=dtype, shards=(12, 24, 24), fill_value=1)
    for name, separator in itertools.product(["default", "v2"], "./"):
        encoding = {"name": name, "separator": separator}
        yield f"v3-keys-{name}-{'dot' if separator == '.' else 'slash'}", zarr_python(3, chunk_key_encoding=encoding)
    for name, fill in (("nan", float("nan")), ("inf", float("inf")), ("minus-inf", float("-inf"))):
        yield f"v3-fill-{name}", zarr_python(3, fill_value=fill, written=[[4, 9], [0, 8], [3, 5]])
    yield "v3-large", zarr_python(3, shape=LARGE, chunks=LARGE_CHUNKS,
                                  compressors=[zarr.codecs.BloscCodec(cname="lz4", clevel=1)])
    for place in ("start", "end"):
        yield f"v3-index-{place}", sharded_at(place)


def sharded_at(place):
    codec = zarr.codecs.ShardingCodec(chunk_shape=CHUNKS, index_location=place)
    return zarr_python(3, chunks=(8, 16, 16), serializer=codec, compressors=None, filters=None)


def tensorstore_cases():
    import tensorstore

    NAMES.append("tensorstore")

    def write_with(spec, dtype, order=None):
        def write(folder, values):
            store = {"kvstore": {"driver": "file", "path": folder}, "create": True}
            array = tensorstore.open(spec | store).result()
            data = values(tuple(array.shape), dtype)
            array[...].write(data).result()
            return data

        return write

    for dtype, order, separator in itertools.product(["<f4", ">f4", "<i2", ">u2", "|u1", "<f8", "|b1", "<c8"], "CF", "./"):
        for name, compressor in (("blosc", {"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1}), ("none", None),
                                 ("zlib", {"id": "zlib", "level": 1}), ("zstd", {"id": "zstd", "level": 1}),
                                 ("bz2", {"id": "bz2", "level": 1})):
            meta = {"shape": SHAPE, "chunks": CHUNKS, "dtype": dtype, "order": order, "compressor": compressor,
                    "dimension_separator": separator, "fill_value": None}
            label = f"{dtype.strip('<|>')}-{'big' if dtype[0] == '>' else 'little'}-{order}-{ord(separator)}-{name}"
            yield f"tensorstore-v2-{label}", write_with({"driver": "zarr", "metadata": meta}, dtype)
    bytes_codec = [{"name": "bytes", "configuration": {"endian": "little"}}]
    chains = {
        "bytes": bytes_codec, "big": [{"name": "bytes", "configuration": {"endian": "big"}}],
        "transpose": [{"name": "transpose", "configuration": {"order": [2, 0, 1]}}, *bytes_codec],
        "gzip": [*bytes_codec, {"name": "gzip", "configuration": {"level": 1}}],
        "zstd": [*bytes_codec, {"name": "zstd", "configuration": {"level": 1}}, {"name": "crc32c"}],
        "blosc": [*bytes_codec, {"name": "blosc", "configuration": {"cname": "lz4", "clevel": 5, "shuffle": "shuffle",
                                                                   "typesize": 4, "blocksize": 0}}],
    }
    for (name, chain), place in itertools.product(chains.items(), (None, "start", "end")):
        codecs, outer = chain, CHUNKS
        if place:
            outer = (8, 16, 16)
            index = [*bytes_codec, {"name": "crc32c"}] if place == "end" else bytes_codec
            codecs = [{"name": "sharding_indexed", "configuration": {
                "chunk_shape": CHUNKS, "codecs": chain, "index_codecs": index, "index_location": place}}]
        meta = {"shape": SHAPE, "data_type": "float32", "fill_value": 0.0, "codecs": codecs,
                "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": outer}}}
        yield f"tensorstore-v3-{name}-{place or 'plain'}", write_with({"driver": "zarr3", "metadata": meta}, "<f4")


def zarrs_cases():
    import zarrs  # noqa: F401

    NAMES.append("zarrs")

    def through(write):
        def write_with_zarrs(folder, values):
            with zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"}):
                return write(folder, values)

        return write_with_zarrs

    for name, options in v3_codecs():
        if name.startswith(("blosc", "gzip", "zstd", "none", "big", "transpose", "crc32c")):
            yield f"zarrs-{name}", through(zarr_python(3, **options))
            yield f"zarrs-sharded-{name}", through(zarr_python(3, shards=(8, 16, 16), **options))


def all_cases():
    yield from v2_cases()
    if ZARR3:
        yield from v3_cases()
        yield from tensorstore_cases()
        yield from zarrs_cases()


def read_by_zarr(folder, _version):
    return zarr.open(folder, mode="r")[...]


def read_by_zarrs(folder, version):
    with zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"}):
        return read_by_zarr(folder, version)


def read_by_tensorstore(folder, version):
    import tensorstore

    driver = "zarr3" if version == 3 else "zarr"
    return tensorstore.open({"driver": driver, "kvstore": {"driver": "file", "path": folder}}).result().read().result()


READERS = {"zarr": read_by_zarr}
if ZARR3:
    READERS |= {"zarrs": read_by_zarrs, "tensorstore": read_by_tensorstore}


def can_read(peer, item):
    """tensorstore knows no numcodecs.shuffle, which the reference gives floats of version 3."""
    dtype = np.dtype(item["dtype"])
    return peer != "tensorstore" or item["zarr_format"] == 2 or dtype.kind in "iub"
