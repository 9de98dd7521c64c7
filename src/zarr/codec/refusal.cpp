#include "zarr/codec/refusal.h"

#include "base/checked.h"

#include <copick/error.h>

#include <fmt/core.h>

namespace copick::zarr {

void throw_corrupt(const std::string& codec, const ChunkContext& context, const std::string& why) {
  throw CorruptError(
      {fmt::format("decode a {} chunk", codec), context.where, why,
       "it was damaged or its copy was interrupted; copy it again or write it anew"});
}

void require_decoded_size(const std::string& codec, const ChunkContext& context, std::size_t found,
                          std::size_t expected) {
  if (found == expected) return;
  throw_corrupt(codec, context,
                fmt::format("it holds {} bytes; the array's metadata promise {}", found, expected));
}

void require_range(const std::string& codec, const ChunkContext& context, std::size_t decoded_size,
                   std::size_t offset, std::size_t length) {
  if (base::range_inside(offset, length, decoded_size)) return;
  throw ValidationError({fmt::format("decode part of a {} chunk", codec), context.where,
                         fmt::format("bytes {} to {} were asked for, it has {}", offset,
                                     offset + length, decoded_size),
                         ""});
}

void throw_cannot_encode(const std::string& codec, const ChunkContext& context,
                         const std::string& why, const std::string& hint) {
  throw ValidationError({fmt::format("encode a chunk with {}", codec), context.where, why, hint});
}

}  // namespace copick::zarr
