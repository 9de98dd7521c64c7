// Memory that is written here and there only: in large pages its gaps would take memory too.
#pragma once

#include <copick/bytes.h>

namespace copick::base {

// A wish, for memory of Bytes that was not written to yet; without effect where a system has no
// such choice. Threads: any.
void use_small_pages(MutableByteView memory);

}  // namespace copick::base
