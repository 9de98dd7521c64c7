//   sequence:  token, [more literals], literals, offset (2 bytes), [more match]
//
// The high half of the token counts literals, the low half a match of at least four bytes; a half
// of 15 is continued by bytes that are added up to and with the first below 255. The last sequence
// ends after its literals.
#include "zarr/codec/lz4_runs.h"

#include "base/little_endian.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace copick::zarr {

namespace {

constexpr unsigned kContinued = 15;
constexpr std::size_t kShortestMatch = 4;

class RunDecoder {
 public:
  RunDecoder(ByteView stream, MutableByteView out) : in_(stream), out_(out) {}

  bool decode(std::size_t wanted) {
    while (made_ < wanted) {
      if (at_ == in_.size()) return false;
      const auto token = std::to_integer<unsigned>(in_[at_++]);
      if (!copy_literals(token >> 4)) return false;
      if (made_ < wanted && !copy_match(token & kContinued)) return false;
    }
    return true;
  }

 private:
  // Of a length that begins in the token. False: the stream ends first.
  bool complete(std::size_t& length) {
    if (length < kContinued) return true;
    unsigned more = 0;
    do {
      if (at_ == in_.size()) return false;
      more = std::to_integer<unsigned>(in_[at_++]);
      length += more;
    } while (more == 255);
    return true;
  }

  bool copy_literals(std::size_t length) {
    if (!complete(length) || length > in_.size() - at_ || length > out_.size() - made_)
      return false;
    if (length == 0) return true;
    std::memcpy(out_.data() + made_, in_.data() + at_, length);
    at_ += length;
    made_ += length;
    return true;
  }

  bool copy_match(std::size_t length) {
    if (in_.size() - at_ < 2) return false;
    const std::size_t distance = base::load_little<std::uint16_t>(in_.data() + at_);
    at_ += 2;
    if (!complete(length)) return false;
    length += kShortestMatch;
    if (distance == 0 || distance > made_ || length > out_.size() - made_) return false;
    repeat(distance, length);
    made_ += length;
    return true;
  }

  // Appends `length` bytes of what began `distance` ago and goes on with itself.
  void repeat(std::size_t distance, std::size_t length) {
    std::byte* const to = out_.data() + made_;
    const std::byte* const from = to - distance;
    if (distance == 1) {
      std::memset(to, std::to_integer<int>(*from), length);
      return;
    }
    // What lies between `from` and the end is whole periods: it may be copied as it grows.
    for (std::size_t done = 0; done < length;) {
      const std::size_t step = std::min(distance + done, length - done);
      std::memcpy(to + done, from, step);
      done += step;
    }
  }

  const ByteView in_;
  const MutableByteView out_;
  std::size_t at_ = 0, made_ = 0;
};

}  // namespace

bool decode_lz4_runs(ByteView stream, MutableByteView out, std::size_t wanted) {
  return RunDecoder(stream, out).decode(wanted);
}

}  // namespace copick::zarr
