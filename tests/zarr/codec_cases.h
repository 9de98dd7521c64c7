// Chunks that others encoded, from tests/data/zarr/codecs (made by make.py there).
#pragma once

#include "zarr/codec/codec.h"

#include <doctest/doctest.h>
#include <support/temp_dir.h>

#include <cstring>
#include <string>
#include <vector>

namespace copick::test {

struct CodecCase {
  std::string name;
  std::vector<zarr::CodecPtr> chain;  // as listed in metadata: the first encodes first
  DType dtype = DType::uint8;
  Bytes encoded, decoded;
  zarr::ChunkContext context;
};

inline Bytes bytes_at(const std::string& file, const Json& place) {
  const auto offset = static_cast<std::size_t>(place.elements()[0].as_int64());
  return Bytes::copy_of(std::string_view(file).substr(
      offset, static_cast<std::size_t>(place.elements()[1].as_int64())));
}

// `version` is "v2" or "v3".
inline std::vector<CodecCase> codec_cases(const std::string& version) {
  const std::string base = COPICK_TEST_DATA "/zarr/codecs/" + version;
  const std::string file = read_file(base + ".bin");
  const Json list = Json::parse(read_file(base + ".json"), base + ".json");
  std::vector<CodecCase> cases;
  for (const Json& entry : list.elements()) {
    CodecCase one;
    one.dtype = dtype_from_name(entry.find("dtype")->as_string()).value();
    one.encoded = bytes_at(file, *entry.find("encoded"));
    one.decoded = bytes_at(file, *entry.find("decoded"));
    one.name = entry.find("codecs")->dump() + " of " + std::string(name_of(one.dtype));
    one.context = {size_of(one.dtype),
                   one.dtype,
                   {static_cast<std::int64_t>(one.decoded.size() / size_of(one.dtype))},
                   one.name};
    DType dtype = one.dtype;
    for (const Json& codec : entry.find("codecs")->elements()) {
      one.chain.push_back(version == "v2"
                              ? zarr::codec_from_v2(codec, size_of(dtype), dtype, one.name)
                              : zarr::codec_from_v3(codec, size_of(dtype), dtype, one.name));
      dtype = one.chain.back()->encoded_dtype(dtype);
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

inline std::vector<CodecCase> all_codec_cases() {
  auto cases = codec_cases("v2");
  for (CodecCase& one : codec_cases("v3")) cases.push_back(std::move(one));
  return cases;
}

inline Bytes encode_chain(const CodecCase& one, ByteView decoded) {
  Bytes bytes = Bytes::copy_of(decoded);
  for (const auto& codec : one.chain) bytes = codec->encode(bytes, one.context);
  return bytes;
}

// Sizes between the codecs of a chain are given where they are known, as an array reader does.
inline Bytes decode_chain(const CodecCase& one, ByteView encoded) {
  std::vector<std::optional<std::size_t>> sizes{one.decoded.size()};
  for (const auto& codec : one.chain)
    sizes.push_back(sizes.back() ? codec->encoded_size(*sizes.back()) : std::nullopt);
  Bytes bytes = Bytes::copy_of(encoded);
  for (std::size_t i = one.chain.size(); i-- > 0;)
    bytes = one.chain[i]->decode(bytes, sizes[i], one.context);
  return bytes;
}

inline bool same_bytes(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// A codec from a v2 entry given as text.
inline zarr::CodecPtr codec_of(const std::string& v2_entry, DType dtype = DType::uint8) {
  return zarr::codec_from_v2(Json::parse(v2_entry, "test"), size_of(dtype), dtype, "test");
}

}  // namespace copick::test
