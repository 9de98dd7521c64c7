// Requests whose answers are wanted on the caller's side of the engine.
//
//   HttpResponse one = exchange(request);
//   exchange_all(keys.size(), [&](std::size_t i) { return request_for(keys[i]); },
//                [&](std::size_t i, HttpResponse response) { use(i, std::move(response)); });
//
// exchange_all keeps `window` requests under way that were not taken yet, so that slow takers hold
// back fast servers and memory stays bounded. `take` runs on the caller and the executor's workers,
// several at once, in the order of arrival. Its first exception gives up the rest and is rethrown
// when nothing of the batch is under way any more. Threads: any.
#pragma once

#include "store/remote/http_message.h"

#include <cstddef>
#include <functional>

namespace copick::store::remote {

HttpResponse exchange(HttpRequest request);

using MakeRequest = std::function<HttpRequest(std::size_t index)>;
using TakeResponse = std::function<void(std::size_t index, HttpResponse response)>;
void exchange_all(std::size_t count, const MakeRequest& make, const TakeResponse& take,
                  std::size_t window = 128);

}  // namespace copick::store::remote
