// The name under which an unfinished multipart upload is a leftover:
// ".<name>.<13 characters>.upload.part" beside the key it was to become. The characters come from
// the upload's id, so each upload has one of its own. Threads: pure functions.
#pragma once

#include "store/key.h"
#include "store/remote/sigv4.h"
#include "store/temporary_name.h"

#include <string>
#include <string_view>

namespace copick::store::remote {

inline constexpr std::string_view kUploadEnding = ".upload.part";

inline std::string upload_leftover(std::string_view key, const std::string& upload_id) {
  const std::string id = hex(sha256(as_bytes(upload_id))).substr(0, 13);
  std::string name(1, '.');
  name.append(last_part(key)).append(".").append(id).append(kUploadEnding);
  return join(parent(key), name);
}

inline bool is_upload_leftover(std::string_view name) {
  return name.starts_with('.') && name.ends_with(kUploadEnding);
}

}  // namespace copick::store::remote
