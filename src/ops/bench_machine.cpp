#include "ops/bench_machine.h"

#include "base/executor.h"
#include "zarr/codec/codec.h"

#include <copick/error.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

namespace copick::ops {

namespace {

constexpr std::size_t kPiece = std::size_t{4} << 20;  // bytes: about a chunk
constexpr int kTimes = 3;

class RawFile {
 public:
  RawFile(std::string path, int flags)
      : path_(std::move(path)), descriptor_(::open(path_.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) fail();
  }
  ~RawFile() { ::close(descriptor_); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  void write(ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno != EINTR) fail();
      if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }
  void flush() const {
    if (::fsync(descriptor_) != 0) fail();
  }
  void read(std::size_t offset, MutableByteView into) const {
    while (!into.empty()) {
      const ssize_t count =
          ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
      if (count == 0 || (count < 0 && errno != EINTR)) fail();
      if (count < 0) continue;
      into = into.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::size_t>(count);
    }
  }

 private:
  [[noreturn]] void fail() const {
    throw StorageError(
        {"measure the disk", path_, std::strerror(errno), "name another folder: --folder"});
  }
  const std::string path_;
  const int descriptor_;
};

std::size_t pieces_of(std::size_t bytes) { return (bytes + kPiece - 1) / kPiece; }

template <typename View>
View piece(View all, std::size_t i) {
  return all.subspan(i * kPiece, std::min(kPiece, all.size() - i * kPiece));
}

}  // namespace

double best_seconds(int times, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    work();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = i == 0 ? seconds : std::min(best, seconds);
  }
  return best;
}

MachineSpeed measure_machine(ByteView voxels, std::size_t item_size, const std::string& file,
                             const std::function<void(const std::string&)>& on_step) {
  MachineSpeed speed;
  const std::size_t count = pieces_of(voxels.size());
  Bytes copy(voxels.size());
  on_step("memory");
  speed.copy = best_seconds(kTimes, [&] {
    base::parallel_for(count, [&](std::size_t i) {
      const MutableByteView to = piece(copy.span(), i);
      std::memcpy(to.data(), piece(voxels, i).data(), to.size());
    });
  });

  const DType dtype = DType::float32;
  const zarr::CodecPtr blosc =
      zarr::codec_from_v2(zarr::default_v2_compressor(), item_size, dtype, "bench");
  zarr::ChunkContext context;
  context.item_size = item_size;
  context.dtype = dtype;
  context.where = "bench";
  std::vector<Bytes> encoded(count);
  on_step("Blosc");
  speed.encode = best_seconds(1, [&] {
    base::parallel_for(
        count, [&](std::size_t i) { encoded[i] = blosc->encode(piece(voxels, i), context); });
  });
  speed.decode = best_seconds(kTimes, [&] {
    base::parallel_for(count, [&](std::size_t i) {
      blosc->decode_into(encoded[i].view(), piece(copy.span(), i), context);
    });
  });
  for (const Bytes& bytes : encoded) speed.encoded_bytes += bytes.size();

  on_step("disk");
  speed.write = best_seconds(1, [&] {
    const RawFile raw(file, O_WRONLY | O_CREAT | O_TRUNC);
    for (const Bytes& bytes : encoded) raw.write(bytes.view());
    raw.flush();
  });
  const RawFile raw(file, O_RDONLY);
  Bytes back(speed.encoded_bytes);
  speed.read = best_seconds(kTimes, [&] {
    base::parallel_for(pieces_of(back.size()),
                       [&](std::size_t i) { raw.read(i * kPiece, piece(back.span(), i)); });
  });
  return speed;
}

}  // namespace copick::ops
