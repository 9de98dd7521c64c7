// Mapping: large local files read through the system's page cache, without a call for each part.
//
//   copick::map_files();        // first thing in main()
//
// A volume file is read in small parts, a kilobyte each, and a mapping makes that a fifth faster.
// But a mapped file that becomes shorter, or a disk that fails, is told by SIGBUS to whoever touches
// what is gone. This installs a handler for it: the part reads as lost, and the error is the one
// that reading would have given. Other SIGBUS go to the handler that was there before. A handler is
// the business of the program and not of a library, so nothing is mapped without this call; the
// copick command makes it.
//
// Threads: any, once is enough. Errors: none; where the handler cannot be installed files are read.
#pragma once

namespace copick {

void map_files();

}  // namespace copick
