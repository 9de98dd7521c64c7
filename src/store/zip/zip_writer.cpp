// How an archive is written.
//
//   1. Begin a value in pieces.
//   2. Each member: local header, data; of a member in pieces, a descriptor with what was counted.
//   3. The directory, of what was noted about each member; zip64 records where a number needs them.
//   4. The end record; commit. Nobody sees anything before.
#include "base/little_endian.h"
#include "store/key.h"
#include "store/zip.h"

#include <copick/error.h>
#include <copick/limits.h>
#include <libdeflate.h>

#include <algorithm>
#include <new>
#include <vector>

namespace copick::store {

namespace {

constexpr std::uint16_t kUtf8 = 1 << 11, kDescriptor = 1 << 3;
constexpr std::uint16_t kFirstDay = 0x21;                // 1980-01-01
constexpr std::uint16_t kVersion = 20, kVersion64 = 45;  // needed to read
constexpr std::uint32_t kMode = 0100644u << 16;
constexpr std::uint64_t kUnsaid32 = 0xffffffff, kUnsaid16 = 0xffff;
constexpr std::uint64_t kLargestAtOnce = 32 << 20;
constexpr std::uint64_t kPiece = 8 << 20;

struct Written {
  std::string name;
  std::uint64_t header = 0, packed = 0, size = 0;
  std::uint32_t crc = 0;
  ZipMethod method = ZipMethod::stored;
  bool in_pieces = false;
};

// A record being put together.
class Record {
 public:
  template <typename T>
  Record& add(T value) {
    std::byte bytes[sizeof(T)];
    base::store_little(bytes, value);
    bytes_.append(as_text(bytes));
    return *this;
  }
  Record& u16(std::uint64_t value) { return add(static_cast<std::uint16_t>(value)); }
  Record& u32(std::uint64_t value) { return add(static_cast<std::uint32_t>(value)); }
  Record& u64(std::uint64_t value) { return add(value); }
  Record& text(std::string_view value) {
    bytes_.append(value);
    return *this;
  }
  ByteView view() const { return as_bytes(bytes_); }

 private:
  std::string bytes_;
};

Record local_header(const Written& member) {
  Record record;
  const bool wide = member.in_pieces;  // its sizes are not known yet, so room for large ones
  record.text("PK\3\4").u16(wide ? kVersion64 : kVersion);
  record.u16(kUtf8 | (member.in_pieces ? kDescriptor : 0)).u16(static_cast<int>(member.method));
  record.u16(0).u16(kFirstDay).u32(member.crc);
  record.u32(wide ? kUnsaid32 : member.packed).u32(wide ? kUnsaid32 : member.size);
  record.u16(member.name.size()).u16(wide ? 20 : 0).text(member.name);
  if (wide) record.u16(1).u16(16).u64(0).u64(0);
  return record;
}

Record directory_entry(const Written& member) {
  Record wide;
  const auto number = [&](std::uint64_t value) {
    if (value < kUnsaid32) return value;
    wide.u64(value);
    return kUnsaid32;
  };
  // In the order of the extra field.
  const std::uint64_t size = number(member.size), packed = number(member.packed),
                      header = number(member.header);
  const std::size_t extra = wide.view().empty() ? 0 : 4 + wide.view().size();
  Record record;
  record.text("PK\1\2").u16(3 << 8 | kVersion64);
  record.u16(member.in_pieces || extra != 0 ? kVersion64 : kVersion);
  record.u16(kUtf8 | (member.in_pieces ? kDescriptor : 0)).u16(static_cast<int>(member.method));
  record.u16(0).u16(kFirstDay).u32(member.crc).u32(packed).u32(size);
  record.u16(member.name.size()).u16(extra).u16(0).u16(0).u16(0).u32(kMode).u32(header);
  record.text(member.name);
  if (extra != 0) record.u16(1).u16(wide.view().size()).text(as_text(wide.view()));
  return record;
}

Record end_records(std::uint64_t count, std::uint64_t size, std::uint64_t offset) {
  Record record;
  if (count >= kUnsaid16 || size >= kUnsaid32 || offset >= kUnsaid32) {
    record.text("PK\6\6").u64(44).u16(3 << 8 | kVersion64).u16(kVersion64).u32(0).u32(0);
    record.u64(count).u64(count).u64(size).u64(offset);
    record.text("PK\6\7").u32(0).u64(offset + size).u32(1);
  }
  const std::uint64_t few = std::min(count, kUnsaid16);
  record.text("PK\5\6").u16(0).u16(0).u16(few).u16(few);
  record.u32(std::min(size, kUnsaid32)).u32(std::min(offset, kUnsaid32)).u16(0);
  return record;
}

Bytes deflate(ByteView value) {
  struct Free {
    void operator()(libdeflate_compressor* one) const { libdeflate_free_compressor(one); }
  };
  const std::unique_ptr<libdeflate_compressor, Free> one(libdeflate_alloc_compressor(6));
  if (!one) throw std::bad_alloc();
  Bytes packed(libdeflate_deflate_compress_bound(one.get(), value.size()));
  packed.truncate(libdeflate_deflate_compress(one.get(), value.data(), value.size(), packed.data(),
                                              packed.size()));
  return packed;
}

}  // namespace

struct ZipWriter::State {
  std::unique_ptr<ValueWriter> out;
  std::string where;
  std::uint64_t position = 0;
  std::vector<Written> members;

