// The bytes of one member from what the archive holds of it, and a small cache of inflated ones.
#pragma once

#include "store/zip/directory.h"

#include <list>
#include <memory>
#include <mutex>

namespace copick::store {

// `packed` is the member's data, all of them. Checks size and CRC-32: CorruptError.
Bytes unpack(const ZipMember& member, Bytes packed, const std::string& where);
// StorageError unless the member is stored or deflated, and plain.
void check_readable(const ZipMember& member, const std::string& where);

// The last inflated members, bounded in bytes. A member is known by its address: a
// cache belongs to one directory. Threads: any.
class InflatedMembers {
 public:
  explicit InflatedMembers(std::uint64_t most_bytes) : most_(most_bytes) {}
  std::shared_ptr<const Bytes> find(const ZipMember& member);
  void keep(const ZipMember& member, std::shared_ptr<const Bytes> bytes);

 private:
  struct Kept {
    const ZipMember* member;
    std::shared_ptr<const Bytes> bytes;
  };
  const std::uint64_t most_;
  std::mutex mutex_;
  std::list<Kept> kept_;     // guarded by mutex_; the last used first
  std::uint64_t bytes_ = 0;  // guarded by mutex_
};

}  // namespace copick::store
