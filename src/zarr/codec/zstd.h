// Zstandard frames decoded with a context that the thread keeps: making one costs as much as
// decoding a small chunk. Threads: any.
#pragma once

#include <copick/bytes.h>

#include <cstddef>

namespace copick::zarr {

// Decodes all frames of `encoded` into `out`. What ZSTD_decompressDCtx answers: bytes written, or
// an error to ask ZSTD_isError about.
std::size_t zstd_decode(ByteView encoded, MutableByteView out);

}  // namespace copick::zarr
