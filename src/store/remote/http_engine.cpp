// How a request runs.
//   1. submit() puts it in the inbox of a lane and wakes its thread, which owns all that follows.
//   2. It waits in line until one of kMostActive places is free, then gets a curl handle.
//   3. Its end is a response or a failure. A redirect that is to be followed makes it wait in line
//      again under its new address; what may be sent again goes to sleep until it is due.
//   4. Otherwise `done` is called.
// curl is never asked to queue: a request that waits inside curl spends its connect timeout there.
#include "store/remote/http_engine.h"

#include "base/executor.h"
#include "store/backoff.h"
#include "store/remote/redirect.h"
#include "store/remote/retry_policy.h"
#include "store/remote/transfer.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace copick::store::remote {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostLanes = 2;    // one thread moves a gigabyte a second or more
constexpr std::size_t kFewRequests = 4;  // not worth connections of another lane
constexpr std::size_t kMostActive = 128;
constexpr long kConnectionsKept = 256;
constexpr int kMostRedirects = 5;
constexpr int kLongestWait = 1000;  // ms between two looks

struct Work {
  HttpRequest request;
  HttpEngine::Done done;
  std::uint64_t group = 0;
  int attempt = 0, redirects = 0;
  Clock::time_point first_sent{}, due{};
  std::unique_ptr<Transfer> transfer;
};
using WorkPtr = std::unique_ptr<Work>;

}  // namespace

class HttpEngine::Lane {
 public:
  Lane();
  ~Lane();

  void submit(WorkPtr work);
  void cancel(std::uint64_t group);
  std::size_t load() const { return unanswered_.load(std::memory_order_relaxed); }
  std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }

 private:
  CURLM* multi_ = nullptr;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::size_t> unanswered_{0};

  std::mutex mutex_;  // of the next three
  std::vector<WorkPtr> inbox_;
  std::set<std::uint64_t> cancelled_;
  bool stopping_ = false;

  // The lane's thread alone.
  std::deque<WorkPtr> waiting_;
  std::vector<WorkPtr> sleeping_;
  std::map<CURL*, WorkPtr> active_;
  std::vector<CurlHandle> idle_;
  std::map<std::string, Protocol> protocols_;   // by origin
  std::map<std::string, RetryBudget> budgets_;  // by origin
  std::minstd_rand random_{std::random_device{}()};

  std::thread thread_;

  void run();
  bool take_inbox();
  void drop_cancelled(const std::set<std::uint64_t>& groups);
  void start_waiting();
  void start(WorkPtr work);
  void wake_sleepers();
  int wait_time() const;
  void finish(CURL* handle, CURLcode code);
  bool follow(WorkPtr& work, const HttpResponse& response);
  bool sleep(WorkPtr& work, const HttpResponse& response);
  void give_up(WorkPtr work);
  void answer(WorkPtr work, HttpResponse response);
};

void HttpEngine::Lane::run() {
  while (take_inbox()) {
    wake_sleepers();
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_, &running);
    int left = 0;
    bool finished = false;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      finish(message->easy_handle, message->data.result);
      finished = true;
    }
    if (finished && !waiting_.empty()) continue;
    curl_multi_poll(multi_, nullptr, 0, wait_time(), nullptr);
  }
  for (auto& [handle, work] : active_) {
    curl_multi_remove_handle(multi_, handle);
    give_up(std::move(work));
  }
  for (WorkPtr& work : waiting_) give_up(std::move(work));
  for (WorkPtr& work : sleeping_) give_up(std::move(work));
}

// False: the engine is to end.
bool HttpEngine::Lane::take_inbox() {
  std::set<std::uint64_t> groups;
  {
    const std::lock_guard lock(mutex_);
    for (WorkPtr& work : inbox_) waiting_.push_back(std::move(work));
    inbox_.clear();
    groups.swap(cancelled_);
    if (stopping_) return false;
  }
  if (!groups.empty()) drop_cancelled(groups);
  return true;
}

