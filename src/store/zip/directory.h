// The directory of a zip archive: which members it has, and where.
//
// Reading it is where hostile archives are turned away (docs/format/zip.md, section 2), so that who
// holds a ZipDirectory may believe its numbers: every member lies inside the archive and overlaps
// no other. Threads: immutable, but for data_offset, which is atomic.
#pragma once

#include <copick/store.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace copick::store {

struct ZipMember {
  std::string name;          // a key, or a folder's name with a final '/'
  std::uint64_t header = 0;  // where its local header begins
  std::uint64_t packed = 0, size = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool encrypted = false;
  bool is_folder() const { return name.back() == '/'; }
};

constexpr std::uint64_t kZipLocalHeader = 30;  // bytes before the name

struct ZipDirectory {
  Stat archive;
  std::vector<ZipMember> members;  // sorted by name, names differ
  // Where a member's data begin; 0: not known before its local header is read.
  std::unique_ptr<std::atomic<std::uint64_t>[]> data_offsets;

  // nullptr: there is no such value.
  const ZipMember* find(std::string_view key) const;
  std::atomic<std::uint64_t>& data_offset(const ZipMember& member) const {
    return data_offsets[static_cast<std::size_t>(&member - members.data())];
  }
};

// `where` is the archive's URL. NotFoundError, CorruptError.
std::shared_ptr<const ZipDirectory> read_zip_directory(Store& outer, const std::string& key,
                                                       const std::string& where);
// Where a member's data begin, from the bytes at its header: at least kZipLocalHeader and the
// name's length of them.
std::uint64_t zip_data_offset(const ZipMember& member, ByteView header, const std::string& where);

[[noreturn]] void throw_corrupt_zip(const std::string& where, std::string why);

}  // namespace copick::store
