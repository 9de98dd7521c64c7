// How the directory is read.
//
//   1. Ask for the archive's size and version.
//   2. Read its last 128 KiB. The end record is where a comment begins that ends the file.
//   3. A zip64 locator just before it leads to the numbers that did not fit.
//   4. Read the directory, unless the tail holds it already, and take its entries one by one.
//   5. Sort by place and check that no two members overlap; sort by name; the later of two entries
//      of one name wins.
#include "store/zip/directory.h"

#include "base/checked.h"
#include "base/little_endian.h"
#include "base/logging.h"
#include "store/key.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store {

namespace {

constexpr std::uint64_t kTail = 128 << 10;
constexpr std::uint64_t kEnd = 22, kLocator = 20, kEnd64 = 56, kEntry = 46;
constexpr std::uint64_t kLargestDirectory = std::uint64_t{2} << 30;
constexpr std::uint64_t kMostInflation = 1040;  // deflate reaches 1032
constexpr std::uint32_t kUnsaid32 = 0xffffffff;
constexpr std::uint16_t kUnsaid16 = 0xffff;

template <typename T>
T number(ByteView bytes, std::uint64_t at) {
  return base::load_little<T>(bytes.data() + at);
}
std::uint16_t u16(ByteView bytes, std::uint64_t at) { return number<std::uint16_t>(bytes, at); }
std::uint32_t u32(ByteView bytes, std::uint64_t at) { return number<std::uint32_t>(bytes, at); }
std::uint64_t u64(ByteView bytes, std::uint64_t at) { return number<std::uint64_t>(bytes, at); }

bool signature_at(ByteView bytes, std::uint64_t at, std::string_view two) {
  return as_text(bytes.subspan(at, 4)) == std::string("PK").append(two);
}

// One archive being read; the parts of it that are in memory.
class DirectoryReader {
 public:
  DirectoryReader(Store& outer, const std::string& key, const std::string& where)
      : outer_(outer), key_(key), where_(where) {}

  std::shared_ptr<const ZipDirectory> read();

 private:
  struct Place {
    std::uint64_t count = 0, size = 0, offset = 0;
    bool wide = false;  // count is exact, not modulo 65,536
  };

  [[noreturn]] void corrupt(std::string why) const { throw_corrupt_zip(where_, std::move(why)); }
  Bytes read_at(std::uint64_t offset, std::uint64_t length) const;
  std::uint64_t find_end() const;
  Place place_of_directory(std::uint64_t end) const;
  Place wide_place(std::uint64_t locator) const;
  void take_entries(ByteView bytes, const Place& place);
  void take_entry(ByteView entry, ByteView name, ByteView extra, std::uint64_t before);
  void widen(ZipMember& member, ByteView entry, ByteView extra) const;
  void check_overlaps() const;
  void keep_one_of_each_name();

