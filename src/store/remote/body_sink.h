// BodySink: what of an answer's body is kept, and whether the answer is the one that was asked for.
//
//   1. begin() sees the head. It decides how many bytes of the body are skipped and how many are
//      kept: all of a 200, the asked bytes of a 206 whose Content-Range says that it holds them,
//      the asked bytes cut out of a 200 to a ranged request, the first of an error's text.
//   2. append() takes the body as it comes and says when there is enough.
//   3. finish() says whether all that was announced came. A short body is a fault, never a value.
//
// A fault is a text that completes "because ...". Threads: one at a time.
#pragma once

#include "store/remote/http_message.h"

namespace copick::store::remote {

class BodySink {
 public:
  BodySink() = default;
  BodySink(const std::optional<ByteRange>& range, std::uint64_t size_limit, bool head_only)
      : range_(range), limit_(size_limit), head_only_(head_only) {}

  // `framed`: the end of the body is told by more than the end of the connection.
  void begin(const Head& head, bool framed);
  enum class Want { more, enough, refuse };
  Want append(ByteView bytes);
  void finish();

  bool begun() const { return begun_; }
  bool has_enough() const { return enough_; }
  bool too_large() const { return too_large_; }
  const std::string& fault() const { return fault_; }  // "": none
  bool range_ignored() const { return range_ignored_; }
  std::optional<std::uint64_t> total_size() const { return total_; }
  Bytes take();

 private:
  void begin_part(const Head& head);
  void begin_whole(const std::optional<std::uint64_t>& length);
  void reserve(std::uint64_t more);

  std::optional<ByteRange> range_;
  std::uint64_t limit_ = 0;
  bool head_only_ = false;

  bool begun_ = false, enough_ = false, too_large_ = false, range_ignored_ = false;
  bool cut_at_end_ = false;    // a suffix of a body whose length was not told
  bool may_be_short_ = false;  // fewer bytes than kept_ are no fault
  std::uint64_t skip_ = 0;     // bytes of the body still to be left out
  std::uint64_t keep_ = 0;     // bytes to keep in all
  std::optional<std::uint64_t> total_;
  std::string fault_;
  Bytes buffer_;
  std::size_t used_ = 0;
};

}  // namespace copick::store::remote
