// lzma: xz containers, legacy .lzma files and raw filter chains.
//
// Compatible with numcodecs.LZMA (v2 and "numcodecs.lzma"), that is with Python's lzma module.
// Source: liblzma; the filter dictionaries of Python's lzma documentation.
//
// "format" 1 is xz, 2 .lzma, 3 raw (no header, so "filters" must say how it was made), 0 reads xz
// or .lzma. "filters" is a list of {"id": number, ...}; with xz it matters for encoding only.
// Decoding uses at most kMemoryLimit.

#include "zarr/codec/builtin.h"
#include "zarr/codec/compressor.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>
#include <lzma.h>

#include <limits>
#include <list>
#include <vector>

namespace copick::zarr {

namespace {

constexpr std::uint64_t kMemoryLimit = std::uint64_t{1} << 30;  // preset 9 needs 65 MiB to decode
enum Format : std::int64_t { kAuto = 0, kXz = 1, kAlone = 2, kRaw = 3 };

// liblzma's array of filters, ended by LZMA_VLI_UNKNOWN, and the options that it points to.
class FilterChain {
 public:
  FilterChain() { filters_.push_back({LZMA_VLI_UNKNOWN, nullptr}); }
  FilterChain(const FilterChain&) = delete;
  FilterChain& operator=(const FilterChain&) = delete;

  void append(lzma_vli id, void* options) { filters_.insert(filters_.end() - 1, {id, options}); }
  lzma_options_lzma& new_lzma() { return lzma_.emplace_back(); }
  lzma_options_delta& new_delta() { return delta_.emplace_back(); }
  lzma_options_bcj& new_bcj() { return bcj_.emplace_back(); }

  const lzma_filter* data() const { return filters_.data(); }
  const lzma_options_lzma* first_lzma() const { return lzma_.empty() ? nullptr : &lzma_.front(); }

 private:
  std::vector<lzma_filter> filters_;
  std::list<lzma_options_lzma> lzma_;  // lists: the filters point into them
  std::list<lzma_options_delta> delta_;
  std::list<lzma_options_bcj> bcj_;
};

void append_lzma(FilterChain& chain, lzma_vli id, const Settings& settings) {
  const auto value = [&](const char* key, std::uint32_t fallback) {
    return static_cast<std::uint32_t>(
        settings.integer(key, fallback, 0, std::numeric_limits<std::uint32_t>::max()));
  };
  lzma_options_lzma& options = chain.new_lzma();
  if (lzma_lzma_preset(&options, value("preset", LZMA_PRESET_DEFAULT)))
    settings.refuse("preset", "is not one of liblzma's");
  options.dict_size = value("dict_size", options.dict_size);
  options.lc = value("lc", options.lc);
  options.lp = value("lp", options.lp);
  options.pb = value("pb", options.pb);
  options.mode = static_cast<lzma_mode>(value("mode", options.mode));
  options.nice_len = value("nice_len", options.nice_len);
  options.mf = static_cast<lzma_match_finder>(value("mf", options.mf));
  options.depth = value("depth", options.depth);
  chain.append(id, &options);
}

void append_filter(FilterChain& chain, const Settings& settings) {
  const Json* id_value = settings.find("id");
  if (!id_value || !id_value->is_number())
    settings.refuse("id", "is missing from one of the filters");
  const std::uint64_t id = id_value->as_uint64();
  switch (id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2:
      return append_lzma(chain, id, settings);
    case LZMA_FILTER_DELTA: {
      lzma_options_delta& options = chain.new_delta();
      options.type = LZMA_DELTA_TYPE_BYTE;
      options.dist = static_cast<std::uint32_t>(
          settings.integer("dist", 1, LZMA_DELTA_DIST_MIN, LZMA_DELTA_DIST_MAX));
      return chain.append(id, &options);
    }
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC: {
      lzma_options_bcj& options = chain.new_bcj();
      options.start_offset = static_cast<std::uint32_t>(
          settings.integer("start_offset", 0, 0, std::numeric_limits<std::uint32_t>::max()));
      return chain.append(id, &options);
    }
    default:
      settings.refuse("id", fmt::format("is {}, which is no filter of liblzma", id));
  }
}

// A liblzma coder, set up by the caller.
class Coder {
 public:
  Coder() = default;
  ~Coder() { lzma_end(&stream_); }
  Coder(const Coder&) = delete;
  Coder& operator=(const Coder&) = delete;

  lzma_stream* operator()() { return &stream_; }

  // Passes all of `in`. LZMA_STREAM_END when done; LZMA_BUF_ERROR when `in` or `out` is at its end
  // before (is_full tells which). A full `out` alone is no error: the marker that ends a stream may
  // still be unread, so the coder is offered one byte more, which it must not use.
  lzma_ret run(ByteView in, MutableByteView out) {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    lzma_ret result = fill(out);
    left_out_ = stream_.avail_out;
    std::byte spare;
    if (result == LZMA_BUF_ERROR && left_out_ == 0) {
      result = fill({&spare, 1});
      is_full_ = stream_.avail_out == 0;
    }
    return is_full_ ? LZMA_BUF_ERROR : result;
  }
  bool is_full() const { return is_full_; }
  std::size_t left_in() const { return stream_.avail_in; }
  std::size_t left_out() const { return left_out_; }

