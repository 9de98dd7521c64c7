#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

#include <algorithm>
#include <numeric>

namespace copick::store {

namespace {

constexpr std::uint64_t kLargestMerged = 64 << 20;

// Ranges whose place is known before the value's size is: those with an offset and a length.
bool can_merge(const Request& request) {
  const auto& range = request.range;
  return range && !range->from_end && range->length != ByteRange::to_end &&
         range->length <= kLargestMerged && range->offset <= ByteRange::to_end - range->length;
}

// One request to the inner store, and the requests it answers.
struct Merged {
  Request request;
  std::vector<std::size_t> parts;
};

class CoalescingStore final : public ForwardingStore {
 public:
  CoalescingStore(StorePtr inner, std::uint64_t gap)
      : ForwardingStore(std::move(inner)), gap_(gap) {}

  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    const std::vector<Merged> merged = merge(requests);
    std::vector<Request> fewer;
    fewer.reserve(merged.size());
    for (const Merged& one : merged) fewer.push_back(one.request);
    ForwardingStore::fetch(fewer, [&](std::size_t m, std::optional<Bytes> bytes) {
      if (merged[m].parts.size() == 1) return on_part(merged[m].parts[0], std::move(bytes));
      for (const std::size_t i : merged[m].parts) {
        if (!bytes) {
          on_part(i, std::nullopt);
          continue;
        }
        const std::uint64_t start = std::min<std::uint64_t>(
            requests[i].range->offset - merged[m].request.range->offset, bytes->size());
        const std::uint64_t length = std::min(requests[i].range->length, bytes->size() - start);
        on_part(i, Bytes::copy_of(bytes->view().subspan(start, length)));
      }
    });
  }

 private:
  std::vector<Merged> merge(std::span<const Request> requests) const {
    std::vector<std::size_t> order(requests.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto offset = [&](std::size_t i) { return requests[i].range->offset; };
    const auto mergeable = std::stable_partition(
        order.begin(), order.end(), [&](std::size_t i) { return !can_merge(requests[i]); });
    std::vector<Merged> merged;
    for (auto at = order.begin(); at != mergeable; ++at) merged.push_back({requests[*at], {*at}});
    std::sort(mergeable, order.end(), [&](std::size_t a, std::size_t b) {
      const int by_key = requests[a].key.compare(requests[b].key);
      return by_key != 0 ? by_key < 0 : offset(a) < offset(b);
    });
    for (auto at = mergeable; at != order.end(); ++at) {
      if (at == mergeable || !joins(merged.back().request, requests[*at])) {
        merged.push_back({requests[*at], {*at}});
        continue;
      }
      ByteRange& range = *merged.back().request.range;
      const std::uint64_t end = offset(*at) + requests[*at].range->length;
      range.length = std::max(range.offset + range.length, end) - range.offset;
      merged.back().parts.push_back(*at);
    }
    return merged;
  }

  bool joins(const Request& before, const Request& next) const {
    if (before.key != next.key) return false;
    const std::uint64_t end = before.range->offset + before.range->length;
    const std::uint64_t gap = next.range->offset > end ? next.range->offset - end : 0;
    const std::uint64_t whole = next.range->offset + next.range->length - before.range->offset;
    return gap <= gap_ && whole <= kLargestMerged;
  }

  const std::uint64_t gap_;
};

}  // namespace

StorePtr coalescing_store(StorePtr inner, std::uint64_t gap) {
  return std::make_shared<CoalescingStore>(std::move(inner), gap);
}

}  // namespace copick::store
