// A config that is read comes back the same after writing, also masked, and a change of one member
// is there after writing.
#include "choices.h"

#include <copick/config.h>
#include <copick/error.h>

#include <cstdint>

using namespace copick;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    Config config = Config::from_text(text, "input");
    const std::string written = config.to_text();
    require(Json::parse(written, "written") == Json::parse(text, "input"));
    require(Config::from_text(written, "written").to_text() == written);
    const std::string masked = config.masked().to_text();
    require(Config::from_text(masked, "masked").masked().to_text() == masked);
    for (PickableObject& object : config.pickable_objects) static_cast<void>(object.filament());
    config.user_id = "fuzzer";
    config.pickable_objects.push_back({.name = "added"});
    const Config changed = Config::from_text(config.to_text(), "changed");
    require(changed.user_id == "fuzzer" && changed.pickable_objects.back().name == "added");
    require(changed.pickable_objects.size() == config.pickable_objects.size());
  } catch (const CorruptError&) {
  } catch (const ValidationError&) {}
  return 0;
}
