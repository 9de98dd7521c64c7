// Reading: open, fstat, pread until all is there.
//
// One open and one fstat per value, whatever is read of it. The descriptor pins the value: a writer
// that renames another one over the name meanwhile does not disturb a read. A file that is shorter
// than fstat said is an error, not a short value; only writers that change files in place cause it.
#include "base/executor.h"
#include "store/key.h"
#include "store/local/local_store.h"
#include "store/local/system_error.h"
#include "store/local/version.h"
#include "store/ranges.h"

#include <copick/error.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <new>
#include <numeric>

namespace copick::store {

namespace {

constexpr std::string_view kReading = "read a value";

[[noreturn]] void throw_special(const std::string& where) {
  throw StorageError({std::string(kReading), where, "it is neither a file nor a folder",
                      "move that device, pipe or socket away"});
}

// A value opened for reading.
struct OpenValue {
  FileHandle file;
  struct stat about{};
  std::uint64_t size() const { return static_cast<std::uint64_t>(about.st_size); }
};

// nullopt: there is no such value.
std::optional<OpenValue> open_value(Syscalls& calls, const std::string& path) {
  // O_NONBLOCK: opening a pipe would wait for its writer.
  OpenValue value;
  value.file =
      FileHandle(calls, calls.open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY, 0));
  if (!value.file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    if (errno == ENXIO) throw_special(path);
    throw_system_error(errno, kReading, path);
  }
  if (calls.stat(value.file.fd(), &value.about) == -1) {
    throw_system_error(errno, kReading, path);
  }
  if (S_ISDIR(value.about.st_mode)) return std::nullopt;
  if (!S_ISREG(value.about.st_mode)) throw_special(path);
  return value;
}

Bytes allocate(std::uint64_t size, const std::string& path) {
  try {
    return Bytes(size);
  } catch (const std::bad_alloc&) {
    throw StorageError({std::string(kReading), path,
                        "its " + std::to_string(size) + " bytes do not fit in memory",
                        "read it in parts, or check that it is the file you mean"});
  }
}

Bytes read_extent(Syscalls& calls, const OpenValue& value, Extent extent, const std::string& path) {
  Bytes bytes = allocate(extent.length, path);
  for (std::uint64_t done = 0; done < extent.length;) {
    const ssize_t count = calls.read_at(value.file.fd(), bytes.data() + done, extent.length - done,
                                        static_cast<off_t>(extent.offset + done));
    if (count == -1) throw_system_error(errno, kReading, path);
    if (count == 0) {
      throw StorageError({std::string(kReading), path,
                          "it shrank while it was read (expected " + std::to_string(value.size()) +
                              " bytes, found " + std::to_string(extent.offset + done) + ")",
                          "somebody changes this file in place: read it again when they are done"});
    }
    done += static_cast<std::uint64_t>(count);
  }
  return bytes;
}

// The requests of one key share one descriptor: opened by the first, closed by the last.
class SharedValue {
 public:
  void expect_one_more() { left_.fetch_add(1, std::memory_order_relaxed); }

  // Calls use(value); value is nullptr when there is none.
  template <typename Use>
  void with(Syscalls& calls, const std::string& path, Use use) {
    {
      const std::lock_guard lock(opening_);
      if (!opened_) value_ = open_value(calls, path);
      opened_ = true;
    }
    use(value_ ? &*value_ : nullptr);
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) value_.reset();
  }

 private:
  std::mutex opening_;
  bool opened_ = false;             // guarded by opening_
  std::optional<OpenValue> value_;  // written under opening_, and by the last user
  std::atomic<std::size_t> left_{0};
};

}  // namespace

std::optional<Bytes> LocalStore::get(std::string_view key) {
  check_key(key, kReading);
  const std::string path = url(key);
  const std::optional<OpenValue> value = open_value(calls_, path);
  if (!value) return std::nullopt;
  return read_extent(calls_, *value, {0, value->size()}, path);
}

std::optional<Versioned> LocalStore::get_versioned(std::string_view key) {
  check_key(key, kReading);
  const std::string path = url(key);
  const std::optional<OpenValue> value = open_value(calls_, path);
  if (!value) return std::nullopt;
  return Versioned{read_extent(calls_, *value, {0, value->size()}, path), version_of(value->about)};
}

void LocalStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  for (const Request& request : requests) check_key(request.key, "read parts of values");
  // Requests of one key next to each other and by offset, whatever order they came in: few
  // descriptors are open at a time, and the disk is read forwards.
  std::vector<std::size_t> order(requests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto offset = [&](std::size_t i) {
    return requests[i].range ? requests[i].range->offset : std::uint64_t{0};
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int by_key = requests[a].key.compare(requests[b].key);
    return by_key != 0 ? by_key < 0 : offset(a) < offset(b);
  });
  std::vector<std::size_t> group(requests.size());
  std::size_t groups = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool same = i > 0 && requests[order[i]].key == requests[order[i - 1]].key;
    group[i] = same ? groups - 1 : groups++;
  }
  std::vector<SharedValue> values(groups);
  for (const std::size_t g : group) values[g].expect_one_more();

  base::parallel_for(requests.size(), [&](std::size_t i) {
    const Request& request = requests[order[i]];
    const std::string path = url(request.key);
    values[group[i]].with(calls_, path, [&](const OpenValue* value) {
      if (value == nullptr) return on_part(order[i], std::nullopt);
      on_part(order[i], read_extent(calls_, *value, clip(request.range, value->size()), path));
    });
  });
}

std::optional<Stat> LocalStore::stat(std::string_view key) {
  check_key(key, "look up a value");
  const std::string path = url(key);
  struct stat about{};
  if (calls_.stat_at(AT_FDCWD, path.c_str(), &about, 0) == -1) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw_system_error(errno, "look up a value", path);
  }
  if (S_ISDIR(about.st_mode)) return std::nullopt;
  if (!S_ISREG(about.st_mode)) throw_special(path);
  return Stat{static_cast<std::uint64_t>(about.st_size), version_of(about)};
}

}  // namespace copick::store
