#include "format/decompressed_file.h"

#include <bzlib.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <string>

#include <copick/error.h>

namespace copick::format {
namespace {

constexpr std::size_t kInputSize = 256 << 10;  // bytes of one read
constexpr std::size_t kOutputLimit = 1 << 30;  // zlib and bzip2 count in 32 bits

// The compressed bytes, one buffer at a time.
class Input {
 public:
  explicit Input(const InputFile& file) : file_(file), buffer_(kInputSize) {}

  // The bytes not consumed yet; empty only at the end of the file.
  ByteView peek() {
    if (begin_ == end_) {
      begin_ = 0;
      end_ = file_.read_at(offset_, buffer_.span());
      offset_ += end_;
    }
    return buffer_.view().subspan(begin_, end_ - begin_);
  }
  void consume(std::size_t count) { begin_ += count; }

  [[noreturn]] void corrupt(const std::string& why) const {
    throw CorruptError({file_.doing(), file_.path(), why, "the copy was probably interrupted"});
  }

 private:
  const InputFile& file_;
  Bytes buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
};

class GzipFile final : public DecompressedFile {
 public:
  explicit GzipFile(const InputFile& file) : input_(file) {
    constexpr int gzip_wrapper = 16;
    if (inflateInit2(&stream_, MAX_WBITS + gzip_wrapper) != Z_OK) throw std::bad_alloc();
  }
  ~GzipFile() override { inflateEnd(&stream_); }

  std::size_t read(MutableByteView destination) override {
    std::size_t done = 0;
    while (done < destination.size() && !ended_) {
      const ByteView bytes = input_.peek();
      if (between_members_) {
        // Zero padding or other bytes after the last member are not data.
        if (bytes.empty() || bytes.front() != std::byte{0x1f}) {
          ended_ = true;
          break;
        }
        between_members_ = false;
      }
      if (bytes.empty()) input_.corrupt("the gzip data end too early");
      done += step(bytes, destination.subspan(done));
    }
    return done;
  }

 private:
  std::size_t step(ByteView bytes, MutableByteView destination) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    const std::size_t room = std::min(destination.size(), kOutputLimit);
    stream_.next_out = reinterpret_cast<Bytef*>(destination.data());
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    input_.consume(bytes.size() - stream_.avail_in);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_STREAM_END) {
      between_members_ = true;
      inflateReset(&stream_);
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      input_.corrupt(std::string("the gzip data are damaged") +
                     (stream_.msg ? std::string(": ") + stream_.msg : ""));
    }
    return room - stream_.avail_out;
  }

  Input input_;
  z_stream stream_{};
  bool between_members_ = false;
  bool ended_ = false;
};

class Bzip2File final : public DecompressedFile {
 public:
  explicit Bzip2File(const InputFile& file) : input_(file) { start(); }
  ~Bzip2File() override { BZ2_bzDecompressEnd(&stream_); }

  std::size_t read(MutableByteView destination) override {
    std::size_t done = 0;
    while (done < destination.size() && !ended_) {
      const ByteView bytes = input_.peek();
      if (between_streams_) {
        if (bytes.empty() || bytes.front() != std::byte{'B'}) {
          ended_ = true;
          break;
        }
        BZ2_bzDecompressEnd(&stream_);
        start();
      }
      if (bytes.empty()) input_.corrupt("the bzip2 data end too early");
      done += step(bytes, destination.subspan(done));
    }
    return done;
  }

 private:
  void start() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    between_streams_ = false;
  }

  std::size_t step(ByteView bytes, MutableByteView destination) {
    stream_.next_in = reinterpret_cast<char*>(const_cast<std::byte*>(bytes.data()));
    stream_.avail_in = static_cast<unsigned>(bytes.size());
    const std::size_t room = std::min(destination.size(), kOutputLimit);
    stream_.next_out = reinterpret_cast<char*>(destination.data());
    stream_.avail_out = static_cast<unsigned>(room);
    const int status = BZ2_bzDecompress(&stream_);
    input_.consume(bytes.size() - stream_.avail_in);
    if (status == BZ_MEM_ERROR) throw std::bad_alloc();
    if (status == BZ_STREAM_END) {
      between_streams_ = true;
    } else if (status != BZ_OK) {
      input_.corrupt("the bzip2 data are damaged");
    }
    return room - stream_.avail_out;
  }

  Input input_;
  bz_stream stream_{};
  bool between_streams_ = false;
  bool ended_ = false;
};

}  // namespace

const char* name_of(Compression compression) {
  return compression == Compression::gzip ? "gzip" : "bzip2";
}

std::optional<Compression> detect_compression(ByteView first_bytes) {
  if (first_bytes.size() < 4) return std::nullopt;
  const std::string_view magic = as_text(first_bytes);
  if (magic.starts_with("\x1f\x8b\x08")) return Compression::gzip;
  if (magic.starts_with("BZh") && magic[3] >= '1' && magic[3] <= '9') return Compression::bzip2;
  return std::nullopt;
}

std::unique_ptr<DecompressedFile> open_decompressed(const InputFile& file,
                                                    Compression compression) {
  if (compression == Compression::gzip) return std::make_unique<GzipFile>(file);
  return std::make_unique<Bzip2File>(file);
}

}  // namespace copick::format
