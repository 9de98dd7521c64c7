// How a request runs.
//   1. submit() puts it in the inbox and wakes the engine's thread, which owns all that follows.
//   2. It waits in line until one of kMostActive places is free, then gets a curl handle.
//   3. Its end is a response or a failure. A redirect that is to be followed makes it wait in line
//      again under its new address; what may be sent again goes to sleep until it is due.
//   4. Otherwise `done` is called.
// curl is never asked to queue: a request that waits inside curl spends its connect timeout there.
#include "store/remote/http_engine.h"

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

struct HttpEngine::Impl {
  const pid_t process = ::getpid();
  CURLM* multi = nullptr;
  std::atomic<std::uint64_t> sent{0};

  std::mutex mutex;  // of the next three
  std::vector<WorkPtr> inbox;
  std::set<std::uint64_t> cancelled;
  bool stopping = false;

  // The engine's thread alone.
  std::deque<WorkPtr> waiting;
  std::vector<WorkPtr> sleeping;
  std::map<CURL*, WorkPtr> active;
  std::vector<CurlHandle> idle;
  std::map<std::string, Protocol> protocols;   // by origin
  std::map<std::string, RetryBudget> budgets;  // by origin
  std::minstd_rand random{std::random_device{}()};

  std::thread thread;

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
};

void HttpEngine::Impl::run() {
  while (take_inbox()) {
    wake_sleepers();
    start_waiting();
    int running = 0;
    curl_multi_perform(multi, &running);
    int left = 0;
    bool finished = false;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      finish(message->easy_handle, message->data.result);
      finished = true;
    }
    if (finished && !waiting.empty()) continue;
    curl_multi_poll(multi, nullptr, 0, wait_time(), nullptr);
  }
  for (auto& [handle, work] : active) {
    curl_multi_remove_handle(multi, handle);
    give_up(std::move(work));
  }
  for (WorkPtr& work : waiting) give_up(std::move(work));
  for (WorkPtr& work : sleeping) give_up(std::move(work));
}

// False: the engine is to end.
bool HttpEngine::Impl::take_inbox() {
  std::set<std::uint64_t> groups;
  {
    const std::lock_guard lock(mutex);
    for (WorkPtr& work : inbox) waiting.push_back(std::move(work));
    inbox.clear();
    groups.swap(cancelled);
    if (stopping) return false;
  }
  if (!groups.empty()) drop_cancelled(groups);
  return true;
}

void HttpEngine::Impl::drop_cancelled(const std::set<std::uint64_t>& groups) {
  const auto is_dropped = [&](const WorkPtr& work) { return groups.contains(work->group); };
  std::vector<WorkPtr> dropped;
  const auto sort_out = [&](auto& line) {
    const auto kept = std::stable_partition(line.begin(), line.end(),
                                            [&](const WorkPtr& work) { return !is_dropped(work); });
    std::move(kept, line.end(), std::back_inserter(dropped));
    line.erase(kept, line.end());
  };
  sort_out(waiting);
  sort_out(sleeping);
  for (auto at = active.begin(); at != active.end();) {
    if (!is_dropped(at->second)) {
      ++at;
      continue;
    }
    curl_multi_remove_handle(multi, at->first);
    dropped.push_back(std::move(at->second));
    at = active.erase(at);
  }
  for (WorkPtr& work : dropped) give_up(std::move(work));
}

void HttpEngine::Impl::give_up(WorkPtr work) {
  work->transfer.reset();
  HttpResponse response;
  response.failure = Failure::cancelled;
  response.failure_text = "it was given up";
  work->done(std::move(response));
}

void HttpEngine::Impl::start_waiting() {
  while (active.size() < kMostActive && !waiting.empty()) {
    WorkPtr work = std::move(waiting.front());
    waiting.pop_front();
    start(std::move(work));
  }
}

void HttpEngine::Impl::start(WorkPtr work) {
  if (work->attempt++ == 0) work->first_sent = Clock::now();
  if (work->request.prepare) work->request.prepare(work->request);
  CurlHandle handle;
  if (idle.empty()) {
    handle.reset(curl_easy_init());
  } else {
    handle = std::move(idle.back());
    idle.pop_back();
  }
  if (!handle) return give_up(std::move(work));
  const Protocol protocol = protocols[origin_of(work->request.url)];
  work->transfer = std::make_unique<Transfer>(work->request, std::move(handle), protocol);
  CURL* key = work->transfer->handle();
  sent.fetch_add(1, std::memory_order_relaxed);
  curl_multi_add_handle(multi, key);
  active.emplace(key, std::move(work));
}

