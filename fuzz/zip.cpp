// Zip archives: any bytes are a store whose members have the sizes it lists, or a clean error.
#include "store/zip.h"

#include <copick/error.h>

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace copick;
  const StorePtr outer = memory_store();
  outer->put("x.zip", {reinterpret_cast<const std::byte*>(data), size});
  const StorePtr inside = store::zip_store(outer, "x.zip");
  try {
    inside->list("");
    inside->leftovers("");
    std::uint64_t inflated = 0;
    for (const Entry& entry : inside->list_recursive("")) {
      if ((inflated += entry.size) > 16 << 20) break;  // a small bomb is slow, not wrong
      try {
        const std::optional<Bytes> value = inside->get(entry.name);
        if (!value || value->size() != entry.size) std::abort();
      } catch (const Error&) {}
      const Request part{entry.name, ByteRange{.offset = entry.size / 2, .length = 2}};
      try {
        inside->fetch({&part, 1}, [](std::size_t, std::optional<Bytes> bytes) {
          if (!bytes) std::abort();
        });
      } catch (const Error&) {}
    }
  } catch (const CorruptError&) {}
  return 0;
}
