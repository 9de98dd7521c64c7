// How values and prefixes are removed.
//
//   A prefix: rename the folder to a hidden name, so that all of it disappears in one step; then
//   remove what it holds, files first and folders from the deepest up. Links are removed as such.
//   The root stays: its children are removed one by one.
#include "store/key.h"
#include "store/sftp/sftp_store.h"
#include "store/sftp/walk.h"
#include "store/temporary_name.h"

namespace copick::store::sftp {

namespace {

constexpr std::string_view kRemoving = "remove a prefix";
constexpr int kRemovals = 3;  // of one tree, before what is left of it is left

// What others removed meanwhile is no error, nor is a folder in which somebody writes anew.
void remove_all(Place& place, Link& link, const std::vector<std::string>& keys, Type how) {
  for (const std::string& key : keys) {
    link.send(PacketWriter(how).text(place.path(key)), [&place, key, how](const Reply& reply) {
      const bool gone = reply.is(Status::ok) || reply.is(Status::no_such_file) ||
                        (how == Type::rmdir && reply.is(Status::failure));
      if (!gone) throw_status(reply.status, reply.message, kRemoving, place.url(key));
    });
  }
  link.run();
}

std::uint64_t remove_below(Place& place, Link& link, const std::string& top) {
  std::vector<std::string> files;
  std::vector<std::vector<std::string>> folders;  // by depth
  std::uint64_t values = 0;
  walk(place, link, {&top, 1}, {.follow = false}, [&](const Found& found, std::size_t) {
    const std::size_t skip = top.empty() ? 0 : top.size() + 1;
    const std::string_view below = std::string_view(found.key).substr(skip);
    if (!found.about.is_folder()) {
      files.push_back(found.key);
      if (!has_temporary_part(below)) ++values;
      return;
    }
    const auto depth = static_cast<std::size_t>(std::count(below.begin(), below.end(), '/'));
    if (folders.size() <= depth) folders.resize(depth + 1);
    folders[depth].push_back(found.key);
  });
  remove_all(place, link, files, Type::remove);
  for (auto level = folders.rbegin(); level != folders.rend(); ++level) {
    remove_all(place, link, *level, Type::rmdir);
  }
  return values;
}

}  // namespace

std::uint64_t remove_tree(Place& place, Link& link, const std::string& key) {
  const auto about = place.look_up(link, place.path(key), kRemoving, false);
  if (!about) return 0;
  if (!about->is_folder()) {
    remove_all(place, link, {key}, Type::remove);
    return 1;
  }
  // Others may have put something into it, or a server may not have shown all of it.
  std::uint64_t values = 0;
  for (int attempt = 1; attempt <= kRemovals; ++attempt) {
    values += remove_below(place, link, key);
    remove_all(place, link, {key}, Type::rmdir);
    if (!place.look_up(link, place.path(key), kRemoving, false)) break;
  }
  place.forget(key);
  return values;
}

bool SftpStore::erase(std::string_view key) {
  constexpr std::string_view doing = "remove a value";
  check_key(key, doing);
  return place_.pool().with_link([&](Link& link) {
    if (!place_.reach(link, parent(key), Place::Missing::tell, doing)) return false;
    const auto about = place_.look_up(link, place_.path(key), doing, false);
    if (!about || about->is_folder()) return false;
    std::string message;
    const Status status =
        link.ask_status(PacketWriter(Type::remove).text(place_.path(key)), &message);
    if (status == Status::no_such_file) return false;
    if (status != Status::ok) throw_status(status, message, doing, url(key));
    return true;
  });
}

std::uint64_t SftpStore::erase_prefix(std::string_view prefix) {
  check_prefix(prefix, kRemoving);
  return place_.pool().with_link([&](Link& link) -> std::uint64_t {
    if (prefix.empty()) return remove_below(place_, link, "");
    if (!place_.reach(link, parent(prefix), Place::Missing::tell, kRemoving)) return 0;
    const auto about = place_.look_up(link, place_.path(prefix), kRemoving, false);
    if (!about) return 0;
    if (!about->is_folder()) return remove_tree(place_, link, std::string(prefix));
    const std::string hidden = join(parent(prefix), staging_name(last_part(prefix)));
    std::string message;
    const PacketWriter rename =
        PacketWriter(Type::rename).text(place_.path(prefix)).text(place_.path(hidden));
    const Status status = link.ask_status(rename, &message);
    if (status == Status::no_such_file) return 0;
    if (status != Status::ok) throw_status(status, message, kRemoving, url(prefix));
    place_.forget(prefix);
    return remove_tree(place_, link, hidden);
  });
}

}  // namespace copick::store::sftp
