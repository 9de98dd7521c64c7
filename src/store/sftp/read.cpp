// How values are read.
//
//   1. Open the file of each key once, at most kMostOpen at a time.
//   2. Ask for its attributes, and in the same breath for its first bytes when all of it is wanted.
//   3. Ask for all ranges in pieces as large as the server allows; the link keeps 16 MiB of answers
//      under way. A shorter answer than asked for is asked for again from where it ended.
//   4. Hand over each range when its last piece is there; close the file after the last range.
// All ranges of a key come from one open file, so from one version. When the connection is lost,
// what was not handed over is read again; of a key that was handed over in part, only if size and
// time are still the same.
#include "base/executor.h"
#include "store/key.h"
#include "store/ranges.h"
#include "store/sftp/sftp_store.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <map>

namespace copick::store::sftp {

namespace {

constexpr std::string_view kReading = "read a value";
constexpr std::size_t kMostOpen = 64;

// The requests for one key.
struct File {
  std::string key;
  std::vector<std::size_t> indexes;
  std::vector<bool> handed;  // by index; survives a lost connection
  std::string version;       // "" before it was opened
  // Of one connection:
  std::string handle;
  int to_begin = 0;  // answers until pieces can be asked for
  std::optional<Attributes> about;
  std::string early;  // the first bytes
  std::size_t ranges_left = 0;
  bool done() const { return std::find(handed.begin(), handed.end(), false) == handed.end(); }
};

struct Range {
  std::size_t index = 0, number = 0;  // of the request; within its file
  std::uint64_t offset = 0;           // in the file
  Bytes bytes;
  std::uint64_t missing = 0;
};

class Reader {
 public:
  using OnPart = std::function<void(std::size_t, std::optional<Bytes>, const Attributes*)>;

  Reader(Place& place, std::span<const Request> requests, std::span<File*> files,
         const OnPart& on_part)
      : place_(place), requests_(requests), files_(files), on_part_(on_part) {}

  void run(Link& link) {
    link_ = &link;
    next_ = 0;
    unclear_.clear();
    for (std::size_t open = 0; open < kMostOpen; ++open) open_next();
    link.run();
    for (const auto& [file, status, message] : unclear_) {
      if (status != Status::failure || !place_.is_below_a_file(link, place_.path(file->key))) {
        throw_status(status, message, kReading, place_.url(file->key));
      }
      hand_absent(*file);
    }
  }

 private:
  struct Unclear {
    File* file;
    Status status;
    std::string message;
  };

  void open_next() {
    while (next_ < files_.size() && files_[next_]->done()) ++next_;
    if (next_ == files_.size()) return;
    File& file = *files_[next_++];
    file.about.reset();
    file.early.clear();
    PacketWriter request(Type::open);
    request.text(place_.path(file.key)).u32(kOpenRead).no_attributes();
    link_->send(request, [this, &file](const Reply& reply) { opened(file, reply); });
  }

  void opened(File& file, const Reply& reply) {
    if (reply.type != Type::handle) {
      if (reply.is(Status::no_such_file)) {
        hand_absent(file);
      } else {
        unclear_.push_back({&file, reply.status, reply.message});
      }
      return open_next();
    }
    file.handle = reply.reader().text();
    const bool whole = file.indexes.size() == 1 && !requests_[file.indexes[0]].range;
    file.to_begin = whole ? 2 : 1;
    link_->send(PacketWriter(Type::fstat).text(file.handle), [this, &file](const Reply& about) {
      if (about.type != Type::attrs) {
        throw_status(about.status, about.message, kReading, place_.url(file.key));
      }
      file.about = about.reader().attributes();
      if (--file.to_begin == 0) begin(file);
    });
    if (!whole) return;
    const std::uint32_t most = link_->most_read();
    link_->send(
        PacketWriter(Type::read).text(file.handle).u64(0).u32(most),
        [this, &file](const Reply& data) {
          if (data.type == Type::data) file.early = data.reader().text();
          if (--file.to_begin == 0) begin(file);  // trouble is met again with the first piece
        },
        std::min<std::uint32_t>(most, 64 << 10));
  }

  void begin(File& file) {
    const Attributes& about = *file.about;
    if (about.is_folder()) {
      close(file);
      return hand_absent(file);
    }
    if (!about.is_file()) {
      throw StorageError({std::string(kReading), place_.url(file.key),
                          "it is no ordinary file (a device, pipe or socket)", "move it away"});
    }
    const std::string version = version_of(about);
    const bool begun = std::find(file.handed.begin(), file.handed.end(), true) != file.handed.end();
    if (begun && version != file.version) {
      throw StorageError({std::string(kReading), place_.url(file.key),
                          "it was replaced while the connection was lost", "read again"});
    }
    file.version = version;
    file.ranges_left = 0;
    for (std::size_t n = 0; n < file.indexes.size(); ++n) file.ranges_left += !file.handed[n];
    for (std::size_t n = 0; n < file.indexes.size(); ++n) {
      if (!file.handed[n]) begin_range(file, n);
    }
  }

