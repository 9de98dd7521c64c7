// Giving memory back to the system.
#pragma once

namespace copick::base {

// What was freed in many small pieces the allocator keeps, for the next piece. After a stage that
// held tens of megabytes of them the system gets it back here, where the allocator can.
void give_back_free_memory();

}  // namespace copick::base
