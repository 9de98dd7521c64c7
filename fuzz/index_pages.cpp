// Index pages of web servers, HTML and JSON: whatever comes, no entry is an illegal key.
#include "store/key.h"
#include "store/remote/index_page.h"

#include <copick/error.h>

#include <cstdint>
#include <cstdlib>

using namespace copick;

namespace {

void check(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries)
    if (!store::is_legal_name(entry.name)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(store::remote::parse_html_index(text, "https://host:8443/data/p%20q/"));
  try {
    check(store::remote::parse_json_index(text, "https://host/"));
  } catch (const Error&) {}
  return 0;
}
