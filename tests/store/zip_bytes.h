// Zip archives spelt out record by record, so that each can be wrong in one place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace copick::test {

inline std::string le16(std::uint64_t value) {
  return {static_cast<char>(value), static_cast<char>(value >> 8)};
}
inline std::string le32(std::uint64_t value) { return le16(value) + le16(value >> 16); }
inline std::string le64(std::uint64_t value) { return le32(value) + le32(value >> 32); }

struct ZipPart {
  std::string name = "k";
  std::string data = "value";
  std::uint32_t crc = 0x1d775834;  // of "value"
  std::uint64_t size = 5;
  int method = 0, flags = 0;
  std::uint32_t mode = 0100644u << 16;
  std::string local_name = "";  // another one in the local header
  std::uint64_t packed = 0;     // 0: that of data
  std::int64_t moved = 0;       // of the header's place in the directory
};

struct ZipBytes {
  std::vector<ZipPart> parts = {ZipPart{}};
  std::string before_directory = "", before_end = "", comment = "";
  int extra_count = 0;  // more entries than there are
  std::int64_t moved_directory = 0;

  std::string text() const {
    std::string out, directory;
    for (const ZipPart& part : parts) {
      const std::uint64_t packed = part.packed ? part.packed : part.data.size();
      const std::string local = part.local_name.empty() ? part.name : part.local_name;
      const std::string about = le16(part.flags) + le16(part.method) + le32(0x00210000) +
                                le32(part.crc) + le32(packed) + le32(part.size);
      directory += "PK\1\2" + le16(0x0314) + le16(20) + about + le16(part.name.size()) +
                   std::string(8, '\0') + le32(part.mode) +
                   le32(out.size() + static_cast<std::uint64_t>(part.moved)) + part.name;
      out += "PK\3\4" + le16(20) + about + le16(local.size()) + le16(0) + local + part.data;
    }
    out += before_directory;
    const std::size_t count = parts.size() + static_cast<std::size_t>(extra_count);
    const std::uint64_t at = out.size() + static_cast<std::uint64_t>(moved_directory);
    const std::size_t size = directory.size();
    return out + directory + before_end + "PK\5\6" + le32(0) + le16(count) + le16(count) +
           le32(size) + le32(at) + le16(comment.size()) + comment;
  }
};

}  // namespace copick::test
