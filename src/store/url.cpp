#include "store/url.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_scheme_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// How long the scheme before a ':' is; 0 when there is none, as in "./a:b" and "10:00/a".
std::size_t scheme_length(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(url[0])) return 0;
  const std::string_view scheme = url.substr(0, colon);
  return std::all_of(scheme.begin(), scheme.end(), is_scheme_character) ? colon : 0;
}

// One layer of a chain.
std::string layer_without_secrets(std::string_view url) {
  std::string text(url.substr(0, url.find('?')));
  const std::size_t start = text.find("://");
  if (start == std::string::npos) return text;
  const std::size_t host = start + 3;
  const std::size_t at = text.substr(0, text.find('/', host)).rfind('@');
  if (at == std::string::npos || at < host) return text;
  const std::size_t colon = text.find(':', host);
  if (colon < at) text.replace(colon + 1, at - colon - 1, "***");
  return text;
}

}  // namespace

StoreUrl split_url(std::string_view url) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (url.empty() || std::any_of(url.begin(), url.end(), is_control)) {
    throw ValidationError({"open a store", "",
                           url.empty() ? "the URL is empty" : "the URL has a control character",
                           "give a folder or a URL such as 'local:///data/project'"});
  }
  const std::size_t length = scheme_length(url);
  if (length == 0) return {"", std::string(url)};
  StoreUrl parts{std::string(url.substr(0, length)), std::string(url.substr(length + 1))};
  for (char& c : parts.scheme) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (parts.rest.starts_with("//")) parts.rest.erase(0, 2);
  return parts;
}

std::string without_secrets(std::string_view url) {
  std::string text;
  for (;;) {
    const std::size_t end = url.find("::");
    text += layer_without_secrets(url.substr(0, end));
    if (end == std::string_view::npos) return text;
    text += "::";
    url.remove_prefix(end + 2);
  }
}

}  // namespace copick::store