void HttpEngine::Lane::drop_cancelled(const std::set<std::uint64_t>& groups) {
  const auto is_dropped = [&](const WorkPtr& work) { return groups.contains(work->group); };
  std::vector<WorkPtr> dropped;
  const auto sort_out = [&](auto& line) {
    const auto kept = std::stable_partition(line.begin(), line.end(),
                                            [&](const WorkPtr& work) { return !is_dropped(work); });
    std::move(kept, line.end(), std::back_inserter(dropped));
    line.erase(kept, line.end());
  };
  sort_out(waiting_);
  sort_out(sleeping_);
  for (auto at = active_.begin(); at != active_.end();) {
    if (!is_dropped(at->second)) {
      ++at;
      continue;
    }
    curl_multi_remove_handle(multi_, at->first);
    dropped.push_back(std::move(at->second));
    at = active_.erase(at);
  }
  for (WorkPtr& work : dropped) give_up(std::move(work));
}

void HttpEngine::Lane::give_up(WorkPtr work) {
  work->transfer.reset();
  HttpResponse response;
  response.failure = Failure::cancelled;
  response.failure_text = "it was given up";
  answer(std::move(work), std::move(response));
}

void HttpEngine::Lane::answer(WorkPtr work, HttpResponse response) {
  unanswered_.fetch_sub(1, std::memory_order_relaxed);
  work->done(std::move(response));
}

void HttpEngine::Lane::start_waiting() {
  while (active_.size() < kMostActive && !waiting_.empty()) {
    WorkPtr work = std::move(waiting_.front());
    waiting_.pop_front();
    start(std::move(work));
  }
}

void HttpEngine::Lane::start(WorkPtr work) {
  if (work->attempt++ == 0) work->first_sent = Clock::now();
  if (work->request.prepare) work->request.prepare(work->request);
  CurlHandle handle;
  if (idle_.empty()) {
    handle.reset(curl_easy_init());
  } else {
    handle = std::move(idle_.back());
    idle_.pop_back();
  }
  if (!handle) return give_up(std::move(work));
  const Protocol protocol = protocols_[origin_of(work->request.url)];
  work->transfer = std::make_unique<Transfer>(work->request, std::move(handle), protocol);
  CURL* key = work->transfer->handle();
  sent_.fetch_add(1, std::memory_order_relaxed);
  curl_multi_add_handle(multi_, key);
  active_.emplace(key, std::move(work));
}

void HttpEngine::Lane::wake_sleepers() {
  const auto now = Clock::now();
  const auto asleep = std::partition(sleeping_.begin(), sleeping_.end(),
                                     [&](const WorkPtr& work) { return work->due > now; });
  for (auto at = asleep; at != sleeping_.end(); ++at) waiting_.push_front(std::move(*at));
  sleeping_.erase(asleep, sleeping_.end());
}

int HttpEngine::Lane::wait_time() const {
  int wait = kLongestWait;
  const auto now = Clock::now();
  for (const WorkPtr& work : sleeping_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(work->due - now);
    wait = std::clamp(static_cast<int>(left.count()) + 1, 0, wait);
  }
  return wait;
}

void HttpEngine::Lane::finish(CURL* handle, CURLcode code) {
  curl_multi_remove_handle(multi_, handle);
  const auto found = active_.find(handle);
  WorkPtr work = std::move(found->second);
  active_.erase(found);

  HttpResponse response;
  try {
    response = work->transfer->finish(code);
  } catch (const std::exception&) {
    response.failure = Failure::too_large;
    response.failure_text = "the answer does not fit into memory";
  }
  const std::string origin = origin_of(work->request.url);
  const Protocol protocol = work->transfer->protocol();
  if (protocol != Protocol::unknown) protocols_[origin] = protocol;
  CurlHandle free_handle = work->transfer->release();
  work->transfer.reset();
  if (response.failure == Failure::none) {
    curl_easy_reset(free_handle.get());
    idle_.push_back(std::move(free_handle));
  }
  if (response.ok()) budgets_[origin].earn();
  if (work->request.follow && is_redirect(response.status) && follow(work, response)) return;
  if (may_be_retried(response) && sleep(work, response)) return;
  response.attempts = work->attempt;
  answer(std::move(work), std::move(response));
}

