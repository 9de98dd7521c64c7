#include "zarr/excerpt_reader.h"

#include <copick/error.h>

#include <utility>

namespace copick::zarr {

namespace {

// The table of 1020 blocks, which at libblosc's block sizes are chunks of up to half a gigabyte.
constexpr std::size_t kHead = 4096;
// Saves about 2 MiB of lz4: what a near store sends in a round trip.
constexpr std::size_t kWorthwhile = std::size_t{4} << 20;
constexpr std::uint64_t kLargestPart = 4;  // a quarter of the chunk
// Blocks wait in memory until all of their chunk have arrived.
constexpr std::uint64_t kBytesAtOnce = std::uint64_t{64} << 20;

std::uint64_t stored_size(const BloscExcerpt& excerpt) {
  std::uint64_t size = excerpt.table_end;
  for (const Span& run : excerpt.runs) size += run.length;
  return size;
}

}  // namespace

// The table and the runs of one chunk, as they come.
struct ExcerptReader::Arrival {
  std::optional<Bytes> table;
  std::vector<Bytes> runs;
  std::atomic<std::size_t> missing{0};
};

bool ExcerptReader::pays(const ChunkFormat& format, std::span<const Copy> copies) {
  if (!format.can_decode_partially() || format.decoded_size() < kWorthwhile) return false;
  std::uint64_t wanted = 0;
  for (const Span& span : format.spans_of(copies)) wanted += span.length;
  return wanted <= format.decoded_size() / kLargestPart;
}

std::vector<WantedChunk> ExcerptReader::read() {
  fetch_heads();
  std::vector<Chunk*> batch;
  std::uint64_t bytes = 0;
  for (Chunk& chunk : chunks_) {
    if (!chunk.excerpt) continue;
    const std::uint64_t size = stored_size(*chunk.excerpt);
    if (bytes + size > kBytesAtOnce && !batch.empty()) {
      fetch_blocks(batch);
      batch.clear();
      bytes = 0;
    }
    batch.push_back(&chunk);
    bytes += size;
  }
  if (!batch.empty()) fetch_blocks(batch);
  std::vector<WantedChunk> left;
  for (Chunk& chunk : chunks_)
    if (!chunk.done) left.push_back(std::move(chunk.wanted));
  chunks_.clear();
  return left;
}

void ExcerptReader::fetch_heads() {
  std::vector<Request> requests;
  for (const Chunk& chunk : chunks_)
    requests.push_back({chunk.wanted.key, ByteRange{.offset = 0, .length = kHead}});
  array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> head) {
    take_head(chunks_[i], std::move(head));
  });
}

void ExcerptReader::take_head(Chunk& chunk, std::optional<Bytes> head) {
  const std::vector<Copy>& copies = chunk.wanted.copies;
  if (!head || head->size() < kHead) {
    if (head)
      array_.format.read(*head, copies, buffers_, array_.url_of(chunk.wanted.key));
    else
      for (const Copy& copy : copies) array_.format.fill(copy.destination);
    chunk.done = true;
    return;
  }
  chunk.head = std::move(*head);
  chunk.excerpt =
      plan_excerpt(chunk.head, array_.format.decoded_size(), array_.format.spans_of(copies));
}

void ExcerptReader::fetch_blocks(std::span<Chunk* const> chunks) {
  struct Place {
    std::size_t chunk, part;  // part 0: the table
  };
  std::vector<Place> places;
  std::vector<Request> requests;
  std::vector<Arrival> arrivals(chunks.size());
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const BloscExcerpt& excerpt = *chunks[i]->excerpt;
    const auto add = [&](std::size_t part, const Span& span) {
      places.push_back({i, part});
      requests.push_back(
          {chunks[i]->wanted.key, ByteRange{.offset = span.offset, .length = span.length}});
    };
    add(0, {0, excerpt.table_end});
    for (std::size_t run = 0; run < excerpt.runs.size(); ++run) add(run + 1, excerpt.runs[run]);
    arrivals[i].runs.resize(excerpt.runs.size());
    arrivals[i].missing = excerpt.runs.size() + 1;
  }
  array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> bytes) {
    Arrival& arrival = arrivals[places[i].chunk];
    if (places[i].part == 0)
      arrival.table = std::move(bytes);
    else if (bytes)
      arrival.runs[places[i].part - 1] = std::move(*bytes);
    if (arrival.missing.fetch_sub(1, std::memory_order_acq_rel) == 1)
      decode(*chunks[places[i].chunk], arrival);
  });
}

void ExcerptReader::decode(Chunk& chunk, Arrival& arrival) {
  const BloscExcerpt& excerpt = *chunk.excerpt;
  const std::optional<Bytes> table = std::move(arrival.table);
  const std::vector<Bytes> runs = std::move(arrival.runs);
  if (!table || table->text() != chunk.head.text().substr(0, excerpt.table_end)) return;
  for (std::size_t run = 0; run < runs.size(); ++run)
    if (runs[run].size() != excerpt.runs[run].length) return;
  const std::optional<Bytes> encoded = make_excerpt(excerpt, *table, runs);
  if (!encoded) return;
  try {
    array_.format.read_excerpt(*encoded, chunk.wanted.copies, buffers_,
                               array_.url_of(chunk.wanted.key));
    chunk.done = true;
  } catch (const CorruptError&) {
    // Read as a whole it says what is wrong with it.
  }
}

}  // namespace copick::zarr
