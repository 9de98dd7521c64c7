#include "zarr/compression.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace copick::zarr {

namespace {

using Entries = std::vector<Json>;
constexpr std::string_view kNumcodecs = "numcodecs.";
// In the order of Blosc's numbers, which version 2 writes.
constexpr std::array<std::string_view, 3> kShuffles{"noshuffle", "shuffle", "bitshuffle"};
// Bytes to bytes in both versions, with the same settings.
constexpr std::array<std::string_view, 9> kAlike{"gzip",    "zlib",  "lz4",     "bz2",   "lzma",
                                                 "shuffle", "crc32", "adler32", "crc32c"};

Json named(std::string_view name, Json configuration) {
  return Json::object({{"name", Json::string(name)}, {"configuration", std::move(configuration)}});
}

Json bytes_entry(DType dtype) {
  if (size_of(dtype) == 1) return Json::object({{"name", Json::string("bytes")}});
  return named("bytes", Json::object({{"endian", Json::string("little")}}));
}

Json blosc_v2(std::string_view inner) {
  Json entry = default_v2_compressor();
  entry["cname"] = Json::string(inner);
  return entry;
}

std::string text_in(const Json& entry, std::string_view name) {
  const Json* value = entry.find(name);
  return value && value->is_string() ? value->as_string() : "";
}

Json member(const Json& entry, std::string_view name, std::int64_t otherwise) {
  const Json* value = entry.find(name);
  return value && value->is_number() ? *value : Json::integer(otherwise);
}

// -1 in version 2 lets Blosc choose: bits for single bytes.
std::string_view shuffle_name(const Json& entry, DType dtype) {
  const std::int64_t number = member(entry, "shuffle", 1).as_int64();
  if (number < 0) return size_of(dtype) == 1 ? kShuffles[2] : kShuffles[1];
  return kShuffles[static_cast<std::size_t>(std::min<std::int64_t>(number, 2))];
}

std::optional<Json> to_v3(Json entry, DType dtype) {
  const std::string id = text_in(entry, "id");
  if (id == "blosc") {
    return named(
        "blosc",
        Json::object({{"typesize", Json::integer(static_cast<std::int64_t>(size_of(dtype)))},
                      {"cname", Json::string(text_in(entry, "cname"))},
                      {"clevel", member(entry, "clevel", 5)},
                      {"shuffle", Json::string(shuffle_name(entry, dtype))},
                      {"blocksize", member(entry, "blocksize", 0)}}));
  }
  if (id == "zstd") {
    return named("zstd", Json::object({{"level", member(entry, "level", 3)},
                                       {"checksum", Json::boolean(false)}}));
  }
  if (std::find(kAlike.begin(), kAlike.end(), id) == kAlike.end()) return std::nullopt;
  entry.erase("id");
  if (id == "crc32c") return Json::object({{"name", Json::string(id)}});
  return named(id == "gzip" ? id : std::string(kNumcodecs) + id, std::move(entry));
}

std::optional<Json> to_v2(const Json& entry) {
  std::string name = entry.is_string() ? entry.as_string() : text_in(entry, "name");
  const Json* found = entry.find("configuration");
  const Json settings = found && found->is_object() ? *found : Json::object();
  const bool of_numcodecs = name.starts_with(kNumcodecs);
  if (of_numcodecs) name.erase(0, kNumcodecs.size());
  if (name == "blosc" && !of_numcodecs) {
    const auto shuffle =
        std::find(kShuffles.begin(), kShuffles.end(), text_in(settings, "shuffle"));
    if (shuffle == kShuffles.end()) return std::nullopt;
    Json blosc = blosc_v2(text_in(settings, "cname"));
    blosc["clevel"] = member(settings, "clevel", 5);
    blosc["blocksize"] = member(settings, "blocksize", 0);
    blosc["shuffle"] = Json::integer(shuffle - kShuffles.begin());
    return blosc;
  }
  if (name == "zstd") {
    return Json::object({{"id", Json::string(name)}, {"level", member(settings, "level", 3)}});
  }
  const bool alike = std::find(kAlike.begin(), kAlike.end(), name) != kAlike.end();
  if (!alike && !(of_numcodecs && name == "blosc")) return std::nullopt;
  Json v2 = Json::object({{"id", Json::string(name)}});
  for (const auto& [key, value] : settings.members()) v2[key] = value;
  return v2;
}

bool is_named(const Json& entry, std::string_view name) {
  return entry.is_string() ? entry.as_string() == name : text_in(entry, "name") == name;
}

// The chain of a v3 array's smallest unit, "bytes" little-endian, "transpose" left out.
Entries chain_v3(const ArrayMetadata& source) {
  const Json* list = source.document.find("codecs");
  if (source.sharding) list = list->elements().front().find("configuration")->find("codecs");
  Entries chain;
  for (const Json& entry : list->elements()) {
    if (is_named(entry, "transpose")) continue;
    chain.push_back(is_named(entry, "bytes") ? bytes_entry(source.dtype) : entry);
  }
  return chain;
}

Entries chain_v2(const ArrayMetadata& source) {
  Entries chain;
  if (const Json* filters = source.document.find("filters"); filters && filters->is_array())
    chain = filters->elements();
  chain.push_back(source.document.find("compressor") ? *source.document.find("compressor")
                                                     : Json());
  return chain;
}

}  // namespace

std::optional<Entries> codecs_of(Compression compression, int zarr_format, DType dtype) {
  Entries chain;  // as version 2 has it
  if (compression == Compression::by_format) return std::nullopt;
  if (compression == Compression::blosc_lz4) chain = {blosc_v2("lz4")};
  if (compression == Compression::blosc_zstd) chain = {blosc_v2("zstd")};
  if (compression == Compression::zstd) {
    if (is_floating(dtype) && size_of(dtype) > 1) {
      const auto size = static_cast<std::int64_t>(size_of(dtype));
      chain.push_back(
          Json::object({{"elementsize", Json::integer(size)}, {"id", Json::string("shuffle")}}));
    }
    chain.push_back(Json::object({{"id", Json::string("zstd")}, {"level", Json::integer(3)}}));
  }
  if (zarr_format == 2) return chain;
  Entries v3{bytes_entry(dtype)};
  for (Json& entry : chain) v3.push_back(*to_v3(std::move(entry), dtype));
  return v3;
}

std::optional<Entries> codecs_like(const ArrayMetadata& source, int zarr_format) {
  Entries chain = source.zarr_format == 2 ? chain_v2(source) : chain_v3(source);
  if (source.zarr_format == zarr_format) return chain;
  Entries other;
  if (zarr_format == 3) other.push_back(bytes_entry(source.dtype));
  for (const Json& entry : chain) {
    if (entry.is_null() || is_named(entry, "bytes")) continue;
    auto translated = zarr_format == 3 ? to_v3(entry, source.dtype) : to_v2(entry);
    if (!translated) return std::nullopt;
    other.push_back(std::move(*translated));
  }
  return other;
}

}  // namespace copick::zarr
