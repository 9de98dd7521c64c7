#include "store/sftp/place.h"

#include "store/key.h"

namespace copick::store::sftp {

std::string version_of(const Attributes& about) {
  return std::to_string(about.modified.value_or(0)) + "-" + std::to_string(about.size.value_or(0));
}

void throw_status(Status status, const std::string& message, std::string_view doing,
                  const std::string& where) {
  const std::string said = message.empty() ? "" : ": " + message;
  switch (status) {
    case Status::permission_denied:
      throw PermissionError({std::string(doing), where, "the server denies it" + said,
                             "check the owner and mode of the path and its folders"});
    case Status::no_connection:
    case Status::connection_lost:
      throw LinkError(
          {std::string(doing), where, "the server lost its connection" + said, "try again"});
    case Status::no_such_file:
      throw StorageError({std::string(doing), where, "a folder on the way disappeared" + said,
                          "see who else works in this project"});
    default:
      throw StorageError({std::string(doing), where,
                          "the server failed (status " +
                              std::to_string(static_cast<std::uint32_t>(status)) + said + ")",
                          "its disk may be full, or the name too long; look there"});
  }
}

Place::Place(Door door, std::string root)
    : pool_(std::move(door)),
      root_(std::move(root)),
      url_(pool_.where() + (root_.starts_with('/') ? "" : "/~/") + root_) {}

std::string Place::path(std::string_view key) const {
  if (key.empty()) return root_;
  return (root_ == "/" ? "" : root_) + "/" + std::string(key);
}

std::string Place::url(std::string_view key) const {
  if (key.empty()) return url_;
  return (url_.ends_with('/') ? url_ : url_ + "/") + std::string(key);
}

std::optional<Attributes> Place::look_up(Link& link, const std::string& path,
                                         std::string_view doing, bool follow) const {
  std::optional<Attributes> about;
  Status status = Status::ok;
  std::string message;
  link.ask(PacketWriter(follow ? Type::stat : Type::lstat).text(path), [&](const Reply& reply) {
    status = reply.status;
    message = reply.message;
    if (reply.type == Type::attrs) about = reply.reader().attributes();
  });
  if (about) return about;
  if (status == Status::no_such_file) return std::nullopt;
  if (status == Status::failure && is_below_a_file(link, path)) return std::nullopt;
  throw_status(status, message, doing, pool_.where() + path);
}

bool Place::is_below_a_file(Link& link, std::string path) const {
  while (path.find('/') != std::string::npos && path != "/") {
    path = std::string(parent(path));
    if (path.empty()) return false;
    std::optional<Attributes> about;
    Status status = Status::ok;
    link.ask(PacketWriter(Type::stat).text(path), [&](const Reply& reply) {
      status = reply.status;
      if (reply.type == Type::attrs) about = reply.reader().attributes();
    });
    if (about) return !about->is_folder();
    if (status == Status::no_such_file) return true;
    if (status != Status::failure) return false;
  }
  return false;
}

std::string Place::real_path(Link& link, const std::string& path, std::string_view doing) const {
  std::string real;
  Status status = Status::ok;
  std::string message;
  link.ask(PacketWriter(Type::realpath).text(path), [&](const Reply& reply) {
    status = reply.status;
    message = reply.message;
    if (reply.type != Type::name) return;
    PacketReader reader = reply.reader();
    if (reader.u32() != 1) reader.corrupt("a path has several real ones");
    real = reader.text();
  });
  if (real.empty()) throw_status(status, message, doing, pool_.where() + path);
  return real;
}

std::string Place::real_root(Link& link) {
  for (std::string path = root_, below;;) {
    if (look_up(link, path, "look up a folder")) {
      const std::string real = real_path(link, path, "look up a folder");
      return real == "/" && !below.empty() ? "/" + below : join(real, below);
    }
    if (path.find('/') == std::string::npos) {
      return join(real_path(link, ".", "look up a folder"), join(path, below));
    }
    below = join(last_part(path), below);
    path = path.rfind('/') == 0 ? "/" : std::string(parent(path));
  }
}

void Place::make_folder(Link& link, const std::string& path, std::string_view doing) const {
  std::string message;
  PacketWriter request(Type::mkdir);
  const Status status = link.ask_status(request.text(path).no_attributes(), &message);
  if (status == Status::ok) return;
  const std::optional<Attributes> now = look_up(link, path, doing);
  if (now && now->is_folder()) return;  // somebody else was quicker
  if (now) {
    throw StorageError({std::string(doing), pool_.where() + path,
                        "a file stands where a folder is needed", "move that file away"});
  }
  throw_status(status, message, doing, pool_.where() + path);
}

bool Place::reach(Link& link, std::string_view prefix, Missing missing, std::string_view doing) {
  {
    const std::lock_guard lock(mutex_);
    if (missing == Missing::make && reached_.contains(prefix)) return true;
  }
  const std::string path = this->path(prefix);
  const std::optional<Attributes> about = look_up(link, path, doing);
  if (about && !about->is_folder()) {
    if (missing == Missing::tell) return false;
    throw StorageError({std::string(doing), url(prefix), "a file stands where a folder is needed",
                        "move that file away"});
  }
  if (!about) {
    if (missing == Missing::tell) return false;
    if (!prefix.empty()) {
      reach(link, parent(prefix), missing, doing);
      make_folder(link, path, doing);
    } else {  // the root and what is above it
      for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
           slash = path.find('/', slash + 1)) {
        if (!look_up(link, path.substr(0, slash), doing)) {
          make_folder(link, path.substr(0, slash), doing);
        }
      }
      make_folder(link, path, doing);
    }
  } else if (!prefix.empty()) {
    const std::string root = real_path(link, root_, doing), real = real_path(link, path, doing);
    if (root != "/" && real != root && !is_below(real, root)) {
      throw PermissionError({std::string(doing), url(prefix),
                             "a symbolic link on the way leads out of " + url_,
                             "write to where it leads, or replace the link by a folder"});
    }
  }
  const std::lock_guard lock(mutex_);
  if (reached_.size() > 10000) reached_.clear();
  reached_.emplace(prefix);
  return true;
}

void Place::forget(std::string_view prefix) {
  const std::lock_guard lock(mutex_);
  reached_.clear();
  (void)prefix;
}

}  // namespace copick::store::sftp
