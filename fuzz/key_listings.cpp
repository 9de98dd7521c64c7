// What buckets answer in XML: listings, uploads, errors, results of removals.
#include "store/remote/key_listing.h"

#include <copick/error.h>

#include <cstdint>

using namespace copick;

namespace {

template <typename Parse>
void attempt(const Parse& parse) {
  try {
    parse();
  } catch (const Error&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  attempt([&] { store::remote::parse_key_page(xml, "s3://b"); });
  attempt([&] { store::remote::parse_upload_page(xml, "s3://b"); });
  attempt([&] { store::remote::parse_delete_result(xml, "s3://b"); });
  store::remote::parse_server_error(xml);
  store::remote::element_text(xml, "UploadId");
  store::remote::parse_iso_time(xml);
  return 0;
}