// True: it waits in line again under its new address.
bool HttpEngine::Lane::follow(WorkPtr& work, const HttpResponse& response) {
  HttpRequest& request = work->request;
  const std::string location = response.headers.get("location");
  if (request.stop_at_folder && leads_to_folder(request.url, location)) return false;
  const std::optional<std::string> target =
      work->redirects < kMostRedirects ? redirect_target(request.url, location) : std::nullopt;
  if (!target) {
    HttpResponse refused;
    refused.failure = Failure::redirected;
    refused.failure_text = work->redirects < kMostRedirects
                               ? "the server redirects to an address that is not followed"
                               : "the server redirects again and again";
    answer(std::move(work), std::move(refused));
    return true;
  }
  if (origin_of(*target) != origin_of(request.url)) request.headers.clear();
  request.url = *target;
  ++work->redirects;
  waiting_.push_front(std::move(work));
  return true;
}

// True: it will be sent again.
bool HttpEngine::Lane::sleep(WorkPtr& work, const HttpResponse& response) {
  const Connection& connection = *work->request.connection;
  const auto now = Clock::now();
  if (!work->request.retry || work->attempt >= connection.attempts) return false;
  if (now - work->first_sent > connection.patience) return false;
  if (!budgets_[origin_of(work->request.url)].take()) return false;
  const double drawn = std::uniform_real_distribution<double>(0, 1)(random_);
  std::chrono::milliseconds pause = retry_pause(work->attempt, drawn);
  const std::string* asked = response.headers.find("retry-after");
  if (asked) {
    if (const auto after = parse_retry_after(*asked, std::time(nullptr)))
      pause = std::max(pause, *after);
  }
  work->due = now + pause;
  sleeping_.push_back(std::move(work));
  return true;
}

HttpEngine::Lane::Lane() {
  multi_ = curl_multi_init();
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsKept);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  // Signals are for the application's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

HttpEngine::Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(multi_);
  thread_.join();
  idle_.clear();
  curl_multi_cleanup(multi_);
}

void HttpEngine::Lane::submit(WorkPtr work) {
  unanswered_.fetch_add(1, std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(std::move(work));
  }
  curl_multi_wakeup(multi_);
}

void HttpEngine::Lane::cancel(std::uint64_t group) {
  {
    const std::lock_guard lock(mutex_);
    cancelled_.insert(group);
  }
  curl_multi_wakeup(multi_);
}

HttpEngine::HttpEngine() : process_(::getpid()) {
  [[maybe_unused]] static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::size_t lanes = std::min(kMostLanes, base::default_thread_count());
  for (std::size_t i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
}

HttpEngine::~HttpEngine() = default;

HttpEngine::Lane& HttpEngine::lane_for_next() {
  if (lanes_.front()->load() < kFewRequests) return *lanes_.front();
  const auto less_busy = [](const auto& a, const auto& b) { return a->load() < b->load(); };
  return **std::min_element(lanes_.begin(), lanes_.end(), less_busy);
}

void HttpEngine::submit(HttpRequest request, Done done, std::uint64_t group) {
  auto work = std::make_unique<Work>();
  work->request = std::move(request);
  work->done = std::move(done);
  work->group = group;
  lane_for_next().submit(std::move(work));
}

std::uint64_t HttpEngine::new_group() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void HttpEngine::cancel(std::uint64_t group) {
  for (const auto& lane : lanes_) lane->cancel(group);
}

std::uint64_t HttpEngine::sent() const {
  std::uint64_t sum = 0;
  for (const auto& lane : lanes_) sum += lane->sent();
  return sum;
}

namespace {

struct Current {
  std::atomic<HttpEngine*> engine{nullptr};
  std::atomic<pid_t> process{0};
  ~Current() {
    // The thread ends before what it uses does. A forked child has no thread to end.
    if (process.load() == ::getpid()) delete engine.load();
  }
};

}  // namespace

// Without a lock: one that another thread held during fork() would stay locked in the child. What
// the parent's engine owns is left alone there, its connections belong to the parent.
HttpEngine& HttpEngine::of_this_process() {
  // curl and its TLS library must outlive the engine: what is initialised first is cleaned up last.
  [[maybe_unused]] static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static Current current;
  HttpEngine* engine = current.engine.load(std::memory_order_acquire);
  while (engine == nullptr || engine->process_ != ::getpid()) {
    auto fresh = std::make_unique<HttpEngine>();
    if (current.engine.compare_exchange_strong(engine, fresh.get(), std::memory_order_acq_rel)) {
      current.process.store(::getpid());
      engine = fresh.release();
    }
  }
  return *engine;
}

}  // namespace copick::store::remote
