#include <copick/bytes.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstdlib>
#include <new>

namespace copick::base {

namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;
// Below this the faults of small pages cost little.
constexpr std::size_t kLarge = 2 * kLargePage;

}  // namespace

std::byte* allocate_bytes(std::size_t size) {
#if defined(MADV_HUGEPAGE)
  if (size >= kLarge && size <= ~std::size_t{0} - kLargePage) {
    const std::size_t rounded = (size + kLargePage - 1) / kLargePage * kLargePage;
    void* data = std::aligned_alloc(kLargePage, rounded);
    if (data == nullptr) throw std::bad_alloc();
    // A wish: no harm if not granted. What does not fill a large page stays in small ones.
    static_cast<void>(::madvise(data, size / kLargePage * kLargePage, MADV_HUGEPAGE));
    return static_cast<std::byte*>(data);
  }
#endif
  void* data = std::malloc(size);
  if (data == nullptr) throw std::bad_alloc();
  return static_cast<std::byte*>(data);
}

}  // namespace copick::base
