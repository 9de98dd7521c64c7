// PNG: 8-bit grey, RGB and RGBA, written with deflate. Source: PNG specification (third edition), 5
// and 11.
#pragma once

#include <copick/bytes.h>

#include <cstdint>

namespace copick::format {

// `pixels` is height x width x channels (1, 3 or 4), rows top to bottom, no padding.
Bytes encode_png(ByteView pixels, std::uint32_t width, std::uint32_t height, int channels);

}  // namespace copick::format
