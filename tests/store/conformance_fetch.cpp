#include "store/backends.h"

#include <copick/error.h>

#include <atomic>
#include <mutex>

using namespace copick;
using namespace copick::test;

namespace {

// The parts in the order of the requests; "(absent)" for no such key.
std::vector<std::string> fetch_texts(Store& store, const std::vector<Request>& requests) {
  std::vector<std::string> parts(requests.size());
  std::mutex mutex;
  store.fetch(requests, [&](std::size_t i, std::optional<Bytes> part) {
    const std::lock_guard lock(mutex);
    parts.at(i) += part ? std::string(part->text()) : "(absent)";
  });
  return parts;
}

}  // namespace

TEST_CASE("ranges give the bytes that exist: inside, to the end, from the end and past it") {
  for_each_reader([](Store& store) {
    put_text(store, "k", "0123456789");
    constexpr std::uint64_t to_end = ByteRange::to_end;
    const std::vector<std::pair<ByteRange, std::string>> cases = {
        {{.offset = 2, .length = 3}, "234"},
        {{.offset = 7}, "789"},
        {{.offset = 0, .length = 0}, ""},
        {{.offset = 8, .length = 100}, "89"},
        {{.offset = 10}, ""},
        {{.offset = 11, .length = 4}, ""},
        {{.offset = to_end - 1, .length = to_end}, ""},
        {{.length = 4, .from_end = true}, "6789"},
        {{.length = 11, .from_end = true}, "0123456789"},
        {{.length = to_end, .from_end = true}, "0123456789"},
        {{.length = 0, .from_end = true}, ""},
    };
    std::vector<Request> requests;
    std::vector<std::string> expected;
    for (const auto& [range, text] : cases) {
      requests.push_back({"k", range});
      expected.push_back(text);
    }
    CHECK(fetch_texts(store, requests) == expected);
  });
}

TEST_CASE("a fetch of many parts of many values hands over each part exactly once") {
  for_each_reader([](Store& store) {
    constexpr std::size_t keys = 40;
    constexpr std::size_t parts = 16;
    for (std::size_t k = 0; k < keys; ++k) {
      put_text(store, "c/" + std::to_string(k), std::string(parts, static_cast<char>('A' + k)));
    }
    std::vector<Request> requests;
    for (std::size_t i = 0; i < keys * parts; ++i) {  // keys mixed, offsets falling
      requests.push_back({"c/" + std::to_string(i % keys),
                          ByteRange{.offset = parts - 1 - i / keys, .length = 1}});
    }
    const std::vector<std::string> texts = fetch_texts(store, requests);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      REQUIRE(texts[i] == std::string(1, static_cast<char>('A' + i % keys)));
    }
  });
}

TEST_CASE("absent keys, prefixes and whole values may be mixed in one fetch") {
  for_each_reader([](Store& store) {
    put_text(store, "a", "whole");
    put_text(store, "p/x", "1");
    CHECK(fetch_texts(store, {{"none", {}},
                              {"a", {}},
                              {"p", {}},
                              {"none", ByteRange{.offset = 3}},
                              {"a", ByteRange{.offset = 4}}}) ==
          Names{"(absent)", "whole", "(absent)", "(absent)", "e"});
    CHECK(fetch_texts(store, {}).empty());
  });
}

TEST_CASE("an exception from on_part stops the rest of a fetch and reaches the caller") {
  for_each_reader([](Store& store) {
    put_text(store, "a", "x");
    const std::vector<Request> requests(10000, Request{"a", {}});
    std::atomic<int> handed{0};
    CHECK_THROWS_WITH_AS(store.fetch(requests,
                                     [&](std::size_t, std::optional<Bytes>) {
                                       ++handed;
                                       throw CorruptError({"decode", "", "bad", ""});
                                     }),
                         "cannot decode: bad", CorruptError);
    CHECK(handed < 10000);
  });
}

TEST_CASE("a fetch may be made from inside a fetch's on_part") {
  for_each_reader([](Store& store) {
    put_text(store, "index", "i");
    put_text(store, "inner", "data");
    const std::vector<Request> outer(8, Request{"index", {}});
    const std::vector<Request> inner(8, Request{"inner", {}});
    std::atomic<int> parts{0};
    store.fetch(outer, [&](std::size_t, std::optional<Bytes>) {
      store.fetch(inner, [&](std::size_t, std::optional<Bytes> part) {
        if (part && part->text() == "data") ++parts;
      });
    });
    CHECK(parts == 64);
  });
}
