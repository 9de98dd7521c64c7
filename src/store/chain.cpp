#include "store/chain.h"

#include "base/logging.h"
#include "store/url.h"
#include "store/wrappers.h"
#include "store/zip.h"

#include <copick/error.h>

#include <algorithm>
#include <vector>

namespace copick::store {

namespace {

constexpr std::string_view kCaches[] = {"simplecache", "filecache", "blockcache", "cached"};

bool is_cache(std::string_view scheme) {
  return std::find(std::begin(kCaches), std::end(kCaches), scheme) != std::end(kCaches);
}

struct Layer {
  std::string url, scheme;
  std::string rest;  // after the scheme
  Json arguments;
};

struct Place {
  StorePtr store;
  std::string key;
};

std::string without_slashes(std::string_view path) {
  const std::size_t first = path.find_first_not_of('/');
  if (first == std::string_view::npos) return "";
  return std::string(path.substr(first, path.find_last_not_of('/') - first + 1));
}

[[noreturn]] void refuse(const std::string& url, std::string why, std::string hint) {
  throw ValidationError({"open a store", without_secrets(url), std::move(why), std::move(hint)});
}

bool may_lead_on(std::string_view scheme) { return scheme == "zip" || is_cache(scheme); }

// The scheme of a layer, which may be bare ("zip").
std::string scheme_of(std::string_view part) {
  if (part.empty()) return "";
  const bool bare = part.find_first_of(":/") == std::string_view::npos;
  return split_url(std::string(part).append(bare ? ":" : "")).scheme;
}

// Split at "::" as long as what stands before it can be followed by something: the last one may
// have a "::" in its path.
std::vector<std::string> parts_of(std::string_view url) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = url.find("::");
    if (end == std::string_view::npos || !may_lead_on(scheme_of(url.substr(0, end)))) {
      parts.emplace_back(url);
      return parts;
    }
    parts.emplace_back(url.substr(0, end));
    url.remove_prefix(end + 2);
  }
}

// A bare "zip" is "zip://".
Layer layer_of(std::string part, bool last) {
  const bool bare = !last && part.find_first_of(":/") == std::string::npos;
  if (bare) part += "://";
  StoreUrl url = split_url(part);
  return {std::move(part), std::move(url.scheme), std::move(url.rest), Json::object()};
}

std::vector<Layer> layers_of(std::string_view url, const Json& arguments) {
  std::vector<Layer> layers;
  std::vector<std::string> parts = parts_of(url);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    layers.push_back(layer_of(std::move(parts[i]), i + 1 == parts.size()));
  }
  if (!arguments.is_object()) return layers;
  for (const auto& [name, value] : arguments.members()) {
    const auto named = std::find_if(layers.begin(), layers.end(),
                                    [&, key = std::string_view(name)](const Layer& l) {
                                      return l.scheme == key && value.is_object();
                                    });
    if (named == layers.end()) {
      layers.front().arguments[name] = value;
    } else {
      for (const auto& [inner, inner_value] : value.members())
        named->arguments[inner] = inner_value;
    }
  }
  return layers;
}

// zip://inner with the argument fo is zip://inner::fo.
void append_target(std::vector<Layer>& layers) {
  Layer& last = layers.back();
  if (!may_lead_on(last.scheme)) return;
  const Json* fo = last.arguments.find("fo");
  const Json* protocol = last.arguments.find("target_protocol");
  if (fo == nullptr || !fo->is_string()) {
    refuse(last.url, "the URL does not say what lies below " + last.scheme + "://",
           last.scheme == "zip" ? "write 'zip://folder/inside::/data/project.zip'"
                                : "write '" + last.scheme + "::ssh://host/data'");
  }
  std::string target = fo->as_string();
  if (protocol != nullptr && protocol->is_string() && split_url(target).scheme.empty()) {
    target.insert(0, protocol->as_string() + "://");
  }
  Layer below = layer_of(std::move(target), true);
  if (const Json* options = last.arguments.find("target_options")) below.arguments = *options;
  layers.push_back(std::move(below));
}

// Names that fsspec knows and that mean nothing here, or were taken already.
void remark_unused(const Layer& layer) {
  constexpr std::string_view kKnown =
      " fo mode target_protocol target_options compression auto_mkdir ";
  for (const auto& [name, value] : layer.arguments.members()) {
    if (kKnown.find(" " + name + " ") != std::string_view::npos) continue;
    base::warn("ignored argument '" + name + "' of the store " + without_secrets(layer.url));
  }
}

// cache_storage: a folder; without one, or with "TMP", the cache is in memory.
StorePtr cached(const Layer& layer, StorePtr inner) {
  constexpr std::uint64_t kInMemory = 256 << 20, kOnDisk = std::uint64_t{8} << 30;
  const Json* folder = layer.arguments.find("cache_storage");
  const Json* expiry = layer.arguments.find("expiry_time");
  const bool on_disk = folder != nullptr && folder->is_string() && folder->as_string() != "TMP";
  CacheOptions options;
  if (expiry != nullptr && expiry->is_number()) {
    const double seconds = std::clamp(expiry->as_double(), 0.0, 1e9);
    options.trusted = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  const auto shelf = on_disk ? disk_shelf(folder->as_string(), kOnDisk) : memory_shelf(kInMemory);
  return caching_store(std::move(inner), shelf, options);
}

class Chain {
 public:
  explicit Chain(std::vector<Layer> layers) : layers_(std::move(layers)) {}

  StorePtr open(std::size_t i = 0) const {
    const Layer& layer = layers_[i];
    if (layer.scheme == "zip") return prefix_store(archive(i), without_slashes(layer.rest));
    if (is_cache(layer.scheme)) return cached(layer, open(i + 1));
    return open_store(layer.url, layer.arguments.dump());
  }

 private:
  StorePtr archive(std::size_t i) const {
    remark_unused(layers_[i]);
    Place place = locate(i + 1);
    return zip_store(std::move(place.store), std::move(place.key));
  }

  // The file that layer i names.
  Place locate(std::size_t i) const {
    const Layer& layer = layers_[i];
    if (layer.scheme == "zip") {
      std::string key = without_slashes(layer.rest);
      if (key.empty()) refuse(layer.url, "it names no file in the archive", "");
      return {archive(i), std::move(key)};
    }
    if (is_cache(layer.scheme)) {
      Place below = locate(i + 1);
      return {cached(layer, std::move(below.store)), std::move(below.key)};
    }
    const std::size_t name = layer.url.find_last_of('/') + 1;
    std::string folder = layer.url.substr(0, name);
    std::string key = layer.url.substr(name);
    if (name == 0) folder = "./";
    if (key.empty()) refuse(layer.url, "it names a folder where a file is needed", "");
    const bool at_root = folder.ends_with("//") || folder == "/" || folder.ends_with(":///");
    if (!at_root) folder.pop_back();
    return {open_store(folder, layer.arguments.dump()), std::move(key)};
  }

  const std::vector<Layer> layers_;
};

}  // namespace

bool is_chain(std::string_view url) {
  const std::size_t end = url.find("::");
  if (end != std::string_view::npos) return may_lead_on(scheme_of(url.substr(0, end)));
  return !url.empty() && may_lead_on(split_url(url).scheme);
}

StorePtr open_chain(std::string_view url, const Json& arguments) {
  std::vector<Layer> layers = layers_of(url, arguments);
  append_target(layers);
  return Chain(std::move(layers)).open();
}

std::string_view chain_schemes() { return "zip://, simplecache::, filecache::, blockcache::, "; }

}  // namespace copick::store
