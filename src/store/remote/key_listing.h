// Listings in S3's XML: what a bucket says of its keys, and the errors it reports.
//
// Nothing in them is trusted: texts are bounded, counts are bounded, keys that break the rules of
// keys.h are the caller's to leave out. Threads: pure functions.
// Errors: CorruptError naming `where` for what is no such document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::store::remote {

struct ListedKey {
  std::string key;
  std::uint64_t size = 0;
  std::string version;        // the ETag as it stands
  std::int64_t modified = 0;  // Unix time; 0: not told
};
struct KeyPage {
  std::vector<ListedKey> keys;
  std::vector<std::string> prefixes;  // with the '/' at their end
  std::string next;                   // what continues the listing; "": this was the last page
};
// Of a ListBucketResult, url-encoded names decoded.
KeyPage parse_key_page(std::string_view xml, const std::string& where);

struct ListedUpload {
  std::string key, id;
  std::int64_t begun = 0;  // Unix time
};
struct UploadPage {
  std::vector<ListedUpload> uploads;
  std::string next_key, next_id;  // both "": this was the last page
};
UploadPage parse_upload_page(std::string_view xml, const std::string& where);

// Of an answer that holds <Error>; no code when it holds none.
struct ServerError {
  std::string code, message, region;
};
ServerError parse_server_error(std::string_view xml);

struct DeleteFault {
  std::string key;
  ServerError error;
};
std::vector<DeleteFault> parse_delete_result(std::string_view xml, const std::string& where);

// The text of the first element of that name, "": none. For the small answers of multipart uploads.
std::string element_text(std::string_view xml, const char* name);

// "2026-11-21T14:58:24.000Z" -> Unix time; 0 for anything else.
std::int64_t parse_iso_time(std::string_view text);

}  // namespace copick::store::remote
