// A slab source that asks the one below for whole rows of chunks only, so that no chunk is decoded
// twice. Boxes are passed on: who reads in boxes asks for box_grain().
#pragma once

#include <copick/slab_source.h>

#include <cstdint>
#include <memory>

namespace copick::ops {

// `thickness`: planes in a row of chunks of `source`. Keeps one row in memory; rows above 1 GiB are
// read in halves, quarters and so on, which decodes their chunks that often.
std::unique_ptr<SlabSource> in_chunk_rows(std::unique_ptr<SlabSource> source,
                                          std::int64_t thickness);

}  // namespace copick::ops