  Store& outer_;
  const std::string& key_;
  const std::string& where_;
  std::uint64_t size_ = 0;   // of the archive
  std::uint64_t start_ = 0;  // of the tail
  Bytes tail_;
  std::vector<ZipMember> members_;
  std::uint64_t left_out_ = 0;
};

Bytes DirectoryReader::read_at(std::uint64_t offset, std::uint64_t length) const {
  if (!base::range_inside(offset, length, size_)) {
    corrupt("its records point outside the file, at byte " + std::to_string(offset));
  }
  if (offset >= start_ && !tail_.empty()) {
    return Bytes::copy_of(tail_.view().subspan(offset - start_, length));
  }
  std::optional<Bytes> bytes;
  const Request request{key_, ByteRange{.offset = offset, .length = length}};
  outer_.fetch({&request, 1},
               [&](std::size_t, std::optional<Bytes> part) { bytes = std::move(part); });
  if (!bytes || bytes->size() != length) {
    throw StorageError({"read a zip archive", where_, "it changed while it was read",
                        "see who else writes it, then read again"});
  }
  return std::move(*bytes);
}

std::uint64_t DirectoryReader::find_end() const {
  for (std::uint64_t back = kEnd; back <= tail_.size() && back <= kEnd + kUnsaid16; ++back) {
    const std::uint64_t at = tail_.size() - back;
    if (signature_at(tail_, at, "\5\6") && u16(tail_, at + 20) == back - kEnd) return at;
  }
  corrupt("it has no end record: it is cut off, or no zip archive");
}

DirectoryReader::Place DirectoryReader::place_of_directory(std::uint64_t end) const {
  const ByteView record = tail_.view().subspan(end, kEnd);
  Place place{u16(record, 10), u32(record, 12), u32(record, 16)};
  if (end >= kLocator && signature_at(tail_, end - kLocator, "\6\7")) {
    place = wide_place(end - kLocator);
  } else if (u16(record, 4) != 0 || u16(record, 6) != 0) {
    corrupt("it is one of several disks");
  }
  if (!base::range_inside(place.offset, place.size, start_ + end)) {
    corrupt("its directory (" + std::to_string(place.size) + " bytes at " +
            std::to_string(place.offset) + ") is not before its end record");
  }
  if (place.size > kLargestDirectory) corrupt("its directory is larger than 2 GiB");
  if (place.count > place.size / kEntry) {
    corrupt("it claims " + std::to_string(place.count) + " members in a directory of " +
            std::to_string(place.size) + " bytes");
  }
  return place;
}

DirectoryReader::Place DirectoryReader::wide_place(std::uint64_t locator) const {
  const std::uint64_t offset = u64(tail_, locator + 8);
  const Bytes record = read_at(offset, kEnd64);
  if (!signature_at(record, 0, "\6\6")) corrupt("its zip64 locator leads nowhere");
  if (u32(record, 16) != 0 || u32(record, 20) != 0) corrupt("it is one of several disks");
  return {u64(record, 32), u64(record, 40), u64(record, 48), true};
}

// Sizes that did not fit into the entry are in its extra field.
void DirectoryReader::widen(ZipMember& member, ByteView entry, ByteView extra) const {
  std::vector<std::uint64_t*> missing;
  if (u32(entry, 24) == kUnsaid32) missing.push_back(&member.size);
  if (u32(entry, 20) == kUnsaid32) missing.push_back(&member.packed);
  if (u32(entry, 42) == kUnsaid32) missing.push_back(&member.header);
  while (!missing.empty() && extra.size() >= 4) {
    const std::uint16_t id = u16(extra, 0), length = u16(extra, 2);
    if (length > extra.size() - 4) corrupt("an extra field of '" + member.name + "' is cut off");
    if (id == 1) {
      if (length < 8 * missing.size()) break;
      for (std::size_t i = 0; i < missing.size(); ++i) *missing[i] = u64(extra, 4 + 8 * i);
      return;
    }
    extra = extra.subspan(4 + std::size_t{length});
  }
}

// `before` is where the directory begins: members lie before it.
void DirectoryReader::take_entry(ByteView entry, ByteView name, ByteView extra,
                                 std::uint64_t before) {
  ZipMember member{std::string(as_text(name)),
                   u32(entry, 42),
                   u32(entry, 20),
                   u32(entry, 24),
                   u32(entry, 16),
                   u16(entry, 10)};
  member.encrypted = (u16(entry, 8) & 1) != 0;
  widen(member, entry, extra);
  const std::string_view key =
      std::string_view(member.name)
          .substr(0, member.name.size() - (member.name.ends_with('/') ? 1 : 0));
  bool legal = !key.empty();
  for (std::string_view rest = key; legal;) {
    const std::size_t slash = rest.find('/');
    legal = is_legal_name(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  const bool from_unix = u16(entry, 4) >> 8 == 3;
  const bool link = from_unix && (u32(entry, 38) >> 28) == 0xa;
  if (!legal || link) {
    ++left_out_;
    return;
  }
  const std::string quoted = "'" + member.name + "'";
  const auto end = base::checked_add(kZipLocalHeader + name.size(), member.packed);
  if (!end || !base::range_inside(member.header, *end, before)) {
    corrupt("member " + quoted + " lies outside the file");
  }
  if (member.method == 0 && !member.encrypted && member.size != member.packed) {
    corrupt("stored member " + quoted + " has two sizes, " + std::to_string(member.packed) +
            " and " + std::to_string(member.size));
  }
  if (member.size / kMostInflation > member.packed) {
    corrupt("member " + quoted + " claims " + std::to_string(member.size) + " bytes in " +
            std::to_string(member.packed));
  }
  members_.push_back(std::move(member));
}

void DirectoryReader::take_entries(ByteView bytes, const Place& place) {
  std::uint64_t found = 0;
  for (std::uint64_t at = 0; bytes.size() - at >= kEntry; ++found) {
    const ByteView entry = bytes.subspan(at, kEntry);
    if (!signature_at(entry, 0, "\1\2")) break;
    const std::uint64_t name = u16(entry, 28), extra = u16(entry, 30), comment = u16(entry, 32);
    if (name + extra + comment > bytes.size() - at - kEntry) {
      corrupt("entry " + std::to_string(found) + " of its directory is cut off");
    }
    take_entry(entry, bytes.subspan(at + kEntry, name), bytes.subspan(at + kEntry + name, extra),
               place.offset);
    at += kEntry + name + extra + comment;
  }
  const std::uint64_t comparable = place.wide ? found : found & kUnsaid16;
  if (comparable != place.count) {
    corrupt("its directory has " + std::to_string(found) + " entries, its end record says " +
            std::to_string(place.count));
  }
}

void DirectoryReader::check_overlaps() const {
  std::vector<const ZipMember*> by_place;
  by_place.reserve(members_.size());
  for (const ZipMember& member : members_) by_place.push_back(&member);
  std::sort(by_place.begin(), by_place.end(),
            [](const ZipMember* a, const ZipMember* b) { return a->header < b->header; });
  for (std::size_t i = 1; i < by_place.size(); ++i) {
    const ZipMember& before = *by_place[i - 1];
    if (by_place[i]->header - before.header >= kZipLocalHeader + before.name.size() + before.packed)
      continue;
    corrupt("members '" + before.name + "' and '" + by_place[i]->name + "' overlap");
  }
}

void DirectoryReader::keep_one_of_each_name() {
  std::reverse(members_.begin(), members_.end());  // stable: the later entry comes first
  std::stable_sort(members_.begin(), members_.end(),
                   [](const ZipMember& a, const ZipMember& b) { return a.name < b.name; });
  const auto same = [](const ZipMember& a, const ZipMember& b) { return a.name == b.name; };
  members_.erase(std::unique(members_.begin(), members_.end(), same), members_.end());
}

std::shared_ptr<const ZipDirectory> DirectoryReader::read() {
  const std::optional<Stat> archive = outer_.stat(key_);
  if (!archive) {
    throw NotFoundError({"open a zip archive", where_, "there is no such file",
                         "check the URL after '::', or the argument 'fo'"});
  }
  size_ = archive->size;
  const std::uint64_t length = std::min(size_, kTail);
  tail_ = read_at(size_ - length, length);
  start_ = size_ - length;
  const Place place = place_of_directory(find_end());
  take_entries(read_at(place.offset, place.size), place);
  check_overlaps();
  keep_one_of_each_name();
  if (left_out_ != 0) {
    base::warn("left out " + std::to_string(left_out_) +
               " members of a zip archive that are links or have illegal names: " + where_);
  }
  auto directory = std::make_shared<ZipDirectory>();
  directory->archive = *archive;
  directory->members = std::move(members_);
  directory->data_offsets =
      std::make_unique<std::atomic<std::uint64_t>[]>(directory->members.size());
  return directory;
}

}  // namespace

const ZipMember* ZipDirectory::find(std::string_view key) const {
  const auto found =
      std::lower_bound(members.begin(), members.end(), key,
                       [](const ZipMember& member, std::string_view k) { return member.name < k; });
  return found != members.end() && found->name == key ? &*found : nullptr;
}

std::shared_ptr<const ZipDirectory> read_zip_directory(Store& outer, const std::string& key,
                                                       const std::string& where) {
  return DirectoryReader(outer, key, where).read();
}

std::uint64_t zip_data_offset(const ZipMember& member, ByteView header, const std::string& where) {
  const bool whole = header.size() >= kZipLocalHeader + member.name.size();
  if (!whole || !signature_at(header, 0, "\3\4") || u16(header, 26) != member.name.size() ||
      as_text(header.subspan(kZipLocalHeader, member.name.size())) != member.name) {
    throw_corrupt_zip(where, "member '" + member.name + "' is not where the directory says");
  }
  return member.header + kZipLocalHeader + member.name.size() + u16(header, 28);
}

void throw_corrupt_zip(const std::string& where, std::string why) {
  throw CorruptError({"read a zip archive", where, std::move(why),
                      "test it (unzip -t), then copy or make it again"});
}

}  // namespace copick::store
