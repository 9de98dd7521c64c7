// The files in which AWS tools keep profiles: ~/.aws/credentials and ~/.aws/config.
//
//   [default]                 [profile work]
//   aws_access_key_id = ...   region = eu-central-1
//
// Sections "name" and "profile name" are the same profile. Lines that begin with a blank belong to
// the setting above ("s3 =") and are read as "s3.addressing_style". Nothing is an error but a file
// that is there and cannot be read. Threads: pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace copick::store::remote {

using Profile = std::map<std::string, std::string>;
using Profiles = std::map<std::string, Profile>;

Profiles parse_profiles(std::string_view text);
// What both files say of a profile, the credentials file first. HOME, AWS_SHARED_CREDENTIALS_FILE
// and AWS_CONFIG_FILE of use_environment() say where they are; nothing is read without these.
Profile read_profile(const std::string& name);
// AWS_PROFILE, else "default".
std::string chosen_profile();

}  // namespace copick::store::remote
