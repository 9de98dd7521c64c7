#include "store/remote/http_message.h"

#include <algorithm>
#include <charconv>

namespace copick::store::remote {

namespace {

constexpr std::size_t kMostHeaders = 512;  // of one answer; a server that sends more is ignored

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  std::string lower_name(name);
  std::transform(lower_name.begin(), lower_name.end(), lower_name.begin(), lower);
  list_.emplace_back(std::move(lower_name), std::string(value));
}

const std::string* Headers::find(std::string_view lower_name) const {
  for (auto at = list_.rbegin(); at != list_.rend(); ++at)
    if (at->first == lower_name) return &at->second;
  return nullptr;
}

std::string Headers::get(std::string_view lower_name) const {
  const std::string* value = find(lower_name);
  return value ? *value : std::string();
}

std::optional<std::uint64_t> parse_size(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return {};
  return value;
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  text = trimmed(text);
  constexpr std::string_view unit = "bytes ";
  if (!text.starts_with(unit)) return std::nullopt;
  text = trimmed(text.substr(unit.size()));
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view range = text.substr(0, slash), total = text.substr(slash + 1);
  ContentRange found;
  if (total != "*") {
    found.total = parse_size(total);
    if (!found.total) return std::nullopt;
  }
  if (range == "*") return found.total ? std::optional(found) : std::nullopt;
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  found.first = parse_size(range.substr(0, dash));
  found.last = parse_size(range.substr(dash + 1));
  if (!found.first || !found.last || *found.first > *found.last) return std::nullopt;
  if (found.total && *found.last >= *found.total) return std::nullopt;
  return found;
}

std::optional<std::string> range_header(const ByteRange& range) {
  if (range.length == 0) return std::nullopt;
  if (range.from_end) return "bytes=-" + std::to_string(range.length);
  std::string text = "bytes=" + std::to_string(range.offset) + "-";
  const std::uint64_t last = range.offset + (range.length - 1);
  if (range.length != ByteRange::to_end && last >= range.offset) text += std::to_string(last);
  return text;
}

void take_header_line(Head& head, std::string_view line) {
  if (line.starts_with("HTTP/")) {
    head = {};
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || line.size() < blank + 4) return;
    const std::optional<std::uint64_t> status = parse_size(line.substr(blank + 1, 3));
    if (status) head.status = static_cast<int>(*status);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || head.headers.list().size() >= kMostHeaders) return;
  head.headers.add(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
}

}  // namespace copick::store::remote
