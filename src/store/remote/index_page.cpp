#include "store/remote/index_page.h"

#include "store/contract.h"
#include "store/key.h"
#include "store/percent.h"
#include "store/remote/http_message.h"

#include <copick/error.h>
#include <copick/json.h>

#include <algorithm>
#include <cstdint>

namespace copick::store::remote {

namespace {

constexpr std::size_t kMostEntries = 1'000'000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

bool same_word(std::string_view text, std::string_view lower_word) {
  return text.size() == lower_word.size() &&
         std::equal(text.begin(), text.end(), lower_word.begin(),
                    [](char a, char b) { return lower(a) == b; });
}

void append_utf8(std::string& out, std::uint64_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 63));
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

// The character of "&name;"; false: it is left as it stands.
bool append_reference(std::string& out, std::string_view name) {
  if (name == "amp") return out += '&', true;
  if (name == "quot") return out += '"', true;
  if (name == "apos") return out += '\'', true;
  if (name == "lt") return out += '<', true;
  if (name == "gt") return out += '>', true;
  if (name.size() < 2 || name[0] != '#') return false;
  const bool hex = lower(name[1]) == 'x';
  std::uint64_t code = 0;
  if (hex) {
    for (const char c : name.substr(2)) {
      const char digit = lower(c);
      const bool letter = digit >= 'a' && digit <= 'f';
      if (!letter && (digit < '0' || digit > '9')) return false;
      code = code * 16 + static_cast<std::uint64_t>(letter ? digit - 'a' + 10 : digit - '0');
      if (code > 0x10FFFF) return false;
    }
  } else {
    code = parse_size(name.substr(1)).value_or(0);
  }
  if (code == 0 || code > 0x10FFFF) return false;
  append_utf8(out, code);
  return true;
}

std::string without_references(std::string_view text) {
  constexpr std::size_t longest = 10;
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const std::size_t end = text.substr(0, i + longest).find(';', i);
      if (end != std::string_view::npos &&
          append_reference(plain, text.substr(i + 1, end - i - 1))) {
        i = end;
        continue;
      }
    }
    plain += text[i];
  }
  return plain;
}

// Steps through the links of a page; the value of each href, as it stands.
class Links {
 public:
  explicit Links(std::string_view html) : rest_(html) {}

  bool next(std::string_view& href) {
    while (true) {
      const std::size_t open = rest_.find('<');
      if (open == std::string_view::npos) return false;
      rest_.remove_prefix(open + 1);
      if (rest_.starts_with("!--")) {
        const std::size_t end = rest_.find("-->");
        if (end == std::string_view::npos) return false;
        rest_.remove_prefix(end);
        continue;
      }
      if (rest_.size() < 2 || lower(rest_[0]) != 'a' || !is_blank(rest_[1])) continue;
      rest_.remove_prefix(1);
      if (attribute(href)) return true;
    }
  }

 private:
  // Inside a tag: its href, if it has one.
  bool attribute(std::string_view& href) {
    while (true) {
      skip_blanks();
      if (rest_.empty() || rest_[0] == '>') return false;
      const std::size_t end = std::min(rest_.find_first_of("= \t\r\n\f>"), rest_.size());
      const std::string_view name = rest_.substr(0, end);
      rest_.remove_prefix(end);
      skip_blanks();
      if (rest_.empty() || rest_[0] != '=') {
        if (name.empty()) return false;
        continue;
      }
      rest_.remove_prefix(1);
      skip_blanks();
      const std::string_view value = take_value();
      if (!same_word(name, "href")) continue;
      href = value;
      return true;
    }
  }

  std::string_view take_value() {
    std::string_view value;
    if (!rest_.empty() && (rest_[0] == '"' || rest_[0] == '\'')) {
      const std::size_t end = std::min(rest_.find(rest_[0], 1), rest_.size());
      value = rest_.substr(1, end - 1);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
    } else {
      const std::size_t end = std::min(rest_.find_first_of(" \t\r\n\f>"), rest_.size());
      value = rest_.substr(0, end);
      rest_.remove_prefix(end);
    }
    return value;
  }

  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_[0])) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

// Where the path of a URL begins.
std::size_t path_start(std::string_view url) {
  const std::size_t host = url.find("://");
  return host == std::string_view::npos ? 0 : std::min(url.find('/', host + 3), url.size());
}

// What a link adds to the page's own address; "" when it leads elsewhere.
std::string_view below_page(std::string_view link, std::string_view page_url) {
  link = link.substr(0, link.find_first_of("?#"));
  const std::string_view origin = page_url.substr(0, path_start(page_url));
  const std::string_view path = page_url.substr(origin.size());
  if (link.starts_with("//")) return {};
  if (!origin.empty() && link.starts_with(origin)) link.remove_prefix(origin.size());
  if (link.starts_with('/')) {
    if (link.starts_with(path)) return link.substr(path.size());
    return {};
  }
  if (link.starts_with("./")) link.remove_prefix(2);
  const std::size_t colon = link.find(':');
  // "mailto:x" has a scheme; "./10:30" and "a/b:c" have none.
  if (colon != std::string_view::npos && colon < link.find('/')) {
    const std::string_view scheme = link.substr(0, colon);
    if (same_word(scheme, "http") || same_word(scheme, "https") || same_word(scheme, "mailto") ||
        same_word(scheme, "javascript") || same_word(scheme, "ftp") || same_word(scheme, "data"))
      return {};
  }
  return link;
}

void finish(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(), entry_before);
  const auto same = [](const Entry& a, const Entry& b) {
    return a.name == b.name && a.is_prefix == b.is_prefix;
  };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

void check_count(const std::vector<Entry>& entries, std::string_view page_url) {
  if (entries.size() < kMostEntries) return;
  throw CorruptError({"list a prefix", std::string(page_url),
                      "the index page names more than " + std::to_string(kMostEntries) + " entries",
                      "see what answers at this address"});
}

}  // namespace

std::vector<Entry> parse_html_index(std::string_view html, std::string_view page_url) {
  std::vector<Entry> entries;
  Links links(html);
  for (std::string_view href; links.next(href);) {
    const std::string link = without_references(href);
    std::string_view name = below_page(link, page_url);
    const bool is_prefix = name.ends_with('/');
    if (is_prefix) name.remove_suffix(1);
    if (name.find('/') != std::string_view::npos) continue;
    const std::optional<std::string> decoded = percent_decode(name);
    if (!decoded || !is_legal_name(*decoded)) continue;
    check_count(entries, page_url);
    entries.push_back({*decoded, is_prefix});
  }
  finish(entries);
  return entries;
}

std::vector<Entry> parse_json_index(std::string_view json, std::string_view page_url) {
  const Json page = Json::parse(json, page_url);
  if (!page.is_array()) {
    throw CorruptError({"list a prefix", std::string(page_url),
                        "the index page is no JSON array of entries",
                        "see what answers at this address"});
  }
  std::vector<Entry> entries;
  for (const Json& element : page.elements()) {
    const Json* name = element.find("name");
    const Json* type = element.find("type");
    if (!name || !name->is_string() || !type || !type->is_string()) continue;
    Entry entry{name->as_string(), type->as_string() == "directory"};
    if (!is_legal_name(entry.name)) continue;
    if (const Json* size = element.find("size"); size && size->is_number() && !entry.is_prefix)
      entry.size = size->as_uint64();
    check_count(entries, page_url);
    entries.push_back(std::move(entry));
  }
  finish(entries);
  return entries;
}

}  // namespace copick::store::remote
