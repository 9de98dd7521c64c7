// A cache in a folder.
//
//   <folder>/<32 hex digits of a hash of the name>.cache
//   file := "copick-cache-1\n" length-of-name (8 bytes) name CRC-32 of the bytes (4 bytes) bytes
//
//   keep: write a file of a fresh name, rename it. Nothing is flushed: a torn file has the wrong
//         CRC and is as good as none.
//   find: read, compare name and CRC; set the file's time to now, so that its use is seen by all.
//   Now and then the folder is gone through, and the files used longest ago are removed until nine
//   tenths of the limit are left. A file that another process reads stays readable for it.
#include "base/little_endian.h"
#include "store/wrappers.h"

#include <libdeflate.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>

namespace copick::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "copick-cache-1\n";

// 64 bits FNV-1a from two starts: names differ by files, the name in the file decides.
std::string hash_text(const std::string& name) {
  std::string text;
  for (std::uint64_t hash : {0xcbf29ce484222325ull, 0x84222325cbf29ce4ull}) {
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(hash >> shift) & 15];
  }
  return text;
}

class DiskShelf final : public Shelf {
 public:
  DiskShelf(fs::path folder, std::uint64_t most_bytes)
      : folder_(std::move(folder)), most_(most_bytes), since_sweep_(most_bytes) {}

  std::optional<Bytes> find(const std::string& name) override {
    const fs::path path = folder_ / (hash_text(name) + ".cache");
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    const std::uint64_t head = kMagic.size() + 8 + name.size() + 4;
    if (error || size < head) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::string start(head, '\0');
    Bytes bytes(size - head);
    file.read(start.data(), static_cast<std::streamsize>(head));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file || start != head_of(name, bytes)) return std::nullopt;
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);
    return bytes;
  }

  void keep(const std::string& name, ByteView bytes) override {
    if (bytes.size() > most_ / 4) return;
    std::error_code error;
    fs::create_directories(folder_, error);
    const fs::path path = folder_ / (hash_text(name) + ".cache");
    const fs::path part =
        folder_ / std::string(".").append(hash_text(fresh_name())).append(".part");
    {
      std::ofstream file(part, std::ios::binary);
      file << head_of(name, bytes) << as_text(bytes);
      if (!file.flush()) error = std::make_error_code(std::errc::io_error);
    }
    if (!error) fs::rename(part, path, error);
    if (error) fs::remove(part, error);
    sweep_now_and_then(bytes.size());
  }

 private:
  static std::string head_of(const std::string& name, ByteView bytes) {
    std::byte numbers[12];
    base::store_little<std::uint64_t>(numbers, name.size());
    base::store_little<std::uint32_t>(numbers + 8, libdeflate_crc32(0, bytes.data(), bytes.size()));
    const std::string_view text = as_text(numbers);
    return std::string(kMagic).append(text.substr(0, 8)).append(name).append(text.substr(8));
  }

  std::string fresh_name() {
    const std::lock_guard lock(mutex_);
    return std::to_string(random_()) + std::to_string(random_());
  }

  void sweep_now_and_then(std::uint64_t added) {
    {
      const std::lock_guard lock(mutex_);
      since_sweep_ += added;
      if (since_sweep_ <= most_ / 10) return;
      since_sweep_ = 0;
    }
    struct File {
      fs::path path;
      fs::file_time_type used;
      std::uint64_t size;
    };
    std::vector<File> files;
    std::uint64_t total = 0;
    std::error_code error;
    for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (!name.ends_with(".cache") && !name.ends_with(".part")) continue;
      std::error_code gone;  // another process sweeps too
      File file{at->path(), at->last_write_time(gone), at->file_size(gone)};
      if (gone) continue;
      total += file.size;
      files.push_back(std::move(file));
    }
    if (total <= most_) return;
    std::sort(files.begin(), files.end(),
              [](const File& a, const File& b) { return a.used < b.used; });
    for (const File& file : files) {
      if (total <= most_ / 10 * 9) return;
      if (fs::remove(file.path, error)) total -= file.size;
    }
  }

  const fs::path folder_;
  const std::uint64_t most_;
  std::mutex mutex_;
  std::uint64_t since_sweep_;                       // guarded by mutex_
  std::mt19937_64 random_{std::random_device()()};  // guarded by mutex_
};

}  // namespace

std::shared_ptr<Shelf> disk_shelf(std::string folder, std::uint64_t most_bytes) {
  return std::make_shared<DiskShelf>(std::move(folder), most_bytes);
}

}  // namespace copick::store
