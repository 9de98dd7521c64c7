// Answers of an SFTP server: whatever it says, a call ends with a result or a clean error.
#include "store/sftp/walk.h"

#include <array>
#include <cstdint>
#include <string>

namespace {

using namespace copick;
using namespace copick::store::sftp;

// A server that says these bytes whatever it is asked, in pieces whose lengths they tell too.
class Babble final : public Channel {
 public:
  explicit Babble(ByteView bytes) : rest_(bytes) {}
  void write(std::string_view) override {}
  ByteView read() override {
    if (rest_.empty()) throw LinkError({"read", "", "the end", ""});
    const std::size_t count =
        std::min<std::size_t>(rest_.size(), 1 + static_cast<std::size_t>(rest_[0]) % 61);
    const ByteView piece = rest_.first(count);
    rest_ = rest_.subspan(count);
    return piece;
  }

 private:
  ByteView rest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    Link link(std::make_unique<Babble>(bytes), "ssh://fuzz");
    Place place({"ssh://fuzz", nullptr}, "/root");
    place.look_up(link, "/root/a/b", "look up a value");
    const std::array<std::string, 2> prefixes{"a", "b/c"};
    walk(place, link, prefixes, {}, [](const Found&, std::size_t) {});
    place.reach(link, "a/b", Place::Missing::make, "write a value");
  } catch (const Error&) {}
  return 0;
}
