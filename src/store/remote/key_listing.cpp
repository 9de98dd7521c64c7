#include "store/remote/key_listing.h"

#include "store/percent.h"
#include "store/remote/http_message.h"

#include <copick/error.h>
#include <pugixml.hpp>

#include <algorithm>
#include <cstring>

namespace copick::store::remote {

namespace {

constexpr std::size_t kMostEntries = 100'000;  // of one page; S3 gives 1,000
constexpr std::size_t kLongestText = 8192;  // a key is 1,024 bytes, each at most three when encoded

// Without declarations, comments and instructions, and without entities of a document's own.
constexpr unsigned kParsing =
    pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata_single;

pugi::xml_node root_of(pugi::xml_document& document, std::string_view xml) {
  const pugi::xml_parse_result result =
      document.load_buffer(xml.data(), xml.size(), kParsing, pugi::encoding_utf8);
  return result ? document.document_element() : pugi::xml_node();
}

[[noreturn]] void throw_corrupt(const std::string& where, const std::string& why) {
  throw CorruptError({"list a prefix", where, why, "see what answers at this address"});
}

pugi::xml_node required_root(pugi::xml_document& document, std::string_view xml, const char* name,
                             const std::string& where) {
  const pugi::xml_node root = root_of(document, xml);
  if (!root || std::strcmp(root.name(), name) != 0)
    throw_corrupt(where, std::string("the answer is no ") + name + " in XML");
  return root;
}

std::string text_of(const pugi::xml_node& node, const char* name) {
  const std::string_view text = node.child_value(name);
  return std::string(text.substr(0, kLongestText));
}

// A key or prefix: percent-decoded where the page says so; '+' is a blank there.
std::string name_of(const pugi::xml_node& node, const char* child, bool encoded,
                    const std::string& where) {
  std::string text = text_of(node, child);
  if (!encoded) return text;
  std::replace(text.begin(), text.end(), '+', ' ');
  auto decoded = percent_decode(text);
  if (!decoded) throw_corrupt(where, "a key is not percent-encoded as the listing says");
  return std::move(*decoded);
}

std::uint64_t size_of(const pugi::xml_node& node, const std::string& where) {
  const auto size = parse_size(text_of(node, "Size"));
  if (!size) throw_corrupt(where, "the size of a key is no number");
  return *size;
}

bool is_encoded(const pugi::xml_node& root) { return text_of(root, "EncodingType") == "url"; }

// Days from 1970-01-01 to a day of the Gregorian calendar. Source: H. Hinnant, "chrono-compatible
// low-level date algorithms".
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto of_era = static_cast<unsigned>(year - era * 400);
  const unsigned of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
  const unsigned day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

}  // namespace

std::int64_t parse_iso_time(std::string_view text) {
  constexpr std::string_view layout = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < layout.size()) return 0;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (layout[i] == 'd' ? !digit : text[i] != layout[i]) return 0;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    return static_cast<std::int64_t>(*parse_size(text.substr(at, length)));
  };
  const std::int64_t month = number(5, 2), day = number(8, 2);
  if (month < 1 || month > 12 || day < 1 || day > 31) return 0;
  const std::int64_t days =
      days_from_civil(number(0, 4), static_cast<unsigned>(month), static_cast<unsigned>(day));
  return ((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2);
}

KeyPage parse_key_page(std::string_view xml, const std::string& where) {
  pugi::xml_document document;
  const pugi::xml_node root = required_root(document, xml, "ListBucketResult", where);
  const bool encoded = is_encoded(root);
  KeyPage page;
  for (const pugi::xml_node& child : root.children()) {
    if (page.keys.size() + page.prefixes.size() >= kMostEntries)
      throw_corrupt(where, "one page lists more than " + std::to_string(kMostEntries) + " names");
    if (std::strcmp(child.name(), "Contents") == 0) {
      page.keys.push_back({name_of(child, "Key", encoded, where), size_of(child, where),
                           text_of(child, "ETag"), parse_iso_time(text_of(child, "LastModified"))});
    } else if (std::strcmp(child.name(), "CommonPrefixes") == 0) {
      page.prefixes.push_back(name_of(child, "Prefix", encoded, where));
    }
  }
  if (text_of(root, "IsTruncated") == "true") {
    page.next = text_of(root, "NextContinuationToken");
    if (page.next.empty()) throw_corrupt(where, "the listing goes on without saying where");
  }
  return page;
}

UploadPage parse_upload_page(std::string_view xml, const std::string& where) {
  pugi::xml_document document;
  const pugi::xml_node root = required_root(document, xml, "ListMultipartUploadsResult", where);
  const bool encoded = is_encoded(root);
  UploadPage page;
  for (const pugi::xml_node& child : root.children("Upload")) {
    if (page.uploads.size() >= kMostEntries)
      throw_corrupt(where, "one page lists more than " + std::to_string(kMostEntries) + " uploads");
    page.uploads.push_back({name_of(child, "Key", encoded, where), text_of(child, "UploadId"),
                            parse_iso_time(text_of(child, "Initiated"))});
  }
  if (text_of(root, "IsTruncated") == "true") {
    page.next_key = name_of(root, "NextKeyMarker", encoded, where);
    page.next_id = text_of(root, "NextUploadIdMarker");
    if (page.next_key.empty()) throw_corrupt(where, "the listing goes on without saying where");
  }
  return page;
}

ServerError parse_server_error(std::string_view xml) {
  pugi::xml_document document;
  const pugi::xml_node root = root_of(document, xml);
  if (!root || std::strcmp(root.name(), "Error") != 0) return {};
  return {text_of(root, "Code"), text_of(root, "Message"), text_of(root, "Region")};
}

std::vector<DeleteFault> parse_delete_result(std::string_view xml, const std::string& where) {
  pugi::xml_document document;
  const pugi::xml_node root = required_root(document, xml, "DeleteResult", where);
  std::vector<DeleteFault> faults;
  for (const pugi::xml_node& child : root.children("Error")) {
    faults.push_back({text_of(child, "Key"), {text_of(child, "Code"), text_of(child, "Message")}});
  }
  return faults;
}

std::string element_text(std::string_view xml, const char* name) {
  pugi::xml_document document;
  return text_of(root_of(document, xml), name);
}

}  // namespace copick::store::remote
