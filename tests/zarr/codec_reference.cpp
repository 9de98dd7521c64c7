// Chunks written by numcodecs and zarr-python are read, and what we write is what they would read.
#include "codec_cases.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

namespace {

bool is_exact(const zarr::Codec& codec) { return !codec.is_compressor(); }

}  // namespace

TEST_CASE("every chunk of the reference decodes to the reference's bytes") {
  const auto cases = all_codec_cases();
  CHECK(cases.size() == 114);
  for (const CodecCase& one : cases)
    CHECK_MESSAGE(same_bytes(decode_chain(one, one.encoded), one.decoded), one.name);
}

TEST_CASE("decoding straight into memory gives the same bytes") {
  for (const CodecCase& one : all_codec_cases()) {
    if (one.chain.size() > 1) continue;
    Bytes out(one.decoded.size());
    one.chain[0]->decode_into(one.encoded, out.span(), one.context);
    CHECK_MESSAGE(same_bytes(out, one.decoded), one.name);
  }
}

TEST_CASE("a chunk decodes without its size being known") {
  for (const CodecCase& one : all_codec_cases()) {
    if (one.chain.size() > 1) continue;
    CHECK_MESSAGE(
        same_bytes(one.chain[0]->decode(one.encoded, std::nullopt, one.context), one.decoded),
        one.name);
  }
}

TEST_CASE("what was decoded encodes and decodes to itself") {
  for (const CodecCase& one : all_codec_cases())
    CHECK_MESSAGE(same_bytes(decode_chain(one, encode_chain(one, one.decoded)), one.decoded),
                  one.name);
}

TEST_CASE("filters and checksums encode to the very bytes of the reference") {
  int compared = 0;
  for (const CodecCase& one : all_codec_cases()) {
    bool exact = true;
    for (const auto& codec : one.chain) exact &= is_exact(*codec);
    if (!exact) continue;
    // Lossy filters are given what they decoded to; a second rounding changes nothing.
    CHECK_MESSAGE(same_bytes(encode_chain(one, one.decoded), one.encoded), one.name);
    ++compared;
  }
  CHECK(compared == 44);
}

TEST_CASE("the encoded size is foretold by every codec that is no compressor") {
  for (const CodecCase& one : all_codec_cases()) {
    if (one.chain.size() > 1) continue;
    const auto size = one.chain[0]->encoded_size(one.decoded.size());
    CHECK_MESSAGE(size.has_value() == is_exact(*one.chain[0]), one.name);
    if (size) CHECK_MESSAGE(*size == one.encoded.size(), one.name);
  }
}

TEST_CASE("a chunk that decodes to another size than the metadata promise is corrupt") {
  for (const CodecCase& one : all_codec_cases()) {
    if (one.chain.size() > 1) continue;
    const zarr::Codec& codec = *one.chain[0];
    for (const std::size_t promised :
         {one.decoded.size() - 1, one.decoded.size() + 1, one.decoded.size() * 2, std::size_t{0}}) {
      CHECK_THROWS_AS(codec.decode(one.encoded, promised, one.context), CorruptError);
      Bytes out(promised);
      CHECK_THROWS_AS(codec.decode_into(one.encoded, out.span(), one.context), CorruptError);
    }
  }
}

TEST_CASE("empty and tiny chunks pass through every codec") {
  for (const CodecCase& one : all_codec_cases()) {
    for (const std::size_t size : {std::size_t{0}, size_of(one.dtype) * 48}) {
      CodecCase small = {one.name, one.chain, one.dtype, {}, Bytes(size), one.context};
      if (size > 0) std::memset(small.decoded.data(), 0, size);
      CHECK_MESSAGE(decode_chain(small, encode_chain(small, small.decoded)).size() == size,
                    one.name);
    }
  }
}
