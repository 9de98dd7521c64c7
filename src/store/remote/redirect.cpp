#include "store/remote/redirect.h"

#include <curl/curl.h>

#include <memory>

namespace copick::store::remote {

namespace {

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlFree>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

Url parsed(const std::string& text) {
  Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    return nullptr;
  return url;
}

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string origin_of(const std::string& url) {
  const Url parts = parsed(url);
  if (!parts) return {};
  const std::string scheme = lowered(part_of(parts.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https") return {};
  return scheme + "://" + lowered(part_of(parts.get(), CURLUPART_HOST)) + ":" +
         part_of(parts.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

std::optional<std::string> redirect_target(const std::string& url, const std::string& location) {
  const Url parts = parsed(url);
  if (location.empty() || !parts) return std::nullopt;
  if (curl_url_set(parts.get(), CURLUPART_URL, location.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    return std::nullopt;
  std::string target = part_of(parts.get(), CURLUPART_URL);
  const std::string from = origin_of(url), to = origin_of(target);
  if (to.empty() || (from.starts_with("https:") && !to.starts_with("https:"))) return std::nullopt;
  return target;
}

bool leads_to_folder(const std::string& url, const std::string& location) {
  const Url parts = parsed(url);
  if (location.empty() || !parts) return false;
  const std::string from = part_of(parts.get(), CURLUPART_PATH);
  if (curl_url_set(parts.get(), CURLUPART_URL, location.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    return false;
  return part_of(parts.get(), CURLUPART_PATH) == from + "/";
}

}  // namespace copick::store::remote
