// Reading a large picks file in parts, by all threads, without ever holding its text.
//
//   1. The file is fetched in parts of a hundred kilobytes. A thread that has one looks for the first
//      and the last place in it where a '{' follows '}' and ',': most likely points begin there.
//   2. It reads what lies between as a run of points, and keeps of the text only the head before
//      and the tail after the run.
//   3. Heads and tails in order are the file without those runs: a small picks file, which is
//      parsed as any other.
//   4. If a point of it begins at every place where a run was taken out, the guesses were right: a
//      run stood there, between two points of the list. The runs are put back among the points.
//   5. Otherwise, and whenever anything is wrong, the file is read as a whole: either the guess was
//      bad (a list of objects inside a point), or the file is and the error shall name the place.
//
// Only stores that are near are read so: for others a stat is a request, and one large request is
// what they are good at.
#include "model/picks_document.h"

#include "base/free_memory.h"
#include "model/picks_window.h"

#include <copick/error.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <utility>

namespace copick::model {

namespace {

constexpr std::string_view blanks = " \t\n\r";
constexpr std::uint64_t large_file = 64 << 20;  // its runs are worth giving back

// One part of the file: text, a run of points, text.
struct Part {
  std::string head, tail;
  PicksColumns run;
};

// Windows are read by several threads; each takes a reader and gives it back.
class ReaderPool {
 public:
  std::unique_ptr<WindowReader> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<WindowReader>();
    auto reader = std::move(free_.back());
    free_.pop_back();
    return reader;
  }
  void give_back(std::unique_ptr<WindowReader> reader) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(reader));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<WindowReader>> free_;
};

// The first '{' that follows '}' and ','; npos: none.
std::size_t first_boundary(std::string_view text) {
  for (std::size_t at = text.find('}'); at != std::string_view::npos; at = text.find('}', at + 1)) {
    const std::size_t comma = text.find_first_not_of(blanks, at + 1);
    if (comma == std::string_view::npos) break;
    if (text[comma] != ',') continue;
    const std::size_t next = text.find_first_not_of(blanks, comma + 1);
    if (next != std::string_view::npos && text[next] == '{') return next;
  }
  return std::string_view::npos;
}

// The last such '{', and the comma before it.
struct Boundary {
  std::size_t comma, next;
};
std::optional<Boundary> last_boundary(std::string_view text) {
  for (std::size_t at = text.rfind('{'); at != std::string_view::npos && at > 0;
       at = text.rfind('{', at - 1)) {
    const std::size_t comma = text.find_last_not_of(blanks, at - 1);
    if (comma == std::string_view::npos || comma == 0 || text[comma] != ',') continue;
    const std::size_t brace = text.find_last_not_of(blanks, comma - 1);
    if (brace != std::string_view::npos && text[brace] == '}') return Boundary{comma, at};
  }
  return std::nullopt;
}

// Steps 1 and 2. False: what looked like points are none. A part without a run is all head.
bool read_part(Bytes bytes, WindowReader& reader, const std::string& where, Part& part) {
  const std::string_view text = as_text(bytes);
  const std::size_t first = first_boundary(text);
  std::optional<Boundary> last;
  if (text.size() > window_padding)
    last = last_boundary(text.substr(0, text.size() - window_padding));
  if (first == std::string_view::npos || !last || last->next <= first) {
    part.head = text;
    return true;
  }
  part.head = text.substr(0, first);
  part.tail = text.substr(last->next);
  // The run between brackets: they take the places of what separates it from the rest.
  bytes.data()[first - 1] = std::byte{'['};
  bytes.data()[last->comma] = std::byte{']'};
  std::vector<std::size_t> begins;
  const std::string_view window = text.substr(first - 1, last->comma + 1 - (first - 1));
  return reader.read(window, where, false, part.run, begins).how == WindowEnd::How::all_read;
}

template <typename Column>
void append_range(Column& to, const Column& from, std::size_t first, std::size_t last) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(first),
            from.begin() + static_cast<std::ptrdiff_t>(last));
}

void append_nulls(std::vector<bool>& to, std::vector<bool>& from, std::size_t first,
                  std::size_t last, std::size_t size) {
  if (to.empty() && from.empty()) return;
  to.resize(size, false);
  if (from.empty()) {
    to.resize(size + last - first, false);
  } else {
    append_range(to, from, first, last);
  }
}