 private:
  lzma_ret fill(MutableByteView out) {
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream_.avail_out = out.size();
    lzma_ret result;
    do result = lzma_code(&stream_, LZMA_FINISH);
    while (result == LZMA_OK);
    return result;
  }

  bool is_full_ = false;
  std::size_t left_out_ = 0;
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Lzma final : public Compressor {
 public:
  Lzma(Format format, lzma_check check, std::unique_ptr<FilterChain> filters)
      : format_(format), check_(check), filters_(std::move(filters)) {}

  std::string name() const override { return "lzma"; }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    for (std::size_t size = decoded.size() + decoded.size() / 8 + 1024;; size *= 2) {
      Coder coder;
      lzma_ret result = start_encoder(coder);
      Bytes encoded(size);
      if (result == LZMA_OK) result = coder.run(decoded, encoded.span());
      if (coder.is_full()) continue;
      if (result != LZMA_STREAM_END)
        throw_cannot_encode("lzma", context,
                            fmt::format("liblzma answered {}", static_cast<int>(result)));
      encoded.truncate(size - coder.left_out());
      return encoded;
    }
  }

 protected:
  std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                        const ChunkContext& context) const override {
    Coder coder;
    lzma_ret result = start_decoder(coder);
    if (result == LZMA_OK) result = coder.run(encoded, out);
    switch (result) {
      case LZMA_STREAM_END:
        if (coder.left_in() > 0)
          throw_corrupt("lzma", context, fmt::format("{} bytes follow its end", coder.left_in()));
        return out.size() - coder.left_out();
      case LZMA_BUF_ERROR:
        if (coder.is_full()) return std::nullopt;
        throw_corrupt("lzma", context, "it ends before its stream does");
      case LZMA_MEMLIMIT_ERROR:
        throw_corrupt(
            "lzma", context,
            fmt::format("decoding it needs more than {} MiB of memory", kMemoryLimit >> 20));
      case LZMA_FORMAT_ERROR:
        throw_corrupt("lzma", context, "it is not in the format that the metadata name");
      case LZMA_MEM_ERROR:
        throw std::bad_alloc();
      default:
        throw_corrupt("lzma", context, "its stream is damaged");
    }
  }

 private:
  lzma_ret start_encoder(Coder& coder) const {
    if (format_ == kRaw) return lzma_raw_encoder(coder(), filters_->data());
    if (format_ == kAlone) return lzma_alone_encoder(coder(), filters_->first_lzma());
    return lzma_stream_encoder(coder(), filters_->data(), check_);
  }
  lzma_ret start_decoder(Coder& coder) const {
    if (format_ == kRaw) return lzma_raw_decoder(coder(), filters_->data());
    if (format_ == kAlone) return lzma_alone_decoder(coder(), kMemoryLimit);
    if (format_ == kAuto) return lzma_auto_decoder(coder(), kMemoryLimit, LZMA_CONCATENATED);
    return lzma_stream_decoder(coder(), kMemoryLimit, LZMA_CONCATENATED);
  }

  Format format_;
  lzma_check check_;
  std::unique_ptr<FilterChain> filters_;
};

std::unique_ptr<FilterChain> chain_of(const Settings& settings, Format format) {
  auto chain = std::make_unique<FilterChain>();
  const Json* list = settings.find("filters");
  if (list && !list->is_array()) settings.refuse("filters", "is not a list");
  if (list) {
    for (const Json& entry : list->elements())
      append_filter(*chain, Settings(entry, "lzma", settings.item_size(), settings.dtype(),
                                     settings.where()));
  } else if (format == kRaw) {
    settings.refuse("filters", "is missing; raw data cannot be decoded without");
  } else {
    append_lzma(*chain, format == kAlone ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2, settings);
  }
  return chain;
}

}  // namespace

CodecPtr make_lzma(const Settings& settings) {
  const auto format = static_cast<Format>(settings.integer("format", kXz, kAuto, kRaw));
  const auto check = settings.integer("check", -1, -1, LZMA_CHECK_ID_MAX);
  auto chain = chain_of(settings, format);
  if (format == kRaw && lzma_raw_decoder_memusage(chain->data()) > kMemoryLimit)
    settings.refuse("filters", fmt::format("are wrong, or need more than {} MiB of memory",
                                           kMemoryLimit >> 20));
  return std::make_shared<Lzma>(
      format, check < 0 ? LZMA_CHECK_CRC64 : static_cast<lzma_check>(check), std::move(chain));
}

}  // namespace copick::zarr
