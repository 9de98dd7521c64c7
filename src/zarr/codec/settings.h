// Settings: the members of a codec's entry in array metadata, read with checks.
//
// The same keys serve Zarr v2 ({"id": "zstd", "level": 3}) and the "configuration" of v3, because
// numcodecs spells both alike. A value of the wrong kind or out of range is a CorruptError that
// names the member; absent and null mean the default; members that no codec knows are ignored.
#pragma once

#include "zarr/codec/codec.h"
#include "zarr/stored_type.h"

#include <string>
#include <string_view>

namespace copick::zarr {

class Settings {
 public:
  // `members` is borrowed.
  Settings(const Json& members, std::string codec, std::size_t item_size, DType dtype,
           std::string where)
      : members_(members),
        codec_(std::move(codec)),
        item_size_(item_size),
        dtype_(dtype),
        where_(std::move(where)) {}

  std::size_t item_size() const { return item_size_; }  // of the elements that the codec encodes
  DType dtype() const { return dtype_; }
  const std::string& where() const { return where_; }
  const Json* find(std::string_view key) const;  // nullptr when absent or null

  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                       std::int64_t most) const;
  double number(std::string_view key) const;
  bool flag(std::string_view key, bool fallback) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  // A numpy type: "<f4", "float32", "f4".
  StoredType type(std::string_view key, StoredType fallback) const;

  [[noreturn]] void refuse(std::string_view key, const std::string& why) const;

 private:
  const Json& members_;
  std::string codec_;
  std::size_t item_size_;
  DType dtype_;
  std::string where_;
};

}  // namespace copick::zarr
