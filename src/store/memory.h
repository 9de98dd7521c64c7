// The one store behind every "memory://" URL of this process. memory_store() makes stores of their
// own.
#pragma once

#include <copick/store.h>

namespace copick::store {

StorePtr process_memory_store();

}  // namespace copick::store
