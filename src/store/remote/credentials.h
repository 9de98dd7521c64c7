// Who we are towards S3, and how this is found out. docs/format/storage.md, section 9.
//
//   1. "anon": true           nobody: requests are not signed
//   2. key, secret, token     of fs_args
//   3. profile                of fs_args: the files of profile_file.h
//   4. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//   5. AWS_PROFILE, else the profile "default"
//   6. AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, _FULL_URI
//   7. the metadata service of an EC2 instance (version 2), asked for one second
//
// 4 to 6 need use_environment(). What expires (6, 7) is asked for again five minutes before.
// Threads: any. Errors: PermissionError when there is none; no secret stands in a message.
#pragma once

#include "store/remote/sigv4.h"

#include <copick/json.h>

#include <mutex>
#include <optional>

namespace copick::store::remote {

class CredentialSource {
 public:
  // Throws ValidationError for arguments that contradict each other.
  CredentialSource(const Json& arguments, std::string where);
  // Found on the first call. Google knows steps 1 and 2 only.
  Credentials current(bool amazon);

 private:
  std::optional<Credentials> find(bool amazon) const;

  const std::string where_;
  bool anonymous_ = false;
  std::optional<Credentials> given_;
  std::string profile_;  // of fs_args
  std::mutex mutex_;
  std::optional<Credentials> found_;
};

}  // namespace copick::store::remote
