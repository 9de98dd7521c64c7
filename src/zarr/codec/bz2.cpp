// bz2: bzip2 streams.
//
// Compatible with numcodecs.BZ2 (v2 and "numcodecs.bz2"). Source: libbz2. Several streams one after
// another are read.

#include "zarr/codec/builtin.h"
#include "zarr/codec/compressor.h"
#include "zarr/codec/refusal.h"

#include <bzlib.h>
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <new>

namespace copick::zarr {

namespace {

// libbz2 counts in 32 bits: memory is handed over in windows.
unsigned window(std::size_t size) {
  return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

// One stream being decompressed.
class Stream {
 public:
  Stream() {
    if (BZ2_bzDecompressInit(&bz_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }
  ~Stream() { BZ2_bzDecompressEnd(&bz_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Takes from the front of `in` and `out`; libbz2's answer when the stream ends or can go no
  // further. A full `out` alone is no end: the stream's closing words may still be unread, so
  // libbz2 is offered one byte more; is_full tells when it used it.
  int run(ByteView& in, MutableByteView& out) {
    const int result = fill(in, out);
    std::byte spare;
    MutableByteView one(&spare, 1);
    if (result != BZ_OK || !out.empty()) return result;
    const int end = fill(in, one);
    is_full_ = one.empty();
    return end;
  }
  bool is_full() const { return is_full_; }

 private:
  int fill(ByteView& in, MutableByteView& out) {
    for (;;) {
      // libbz2 does not write through next_in.
      bz_.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
      bz_.avail_in = window(in.size());
      bz_.next_out = reinterpret_cast<char*>(out.data());
      bz_.avail_out = window(out.size());
      const std::size_t had = bz_.avail_in, room = bz_.avail_out;
      const int result = BZ2_bzDecompress(&bz_);
      in = in.subspan(had - bz_.avail_in);
      out = out.subspan(room - bz_.avail_out);
      const bool moved = bz_.avail_in != had || bz_.avail_out != room;
      if (result != BZ_OK || !moved) return result;
    }
  }

  bz_stream bz_{};
  bool is_full_ = false;
};

class Bz2 final : public Compressor {
 public:
  explicit Bz2(int level) : level_(level) {}

  std::string name() const override { return "bz2"; }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    const std::size_t bound =
        decoded.size() + decoded.size() / 100 + 600;  // as libbz2's manual says
    if (bound > std::numeric_limits<unsigned>::max())
      throw_cannot_encode(
          "bz2", context,
          fmt::format("it has {} bytes, more than bzip2 takes at once", decoded.size()),
          "choose smaller chunks");
    Bytes encoded(bound);
    char nothing = 0;  // libbz2 refuses a null pointer, even to no bytes
    char* source = decoded.empty()
                       ? &nothing
                       : const_cast<char*>(reinterpret_cast<const char*>(decoded.data()));
    auto written = static_cast<unsigned>(bound);
    const int result =
        BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(encoded.data()), &written, source,
                                 static_cast<unsigned>(decoded.size()), level_, 0, 0);
    if (result != BZ_OK)
      throw_cannot_encode("bz2", context, fmt::format("libbz2 answered {}", result));
    encoded.truncate(written);
    return encoded;
  }

 protected:
  std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                        const ChunkContext& context) const override {
    MutableByteView rest = out;
    do {
      Stream stream;
      const int result = stream.run(encoded, rest);
      if (stream.is_full()) return std::nullopt;
      if (result == BZ_OK) throw_corrupt("bz2", context, "it ends before its bzip2 stream does");
      if (result != BZ_STREAM_END) throw_corrupt("bz2", context, "its bzip2 stream is damaged");
    } while (!encoded.empty());
    return out.size() - rest.size();
  }

 private:
  int level_;
};

}  // namespace

CodecPtr make_bz2(const Settings& settings) {
  return std::make_shared<Bz2>(static_cast<int>(settings.integer("level", 1, 1, 9)));
}

}  // namespace copick::zarr
