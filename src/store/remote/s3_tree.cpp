#include "store/remote/s3_tree.h"

#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/remote/s3_listing.h"

#include <algorithm>
#include <set>

namespace copick::store::remote {

Tree tree_of_keys(const std::string& prefix, const std::string& start,
                  std::span<const ListedKey> keys, int levels, const std::string& where) {
  Tree tree;
  tree.listings[prefix];
  std::set<std::string> folders;
  std::size_t left_out = 0;
  for (const ListedKey& key : keys) {
    if (!key.key.starts_with(start)) continue;
    tree.exists = true;
    std::string_view rest = std::string_view(key.key).substr(start.size());
    std::string folder = prefix;
    for (int level = 1; level <= levels; ++level) {
      const std::size_t slash = rest.find('/');
      const std::string_view name = rest.substr(0, slash);
      if (name.empty() || is_temporary_name(name)) break;
      if (!is_legal_name(name)) {
        ++left_out;
        break;
      }
      std::vector<Entry>& entries = tree.listings[folder];
      if (slash == std::string_view::npos) {
        entries.push_back({std::string(name), false, key.size});
        break;
      }
      folder = join(folder, name);
      if (folders.insert(folder).second) entries.push_back({std::string(name), true, 0});
      if (level < levels) tree.listings[folder];
      rest.remove_prefix(slash + 1);
    }
  }
  for (auto& [folder, entries] : tree.listings)
    std::sort(entries.begin(), entries.end(), entry_before);
  if (left_out > 0) {
    base::warn("left out " + std::to_string(left_out) + " keys that are not legal below " + where);
  }
  return tree;
}

Tree tree_of_bucket(S3Client& client, const std::string& prefix, const std::string& start,
                    int levels, const std::string& where,
                    const std::function<std::vector<Entry>()>& list) {
  FirstPages pages = first_pages(client, start, where);
  if (pages.keys.next.empty()) return tree_of_keys(prefix, start, pages.keys.keys, levels, where);
  if (!pages.level.next.empty()) return {true, {{prefix, list()}}};
  std::vector<ListedKey> level = std::move(pages.level.keys);
  for (std::string& below : pages.level.prefixes) level.push_back({std::move(below)});
  return tree_of_keys(prefix, start, level, 1, where);
}

}  // namespace copick::store::remote
