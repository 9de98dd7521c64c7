#include "ops/migrate_lease.h"

#include "base/logging.h"
#include "store/key.h"
#include "store/temporary_name.h"

#include <copick/error.h>

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace copick::ops {

namespace {

constexpr const char* kDoing = "migrate the volume";

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

Json this_process() {
  return Json::object({{"host", Json::string(host_name())}, {"process", Json::integer(getpid())}});
}

// A process of another host is taken for living: it cannot be asked.
bool lives(const Json& owner) {
  const Json* host = owner.find("host");
  const Json* process = owner.find("process");
  if (!host || !host->is_string() || !process || !process->is_number()) return false;
  if (host->as_string() != host_name()) return true;
  return kill(static_cast<pid_t>(process->as_int64()), 0) == 0 || errno == EPERM;
}

std::string name_of_owner(const Json& owner) {
  return "process " + owner.find("process")->number_text() + " on " +
         owner.find("host")->as_string();
}

// A file that is no plan is as good as none.
Json parsed(const Bytes& bytes) {
  try {
    return Json::parse(bytes.text(), "a migration's plan");
  } catch (const CorruptError&) { return Json::object(); }
}

}  // namespace

MigrationLease::MigrationLease(StorePtr store, const std::string& target, Json plan)
    : store_(std::move(store)),
      key_(
          store::join(store::parent(target), store::migration_plan_name(store::last_part(target)))),
      plan_(std::move(plan)) {
  take();
}

void MigrationLease::take() {
  Json document = plan_;
  document["owner"] = this_process();
  const std::string text = document.dump();
  const std::optional<Versioned> found = store_->get_versioned(key_);
  if (!found) {
    version_ = store_->put(key_, as_bytes(text), {.if_absent = true});
    held_ = true;
    return;
  }
  Json before = parsed(found->bytes);
  const Json* owner = before.find("owner");
  if (owner && lives(*owner)) {
    throw ConflictError({kDoing, store_->url(key_),
                         name_of_owner(*owner) + " is migrating it already",
                         "let it finish; if it is gone for certain, remove this file"});
  }
  before.erase("owner");
  goes_on_ = before == plan_;
  version_ = store_->put(key_, as_bytes(text), {.if_version = found->version});
  held_ = true;
}

void MigrationLease::check_is_ours() const {
  const std::optional<Versioned> found = store_->get_versioned(key_);
  if (found && found->version == version_) return;
  throw ConflictError({kDoing, store_->url(key_), "its plan was removed or replaced meanwhile",
                       "somebody swept or migrates the volume too; migrate it again"});
}

void MigrationLease::finish() {
  store_->erase(key_);
  held_ = false;
}

MigrationLease::~MigrationLease() {
  if (!held_) return;
  try {
    store_->put(key_, as_bytes(plan_.dump()), {.if_version = version_});
  } catch (const Error& error) {
    base::warn(std::string("the plan of a migration still names this process: ") + error.what());
  }
}

}  // namespace copick::ops
