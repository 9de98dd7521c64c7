// A zip archive as a store: the directory is in memory, members are read by ranges of the archive.
//
// The directory is read on first use and again when the archive's version changes. Every call works
// on the directory it began with. Were the archive replaced in the middle of a call, local headers
// or checksums would not fit: that is told as StorageError, which is worth a second try.
#include "store/key.h"
#include "store/ranges.h"
#include "store/temporary_name.h"
#include "store/zip.h"
#include "store/zip/directory.h"
#include "store/zip/unpack.h"

#include <copick/error.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

namespace copick::store {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTrusted = std::chrono::seconds(1);
constexpr std::uint64_t kKeptInflated = 64 << 20;
constexpr std::uint64_t kGuessedExtra = 64;  // of a local header: time stamps, owners

// An archive as it was at one time.
struct Opened {
  explicit Opened(std::shared_ptr<const ZipDirectory> read) : directory(std::move(read)) {}
  const std::shared_ptr<const ZipDirectory> directory;
  InflatedMembers inflated{kKeptInflated};
};

class ZipStore final : public Store {
 public:
  ZipStore(StorePtr outer, std::string key)
      : outer_(std::move(outer)), key_(std::move(key)), where_(outer_->url(key_)) {}

  std::optional<Bytes> get(std::string_view key) override;
  std::optional<Versioned> get_versioned(std::string_view key) override;
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override;
  std::vector<Entry> list(std::string_view prefix) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override;
  std::vector<Leftover> leftovers(std::string_view prefix) override;

  std::string put(std::string_view key, ByteView, const PutOptions&) override { refuse(key); }
  bool erase(std::string_view key) override { refuse(key); }
  std::uint64_t erase_prefix(std::string_view prefix) override { refuse(prefix); }
  void make_prefix(std::string_view prefix) override { refuse(prefix); }
  void publish_prefix(std::string_view, std::string_view target, Durability) override {
    refuse(target);
  }
  std::string staging_prefix(std::string_view target) override { refuse(target); }
  bool can_publish_atomically() const override { return false; }
  bool read_only() const override { return true; }
  std::string url(std::string_view key) const override { return where_ + "/" + std::string(key); }
  std::string identity(std::string_view prefix) const override {
    return "zip:" + outer_->identity(key_) + ":" + std::string(prefix);
  }

 private:
  [[noreturn]] void refuse(std::string_view key) const {
    check_prefix(key, "write into a zip archive");
    throw PermissionError({"write into a zip archive", url(key),
                           "an archive is read-only here: it is only ever written as a whole",
                           "choose another overlay, or make a new archive (copick sync)"});
  }
  enum class Trust { brief, none };
  std::shared_ptr<Opened> opened(Trust trust);
  void read(Opened& archive, std::span<const Request> requests, const OnPart& on_part);
  std::string version_of(const ZipDirectory& directory, const ZipMember& member) const;
  bool replaced(const ZipDirectory& directory) const;

  const StorePtr outer_;
  const std::string key_, where_;
  std::mutex mutex_;
  std::shared_ptr<Opened> opened_;  // guarded by mutex_
  Clock::time_point looked_at_;     // guarded by mutex_
};

// One call of fetch: which members are read whole, and which parts lie in the archive as they are.
class MemberReader {
 public:
  MemberReader(Store& outer, const std::string& key, const std::string& where, Opened& archive,
               std::span<const Request> requests, const Store::OnPart& on_part)
      : outer_(outer),
        key_(key),
        where_(where),
        archive_(archive),
        requests_(requests),
        on_part_(on_part) {}

  void run() {
    sort_requests();
    read_whole_members();
    read_ranges();
  }

 private:
  void sort_requests();
  void read_whole_members();
  void find_data();
  void read_ranges();
  void hand_out(const std::vector<std::size_t>& indexes, Bytes value, const ZipMember& member);

  Store& outer_;
  const std::string& key_;
  const std::string& where_;
  Opened& archive_;
  const std::span<const Request> requests_;
  const Store::OnPart& on_part_;
  std::map<const ZipMember*, std::vector<std::size_t>> whole_;
  std::vector<std::pair<std::size_t, const ZipMember*>> ranges_;
};

void MemberReader::sort_requests() {
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const Request& request = requests_[i];
    const ZipMember* member = archive_.directory->find(request.key);
    if (member == nullptr) {
      on_part_(i, std::nullopt);
      continue;
    }
    check_readable(*member, where_);
    const Extent extent = clip(request.range, member->size);
    const bool all = extent.length == member->size;
    if (member->method == 0 && !all) {
      ranges_.emplace_back(i, member);
    } else if (const auto kept = all ? nullptr : archive_.inflated.find(*member)) {
      on_part_(i, Bytes::copy_of(kept->view().subspan(extent.offset, extent.length)));
    } else {
      whole_[member].push_back(i);
    }
  }
}