// Moves points [first, last) of `from` behind those of `to`.
void append_points(PicksColumns& to, PicksColumns& from, std::size_t first, std::size_t last) {
  const std::size_t size = to.size();
  append_nulls(to.id_is_null, from.id_is_null, first, last, size);
  append_nulls(to.score_is_null, from.score_is_null, first, last, size);
  append_range(to.positions, from.positions, 3 * first, 3 * last);
  append_range(to.transforms, from.transforms, 16 * first, 16 * last);
  append_range(to.instance_ids, from.instance_ids, first, last);
  append_range(to.scores, from.scores, first, last);
  const auto end = from.extras.lower_bound(last);
  for (auto extra = from.extras.lower_bound(first); extra != end; ++extra)
    to.extras.emplace_hint(to.extras.end(), size + extra->first - first, std::move(extra->second));
}

void reserve(PicksColumns& columns, std::size_t count) {
  columns.positions.reserve(3 * count);
  columns.transforms.reserve(16 * count);
  columns.instance_ids.reserve(count);
  columns.scores.reserve(count);
}

// Step 1 and 2 for all parts; nullopt where step 5 says so.
std::optional<std::vector<Part>> fetch_parts(Store& store, std::string_view key, std::uint64_t size,
                                             std::size_t part_size, const std::string& where) {
  std::vector<Request> requests;
  for (std::uint64_t offset = 0; offset < size; offset += part_size)
    requests.push_back({std::string(key), ByteRange{offset, part_size}});
  std::vector<Part> parts(requests.size());
  ReaderPool readers;
  std::atomic<bool> good = true;
  store.fetch(requests, [&](std::size_t i, std::optional<Bytes> bytes) {
    if (!good) return;
    const std::uint64_t expected = std::min<std::uint64_t>(part_size, size - i * part_size);
    if (!bytes || bytes->size() != expected) {
      good = false;
      return;
    }
    auto reader = readers.take();
    if (!read_part(std::move(*bytes), *reader, where, parts[i])) good = false;
    readers.give_back(std::move(reader));
  });
  if (!good) return std::nullopt;
  return parts;
}

}  // namespace

std::optional<PicksDocument> PicksDocument::read_in_parts(Store& store, std::string_view key,
                                                          std::uint64_t size, std::size_t part,
                                                          const std::string& where) {
  std::optional<std::vector<Part>> parts = fetch_parts(store, key, size, part, where);
  if (!parts) return std::nullopt;
  std::string text;                  // of step 3
  std::vector<std::size_t> removed;  // by run: the offset in `text` of what followed it
  std::size_t count = 0;
  for (const Part& piece : *parts) {
    text += piece.head;
    if (piece.run.size() > 0) removed.push_back(text.size());
    text += piece.tail;
    count += piece.run.size();
  }
  PicksDocument document;
  std::vector<std::size_t> begins;
  try {
    document = parse(text, where, &begins);
  } catch (const CorruptError&) { return std::nullopt; }
  if (!std::includes(begins.begin(), begins.end(), removed.begin(), removed.end()))
    return std::nullopt;

  PicksColumns others = std::exchange(document.columns_, {});
  reserve(document.columns_, count + others.size());
  std::size_t done = 0, run = 0;
  for (Part& piece : *parts) {
    if (piece.run.size() == 0) continue;
    const auto place = std::lower_bound(begins.begin(), begins.end(), removed[run++]);
    const auto next = static_cast<std::size_t>(place - begins.begin());
    append_points(document.columns_, others, done, next);
    append_points(document.columns_, piece.run, 0, piece.run.size());
    done = next;
    piece = Part();
  }
  append_points(document.columns_, others, done, others.size());
  parts.reset();
  if (size >= large_file) base::give_back_free_memory();
  return document;
}

std::optional<VersionedPicks> PicksDocument::read(Store& store, std::string_view key,
                                                  const std::string& where, std::size_t part) {
  if (store.stat_is_cheap()) {
    const std::optional<Stat> before = store.stat(key);
    if (before && before->size > part && !before->version.empty()) {
      auto document = read_in_parts(store, key, before->size, part, where);
      const std::optional<Stat> after = store.stat(key);
      if (document && after && after->version == before->version)
        return VersionedPicks{std::move(*document), before->version};
    }
  }
  std::optional<Versioned> file = store.get_versioned(key);
  if (!file) return std::nullopt;
  return VersionedPicks{parse(as_text(file->bytes), where), std::move(file->version)};
}

}  // namespace copick::model
