#include "store/zip/unpack.h"

#include <copick/error.h>
#include <libdeflate.h>

#include <new>

namespace copick::store {

namespace {

constexpr std::uint64_t kLargestInflated = std::uint64_t{2} << 30;

struct Free {
  void operator()(libdeflate_decompressor* one) const { libdeflate_free_decompressor(one); }
};

libdeflate_decompressor& decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> one(
      libdeflate_alloc_decompressor());
  if (!one) throw std::bad_alloc();
  return *one;
}

Bytes inflate(const ZipMember& member, ByteView packed, const std::string& where) {
  Bytes value(member.size);
  std::byte none{};
  std::size_t written = 0;
  const auto result =
      libdeflate_deflate_decompress(&decompressor(), packed.data(), packed.size(),
                                    value.empty() ? &none : value.data(), value.size(), &written);
  if (result != LIBDEFLATE_SUCCESS || written != value.size()) {
    throw_corrupt_zip(where, "member '" + member.name + "' does not inflate to its " +
                                 std::to_string(member.size) + " bytes");
  }
  return value;
}

[[noreturn]] void refuse(const ZipMember& member, const std::string& where, std::string why,
                         std::string hint) {
  throw StorageError(
      {"read '" + member.name + "' of a zip archive", where, std::move(why), std::move(hint)});
}

}  // namespace

void check_readable(const ZipMember& member, const std::string& where) {
  if (member.encrypted) {
    refuse(member, where, "it is encrypted", "unpack the archive with its password");
  }
  if (member.method != 0 && member.method != 8) {
    refuse(member, where, "it is compressed by method " + std::to_string(member.method),
           "make the archive anew with stored or deflated members (zip -0)");
  }
  if (member.method == 8 && member.size > kLargestInflated) {
    refuse(member, where, "it is deflated and larger than 2 GiB",
           "make the archive anew with stored members (zip -0)");
  }
}

Bytes unpack(const ZipMember& member, Bytes packed, const std::string& where) {
  Bytes value = member.method == 0 ? std::move(packed) : inflate(member, packed, where);
  const std::uint32_t crc = libdeflate_crc32(0, value.data(), value.size());
  if (value.size() != member.size || crc != member.crc) {
    throw_corrupt_zip(where, "the bytes of member '" + member.name +
                                 "' do not have the checksum of the directory");
  }
  return value;
}

std::shared_ptr<const Bytes> InflatedMembers::find(const ZipMember& member) {
  const std::lock_guard lock(mutex_);
  for (auto at = kept_.begin(); at != kept_.end(); ++at) {
    if (at->member != &member) continue;
    kept_.splice(kept_.begin(), kept_, at);
    return at->bytes;
  }
  return nullptr;
}

void InflatedMembers::keep(const ZipMember& member, std::shared_ptr<const Bytes> bytes) {
  if (bytes->size() > most_) return;
  const std::lock_guard lock(mutex_);
  bytes_ += bytes->size();
  kept_.push_front({&member, std::move(bytes)});
  while (bytes_ > most_) {
    bytes_ -= kept_.back().bytes->size();
    kept_.pop_back();
  }
}

}  // namespace copick::store
