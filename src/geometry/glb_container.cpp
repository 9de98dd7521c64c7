#include "geometry/glb_container.h"

#include <copick/error.h>

#include <algorithm>
#include <limits>

#include "base/checked.h"
#include "base/little_endian.h"

namespace copick::geometry {

namespace {

using base::load_little;
using base::store_little;

constexpr std::uint32_t kMagic = 0x46546C67;      // "glTF"
constexpr std::uint32_t kJsonChunk = 0x4E4F534A;  // "JSON"
constexpr std::uint32_t kBinaryChunk = 0x004E4942;
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kChunkHeaderSize = 8;
constexpr std::uint64_t kMostBytes = std::numeric_limits<std::uint32_t>::max();

[[noreturn]] void fail(std::string_view where, const std::string& why,
                       const std::string& hint = "") {
  throw CorruptError({"read a mesh", std::string(where), why, hint});
}

struct Chunk {
  std::uint32_t type;
  ByteView content;
  std::size_t end;  // offset in the file
};

Chunk chunk_at(ByteView file, std::size_t offset, std::string_view where) {
  if (!base::range_inside(offset, kChunkHeaderSize, file.size()))
    fail(where, "the header of the chunk at byte " + std::to_string(offset) + " is cut off");
  const auto length = load_little<std::uint32_t>(file.data() + offset);
  const auto type = load_little<std::uint32_t>(file.data() + offset + 4);
  const std::size_t start = offset + kChunkHeaderSize;
  if (!base::range_inside(start, length, file.size()))
    fail(where, "the chunk at byte " + std::to_string(offset) + " promises " +
                    std::to_string(length) + " bytes, found " +
                    std::to_string(file.size() - start));
  return {type, file.subspan(start, length), start + length};
}

std::uint64_t padded(std::uint64_t size) { return (size + 3) / 4 * 4; }

// Writes a chunk and returns where the next one starts.
std::byte* put_chunk(std::byte* to, std::uint32_t type, ByteView content, char padding) {
  const std::size_t size = padded(content.size());
  store_little(to, static_cast<std::uint32_t>(size));
  store_little(to + 4, type);
  std::byte* end = std::copy(content.begin(), content.end(), to + kChunkHeaderSize);
  std::byte* next = to + kChunkHeaderSize + size;
  std::fill(end, next, static_cast<std::byte>(padding));
  return next;
}

}  // namespace

GlbChunks split_glb(ByteView file, std::string_view where) {
  if (file.size() < kHeaderSize || load_little<std::uint32_t>(file.data()) != kMagic)
    fail(where, "it does not start with 'glTF'", "meshes are stored as binary glTF 2.0 (.glb)");
  const auto version = load_little<std::uint32_t>(file.data() + 4);
  if (version != kVersion) fail(where, "expected GLB version 2, found " + std::to_string(version));
  const auto length = load_little<std::uint32_t>(file.data() + 8);
  if (length < kHeaderSize || length > file.size())
    fail(where,
         "the header promises " + std::to_string(length) + " bytes, found " +
             std::to_string(file.size()),
         "the file was probably cut off while it was copied");
  file = file.first(length);  // bytes after the promised length belong to nobody

  GlbChunks chunks;
  const Chunk first = chunk_at(file, kHeaderSize, where);
  if (first.type != kJsonChunk) fail(where, "the first chunk is not JSON");
  const std::string_view json = as_text(first.content);
  chunks.json = json.substr(0, json.find_last_not_of(std::string_view(" \0\t\n\r", 5)) + 1);

  std::size_t offset = first.end;
  if (offset < file.size()) {
    const Chunk second = chunk_at(file, offset, where);
    if (second.type == kBinaryChunk) {
      chunks.binary = second.content;
      offset = second.end;
    }
  }
  chunks.rest = file.subspan(offset);
  while (offset < file.size()) offset = chunk_at(file, offset, where).end;
  return chunks;
}

Bytes join_glb(std::string_view json, ByteView binary, ByteView rest) {
  const std::uint64_t binary_size = binary.empty() ? 0 : kChunkHeaderSize + padded(binary.size());
  const std::uint64_t size =
      kHeaderSize + kChunkHeaderSize + padded(json.size()) + binary_size + rest.size();
  if (size > kMostBytes)
    throw ValidationError({"write a mesh", "",
                           "a GLB holds at most " + std::to_string(kMostBytes) +
                               " bytes, this mesh needs " + std::to_string(size),
                           "store it in several parts"});
  Bytes file(size);
  store_little(file.data(), kMagic);
  store_little(file.data() + 4, kVersion);
  store_little(file.data() + 8, static_cast<std::uint32_t>(size));
  std::byte* next = put_chunk(file.data() + kHeaderSize, kJsonChunk, as_bytes(json), ' ');
  if (!binary.empty()) next = put_chunk(next, kBinaryChunk, binary, '\0');
  std::copy(rest.begin(), rest.end(), next);
  return file;
}

}  // namespace copick::geometry
