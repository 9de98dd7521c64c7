// What of a config is secret. List of names: docs/format/config.md, section 5.
#include <copick/config.h>

#include <algorithm>
#include <array>

namespace copick {

namespace {

constexpr std::string_view mask = "***";

std::string lower_with_underscores(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return out;
}

bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 10> parts{
      "secret",     "token",     "password",   "passwd",    "passphrase",
      "credential", "signature", "access_key", "accesskey", "connection_string"};
  constexpr std::array<std::string_view, 10> words{
      "key", "pass", "pwd", "pkey", "sig", "auth", "authorization", "cookie", "client_keys", "pin"};
  const std::string lower = lower_with_underscores(name);
  const auto holds = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  return std::any_of(parts.begin(), parts.end(), holds) ||
         std::find(words.begin(), words.end(), lower) != words.end() || lower.ends_with("_key");
}

// user:password@host -> user:***@host. Over HTTP a user without a password is a token, elsewhere a
// login name.
std::string masked_authority(std::string_view scheme, std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(authority);
  const std::string_view user = authority.substr(0, at), host = authority.substr(at);
  const auto colon = user.find(':');
  if (colon != std::string_view::npos)
    return std::string(user.substr(0, colon + 1)) + std::string(mask) + std::string(host);
  return (scheme.starts_with("http") ? std::string(mask) : std::string(user)) + std::string(host);
}

// "a=1&X-Amz-Signature=f00" -> "a=1&X-Amz-Signature=***"
std::string masked_query(std::string_view query) {
  std::string out;
  while (true) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    const bool secret = equals != std::string_view::npos && is_secret_name(pair.substr(0, equals));
    out += secret ? std::string(pair.substr(0, equals + 1)) + std::string(mask) : std::string(pair);
    if (end == query.size()) return out;
    out += '&';
    query.remove_prefix(end + 1);
  }
}

std::string masked_url(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return std::string(text);
  const auto authority_begin = scheme_end + 3;
  const auto authority_end = std::min(text.find_first_of("/?#", authority_begin), text.size());
  const auto query_begin = std::min(text.find('?', authority_end), text.size());
  std::string out(text.substr(0, authority_begin));
  out += masked_authority(text.substr(0, scheme_end),
                          text.substr(authority_begin, authority_end - authority_begin));
  out += text.substr(authority_end, query_begin - authority_end);
  if (query_begin == text.size()) return out;
  out += '?';
  return out += masked_query(text.substr(query_begin + 1));
}

// `in_arguments`: inside an ..._fs_args member, where names tell what is secret.
Json masked_json(const Json& value, bool in_arguments) {
  if (value.is_string()) {
    const std::string text = value.as_string();
    const std::string masked = masked_url(text);
    return masked == text ? value : Json::string(masked);
  }
  Json out = value;
  if (value.is_array()) {
    for (Json& element : out.elements()) element = masked_json(element, in_arguments);
  } else if (value.is_object()) {
    for (auto& [key, member] : out.members()) {
      const bool says_nothing = member.is_null() || member.is_bool();
      const bool secret = in_arguments && !says_nothing && is_secret_name(key);
      member = secret ? Json::string(mask)
                      : masked_json(member, in_arguments || key.ends_with("fs_args"));
    }
  }
  return out;
}

}  // namespace

Config Config::masked() const {
  Config copy = *this;
  for (auto* root : {&copy.overlay_root, &copy.static_root})
    if (*root) *root = masked_url(**root);
  for (auto* text : {&copy.name, &copy.description})
    if (*text) *text = masked_url(**text);
  copy.overlay_fs_args = masked_json(overlay_fs_args, true);
  copy.static_fs_args = masked_json(static_fs_args, true);
  copy.extra = masked_json(extra, false);
  for (PickableObject& object : copy.pickable_objects) {
    object.metadata = masked_json(object.metadata, false);
    object.extra = masked_json(object.extra, false);
  }
  copy.document_ = masked_json(document_, false);
  return copy;
}

}  // namespace copick
