// A picks file that parses is JSON, gives the numbers that a plain JSON reader gives, whatever the
// size of the windows or parts it is read in, and comes back the same after writing.
#include "choices.h"
#include "model/lax_json.h"
#include "model/picks_document.h"
#include "model/picks_parse.h"
#include "store/wrappers/forwarding.h"

#include <copick/error.h>

#include <cstdint>
#include <cstring>

using namespace copick;
using fuzz::require;

namespace {

bool same(double a, double b) { return a == b || (a != a && b != b); }

void compare_with_json(const model::PicksDocument& document, std::string_view text) {
  Json json;
  try {
    json = Json::parse(text, "input");
  } catch (const CorruptError& error) {
    require(error.facts().why.find("nested deeper") != std::string::npos);
    return;
  }
  const Json* list = json.find("points");
  const std::size_t count = list && list->is_array() ? list->elements().size() : 0;
  require(document.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    const Json& point = list->elements()[i];
    const Point read = document.point(i);
    require(same(read.location.x, *model::lax_double(*point.find("location")->find("x"))));
    require(same(read.location.z, *model::lax_double(*point.find("location")->find("z"))));
    const Json* id = point.find("instance_id");
    if (id && !id->is_null()) require(read.instance_id == model::lax_int64(*id));
    const Json* score = point.find("score");
    if (score && !score->is_null()) require(same(*read.score, *model::lax_double(*score)));
  }
}

struct List {
  bool accepted = false;
  std::size_t end = 0;
  model::PicksColumns columns;
};

List parse_list(std::string_view text, std::size_t window) {
  List list;
  try {
    list.end = model::parse_points(text, 0, "input", list.columns, window);
    list.accepted = true;
  } catch (const CorruptError&) {}
  return list;
}

// `text` follows the '[' of a list.
void compare_windows(std::string_view text, std::size_t window) {
  const List whole = parse_list(text, model::points_window), pieces = parse_list(text, window);
  if (!whole.accepted) {
    // Small windows do not see what is broken behind the list.
    if (pieces.accepted) Json::parse("[" + std::string(text.substr(0, pieces.end)), "list");
    return;
  }
  require(pieces.accepted && pieces.end == whole.end);
  const model::PicksColumns &a = whole.columns, &b = pieces.columns;
  require(a.size() == b.size() && a.extras == b.extras);
  require(a.size() == 0 || std::memcmp(a.positions.data(), b.positions.data(), 24 * a.size()) == 0);
}

// Memory that says it is as near as a disk.
class NearStore final : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  bool stat_is_cheap() const override { return true; }
};

// `whole`: what parsing the text gave, or what was wrong with it.
void compare_parts(std::string_view text, std::size_t part, const std::string& whole) {
  NearStore store(memory_store());
  store.put("input", as_bytes(text), {});
  try {
    require(model::PicksDocument::read(store, "input", "input", part)->document.to_text() == whole);
  } catch (const CorruptError& error) { require(error.facts().why == whole); }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto list = text.find('[');
  if (list != std::string_view::npos) compare_windows(text.substr(list + 1), 1 + data[size - 1]);
  const std::size_t part = 80 + data[size - 1];
  try {
    const auto document = model::PicksDocument::parse(text, "input");
    compare_with_json(document, text);
    const std::string written = document.to_text();
    const auto again = model::PicksDocument::parse(written, "written");
    require(again.to_text() == written);
    compare_parts(text, part, written);
  } catch (const CorruptError& error) { compare_parts(text, part, error.facts().why); }
  return 0;
}
