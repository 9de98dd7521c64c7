// What parses must come back equal after writing, in one line and indented, and writing must have
// settled by then.
#include <copick/error.h>
#include <copick/json.h>

#include <cstdlib>

using copick::Json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Json value = Json::parse(text, "input");
    for (const int indent : {-1, 4}) {
      const std::string written = value.dump(indent);
      const Json again = Json::parse(written, "written");
      if (again != value || again.dump(indent) != written) std::abort();
    }
  } catch (const copick::CorruptError&) {}
  return 0;
}