void MemberReader::hand_out(const std::vector<std::size_t>& indexes, Bytes value,
                            const ZipMember& member) {
  if (indexes.size() == 1 && !requests_[indexes[0]].range) {
    return on_part_(indexes[0], std::move(value));
  }
  const auto shared = std::make_shared<const Bytes>(std::move(value));
  for (const std::size_t i : indexes) {
    const Extent extent = clip(requests_[i].range, member.size);
    on_part_(i, Bytes::copy_of(shared->view().subspan(extent.offset, extent.length)));
  }
  if (member.method != 0) archive_.inflated.keep(member, shared);
}

// A member with its local header is read in one go; the header's length is guessed, with room.
void MemberReader::read_whole_members() {
  std::vector<const ZipMember*> members;
  std::vector<Request> requests;
  for (const auto& [member, indexes] : whole_) {
    const std::uint64_t room = kZipLocalHeader + member->name.size() + kGuessedExtra;
    members.push_back(member);
    requests.push_back(
        {key_, ByteRange{.offset = member->header, .length = room + member->packed}});
  }
  outer_.fetch(requests, [&](std::size_t i, std::optional<Bytes> part) {
    const ZipMember& member = *members[i];
    const Bytes local = part ? std::move(*part) : Bytes();
    const std::uint64_t data = zip_data_offset(member, local, where_);
    archive_.directory->data_offset(member) = data;
    const std::uint64_t skip = data - member.header;
    Bytes packed;
    if (skip <= local.size() && local.size() - skip >= member.packed) {
      packed = Bytes::copy_of(local.view().subspan(skip, member.packed));
    } else {
      const Request again{key_, ByteRange{.offset = data, .length = member.packed}};
      outer_.fetch({&again, 1}, [&](std::size_t, std::optional<Bytes> rest) {
        if (rest) packed = std::move(*rest);
      });
      if (packed.size() != member.packed) {
        throw_corrupt_zip(where_, "member '" + member.name + "' is cut off");
      }
    }
    hand_out(whole_.at(&member), unpack(member, std::move(packed), where_), member);
  });
}

void MemberReader::find_data() {
  std::vector<const ZipMember*> unknown;
  for (const auto& [i, member] : ranges_) {
    if (archive_.directory->data_offset(*member) == 0) unknown.push_back(member);
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  std::vector<Request> requests;
  for (const ZipMember* member : unknown) {
    requests.push_back({key_, ByteRange{.offset = member->header,
                                        .length = kZipLocalHeader + member->name.size()}});
  }
  if (requests.empty()) return;
  outer_.fetch(requests, [&](std::size_t i, std::optional<Bytes> header) {
    const Bytes local = header ? std::move(*header) : Bytes();
    archive_.directory->data_offset(*unknown[i]) = zip_data_offset(*unknown[i], local, where_);
  });
}

void MemberReader::read_ranges() {
  if (ranges_.empty()) return;
  find_data();
  std::vector<Request> requests;
  std::vector<std::uint64_t> lengths;
  for (const auto& [i, member] : ranges_) {
    const Extent extent = clip(requests_[i].range, member->size);
    const std::uint64_t data = archive_.directory->data_offset(*member);
    requests.push_back({key_, ByteRange{.offset = data + extent.offset, .length = extent.length}});
    lengths.push_back(extent.length);
  }
  outer_.fetch(requests, [&](std::size_t k, std::optional<Bytes> part) {
    const auto& [i, member] = ranges_[k];
    if (!part || part->size() != lengths[k]) {
      throw_corrupt_zip(where_, "member '" + member->name + "' is cut off");
    }
    on_part_(i, std::move(part));
  });
}

std::shared_ptr<Opened> ZipStore::opened(Trust trust) {
  {
    const std::lock_guard lock(mutex_);
    if (opened_ && trust == Trust::brief && Clock::now() - looked_at_ < kTrusted) return opened_;
  }
  std::shared_ptr<Opened> known;
  {
    const std::lock_guard lock(mutex_);
    known = opened_;
  }
  if (!known || replaced(*known->directory)) {
    known = std::make_shared<Opened>(read_zip_directory(*outer_, key_, where_));
  }
  const std::lock_guard lock(mutex_);
  opened_ = known;
  looked_at_ = Clock::now();
  return known;
}

bool ZipStore::replaced(const ZipDirectory& directory) const {
  const std::optional<Stat> now = outer_->stat(key_);
  return !now || now->size != directory.archive.size || now->version != directory.archive.version;
}

void ZipStore::read(Opened& archive, std::span<const Request> requests, const OnPart& on_part) {
  bool ours = false;  // the exception is one of on_part
  const auto guarded = [&](std::size_t i, std::optional<Bytes> part) {
    try {
      on_part(i, std::move(part));
    } catch (...) {
      ours = true;
      throw;
    }
  };
  try {
    MemberReader(*outer_, key_, where_, archive, requests, guarded).run();
  } catch (const CorruptError&) {
    if (ours || !replaced(*archive.directory)) throw;
    throw StorageError(
        {"read a zip archive", where_, "it was replaced while it was read", "read again"});
  }
}

void ZipStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  for (const Request& request : requests) check_key(request.key, "read parts of values");
  read(*opened(Trust::none), requests, on_part);
}

