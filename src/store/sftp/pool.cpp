#include "store/sftp/pool.h"

#include <chrono>

namespace copick::store::sftp {

Pool::Lease Pool::borrow() {
  {
    std::unique_lock lock(mutex_);
    if (process_ != ::getpid()) forget_parents();
    changed_.wait_for(lock, std::chrono::seconds(1), [&] { return open_ < kMost; });
    ++open_;
    if (!idle_.empty()) {
      std::unique_ptr<Link> link = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(link)};
    }
  }
  try {
    return {*this, std::make_unique<Link>(door_.open(), door_.where)};
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

Pool::Lease Pool::borrow_live() {
  for (int attempt = 1;; ++attempt) {
    try {
      Lease lease = borrow();
      lease->ask_status(PacketWriter(Type::stat).text("/"));
      return lease;
    } catch (const LinkError&) {
      if (attempt == kAttempts) throw;
    }
    drop_idle();
  }
}

// After a fork the connections are still the parent's: not even their end may be said on them.
void Pool::forget_parents() {
  for (std::unique_ptr<Link>& link : idle_) static_cast<void>(link.release());
  idle_.clear();
  open_ = 0;
  process_ = ::getpid();
}

void Pool::give_back(std::unique_ptr<Link> link) {
  {
    const std::lock_guard lock(mutex_);
    --open_;
    if (link && !link->spent() && idle_.size() < kMostIdle) idle_.push_back(std::move(link));
  }
  changed_.notify_one();
}

void Pool::drop_idle() {
  std::vector<std::unique_ptr<Link>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

}  // namespace copick::store::sftp
