#include "store/remote/body_sink.h"

#include "store/ranges.h"

#include <algorithm>
#include <cstring>

namespace copick::store::remote {

namespace {

constexpr std::uint64_t kErrorText = 64 << 10;  // of a refusal's body
// A server's word is not believed further than this before bytes have come.
constexpr std::uint64_t kFirstReserve = std::uint64_t{64} << 20;
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

}  // namespace

void BodySink::begin(const Head& head, bool framed) {
  begun_ = true;
  std::optional<std::uint64_t> length;
  if (const std::string* text = head.headers.find("content-length")) {
    length = parse_size(*text);
    if (!length) fault_ = "the server's Content-Length is no number";
  }
  if (head_only_) {
    total_ = length;
    return;
  }
  const bool success = head.status >= 200 && head.status < 300;
  if (!success) {
    keep_ = kErrorText;
    may_be_short_ = true;
    return;
  }
  if (!framed && !length && head.status != 204) {
    fault_ = "the server does not tell the length, so a cut transfer would go unnoticed";
  } else if (head.status == 206) {
    begin_part(head);
  } else {
    begin_whole(length);
  }
  if (keep_ > limit_ && keep_ != kUnknown) too_large_ = true;
  if (fault_.empty() && !too_large_ && keep_ != kUnknown) {
    reserve(std::min(keep_, kFirstReserve));
  }
}

void BodySink::begin_part(const Head& head) {
  const auto found = parse_content_range(head.headers.get("content-range"));
  if (!range_ || !found || !found->first) {
    fault_ = range_ ? "the server sent a part without saying which"
                    : "the server sent a part of what was asked for as a whole";
    return;
  }
  total_ = found->total;
  const std::uint64_t count = *found->last - *found->first + 1;
  bool right = false;
  if (total_) {
    const Extent asked = clip(range_, *total_);
    right = *found->first == asked.offset && count == asked.length;
  } else {
    right = !range_->from_end && *found->first == range_->offset && count == range_->length;
  }
  if (!right) {
    fault_ = "the server sent another part than the one asked for (Content-Range: " +
             head.headers.get("content-range").substr(0, 80) + ")";
    return;
  }
  keep_ = count;
}

void BodySink::begin_whole(const std::optional<std::uint64_t>& length) {
  total_ = length;
  if (!range_) {
    keep_ = length.value_or(kUnknown);
    may_be_short_ = !length;  // framed: the end is told
    return;
  }
  range_ignored_ = true;
  if (length) {
    const Extent asked = clip(range_, *length);
    skip_ = asked.offset;
    keep_ = asked.length;
    enough_ = keep_ == 0;
    return;
  }
  may_be_short_ = true;
  cut_at_end_ = range_->from_end;
  skip_ = range_->from_end ? 0 : range_->offset;
  keep_ = range_->from_end ? kUnknown : range_->length;
}

// Room for `more` bytes behind those in use.
void BodySink::reserve(std::uint64_t more) {
  const std::uint64_t needed = used_ + more;
  if (needed <= buffer_.size()) return;
  std::uint64_t size = std::max<std::uint64_t>(needed, 2 * std::uint64_t{buffer_.size()});
  if (keep_ != kUnknown) size = std::max(needed, std::min(size, keep_));
  Bytes larger(size);
  if (used_ > 0) std::memcpy(larger.data(), buffer_.data(), used_);
  buffer_ = std::move(larger);
}

BodySink::Want BodySink::append(ByteView bytes) {
  if (!fault_.empty() || too_large_) return Want::refuse;
  const std::uint64_t skipped = std::min<std::uint64_t>(skip_, bytes.size());
  skip_ -= skipped;
  bytes = bytes.subspan(skipped);
  const std::uint64_t room = keep_ - used_;
  const std::uint64_t taken = std::min<std::uint64_t>(room, bytes.size());
  if (used_ + taken > limit_) {
    too_large_ = true;
    return Want::refuse;
  }
  if (taken > 0) {
    reserve(taken);
    std::memcpy(buffer_.data() + used_, bytes.data(), taken);
    used_ += taken;
  }
  if (range_ignored_ && used_ == keep_) {
    enough_ = true;
    return Want::enough;
  }
  return Want::more;
}

void BodySink::finish() {
  if (!fault_.empty() || head_only_ || enough_ || may_be_short_) {
    if (cut_at_end_ && range_->length < used_) {
      std::memmove(buffer_.data(), buffer_.data() + (used_ - range_->length), range_->length);
      used_ = range_->length;
    }
    return;
  }
  if (used_ != keep_) {
    fault_ = "the transfer was cut short (expected " + std::to_string(keep_) + " bytes, got " +
             std::to_string(used_) + ")";
  }
}

Bytes BodySink::take() {
  buffer_.truncate(used_);
  used_ = 0;
  return std::move(buffer_);
}

}  // namespace copick::store::remote
