// The errors of codecs, worded in one place.
#pragma once

#include "zarr/codec/codec.h"

#include <string>

namespace copick::zarr {

// CorruptError: the bytes at context.where are not what `codec` writes.
[[noreturn]] void throw_corrupt(const std::string& codec, const ChunkContext& context,
                                const std::string& why);
// The same, unless the decoded form has the size that the metadata promise.
void require_decoded_size(const std::string& codec, const ChunkContext& context, std::size_t found,
                          std::size_t expected);
// ValidationError unless [offset, offset + length) lies inside the decoded form.
void require_range(const std::string& codec, const ChunkContext& context, std::size_t decoded_size,
                   std::size_t offset, std::size_t length);
// ValidationError: this chunk cannot be encoded.
[[noreturn]] void throw_cannot_encode(const std::string& codec, const ChunkContext& context,
                                      const std::string& why, const std::string& hint = "");

}  // namespace copick::zarr
