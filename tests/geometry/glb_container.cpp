#include "geometry/glb_container.h"

#include <doctest/doctest.h>

#include "base/little_endian.h"
#include "geometry/triangle_glb.h"

using namespace copick;
using namespace copick::geometry;
using copick::base::store_little;

namespace {

std::string fault(ByteView file) {
  try {
    split_glb(file, "mesh.glb");
    return "";
  } catch (const CorruptError& error) {
    CHECK(error.facts().where == "mesh.glb");
    return error.facts().why;
  }
}

}  // namespace

TEST_CASE("chunks are padded to four bytes, JSON with spaces and binary data with zeros") {
  const Bytes file = join_glb("{}", as_bytes("abcde"), {});
  CHECK(file.text() ==
        std::string("glTF\2\0\0\0\x28\0\0\0\4\0\0\0JSON{}  \x08\0\0\0BIN\0abcde\0\0\0", 40));
  const GlbChunks chunks = split_glb(file, "");
  CHECK(chunks.json == "{}");
  CHECK(as_text(chunks.binary) == std::string("abcde\0\0\0", 8));
  CHECK(chunks.rest.empty());
}

TEST_CASE("a file without binary data has no BIN chunk") {
  CHECK(join_glb("{}", {}, {}).size() == 24);
  CHECK(split_glb(join_glb("{}", {}, {}), "").binary.empty());
}

TEST_CASE("chunks of unknown kinds are kept after the binary data") {
  const std::string unknown("\4\0\0\0ABCDwxyz", 12);
  const Bytes file = join_glb("{}", as_bytes("data"), as_bytes(unknown));
  CHECK(as_text(split_glb(file, "").rest) == unknown);
  CHECK(as_text(split_glb(join_glb("{}", {}, as_bytes(unknown)), "").rest) == unknown);
}

TEST_CASE("JSON padded with zeros is read") {
  Bytes file = join_glb("{}", {}, {});
  file.data()[22] = file.data()[23] = std::byte{0};
  CHECK(split_glb(file, "").json == "{}");
}

TEST_CASE("bytes after the length in the header are left out") {
  const Bytes file = join_glb("{}", as_bytes("data"), {});
  const std::string longer = std::string(file.text()) + "tail";
  CHECK(as_text(split_glb(as_bytes(longer), "").binary) == "data");
}

TEST_CASE("a GLB cut off at any byte is refused") {
  const Bytes file =
      join_glb("{}", as_bytes("data"), as_bytes(std::string_view("\4\0\0\0ABCDwxyz", 12)));
  for (std::size_t length = 0; length < file.size(); ++length)
    CHECK(fault(file.view().first(length)) != "");
}

TEST_CASE("a header that lies is refused with both numbers") {
  Bytes file = join_glb("{}", as_bytes("data"), {});
  store_little<std::uint32_t>(file.data() + 4, 1);
  CHECK(fault(file) == "expected GLB version 2, found 1");
  store_little<std::uint32_t>(file.data() + 4, 2);
  store_little<std::uint32_t>(file.data() + 8, 5000);
  CHECK(fault(file) == "the header promises 5000 bytes, found 36");
  store_little<std::uint32_t>(file.data() + 8, 36);
  store_little<std::uint32_t>(file.data() + 12, 0xFFFFFFFF);
  CHECK(fault(file) == "the chunk at byte 12 promises 4294967295 bytes, found 16");
  store_little<std::uint32_t>(file.data() + 12, 4);
  store_little<std::uint32_t>(file.data() + 16, 0x004E4942);
  CHECK(fault(file) == "the first chunk is not JSON");
  CHECK(fault(as_bytes("solid ball with more than twelve bytes")) ==
        "it does not start with 'glTF'");
}
