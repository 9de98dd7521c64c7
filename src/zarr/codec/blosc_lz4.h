// Blosc chunks of lz4 and byte planes, made from elements wherever they lie: rows of a mapped file
// go to the planes without being copied first. The bytes are those that libblosc makes.
//
// Source: c-blosc README_CHUNK_FORMAT; blosc_c() of libblosc 1.21. Threads: immutable.
#pragma once

#include "zarr/codec/blosc_settings.h"
#include "zarr/codec/piece_encoder.h"

#include <array>
#include <cstddef>
#include <optional>

namespace copick::zarr {

class BloscLz4 {
 public:
  // For chunks of `size` bytes. nullopt: other settings than lz4 with byte planes of elements of 2,
  // 4 or 8 bytes, or a size that is not whole blocks.
  static std::optional<BloscLz4> of(const BloscSettings& settings, std::size_t size);

  // Bytes of the blocks that libblosc cuts such chunks into; 0: other settings.
  static std::size_t block_of(const BloscSettings& settings);

  // Bytes of the scratch that compress() needs.
  std::size_t scratch() const { return block_; }
  // `elements` have `size` bytes in all; padded ones are of the settings' size each. The length of
  // the chunk that now stands in front of `out`; 0: it does not fit.
  std::size_t compress(const PaddedView& elements, MutableByteView out,
                       MutableByteView scratch) const;

 private:
  class Writer;
  BloscLz4() = default;

  std::array<std::byte, 16> header_{};
  std::size_t size_ = 0, block_ = 0, item_ = 0;
  int acceleration_ = 1;
};

}  // namespace copick::zarr