void HttpEngine::Impl::wake_sleepers() {
  const auto now = Clock::now();
  const auto asleep = std::partition(sleeping.begin(), sleeping.end(),
                                     [&](const WorkPtr& work) { return work->due > now; });
  for (auto at = asleep; at != sleeping.end(); ++at) waiting.push_front(std::move(*at));
  sleeping.erase(asleep, sleeping.end());
}

int HttpEngine::Impl::wait_time() const {
  int wait = kLongestWait;
  const auto now = Clock::now();
  for (const WorkPtr& work : sleeping) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(work->due - now);
    wait = std::clamp(static_cast<int>(left.count()) + 1, 0, wait);
  }
  return wait;
}

void HttpEngine::Impl::finish(CURL* handle, CURLcode code) {
  curl_multi_remove_handle(multi, handle);
  const auto found = active.find(handle);
  WorkPtr work = std::move(found->second);
  active.erase(found);

  HttpResponse response;
  try {
    response = work->transfer->finish(code);
  } catch (const std::exception&) {
    response.failure = Failure::too_large;
    response.failure_text = "the answer does not fit into memory";
  }
  const std::string origin = origin_of(work->request.url);
  const Protocol protocol = work->transfer->protocol();
  if (protocol != Protocol::unknown) protocols[origin] = protocol;
  CurlHandle free_handle = work->transfer->release();
  work->transfer.reset();
  if (response.failure == Failure::none) {
    curl_easy_reset(free_handle.get());
    idle.push_back(std::move(free_handle));
  }
  if (response.ok()) budgets[origin].earn();
  if (work->request.follow && is_redirect(response.status) && follow(work, response)) return;
  if (may_be_retried(response) && sleep(work, response)) return;
  response.attempts = work->attempt;
  work->done(std::move(response));
}

// True: it waits in line again under its new address.
bool HttpEngine::Impl::follow(WorkPtr& work, const HttpResponse& response) {
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
    work->done(std::move(refused));
    return true;
  }
  if (origin_of(*target) != origin_of(request.url)) request.headers.clear();
  request.url = *target;
  ++work->redirects;
  waiting.push_front(std::move(work));
  return true;
}

// True: it will be sent again.
bool HttpEngine::Impl::sleep(WorkPtr& work, const HttpResponse& response) {
  const Connection& connection = *work->request.connection;
  const auto now = Clock::now();
  if (!work->request.retry || work->attempt >= connection.attempts) return false;
  if (now - work->first_sent > connection.patience) return false;
  if (!budgets[origin_of(work->request.url)].take()) return false;
  const double drawn = std::uniform_real_distribution<double>(0, 1)(random);
  std::chrono::milliseconds pause = retry_pause(work->attempt, drawn);
  const std::string* asked = response.headers.find("retry-after");
  if (asked) {
    if (const auto after = parse_retry_after(*asked, std::time(nullptr)))
      pause = std::max(pause, *after);
  }
  work->due = now + pause;
  sleeping.push_back(std::move(work));
  return true;
}

HttpEngine::HttpEngine() : impl_(std::make_unique<Impl>()) {
  [[maybe_unused]] static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  impl_->multi = curl_multi_init();
  curl_multi_setopt(impl_->multi, CURLMOPT_MAXCONNECTS, kConnectionsKept);
  curl_multi_setopt(impl_->multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  // Signals are for the application's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

HttpEngine::~HttpEngine() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  curl_multi_wakeup(impl_->multi);
  impl_->thread.join();
  impl_->idle.clear();
  curl_multi_cleanup(impl_->multi);
}

void HttpEngine::submit(HttpRequest request, Done done, std::uint64_t group) {
  auto work = std::make_unique<Work>();
  work->request = std::move(request);
  work->done = std::move(done);
  work->group = group;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->inbox.push_back(std::move(work));
  }
  curl_multi_wakeup(impl_->multi);
}

std::uint64_t HttpEngine::new_group() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void HttpEngine::cancel(std::uint64_t group) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->cancelled.insert(group);
  }
  curl_multi_wakeup(impl_->multi);
}

std::uint64_t HttpEngine::sent() const { return impl_->sent.load(std::memory_order_relaxed); }

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
  while (engine == nullptr || engine->impl_->process != ::getpid()) {
    auto fresh = std::make_unique<HttpEngine>();
    if (current.engine.compare_exchange_strong(engine, fresh.get(), std::memory_order_acq_rel)) {
      current.process.store(::getpid());
      engine = fresh.release();
    }
  }
  return *engine;
}

}  // namespace copick::store::remote
