// LZ4 blocks that are mostly long runs: planes of sign bits, padding, labels.
//
// liblz4 is made for short matches and copies a run sixteen bytes at a time, each waiting for the
// one before. Here a run is filled at the speed of memory, and reading stops where no more is
// wanted. Streams of short matches are better left to liblz4.
//
// Source: the LZ4 block format. Nothing in a stream is trusted. Threads: pure function.
#pragma once

#include <copick/bytes.h>

#include <cstddef>

namespace copick::zarr {

// Whether a stream of this size that holds `decoded` bytes is mostly long runs.
constexpr bool is_mostly_runs(std::size_t stream, std::size_t decoded) {
  return stream < decoded / 16;
}

// Decodes at least the first `wanted` bytes of `out`; what lies behind them may be written to.
// False: the stream is broken before that.
bool decode_lz4_runs(ByteView stream, MutableByteView out, std::size_t wanted);

}  // namespace copick::zarr
