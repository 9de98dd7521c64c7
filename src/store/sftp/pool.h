// Pool: the connections to one server. A call borrows one for itself; idle ones are kept.
//
// At most kMost are open, but a call that waited for a second gets one more: it may be inside
// another call. A lost connection is replaced and the work repeated, so the work must be one that
// may be done twice. A process that was forked makes connections of its own. Threads: any.
#pragma once

#include "store/sftp/link.h"

#include <sys/types.h>
#include <unistd.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace copick::store::sftp {

// How connections are made, and to what.
struct Door {
  std::string where;  // a URL without a secret
  std::function<std::unique_ptr<Channel>()> open;
};

class Pool {
 public:
  explicit Pool(Door door) : door_(std::move(door)) {}

  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Link> link) : pool_(&pool), link_(std::move(link)) {}
    Lease(Lease&&) = default;
    ~Lease() {
      if (link_) pool_->give_back(std::move(link_));
    }
    Link& operator*() const { return *link_; }
    Link* operator->() const { return link_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Link> link_;
  };

  Lease borrow();
  // One that answered just now: for work that cannot be repeated.
  Lease borrow_live();

  // work(Link&), again on a new connection when the one it had is lost.
  template <typename Work>
  auto with_link(Work work) {
    for (int attempt = 1;; ++attempt) {
      try {
        const Lease lease = borrow();
        return work(*lease);
      } catch (const LinkError&) {
        if (attempt == kAttempts) throw;
      }
      drop_idle();
      std::this_thread::sleep_for(std::chrono::milliseconds(100) * (attempt * attempt));
    }
  }

  const std::string& where() const { return door_.where; }

 private:
  static constexpr std::size_t kMost = 8, kMostIdle = 4;
  static constexpr int kAttempts = 4;
  void give_back(std::unique_ptr<Link> link);
  void drop_idle();
  void forget_parents();

  const Door door_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Link>> idle_;  // guarded by mutex_
  std::size_t open_ = 0;                     // guarded by mutex_; lent ones and those being made
  pid_t process_ = ::getpid();               // guarded by mutex_; whose connections these are
};

}  // namespace copick::store::sftp
