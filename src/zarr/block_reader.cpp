#include "zarr/block_reader.h"

#include "zarr/fetch_batch.h"

#include <copick/error.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace copick::zarr {

namespace {

// The table of 1020 blocks, which at libblosc's block sizes are chunks of up to half a gigabyte.
constexpr std::size_t kHead = 4096;
// Smaller chunks are in the cache when they have been fetched.
constexpr std::size_t kLarge = std::size_t{4} << 20;
// In a shard, what a chunk must have and a part of it must save half of to be worth a round trip
// more. A chunk of which more is wanted comes in fewer requests as a whole.
constexpr std::uint64_t kWorthAsking = std::uint64_t{1} << 20;
// Cheaper to fetch than to ask around.
constexpr std::uint64_t kGap = std::uint64_t{64} << 10;
// Stays in the second-level cache on the way through.
constexpr std::uint64_t kLongestRun = std::uint64_t{1} << 20;

}  // namespace

bool BlockReader::pays(const ChunkFormat& format) {
  return format.can_decode_partially() && format.decoded_size() >= kLarge;
}

bool BlockReader::pays(const ChunkFormat& format, const ShardEntry& entry,
                       std::span<const Copy> copies) {
  if (!pays(format) || entry.length < kWorthAsking) return false;
  std::uint64_t wanted = 0;
  for (const Copy& copy : copies) wanted += format.span_of(copy.source).length;
  return wanted <= format.decoded_size() / 2;
}

std::vector<WantedChunk> BlockReader::read() {
  fetch_heads();
  std::vector<Run> batch;
  for (Chunk& chunk : chunks_) {
    if (!chunk.blosc) continue;
    std::vector<Run> runs = runs_of(chunk);
    if (batch.size() + runs.size() > kRequestsAtOnce && !batch.empty()) {
      fetch_runs(batch);
      batch.clear();
    }
    std::move(runs.begin(), runs.end(), std::back_inserter(batch));
  }
  if (!batch.empty()) fetch_runs(batch);
  std::vector<WantedChunk> left;
  for (Chunk& chunk : chunks_)
    if (!chunk.is_read || is_stale_) left.push_back(std::move(chunk.wanted));
  chunks_.clear();
  is_stale_ = false;
  return left;
}

void BlockReader::fetch_heads() {
  std::vector<Request> requests;
  std::vector<Chunk*> chunks;
  for (Chunk& chunk : chunks_) {
    requests.push_back(request_of(chunk.wanted, {0, kHead}));
    chunks.push_back(&chunk);
  }
  array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> head) {
    take_head(*chunks[i], std::move(head));
  });
}

void BlockReader::take_head(Chunk& chunk, std::optional<Bytes> head) {
  const std::vector<Copy>& copies = chunk.wanted.copies;
  const auto& place = chunk.wanted.place;
  if (place && (!head || head->size() < kHead)) return;
  if (!head || head->size() < kHead) {
    if (head)
      array_.format.read(*head, copies, buffers_, array_.url_of(chunk.wanted.key));
    else
      for (const Copy& copy : copies) array_.format.fill(copy.destination);
    chunk.is_read = true;
    return;
  }
  auto blosc = BloscChunk::of(*head, array_.format.decoded_size());
  if (!blosc || !array_.format.fits_blocks(*blosc)) return;
  if (place && place->entry.length != blosc->stored_size()) return;
  chunk.blosc = std::move(blosc);
  chunk.head = std::move(*head);
  chunk.is_read = true;  // until a run says otherwise
}

std::vector<BlockReader::Run> BlockReader::runs_of(Chunk& chunk) const {
  const BloscChunk& blosc = *chunk.blosc;
  std::vector<std::size_t> blocks = array_.format.blocks_of(blosc, chunk.wanted.copies);
  std::sort(blocks.begin(), blocks.end(), [&](std::size_t a, std::size_t b) {
    return blosc.stored(a).offset < blosc.stored(b).offset;
  });
  std::vector<Run> runs{{&chunk, {0, blosc.table_end()}, {}}};
  for (const std::size_t block : blocks) {
    const Span stored = blosc.stored(block);
    Run& last = runs.back();
    if (last.blocks.empty() || last.stored.end() + kGap < stored.offset ||
        stored.end() - last.stored.offset > kLongestRun) {
      runs.push_back({&chunk, stored, {block}});
    } else {
      last.stored.length = std::max(last.stored.end(), stored.end()) - last.stored.offset;
      last.blocks.push_back(block);
    }
  }
  return runs;
}

void BlockReader::fetch_runs(std::span<const Run> runs) {
  std::vector<Request> requests;
  std::vector<const WantedChunk*> shards;  // one of the chunks of each
  for (const Run& run : runs) {
    const WantedChunk& wanted = run.chunk->wanted;
    requests.push_back(request_of(wanted, run.stored));
    if (wanted.place && (shards.empty() || shards.back()->key != wanted.key))
      shards.push_back(&wanted);
  }
  for (const WantedChunk* shard : shards)
    requests.push_back({shard->key, ShardIndex::stored_range(array_.metadata)});
  array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> bytes) {
    if (i >= runs.size()) {
      const ShardIndex& index = *shards[i - runs.size()]->place->index;
      if (!bytes || bytes->text() != index.stored().text()) is_stale_ = true;
      return;
    }
    const Run& run = runs[i];
    if (!bytes || bytes->size() != run.stored.length || !decode(run, *bytes))
      run.chunk->is_read = false;
  });
}

Request BlockReader::request_of(const WantedChunk& chunk, Span stored) {
  const std::uint64_t offset = chunk.place ? chunk.place->entry.offset : 0;
  return {chunk.key, ByteRange{.offset = offset + stored.offset, .length = stored.length}};
}

// false: the chunk is to be read whole, and what is wrong with it, if anything, is told then.
bool BlockReader::decode(const Run& run, ByteView bytes) {
  const Chunk& chunk = *run.chunk;
  if (run.blocks.empty()) return std::equal(bytes.begin(), bytes.end(), chunk.head.view().begin());
  try {
    return std::all_of(run.blocks.begin(), run.blocks.end(), [&](std::size_t block) {
      const Span stored = chunk.blosc->stored(block);
      return array_.format.read_block(
          *chunk.blosc, block, bytes.subspan(stored.offset - run.stored.offset, stored.length),
          chunk.wanted.copies, buffers_);
    });
  } catch (const ValidationError&) {
    return false;  // values that do not fit the destination's type, perhaps of another version
  }
}

}  // namespace copick::zarr
