// What several entities need: `.meta` records, who makes something, colours, near misses.
#include "model/entities/states.h"
#include "model/meta_document.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace copick::model {

namespace {

constexpr std::string_view meta_name = "/.meta";

MetaDocument read_document(const Place& folder) {
  const std::optional<Bytes> file = folder.store->get(folder.key + std::string(meta_name));
  return file ? MetaDocument::parse(file->text()) : MetaDocument();
}

}  // namespace

Meta read_meta(const Place& folder, const std::string& name) {
  Meta meta = read_document(folder).meta();
  meta.name = name;  // the folder's name decides, whatever the file says
  return meta;
}

void write_meta(const Place& folder, const Meta& meta, std::optional<double> voxel_size) {
  MetaDocument document = read_document(folder);
  document.set(meta, voxel_size);
  folder.store->put(folder.key + std::string(meta_name), as_bytes(document.to_text()));
}

std::string now_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 24> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

Maker resolve_maker(const Config& config, const std::string& user, const std::string& session,
                    const std::string& doing) {
  const std::string chosen_user = user.empty() ? config.user_id.value_or("") : user;
  const std::string chosen_session = session.empty() ? config.session_id.value_or("") : session;
  if (chosen_user.empty() || chosen_session.empty()) {
    throw ValidationError({doing, "",
                           std::string("no ") + (chosen_user.empty() ? "user" : "session") +
                               " id is given and the config has none",
                           "say who makes it: a user id and a session id (\"0\" for tools)"});
  }
  return {sanitise(chosen_user, "user id"), sanitise(chosen_session, "session id")};
}

std::optional<Color> color_of(const Config& config, std::string_view object) {
  constexpr Color unknown{128, 128, 128, 0};
  const PickableObject* found = config.find_object(object);
  return found ? found->color : std::optional<Color>(unknown);
}

std::string near_miss(std::string_view wanted, const std::vector<std::string>& known) {
  // Edit distance (insert, delete, replace), kept to one row.
  const auto distance = [&](std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= wanted.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= other.size(); ++j) {
        const std::size_t replace = diagonal + (wanted[i - 1] != other[j - 1]);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
      }
    }
    return row.back();
  };
  std::string_view best;
  std::size_t best_distance =
      wanted.size() / 3 + 1;  // further than a third of the word is another word
  for (const std::string& name : known) {
    const std::size_t found = distance(name);
    if (found <= best_distance && (best.empty() || found < best_distance)) {
      best = name;
      best_distance = found;
    }
  }
  return best.empty() ? "" : "did you mean '" + std::string(best) + "'?";
}

}  // namespace copick::model
