// A folder for the time of one piece of work, gone afterwards, also after Ctrl-C.
//
//   return with_temporary_folder("/scratch", [&](const std::string& folder) { ...; return 0; });
//
// The work runs in a process of its own; this one waits, passes SIGINT, SIGTERM and SIGHUP on, and
// removes the folder when the work has ended in whatever way. To be called before any thread is
// started. Only a kill -9 of this process leaves the folder.
#pragma once

#include <functional>
#include <string>

namespace copick::cli {

// The exit code of `work`; 128 + signal when one ended it. `parent` "": the system's folder for
// temporary files. StorageError when no folder can be made.
int with_temporary_folder(const std::string& parent,
                          const std::function<int(const std::string& folder)>& work);

}  // namespace copick::cli
