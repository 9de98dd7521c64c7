#include "store/remote/s3_moving.h"

#include "store/percent.h"
#include "store/remote/exchange.h"
#include "store/remote/http_failure.h"
#include "store/remote/s3_writing.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store::remote {

namespace {

constexpr std::size_t kBatch = 1000;
constexpr const char* kRemoving = "remove values";
constexpr const char* kCopying = "copy values";

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '\r':
        escaped += "&#13;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

void erase_one_by_one(S3Client& client, const std::vector<std::string>& keys,
                      const std::string& where) {
  const auto call = [&](std::size_t i) { return S3Call{.method = "DELETE", .key = keys[i]}; };
  exchange_all(
      keys.size(), [&](std::size_t i) { return client.request(call(i)); },
      [&](std::size_t i, HttpResponse response) {
        response = client.settled(std::move(response), call(i));
        if (!response.ok() && response.status != 404) client.fail(response, kRemoving, where);
      });
}

void check_deleted(const HttpResponse& response, const std::string& where) {
  const std::vector<DeleteFault> faults = parse_delete_result(response.body.text(), where);
  if (faults.empty()) return;
  const DeleteFault& first = faults.front();
  const std::string why = std::to_string(faults.size()) + " values could not be removed, first '" +
                          printable_detail(first.key) + "': " + printable_detail(first.error.code);
  if (first.error.code == "AccessDenied") {
    throw PermissionError({kRemoving, where, why, "check what the credentials are allowed"});
  }
  throw StorageError({kRemoving, where, why, "try again"});
}

}  // namespace

void erase_keys(S3Client& client, const std::vector<std::string>& keys, const std::string& where) {
  if (client.config().google() || keys.size() == 1) return erase_one_by_one(client, keys, where);
  std::vector<std::string> bodies;
  for (std::size_t at = 0; at < keys.size(); at += kBatch) {
    std::string body = "<Delete><Quiet>true</Quiet>";
    for (std::size_t i = at; i < std::min(at + kBatch, keys.size()); ++i)
      body += "<Object><Key>" + xml_escaped(keys[i]) + "</Key></Object>";
    bodies.push_back(body + "</Delete>");
  }
  const auto call = [&](std::size_t i) {
    S3Call batch{.method = "POST", .query = {{"delete", ""}}};
    batch.body = as_bytes(bodies[i]);
    batch.headers.add("content-md5", base64_md5(batch.body));
    return batch;
  };
  exchange_all(
      bodies.size(), [&](std::size_t i) { return client.request(call(i)); },
      [&](std::size_t i, HttpResponse response) {
        response = client.settled(std::move(response), call(i));
        if (!response.ok()) client.fail(response, kRemoving, where);
        check_deleted(response, where);
      });
}

void copy_keys(S3Client& client, std::vector<Move>& moves, const S3Limits& limits,
               const std::string& where) {
  std::vector<Move*> whole;
  for (Move& move : moves) {
    if (move.size <= limits.whole_copy) {
      whole.push_back(&move);
      continue;
    }
    Multipart upload(client, move.to, {}, where);
    for (std::uint64_t at = 0; at < move.size; at += limits.copy_part)
      upload.add_copy(move.from, at, std::min(limits.copy_part, move.size - at));
    move.tag = upload.complete();
  }
  const auto call = [&](std::size_t i) {
    S3Call copy{.method = "PUT", .key = whole[i]->to};
    copy.headers = client.config().write_headers;
    copy.headers.add(client.header("copy-source"),
                     "/" + client.config().bucket + "/" + percent_encode(whole[i]->from, true));
    return copy;
  };
  exchange_all(
      whole.size(), [&](std::size_t i) { return client.request(call(i)); },
      [&](std::size_t i, HttpResponse response) {
        response = client.settled(std::move(response), call(i));
        const ServerError error = parse_server_error(response.body.text());
        // A 200 may hold an error: the server began its answer before it was done.
        if (response.ok() && error.code.empty()) {
          whole[i]->tag = element_text(response.body.text(), "ETag");
          return;
        }
        if (response.ok()) response.status = 500;
        client.fail(response, kCopying, where);
      });
}

}  // namespace copick::store::remote
