#include "base/small_pages.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <cstdint>

namespace copick::base {

void use_small_pages([[maybe_unused]] MutableByteView memory) {
#if defined(MADV_NOHUGEPAGE)
  constexpr std::size_t page = std::size_t{2} << 20;
  const std::size_t skipped =
      (page - reinterpret_cast<std::uintptr_t>(memory.data()) % page) % page;
  if (memory.size() < skipped + page) return;
  const MutableByteView large = memory.subspan(skipped);
  static_cast<void>(::madvise(large.data(), large.size() / page * page, MADV_NOHUGEPAGE));
#endif
}

}  // namespace copick::base
