#include "store/contract.h"
#include "store/key.h"
#include "store/list_one.h"
#include "store/sftp/sftp_store.h"
#include "store/sftp/walk.h"
#include "store/temporary_name.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace copick::store::sftp {

std::vector<Entry> SftpStore::list(std::string_view prefix) { return list_one(*this, prefix); }

// Handed over when all are there: a lost connection begins again.
void SftpStore::list_many(std::span<const std::string> prefixes, const OnList& on_list) {
  for (const std::string& prefix : prefixes) check_prefix(prefix, "list a prefix");
  if (prefixes.empty()) return;
  auto lists = place_.pool().with_link([&](Link& link) {
    std::vector<std::vector<Entry>> of_prefixes(prefixes.size());
    const auto visit = [&](const Found& found, std::size_t from) {
      const std::string name(last_part(found.key));
      const bool folder = found.about.is_folder();
      if (is_temporary_name(name) || (!folder && !found.about.is_file())) return;
      of_prefixes[from].push_back({name, folder, folder ? 0 : found.about.size.value_or(0)});
    };
    walk(place_, link, prefixes, {.recursive = false}, visit);
    return of_prefixes;
  });
  for (std::size_t i = 0; i < lists.size(); ++i) {
    std::sort(lists[i].begin(), lists[i].end(), entry_before);
    on_list(i, std::move(lists[i]));
  }
}

std::vector<Entry> SftpStore::list_recursive(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  return place_.pool().with_link([&](Link& link) {
    std::vector<Entry> entries;
    Walk how;
    how.enters = [](const Found& folder) { return !is_temporary_name(last_part(folder.key)); };
    const std::string top(prefix);
    walk(place_, link, {&top, 1}, how, [&](const Found& found, std::size_t) {
      if (!found.about.is_file() || is_temporary_name(last_part(found.key))) return;
      entries.push_back({found.key, false, found.about.size.value_or(0)});
    });
    std::sort(entries.begin(), entries.end(), entry_before);
    return entries;
  });
}

// The age of a tree is that of what was written into it last: a file or the list of a folder.
std::vector<Leftover> SftpStore::leftovers(std::string_view prefix) {
  check_prefix(prefix, "look for leftovers");
  struct About {
    bool is_prefix = false;
    std::uint32_t modified = 0;
  };
  const auto found_ones = place_.pool().with_link([&](Link& link) {
    std::map<std::string, About> all;
    const std::size_t skip = prefix.empty() ? 0 : prefix.size() + 1;
    const std::string top(prefix);
    walk(place_, link, {&top, 1}, {.follow = false}, [&](const Found& found, std::size_t) {
      const std::size_t end = end_of_temporary_part(found.key, skip);
      if (end == std::string_view::npos) return;
      About& about = all[found.key.substr(0, end)];
      if (end == found.key.size()) about.is_prefix = found.about.is_folder();
      about.modified = std::max(about.modified, found.about.modified.value_or(0));
    });
    return all;
  });
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  std::vector<Leftover> leftovers;
  for (const auto& [key, about] : found_ones) {
    const auto age = std::max(now - std::chrono::seconds(about.modified), std::chrono::seconds(0));
    leftovers.push_back({key, about.is_prefix, age});
  }
  return leftovers;
}

}  // namespace copick::store::sftp
