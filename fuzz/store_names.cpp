// Keys, URLs and temporary names: whatever is accepted stays inside its folder and comes apart
// again.
#include "choices.h"
#include "store/key.h"
#include "store/temporary_name.h"
#include "store/url.h"

#include <copick/error.h>

#include <cstdint>
#include <string>
#include <string_view>

using copick::fuzz::require;

namespace {

void check_one_key(std::string_view text) {
  using namespace copick::store;
  try {
    check_key(text, "fuzz");
  } catch (const copick::ValidationError&) { return; }
  require(text.front() != '/' && text.back() != '/');
  require(join(parent(text), last_part(text)) == text);
  const std::string_view name = last_part(text);
  require(is_legal_name(name) && name != "." && name != "..");
  for (const std::string& hidden : {part_name(name), staging_name(name), backup_name(name)}) {
    require(is_temporary_name(hidden) && hidden.size() <= 255 && is_legal_name(hidden));
  }
  require(is_staging_of(staging_name(name), name));
  if (const auto back = name_of_backup(backup_name(name))) require(*back == name);
  const std::size_t end = end_of_temporary_part(text);
  require(end == std::string_view::npos || end <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_one_key(text);
  copick::store::without_secrets(text);
  try {
    const copick::store::StoreUrl url = copick::store::split_url(text);
    require(url.scheme.size() + url.rest.size() <= text.size());
  } catch (const copick::ValidationError&) {}
  return 0;
}
