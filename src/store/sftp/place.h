// Place: the folder of a server that a store is, and what the verbs need to say about it.
//
// Paths: a key joined to the root. Statuses: what the server answered, as our errors. Folders:
// reached for writing, made when missing, never outside the root. Threads: any.
#pragma once

#include "store/sftp/pool.h"

#include <copick/store.h>

#include <set>

namespace copick::store::sftp {

// Size and time of modification in seconds: all that version 3 tells. Puts keep the time from
// standing still (put.cpp).
std::string version_of(const Attributes& about);

[[noreturn]] void throw_status(Status status, const std::string& message, std::string_view doing,
                               const std::string& where);

class Place {
 public:
  Place(Door door, std::string root);

  Pool& pool() { return pool_; }
  std::string path(std::string_view key) const;
  std::string url(std::string_view key) const;

  // Following links. nullopt: certainly nothing is there.
  std::optional<Attributes> look_up(Link& link, const std::string& path, std::string_view doing,
                                    bool follow = true) const;
  // For an answer "failure", which OpenSSH also gives when a file stands in the way of a path.
  bool is_below_a_file(Link& link, std::string path) const;

  // The folder is there, is one, and is inside the root. With `make`, missing ones are made;
  // otherwise false: it is not there. PermissionError when it lies outside.
  enum class Missing { make, tell };
  bool reach(Link& link, std::string_view prefix, Missing missing, std::string_view doing);
  // It turned out not to be there any more.
  void forget(std::string_view prefix);

  // With all links resolved, as far as it exists.
  std::string real_root(Link& link);

 private:
  std::string real_path(Link& link, const std::string& path, std::string_view doing) const;
  void make_folder(Link& link, const std::string& path, std::string_view doing) const;

  Pool pool_;
  const std::string root_;  // without final '/', but for "/" itself; "." is where logins begin
  const std::string url_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> reached_;  // guarded by mutex_
};

}  // namespace copick::store::sftp
