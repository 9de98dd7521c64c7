// How a store without pieces of its own puts a value in pieces: gathered, then put.
#include "store/contract.h"
#include "store/key.h"

#include <copick/store.h>

#include <algorithm>
#include <utility>

namespace copick {

namespace {

class GatheringWriter final : public ValueWriter {
 public:
  GatheringWriter(Store& store, std::string_view key, PutOptions options)
      : store_(store), key_(key), options_(std::move(options)) {}

  void append(ByteView bytes) override { value_.insert(value_.end(), bytes.begin(), bytes.end()); }
  std::string commit() override { return store_.put(key_, value_, options_); }

 private:
  Store& store_;
  const std::string key_;
  const PutOptions options_;
  std::vector<std::byte> value_;
};

}  // namespace

std::unique_ptr<ValueWriter> Store::begin_put(std::string_view key, const PutOptions& options) {
  store::check_key(key, "write a value");
  store::check_conditions(options, url(key));
  return std::make_unique<GatheringWriter>(*this, key, options);
}

}  // namespace copick
