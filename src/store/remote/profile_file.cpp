#include "store/remote/profile_file.h"

#include "base/environment.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace copick::store::remote {

namespace {

constexpr std::size_t kLargestFile = 1 << 20;

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string section_name(std::string_view line) {
  line = trimmed(line.substr(1, std::min(line.find(']'), line.size()) - 1));
  constexpr std::string_view word = "profile ";
  if (line.starts_with(word)) line = trimmed(line.substr(word.size()));
  return std::string(line);
}

Profiles read_file(const char* variable, const char* below_home) {
  std::string path;
  if (const auto named = base::environment(variable)) {
    path = *named;
  } else if (const auto home = base::environment("HOME")) {
    path = *home + below_home;
  } else {
    return {};
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file && errno == EACCES) {
    throw PermissionError({"read the credentials", path, "permission denied (EACCES)",
                           "check the owner and mode of the file"});
  }
  std::string text(kLargestFile, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return parse_profiles(text);
}

}  // namespace

Profiles parse_profiles(std::string_view text) {
  Profiles profiles;
  Profile* current = nullptr;
  std::string above;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view content = trimmed(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (content[0] == '[') {
      current = &profiles[section_name(content)];
      continue;
    }
    const std::size_t equals = content.find('=');
    if (current == nullptr || equals == std::string_view::npos) continue;
    const std::string name(trimmed(content.substr(0, equals)));
    const bool nested = line[0] == ' ' || line[0] == '\t';
    if (!nested) above = name;
    (*current)[nested ? above + "." + name : name] = trimmed(content.substr(equals + 1));
  }
  return profiles;
}

Profile read_profile(const std::string& name) {
  Profile profile;
  for (Profiles file : std::array{read_file("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"),
                                  read_file("AWS_CONFIG_FILE", "/.aws/config")}) {
    profile.merge(file[name]);
  }
  return profile;
}

std::string chosen_profile() {
  if (auto name = base::environment("AWS_PROFILE")) return *name;
  return base::environment("AWS_DEFAULT_PROFILE").value_or("default");
}

}  // namespace copick::store::remote
