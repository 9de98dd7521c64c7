// The codecs that are built in. Each is made from its settings by a function of the file that holds
// it; registry.cpp finds them by name.
#pragma once

#include "zarr/codec/settings.h"

namespace copick::zarr {

CodecPtr make_blosc(const Settings& settings);
CodecPtr make_zstd(const Settings& settings);
CodecPtr make_gzip(const Settings& settings);
CodecPtr make_zlib(const Settings& settings);
CodecPtr make_lz4(const Settings& settings);
CodecPtr make_bz2(const Settings& settings);
CodecPtr make_lzma(const Settings& settings);

CodecPtr make_shuffle(const Settings& settings);
CodecPtr make_delta(const Settings& settings);
CodecPtr make_fixed_scale_offset(const Settings& settings);
CodecPtr make_as_type(const Settings& settings);
CodecPtr make_quantize(const Settings& settings);
CodecPtr make_bit_round(const Settings& settings);
CodecPtr make_pack_bits(const Settings& settings);

CodecPtr make_crc32c(const Settings& settings);
CodecPtr make_crc32(const Settings& settings);
CodecPtr make_adler32(const Settings& settings);

}  // namespace copick::zarr