  void write(ByteView bytes) {
    out->append(bytes);
    position += bytes.size();
  }
  Written& start(std::string_view name) {
    check_key(name, "write a zip archive");
    if (name.size() >= kUnsaid16) {
      throw ValidationError({"write a zip archive", where,
                             "a name of " + std::to_string(name.size()) + " bytes is too long",
                             "names in a zip archive have 65,534 bytes at most"});
    }
    members.push_back({std::string(name), position});
    return members.back();
  }
};

ZipWriter::ZipWriter(Store& store, std::string_view key, const PutOptions& options)
    : state_(std::make_unique<State>()) {
  state_->out = store.begin_put(key, options);
  state_->where = store.url(key);
}

ZipWriter::~ZipWriter() = default;

void ZipWriter::add(std::string_view name, ByteView value, ZipMethod method) {
  Written& member = state_->start(name);
  Bytes deflated;
  if (method == ZipMethod::deflated) deflated = deflate(value);
  const bool smaller = method == ZipMethod::deflated && deflated.size() < value.size();
  member.method = smaller ? ZipMethod::deflated : ZipMethod::stored;
  const ByteView packed = smaller ? deflated.view() : value;
  member.size = value.size();
  member.packed = packed.size();
  member.crc = libdeflate_crc32(0, value.data(), value.size());
  member.in_pieces = member.size >= kUnsaid32;  // its sizes want the room of a wide header
  if (member.in_pieces) {
    state_->members.pop_back();
    begin(name);
    append(value);
    return end();
  }
  state_->write(local_header(member).view());
  state_->write(packed);
}

void ZipWriter::begin(std::string_view name) {
  Written& member = state_->start(name);
  member.in_pieces = true;
  state_->write(local_header(member).view());
}

void ZipWriter::append(ByteView piece) {
  Written& member = state_->members.back();
  member.crc = libdeflate_crc32(member.crc, piece.data(), piece.size());
  member.size += piece.size();
  member.packed = member.size;
  state_->write(piece);
}

void ZipWriter::end() {
  const Written& member = state_->members.back();
  Record descriptor;
  descriptor.text("PK\7\10").u32(member.crc).u64(member.packed).u64(member.size);
  state_->write(descriptor.view());
}

std::string ZipWriter::commit() {
  const std::uint64_t offset = state_->position;
  for (const Written& member : state_->members) state_->write(directory_entry(member).view());
  const std::uint64_t size = state_->position - offset;
  state_->write(end_records(state_->members.size(), size, offset).view());
  return state_->out->commit();
}

namespace {

[[noreturn]] void throw_changed_source(const std::string& where) {
  throw StorageError({"write a zip archive", where, "it changed while it was read",
                      "see who else writes it, then start again"});
}

void add_in_pieces(ZipWriter& writer, Store& source, const Entry& value, std::string_view name) {
  const std::optional<Stat> before = source.stat(value.name);
  if (!before) throw_changed_source(source.url(value.name));
  writer.begin(name);
  for (std::uint64_t at = 0; at < before->size;) {
    const Request request{value.name, ByteRange{.offset = at, .length = kPiece}};
    std::optional<Bytes> piece;
    source.fetch({&request, 1},
                 [&](std::size_t, std::optional<Bytes> part) { piece = std::move(part); });
    if (!piece || piece->empty()) throw_changed_source(source.url(value.name));
    writer.append(*piece);
    at += piece->size();
  }
  writer.end();
  const std::optional<Stat> after = source.stat(value.name);
  if (!after || after->size != before->size || after->version != before->version) {
    throw_changed_source(source.url(value.name));
  }
}

}  // namespace

void add_to_zip(ZipWriter& writer, Store& source, const Entry& value, std::string_view name,
                const std::function<Bytes(Bytes)>& change) {
  if (value.size > kLargestAtOnce) return add_in_pieces(writer, source, value, name);
  std::optional<Bytes> bytes = source.get(value.name);
  if (!bytes) throw_changed_source(source.url(value.name));
  writer.add(name, change ? change(std::move(*bytes)) : std::move(*bytes));
}

ZipTotals write_zip(Store& source, std::string_view prefix, Store& target, std::string_view key,
                    const PutOptions& options,
                    const std::function<void(const ZipTotals& so_far)>& on_member,
                    ZipMethod method) {
  const std::vector<Entry> values = source.list_recursive(prefix);
  const std::size_t skip = prefix.empty() ? 0 : prefix.size() + 1;
  ZipWriter writer(target, key, options);
  ZipTotals totals;
  const auto added = [&](std::uint64_t bytes) {
    ++totals.members;
    totals.bytes += bytes;
    if (on_member) on_member(totals);
  };
  const std::uint64_t budget = std::max(memory_budget() / 4, kLargestAtOnce);
  for (std::size_t first = 0; first < values.size();) {
    if (values[first].size > kLargestAtOnce) {
      add_in_pieces(writer, source, values[first], values[first].name.substr(skip));
      added(values[first].size);
      ++first;
      continue;
    }
    std::vector<Request> requests;
    std::uint64_t bytes = 0;
    for (std::size_t i = first; i < values.size() && values[i].size <= kLargestAtOnce; ++i) {
      bytes += values[i].size;
      if (!requests.empty() && bytes > budget) break;
      requests.push_back({values[i].name, {}});
    }
    std::vector<std::optional<Bytes>> parts(requests.size());
    source.fetch(requests,
                 [&](std::size_t i, std::optional<Bytes> part) { parts[i] = std::move(part); });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!parts[i]) throw_changed_source(source.url(requests[i].key));
      writer.add(std::string_view(requests[i].key).substr(skip), *parts[i], method);
      added(parts[i]->size());
    }
    first += requests.size();
  }
  writer.commit();
  return totals;
}

}  // namespace copick::store
