// Error: everything this library throws.
//
// One family, split by what a caller would branch on; everything else is message. A message always
// answers four questions: what was being done, to which path or URL, why it failed, and what to do
// next.
//
//   try { root.get_run("TS_001")->new_picks("ribosom", {}); }
//   catch (const copick::NotFoundError& e) { std::cerr << e.what() << '\n'; }
//
//   cannot create picks in run 'TS_001': no pickable object 'ribosom' in the config
//     at     /data/project/ExperimentRuns/TS_001/Picks
//     hint   did you mean 'ribosome'?
//
// Threads: errors are immutable values; copy and rethrow them from any thread.
// Every error of the library is listed with its cause and cure in docs/errors.md.
#pragma once

#include <stdexcept>
#include <string>

namespace copick {

// The four facts of an error. `doing` completes "cannot ..." ("read picks 'alice_1_ribosome'");
// `where` is a path or URL and may be empty; `hint` names the next step and may be empty. No secret
// may enter any of them.
struct ErrorFacts {
  std::string doing;
  std::string where;
  std::string why;
  std::string hint;
};

class Error : public std::runtime_error {
 public:
  explicit Error(ErrorFacts facts);
  const ErrorFacts& facts() const noexcept { return facts_; }

 private:
  ErrorFacts facts_;
};

// The thing asked for is definitely not there.
class NotFoundError : public Error {
  using Error::Error;
};
// The caller's argument breaks a rule of the data model (a name, a shape, a dtype, a range).
class ValidationError : public Error {
  using Error::Error;
};
// A write was asked of a read-only source, or the storage refused access.
class PermissionError : public Error {
  using Error::Error;
};
// Somebody else was first: the thing exists already, or changed since it was read.
class ConflictError : public Error {
  using Error::Error;
};
// Bytes on disk or from the network break their format.
class CorruptError : public Error {
  using Error::Error;
};
// The storage failed: no space, time-out, truncated transfer, too many open files.
class StorageError : public Error {
  using Error::Error;
};

}  // namespace copick