  void begin_range(File& file, std::size_t n) {
    const Extent extent = clip(requests_[file.indexes[n]].range, file.about->size.value_or(0));
    auto range = std::make_shared<Range>();
    range->index = file.indexes[n];
    range->number = n;
    range->offset = extent.offset;
    range->bytes = Bytes(extent.length);
    range->missing = extent.length;
    std::uint64_t at = std::min<std::uint64_t>(file.early.size(), extent.length);
    if (at != 0) std::memcpy(range->bytes.data(), file.early.data(), at);
    range->missing -= at;
    if (range->missing == 0) return finish(file, *range);
    while (at < extent.length) {
      const auto piece = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(link_->most_read(), extent.length - at));
      ask_piece(file, range, at, piece);
      at += piece;
    }
  }

  // Bytes [at, at + length) of the range.
  void ask_piece(File& file, const std::shared_ptr<Range>& range, std::uint64_t at,
                 std::uint32_t length) {
    link_->send(
        PacketWriter(Type::read).text(file.handle).u64(range->offset + at).u32(length),
        [this, &file, range, at, length](const Reply& reply) {
          if (reply.is(Status::eof)) throw_shrunk(file);
          if (reply.type != Type::data) {
            throw_status(reply.status, reply.message, kReading, place_.url(file.key));
          }
          PacketReader reader = reply.reader();
          const std::string_view data = reader.text();
          if (data.empty() || data.size() > length) reader.corrupt("a piece has the wrong length");
          std::memcpy(range->bytes.data() + at, data.data(), data.size());
          range->missing -= data.size();
          const auto got = static_cast<std::uint32_t>(data.size());
          if (got < length) ask_piece(file, range, at + got, length - got);
          if (range->missing == 0) finish(file, *range);
        },
        length);
  }

  void finish(File& file, Range& range) {
    if (--file.ranges_left == 0) close(file);
    file.handed[range.number] = true;
    on_part_(range.index, std::move(range.bytes), &*file.about);
    if (file.ranges_left == 0) open_next();
  }

  void close(File& file) { link_->send_and_forget(PacketWriter(Type::close).text(file.handle)); }

  void hand_absent(File& file) {
    for (std::size_t n = 0; n < file.indexes.size(); ++n) {
      if (file.handed[n]) throw_shrunk(file);
      file.handed[n] = true;
      on_part_(file.indexes[n], std::nullopt, nullptr);
    }
  }

  [[noreturn]] void throw_shrunk(const File& file) const {
    throw StorageError({std::string(kReading), place_.url(file.key),
                        "it was cut or removed while it was read", "read again"});
  }

  Place& place_;
  const std::span<const Request> requests_;
  const std::span<File*> files_;
  const OnPart& on_part_;
  Link* link_ = nullptr;
  std::size_t next_ = 0;
  std::vector<Unclear> unclear_;
};

std::vector<File> files_of(std::span<const Request> requests) {
  std::map<std::string_view, std::size_t> numbers;
  std::vector<File> files;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto [at, fresh] = numbers.try_emplace(requests[i].key, files.size());
    if (fresh) files.push_back({.key = requests[i].key});
    files[at->second].indexes.push_back(i);
    files[at->second].handed.push_back(false);
  }
  return files;
}

void read_values(Place& place, std::span<const Request> requests, const Reader::OnPart& on_part) {
  std::vector<File> files = files_of(requests);
  // Two connections when there is much to do: encryption is work, and so is what is done with the
  // parts.
  const std::size_t lanes =
      files.size() >= 16 ? std::min<std::size_t>(2, base::default_thread_count()) : 1;
  std::vector<std::vector<File*>> shares(lanes);
  for (std::size_t f = 0; f < files.size(); ++f) shares[f % lanes].push_back(&files[f]);
  base::parallel_for(lanes, [&](std::size_t lane) {
    // What on_part throws is the caller's, even if it looks like a lost connection.
    struct NotOurs {};
    std::exception_ptr theirs;
    const Reader::OnPart guarded = [&](std::size_t i, std::optional<Bytes> part,
                                       const Attributes* about) {
      try {
        on_part(i, std::move(part), about);
      } catch (...) {
        theirs = std::current_exception();
        throw NotOurs();
      }
    };
    Reader reader(place, requests, shares[lane], guarded);
    try {
      place.pool().with_link([&](Link& link) { reader.run(link); });
    } catch (const NotOurs&) { std::rethrow_exception(std::move(theirs)); }
  });
}

}  // namespace

std::optional<Bytes> SftpStore::get(std::string_view key) {
  std::optional<Versioned> value = get_versioned(key);
  if (!value) return std::nullopt;
  return std::move(value->bytes);
}

std::optional<Versioned> SftpStore::get_versioned(std::string_view key) {
  check_key(key, kReading);
  const Request request{std::string(key), {}};
  std::optional<Versioned> value;
  read_values(place_, {&request, 1},
              [&](std::size_t, std::optional<Bytes> bytes, const Attributes* about) {
                if (bytes) value = Versioned{std::move(*bytes), version_of(*about)};
              });
  return value;
}

void SftpStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  for (const Request& request : requests) check_key(request.key, "read parts of values");
  if (requests.empty()) return;
  read_values(place_, requests, [&](std::size_t i, std::optional<Bytes> part, const Attributes*) {
    on_part(i, std::move(part));
  });
}

std::optional<Stat> SftpStore::stat(std::string_view key) {
  constexpr std::string_view doing = "look up a value";
  check_key(key, doing);
  const auto about = place_.pool().with_link(
      [&](Link& link) { return place_.look_up(link, place_.path(key), doing); });
  if (!about || !about->is_file()) return std::nullopt;
  return Stat{about->size.value_or(0), version_of(*about)};
}

}  // namespace copick::store::sftp
