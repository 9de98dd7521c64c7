// Damaged chunks are refused or decoded to something of the right size; nothing crashes, nothing is
// read past the end.
#include "codec_cases.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

namespace {

// "" when the damaged chunk is handled as promised. The chunk lives in memory of exactly its size,
// so that a memory checker sees any byte read past its end.
std::string handled(const CodecCase& one, Bytes damaged, bool must_throw) {
  try {
    const Bytes decoded = decode_chain(one, damaged);
    if (must_throw) return "was accepted";
    return decoded.size() == one.decoded.size() ? "" : "decoded to another size";
  } catch (const CorruptError& error) {
    return error.facts().where == one.name ? "" : "the error does not name the chunk";
  } catch (const std::exception& error) { return error.what(); }
}

}  // namespace

TEST_CASE("a chunk cut short at any byte is corrupt") {
  for (const CodecCase& one : all_codec_cases()) {
    std::string fault;
    for (std::size_t size = 0; size < one.encoded.size() && fault.empty(); ++size) {
      // The start of a delta or shuffle chunk is a valid shorter one, so there the size must give
      // it away.
      fault = handled(one, Bytes::copy_of(one.encoded.view().first(size)), true);
      if (!fault.empty()) fault = std::to_string(size) + " bytes: " + fault;
    }
    CHECK_MESSAGE(fault.empty(), one.name << ": " << fault);
  }
}

TEST_CASE("a byte that follows the end of a chunk is noticed") {
  for (const CodecCase& one : all_codec_cases()) {
    Bytes longer(one.encoded.size() + 1);
    std::memcpy(longer.data(), one.encoded.data(), one.encoded.size());
    longer.data()[one.encoded.size()] = std::byte{0x5a};
    CHECK_MESSAGE(handled(one, std::move(longer), true) == "", one.name);
  }
}

TEST_CASE("any changed bit in the first 64 bytes is survived") {
  for (const CodecCase& one : all_codec_cases()) {
    std::string fault;
    for (std::size_t bit = 0;
         bit < std::min<std::size_t>(64, one.encoded.size()) * 8 && fault.empty(); ++bit) {
      Bytes damaged = Bytes::copy_of(one.encoded);
      damaged.data()[bit / 8] ^= std::byte{1} << (bit % 8);
      fault = handled(one, std::move(damaged), false);
      if (!fault.empty()) fault = "bit " + std::to_string(bit) + ": " + fault;
    }
    CHECK_MESSAGE(fault.empty(), one.name << ": " << fault);
  }
}

TEST_CASE("any changed byte is survived, set to the extremes") {
  for (const CodecCase& one : all_codec_cases()) {
    std::string fault;
    for (std::size_t at = 0; at < one.encoded.size() && fault.empty(); ++at) {
      for (const std::byte value : {std::byte{0x00}, std::byte{0xff}, std::byte{0x80}}) {
        Bytes damaged = Bytes::copy_of(one.encoded);
        damaged.data()[at] = value;
        fault = handled(one, std::move(damaged), false);
      }
      if (!fault.empty()) fault = "byte " + std::to_string(at) + ": " + fault;
    }
    CHECK_MESSAGE(fault.empty(), one.name << ": " << fault);
  }
}

TEST_CASE("a checksum notices every changed bit") {
  for (const CodecCase& one : all_codec_cases()) {
    const std::string name = one.chain.back()->name();
    if (name != "crc32c" && name != "crc32" && name != "adler32") continue;
    int accepted = 0;
    for (std::size_t bit = 0; bit < one.encoded.size() * 8; ++bit) {
      Bytes damaged = Bytes::copy_of(one.encoded);
      damaged.data()[bit / 8] ^= std::byte{1} << (bit % 8);
      accepted += handled(one, std::move(damaged), true) == "was accepted";
    }
    CHECK_MESSAGE(accepted == 0, one.name);
  }
}
