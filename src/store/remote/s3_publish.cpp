#include "store/remote/s3_publish.h"

#include "store/backoff.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/remote/s3_listing.h"
#include "store/remote/s3_moving.h"
#include "store/temporary_name.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace copick::store::remote {

namespace {

constexpr int kMostPublishes = 8;
constexpr std::chrono::milliseconds kFirstPause{200}, kLongestPause{5000};

bool is_metadata(std::string_view key) {
  constexpr std::string_view names[] = {"zarr.json", ".zarray", ".zgroup", ".zattrs", ".zmetadata"};
  return std::find(std::begin(names), std::end(names), last_part(key)) != std::end(names);
}

// With quotes or without; a server that does not tell one of them cannot be asked for more.
bool same_tag(std::string_view a, std::string_view b) {
  const auto bare = [](std::string_view tag) {
    while (tag.starts_with('"')) tag.remove_prefix(1);
    while (tag.ends_with('"')) tag.remove_suffix(1);
    return tag;
  };
  return a.empty() || b.empty() || bare(a) == bare(b);
}

// One lock for all publishes of this process to one target; a few targets share one.
std::mutex& publishing(const std::string& target) {
  static std::array<std::mutex, 16> locks;
  return locks[std::hash<std::string>()(target) % locks.size()];
}

// Steps 1 to 5. False: somebody else wrote to the target meanwhile.
bool replace_tree(S3Client& client, const S3Limits& limits, const Publication& publication,
                  std::vector<Move>& data, std::vector<Move>& metadata) {
  const auto& [from, to, staged_url, url, identity, erase_value] = publication;
  const std::vector<ListedKey> old = all_keys(client, to, url);
  erase_value();
  copy_keys(client, data, limits, url);
  copy_keys(client, metadata, limits, url);
  std::map<std::string_view, const Move*> copied;
  for (const std::vector<Move>* moves : {&data, &metadata})
    for (const Move& move : *moves) copied.emplace(move.to, &move);
  std::vector<std::string> stale;
  for (const ListedKey& key : old)
    if (!copied.contains(key.key)) stale.push_back(key.key);
  if (!stale.empty()) erase_keys(client, stale, url);

  std::size_t found = 0;
  for (const ListedKey& key : all_keys(client, to, url)) {
    if (has_temporary_part(std::string_view(key.key).substr(to.size()))) continue;
    const auto copy = copied.find(key.key);
    if (copy == copied.end() || !same_tag(copy->second->tag, key.version)) return false;
    ++found;
  }
  return found == copied.size();
}

}  // namespace

void publish_tree(S3Client& client, const S3Limits& limits, const Publication& publication) {
  const std::lock_guard lock(publishing(publication.identity));
  std::vector<Move> data, metadata;
  std::vector<std::string> done;
  for (const ListedKey& key : all_keys(client, publication.from, publication.staged_url)) {
    const std::string name = publication.to + key.key.substr(publication.from.size());
    (is_metadata(name) ? metadata : data).push_back({key.key, name, key.size});
    done.push_back(key.key);
  }
  if (done.empty()) throw_nothing_staged(publication.staged_url, publication.target_url);
  std::mt19937 random(std::random_device{}());
  for (int attempt = 1;; ++attempt) {
    const auto begin = std::chrono::steady_clock::now();
    if (replace_tree(client, limits, publication, data, metadata)) break;
    if (attempt == kMostPublishes) {
      throw ConflictError({"publish a prefix", publication.target_url,
                           "others publish there again and again",
                           "let one writer finish, then retry"});
    }
    // Long enough for another one, which needs as long, to get through.
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    const double drawn = std::uniform_real_distribution<>(0, 1)(random);
    std::this_thread::sleep_for(
        backoff(std::max(kFirstPause, took), std::max(kLongestPause, 8 * took), attempt, drawn));
  }
  erase_keys(client, done, publication.staged_url);
}

}  // namespace copick::store::remote
