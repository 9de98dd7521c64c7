// Names to codecs, and the entries that new arrays are written with. The table for readers:
// docs/format/zarr-codecs.md.

#include "zarr/codec/builtin.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <array>
#include <string_view>

namespace copick::zarr {

namespace {

struct Builtin {
  std::string_view name;  // the v2 "id"; v3 writes "numcodecs." before it
  bool in_v3;             // also a codec of Zarr v3 itself, by the bare name
  CodecPtr (*make)(const Settings&);
};

constexpr std::array<Builtin, 17> kBuiltins{{
    {"blosc", true, make_blosc},
    {"zstd", true, make_zstd},
    {"gzip", true, make_gzip},
    {"crc32c", true, make_crc32c},
    {"zlib", false, make_zlib},
    {"lz4", false, make_lz4},
    {"bz2", false, make_bz2},
    {"lzma", false, make_lzma},
    {"shuffle", false, make_shuffle},
    {"delta", false, make_delta},
    {"fixedscaleoffset", false, make_fixed_scale_offset},
    {"astype", false, make_as_type},
    {"quantize", false, make_quantize},
    {"bitround", false, make_bit_round},
    {"packbits", false, make_pack_bits},
    {"crc32", false, make_crc32},
    {"adler32", false, make_adler32},
}};

constexpr std::string_view kNumcodecs = "numcodecs.";

const Builtin* find_builtin(std::string_view name) {
  for (const Builtin& builtin : kBuiltins)
    if (builtin.name == name) return &builtin;
  return nullptr;
}

std::string list_of_builtins(bool v3) {
  std::string list;
  for (const Builtin& builtin : kBuiltins) {
    if (!list.empty()) list += ", ";
    if (v3 && !builtin.in_v3) list += kNumcodecs;
    list += builtin.name;
  }
  return list;
}

// The text member `key` of a codec entry.
std::string name_in(const Json& entry, std::string_view key, const std::string& where) {
  const Json* name = entry.find(key);
  if (!name || !name->is_string())
    throw CorruptError({"set up a codec", where,
                        fmt::format("its entry {} has no \"{}\"", entry.dump(), key), ""});
  return name->as_string();
}

[[noreturn]] void throw_unknown(const std::string& name, bool v3, const std::string& where) {
  throw ValidationError({"set up a codec", where,
                         fmt::format("the codec '{}' is not built in", name),
                         "built in are " + list_of_builtins(v3)});
}

Json named(std::string_view name, std::vector<Json::Member> configuration) {
  Json entry = Json::object();
  entry["name"] = Json::string(name);
  if (!configuration.empty()) entry["configuration"] = Json::object(std::move(configuration));
  return entry;
}

}  // namespace

CodecPtr codec_from_v2(const Json& entry, std::size_t item_size, DType dtype,
                       const std::string& where) {
  const std::string name = name_in(entry, "id", where);
  const Builtin* builtin = find_builtin(name);
  if (!builtin) throw_unknown(name, false, where);
  return builtin->make(Settings(entry, name, item_size, dtype, where));
}

CodecPtr codec_from_v3(const Json& entry, std::size_t item_size, DType dtype,
                       const std::string& where) {
  // "crc32c" alone is short for {"name": "crc32c"}.
  const std::string name = entry.is_string() ? entry.as_string() : name_in(entry, "name", where);
  const bool of_numcodecs = name.rfind(kNumcodecs, 0) == 0;
  const Builtin* builtin =
      find_builtin(of_numcodecs ? std::string_view(name).substr(kNumcodecs.size()) : name);
  if (!builtin || (!of_numcodecs && !builtin->in_v3)) throw_unknown(name, true, where);
  const Json* configuration = entry.find("configuration");
  const Json none = Json::object();
  return builtin->make(
      Settings(configuration ? *configuration : none, name, item_size, dtype, where));
}

Json default_v2_compressor() {
  constexpr int level = 5, byte_shuffle = 1, automatic = 0;
  return Json::object({{"blocksize", Json::integer(automatic)},
                       {"clevel", Json::integer(level)},
                       {"cname", Json::string("lz4")},
                       {"id", Json::string("blosc")},
                       {"shuffle", Json::integer(byte_shuffle)}});
}

std::vector<Json> default_v3_codecs(DType dtype) {
  if (is_complex(dtype))
    throw ValidationError(
        {"choose codecs for a Zarr v3 array", "",
         fmt::format("{} is neither an integer, a bool nor a float", name_of(dtype)),
         "write Zarr v2, or the two parts as float arrays"});
  constexpr int level = 3;
  const auto size = static_cast<std::int64_t>(size_of(dtype));
  std::vector<Json> codecs;
  codecs.push_back(size == 1 ? named("bytes", {})
                             : named("bytes", {{"endian", Json::string("little")}}));
  if (is_floating(dtype))
    codecs.push_back(named("numcodecs.shuffle", {{"elementsize", Json::integer(size)}}));
  codecs.push_back(
      named("zstd", {{"level", Json::integer(level)}, {"checksum", Json::boolean(false)}}));
  return codecs;
}

}  // namespace copick::zarr
