#include "zarr/excerpt_reader.h"

#include "array/convert.h"

#include <memory>
#include <utility>

namespace copick::zarr {

namespace {

// The table of 1020 blocks, which at libblosc's block sizes are chunks of up to half a gigabyte.
// Small encoded chunks (labels) are wholly inside.
constexpr std::size_t kHead = 4096;
// Saves about 2 MiB of lz4: what a near store sends in a round trip.
constexpr std::size_t kWorthwhile = std::size_t{4} << 20;
constexpr std::uint64_t kLargestPart = 4;  // a quarter of the chunk

}  // namespace

bool ExcerptReader::pays(const ChunkFormat& format, const Box& part) {
  return format.can_decode_partially() && format.decoded_size() >= kWorthwhile &&
         format.span_of(part).length <= format.decoded_size() / kLargestPart;
}

std::vector<Part> ExcerptReader::read() {
  fetch_heads();
  fetch_blocks();
  std::vector<Part> left;
  for (Wanted& wanted : parts_)
    if (!wanted.done) left.push_back(std::move(wanted.part));
  parts_.clear();
  return left;
}

void ExcerptReader::fetch_heads() {
  std::vector<Request> requests;
  for (const Wanted& wanted : parts_)
    requests.push_back({wanted.key, ByteRange{.offset = 0, .length = kHead}});
  array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> head) {
    Wanted& wanted = parts_[i];
    if (!head) {
      array_.format.fill(target(wanted.part));
      wanted.done = true;
      return;
    }
    wanted.head = std::move(*head);
    wanted.excerpt = plan_excerpt(wanted.head, array_.format.decoded_size(),
                                  array_.format.span_of(wanted.part.source));
  });
}

void ExcerptReader::fetch_blocks() {
  std::vector<std::size_t> numbers;
  std::vector<Request> requests;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto& excerpt = parts_[i].excerpt;
    if (!excerpt) continue;
    numbers.push_back(i);
    requests.push_back({parts_[i].key, ByteRange{.offset = 0, .length = excerpt->table_end}});
    requests.push_back({parts_[i].key, ByteRange{.offset = excerpt->begin,
                                                 .length = excerpt->end - excerpt->begin}});
  }
  const auto arrived = std::make_unique<Arrived[]>(numbers.size());
  array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> bytes) {
    Arrived& chunk = arrived[i / 2];
    (i % 2 == 0 ? chunk.table : chunk.blocks) = std::move(bytes);
    if (chunk.missing.fetch_sub(1, std::memory_order_acq_rel) == 1)
      decode(parts_[numbers[i / 2]], chunk);
  });
}

void ExcerptReader::decode(Wanted& wanted, const Arrived& arrived) {
  const BloscExcerpt& excerpt = *wanted.excerpt;
  const std::string_view table = wanted.head.text().substr(0, excerpt.table_end);
  if (!arrived.table || !arrived.blocks || arrived.table->text() != table ||
      arrived.blocks->size() != excerpt.end - excerpt.begin)
    return;
  array_.format.read_excerpt(make_excerpt(excerpt, *arrived.table, *arrived.blocks),
                             wanted.part.source, target(wanted.part), array_.url_of(wanted.key));
  wanted.done = true;
}

ArrayView ExcerptReader::target(const Part& part) const {
  return array::subview(destination_, part.target.begin, part.target.end);
}

}  // namespace copick::zarr
