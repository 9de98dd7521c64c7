"""Writes levels.bin: volumes and their next level, as copick's own pyramid functions make them.

Run with copick 1.31.0 and 2.0.0a6 (numpy 2.4.6, scikit-image 0.26.0): both give the same file.

    python make.py levels.bin

The file is a sequence of records, all little-endian:
    method   int32        0 volume_pyramid (mean), 1 segmentation_pyramid (nearest)
    dtype    12 bytes     numpy name, padded with zeros
    source   3 x int32    shape (z, y, x)
    level    3 x int32    shape of the next level
    source elements, level elements (C order)
"""

import struct
import sys
import warnings

import numpy as np
from copick.util.ome import segmentation_pyramid, volume_pyramid

warnings.simplefilter("ignore")
rng = np.random.default_rng(20260101)

MEAN_SHAPES = [
    (1, 1, 1), (2, 2, 2), (1, 1, 5), (1, 5, 1), (5, 1, 1), (3, 3, 2), (4, 4, 1), (2, 6, 2), (5, 2, 2), (5, 1, 2),
    (1, 2, 6), (4, 1, 7), (2, 2, 40), (3, 5, 7), (4, 6, 8), (5, 5, 5), (2, 3, 37),
]
MEAN_TYPES = ["float32", "float64", "float16", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool"]
LABEL_SHAPES = [(n, 1, 1) for n in range(1, 10)] + [(1, n, 10 - n) for n in range(1, 10)] + [(3, 5, 7), (6, 9, 4)]
LABEL_TYPES = ["uint8", "uint16", "uint32"]


def values(shape, dtype):
    if dtype == "bool":
        return rng.integers(0, 4, shape) == 0
    if dtype.startswith("float"):
        # Magnitudes far apart: any other order of additions shows in the last bits.
        spread = 2 if dtype == "float16" else 8
        return (rng.standard_normal(shape) * 10.0 ** rng.uniform(-spread, spread, shape)).astype(dtype)
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


def special(dtype):
    v = np.zeros((4, 4, 8), dtype)
    v[:2, :2, :2] = -0.0
    v[:2, :2, 2:4] = np.finfo(dtype).max
    v[0, 0, 4] = np.inf
    v[2, 0, 0] = np.nan
    v[2:, 2:, 2:4] = np.finfo(dtype).smallest_subnormal
    v[2, 2, 4] = np.finfo(dtype).smallest_subnormal * 3
    return v


def record(out, method, source, level):
    assert source.dtype == level.dtype
    out.write(struct.pack("<i12s6i", method, source.dtype.name.encode(), *source.shape, *level.shape))
    out.write(np.ascontiguousarray(source).tobytes())
    out.write(np.ascontiguousarray(level).tobytes())


with open(sys.argv[1], "wb") as out:
    for dtype in MEAN_TYPES:
        volumes = [values(shape, dtype) for shape in MEAN_SHAPES]
        if dtype.startswith("float"):
            volumes += [special(dtype)] + [np.full(shape, -0.0, dtype) for shape in [(2, 2, 4), (2, 4, 2), (1, 1, 1)]]
        for volume in volumes:
            record(out, 0, volume, volume_pyramid(volume, 10.0, 2, np.dtype(dtype))[20.0])
    for dtype in LABEL_TYPES:
        for shape in LABEL_SHAPES:
            # Integers that float64 keeps: the reference interpolates labels in float64.
            labels = values(shape, dtype)
            record(out, 1, labels, segmentation_pyramid(labels, 10.0, 2, np.dtype(dtype))[20.0])
