// How a lost page is survived:
//   1. Mappings stand in a table of atomics: a handler may look at nothing else.
//   2. The handler finds the mapping that the address belongs to, marks it as lost, and puts a page
//      of zeros there; what was interrupted goes on.
//   3. use() sees the mark afterwards: what was used may be zeros, so it was nothing.
#include "base/mapped_file.h"

#include <copick/mapping.h>

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>

namespace copick::base {

namespace {

struct Slot {
  std::atomic<std::uintptr_t> begin{0}, end{0};  // end 0: free
  std::atomic<bool> is_lost{false};
};

std::array<Slot, 64> slots;
std::mutex slots_mutex;  // for who takes a slot
std::atomic<bool> may_map{false};
struct sigaction handler_before;
std::uintptr_t page_size = 4096;
constexpr std::size_t let_go_after = std::size_t{64} << 20;

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);

// true: the page at `where` was of a mapping of ours, and is zeros now.
bool put_zeros(void* where) {
  const auto address = reinterpret_cast<std::uintptr_t>(where);
  for (Slot& slot : slots) {
    if (address < slot.begin || address >= slot.end) continue;
    slot.is_lost = true;
    void* const page = static_cast<std::byte*>(where) - address % page_size;
    return ::mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
           MAP_FAILED;
  }
  return false;
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  const bool survived = put_zeros(info->si_addr);
  errno = error;
  if (survived) return;
  if ((handler_before.sa_flags & SA_SIGINFO) != 0)
    handler_before.sa_sigaction(signal, info, context);
  else if (handler_before.sa_handler != SIG_DFL && handler_before.sa_handler != SIG_IGN)
    handler_before.sa_handler(signal);
  else
    ::signal(SIGBUS, SIG_DFL);  // and the same again, for good
}

}  // namespace

std::unique_ptr<MappedFile> MappedFile::of(int descriptor, std::uint64_t size) {
  if (!may_map || size == 0 || size > SIZE_MAX / 2) return nullptr;
  const auto length = static_cast<std::size_t>(size);
  const std::lock_guard lock(slots_mutex);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].end != 0) continue;
    void* const data = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, descriptor, 0);
    if (data == MAP_FAILED) return nullptr;
    slots[i].is_lost = false;
    slots[i].begin = reinterpret_cast<std::uintptr_t>(data);
    slots[i].end = reinterpret_cast<std::uintptr_t>(data) + length;
    return std::unique_ptr<MappedFile>(new MappedFile(i, static_cast<std::byte*>(data), length));
  }
  return nullptr;
}

MappedFile::~MappedFile() {
  slots[slot_].end = 0;  // first: the addresses may be somebody else's the moment they are free
  ::munmap(data_, size_);
}

bool MappedFile::use(std::uint64_t offset, std::size_t size, std::size_t touched,
                     const std::function<void(ByteView)>& use) const {
  const std::atomic<bool>& is_lost = slots[slot_].is_lost;
  if (offset > size_ || size > size_ - offset || is_lost) return false;
  use({data_ + offset, size});
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (is_lost) return false;
  if (used_.fetch_add(touched) + touched >= let_go_after) {
    used_ = 0;
    ::madvise(data_, size_, MADV_DONTNEED);
  }
  return true;
}

bool MappedFile::read(std::uint64_t offset, MutableByteView out) const {
  return use(offset, out.size(), out.size() + page_size,
             [&](ByteView bytes) { std::memcpy(out.data(), bytes.data(), bytes.size()); });
}

}  // namespace copick::base

namespace copick {

void map_files() {
  using namespace base;
  static std::once_flag once;
  std::call_once(once, [] {
    if (const long size = ::sysconf(_SC_PAGESIZE); size > 0)
      page_size = static_cast<std::uintptr_t>(size);
    struct sigaction action{};
    action.sa_sigaction = &on_bus_error;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    may_map = ::sigaction(SIGBUS, &action, &handler_before) == 0;
  });
}

}  // namespace copick
