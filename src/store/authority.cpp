#include "store/authority.h"

#include "store/percent.h"

#include <copick/error.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace copick::store {

namespace {

constexpr std::string_view kOpening = "open a store";

std::string decode(std::string_view text, const std::string& where) {
  std::optional<std::string> decoded = percent_decode(text);
  if (!decoded) {
    throw ValidationError({std::string(kOpening), where,
                           "its user or password has a '%' without two hex digits",
                           "write '%' as %25"});
  }
  return std::move(*decoded);
}

}  // namespace

std::uint16_t port_of(std::string_view text, const std::string& where) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    throw ValidationError({std::string(kOpening), where,
                           std::string("'").append(text).append("' is no port"),
                           "a port is a number from 1 to 65535"});
  }
  return port;
}

std::string take_authority(const StoreUrl& url, const std::string& where, Authority& authority) {
  const std::size_t slash = std::min(url.rest.find('/'), url.rest.size());
  std::string_view text = std::string_view(url.rest).substr(0, slash);
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = text.substr(0, at);
    const std::size_t colon = who.find(':');
    authority.user = decode(who.substr(0, colon), where);
    if (colon != std::string_view::npos) authority.password = decode(who.substr(colon + 1), where);
    text.remove_prefix(at + 1);
  }
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
    authority.port = port_of(text.substr(colon + 1), where);
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  authority.host = text;
  return url.rest.substr(slash);
}

}  // namespace copick::store