std::optional<Bytes> ZipStore::get(std::string_view key) {
  std::optional<Versioned> value = get_versioned(key);
  if (!value) return std::nullopt;
  return std::move(value->bytes);
}

std::optional<Versioned> ZipStore::get_versioned(std::string_view key) {
  check_key(key, "read a value");
  const std::shared_ptr<Opened> archive = opened(Trust::brief);
  const ZipMember* member = archive->directory->find(key);
  if (member == nullptr) return std::nullopt;
  Versioned value{{}, version_of(*archive->directory, *member)};
  const Request request{std::string(key), {}};
  read(*archive, {&request, 1},
       [&](std::size_t, std::optional<Bytes> bytes) { value.bytes = std::move(*bytes); });
  return value;
}

std::optional<Stat> ZipStore::stat(std::string_view key) {
  check_key(key, "look up a value");
  const std::shared_ptr<Opened> archive = opened(Trust::brief);
  const ZipMember* member = archive->directory->find(key);
  if (member == nullptr) return std::nullopt;
  return Stat{member->size, version_of(*archive->directory, *member)};
}

std::string ZipStore::version_of(const ZipDirectory& directory, const ZipMember& member) const {
  return directory.archive.version + ":" + std::to_string(member.header) + "-" +
         std::to_string(member.crc) + "-" + std::to_string(member.size);
}

// Members below a prefix lie together in the directory, which is sorted by name.
template <typename Visit>
void each_below(const ZipDirectory& directory, std::string_view prefix, Visit visit) {
  const std::string start = prefix.empty() ? "" : std::string(prefix) + "/";
  const auto less = [](const ZipMember& member, const std::string& name) {
    return member.name < name;
  };
  auto at = std::lower_bound(directory.members.begin(), directory.members.end(), start, less);
  while (at != directory.members.end() && at->name.starts_with(start)) {
    const std::string_view below = std::string_view(at->name).substr(start.size());
    const std::string past = below.empty() ? "" : visit(*at, below);
    at = past.empty() ? at + 1 : std::lower_bound(at, directory.members.end(), start + past, less);
  }
}

std::vector<Entry> ZipStore::list(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  const std::shared_ptr<Opened> archive = opened(Trust::brief);
  std::vector<Entry> entries;
  each_below(*archive->directory, prefix, [&](const ZipMember& member, std::string_view below) {
    const std::size_t slash = below.find('/');
    Entry entry{std::string(below.substr(0, slash)), slash != std::string_view::npos};
    if (!entry.is_prefix) entry.size = member.size;
    // '0' follows '/': the next name that is not below this child.
    std::string past = entry.is_prefix ? entry.name + "0" : "";
    if (!is_temporary_name(entry.name)) entries.push_back(std::move(entry));
    return past;
  });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.name != b.name ? a.name < b.name : a.is_prefix < b.is_prefix;
  });
  return entries;
}

std::vector<Entry> ZipStore::list_recursive(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  const std::shared_ptr<Opened> archive = opened(Trust::brief);
  std::vector<Entry> entries;
  each_below(*archive->directory, prefix, [&](const ZipMember& member, std::string_view below) {
    if (!member.is_folder() && !has_temporary_part(below)) {
      entries.push_back({member.name, false, member.size});
    }
    return std::string();
  });
  return entries;
}

// An archive says nothing of use about times: what is left over in it counts as young.
std::vector<Leftover> ZipStore::leftovers(std::string_view prefix) {
  check_prefix(prefix, "look for leftovers");
  const std::shared_ptr<Opened> archive = opened(Trust::brief);
  std::map<std::string, bool> found;
  each_below(*archive->directory, prefix, [&](const ZipMember& member, std::string_view below) {
    const std::size_t end = end_of_temporary_part(below);
    if (end == std::string_view::npos) return std::string();
    const std::size_t length = member.name.size() - below.size() + end;
    found[member.name.substr(0, length)] |= length < member.name.size();
    return std::string();
  });
  std::vector<Leftover> leftovers;
  for (const auto& [key, is_prefix] : found) leftovers.push_back({key, is_prefix});
  return leftovers;
}

}  // namespace

StorePtr zip_store(StorePtr outer, std::string key) {
  check_key(key, "open a zip archive");
  return std::make_shared<ZipStore>(std::move(outer), std::move(key));
}

}  // namespace copick::store
