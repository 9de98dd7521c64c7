#include "store/remote/s3_writing.h"

#include "store/contract.h"
#include "store/percent.h"
#include "store/remote/exchange.h"
#include "store/remote/http_engine.h"
#include "store/remote/http_failure.h"

#include <copick/error.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <thread>

namespace copick::store::remote {

namespace {

constexpr std::size_t kMostParts = 4;  // of one value on their way
constexpr std::uint64_t kMostPartNumber = 10'000;
constexpr int kMostConflicts = 6;  // 409: another writer is at work; asked again
constexpr const char* kWriting = "write a value";

std::string random_number() {
  std::random_device device;
  const std::array<std::uint32_t, 4> bits{device(), device(), device(), device()};
  return hex(std::as_bytes(std::span(bits)));
}

std::string number_header(const S3Client& client) { return client.header("meta-copick-write"); }

Headers write_headers(const S3Client& client, const std::string& number) {
  Headers headers = client.config().write_headers;
  headers.add(number_header(client), number);
  return headers;
}

void add_conditions(const S3Client& client, Headers& headers, const PutOptions& options) {
  if (client.config().google()) {
    if (options.if_absent) headers.add("x-goog-if-generation-match", "0");
    if (options.if_version) headers.add("x-goog-if-generation-match", *options.if_version);
    return;
  }
  if (options.if_absent) headers.add("if-none-match", "*");
  if (options.if_version) headers.add("if-match", *options.if_version);
}

struct Present {
  std::string version, number;
};
// What lies under the key now.
std::optional<Present> look(S3Client& client, const std::string& key, const std::string& where) {
  const HttpResponse response = client.certain(client.send({.method = "HEAD", .key = key}), key);
  if (response.status == 404 && parse_server_error(response.body.text()).code == "NoSuchKey")
    return std::nullopt;
  if (!response.ok()) client.fail(response, kWriting, where);
  return Present{version_in(client, response), response.headers.get(number_header(client))};
}

// After a refusal: the version that was written all the same, or a ConflictError.
std::string after_refusal(S3Client& client, const std::string& key, const PutOptions& options,
                          const std::string& number, const std::string& where) {
  const std::optional<Present> present = look(client, key, where);
  if (present && present->number == number) return present->version;
  if (options.if_absent) throw_exists(where);
  throw_changed(where, options.if_version.value_or(""),
                present ? std::optional(present->version) : std::nullopt);
}

// The condition did not hold; for if_version a missing key is that too.
bool is_refusal(const HttpResponse& response, const PutOptions& options) {
  if (!options.if_absent && !options.if_version) return false;
  if (response.status == 412) return true;
  return response.status == 404 && options.if_version &&
         parse_server_error(response.body.text()).code == "NoSuchKey";
}

bool is_busy(const HttpResponse& response) {
  if (response.status != 409) return false;
  const std::string code = parse_server_error(response.body.text()).code;
  return code == "ConditionalRequestConflict" || code == "OperationAborted";
}

void pause_before_repeat(int attempt) {
  std::this_thread::sleep_for(std::chrono::milliseconds(20 << std::min(attempt, 5)));
}

}  // namespace

std::string version_in(const S3Client& client, const HttpResponse& response) {
  return response.headers.get(client.config().google() ? "x-goog-generation" : "etag");
}

std::string put_whole(S3Client& client, const std::string& key, ByteView value,
                      const PutOptions& options, const std::string& where) {
  const std::string number = random_number();
  S3Call call{.method = "PUT", .key = key};
  call.headers = write_headers(client, number);
  add_conditions(client, call.headers, options);
  call.body = value;
  for (int attempt = 0;; ++attempt) {
    const HttpResponse response = client.send(call);
    if (response.ok()) return version_in(client, response);
    if (is_refusal(response, options)) return after_refusal(client, key, options, number, where);
    if (!is_busy(response) || attempt == kMostConflicts) client.fail(response, kWriting, where);
    pause_before_repeat(attempt);
  }
}

std::string put_in_parts(S3Client& client, const std::string& key, ByteView value,
                         const PutOptions& options, const std::string& where, std::uint64_t part) {
  const std::uint64_t size = std::max(part, value.size() / (kMostPartNumber - 1) + 1);
  Multipart upload(client, key, options, where);
  for (std::uint64_t at = 0; at < value.size(); at += size)
    upload.add(value.subspan(at, std::min<std::uint64_t>(size, value.size() - at)));
  return upload.complete();
}

Multipart::Multipart(S3Client& client, std::string key, PutOptions options, std::string where)
    : client_(client),
      key_(std::move(key)),
      where_(std::move(where)),
      options_(std::move(options)),
      number_(random_number()),
      group_(HttpEngine::new_group()) {
  S3Call call{.method = "POST", .key = key_, .query = {{"uploads", ""}}};
  call.headers = write_headers(client_, number_);
  const HttpResponse response = client_.send(call);
  if (!response.ok()) client_.fail(response, kWriting, where_);
  id_ = element_text(response.body.text(), "UploadId");
  if (id_.empty()) {
    throw StorageError({kWriting, where_, "the server began an upload without naming it",
                        "see what answers at this address"});
  }
}

Multipart::~Multipart() {
  {
    const std::lock_guard lock(mutex_);
    if (under_way_ > 0) HttpEngine::of_this_process().cancel(group_);
  }
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return under_way_ == 0; });
  }
  if (completed_) return;
  try {
    client_.send({.method = "DELETE", .key = key_, .query = {{"uploadId", id_}}});
  } catch (const std::exception&) {}  // it stays as a leftover, which a sweep removes
}

void Multipart::fail_part(const HttpResponse& response) {
  client_.fail(response, kWriting, where_);
}

// Until at most so many parts are on their way; throws for one that failed.
void Multipart::wait_until(std::size_t most_under_way) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || under_way_ <= most_under_way; });
  if (failure_) fail_part(*failure_);
}

void Multipart::arrived(std::size_t part, HttpResponse response) {
  const std::lock_guard lock(mutex_);
  std::string tag = response.headers.get("etag");
  // A part copied within the bucket tells its tag in the text, which may be an error all the same.
  if (response.ok() && tag.empty()) tag = element_text(response.body.text(), "ETag");
  if (response.ok() && !tag.empty()) {
    tags_[part] = std::move(tag);
  } else if (!failure_) {
    failure_ = std::move(response);
  }
  --under_way_;
  changed_.notify_all();
}

void Multipart::submit(S3Call call) {
  wait_until(kMostParts - 1);
  std::size_t part = 0;
  {
    const std::lock_guard lock(mutex_);
    part = tags_.size();
    if (part >= kMostPartNumber) {
      throw StorageError({kWriting, where_,
                          "it has more than " + std::to_string(kMostPartNumber) + " parts",
                          "split it: an S3 value has no more parts"});
    }
  }
  call.method = "PUT";
  call.key = key_;
  call.query = {{"partNumber", std::to_string(part + 1)}, {"uploadId", id_}};
  HttpRequest request = client_.request(call);
  {
    const std::lock_guard lock(mutex_);
    tags_.emplace_back();
    ++under_way_;
  }
  HttpEngine::of_this_process().submit(
      std::move(request),
      [this, part](HttpResponse response) { arrived(part, std::move(response)); }, group_);
}

void Multipart::add(ByteView bytes, std::shared_ptr<const Bytes> owned) {
  S3Call call;
  call.body = bytes;
  call.owned_body = std::move(owned);
  submit(std::move(call));
}

void Multipart::add_copy(const std::string& source_key, std::uint64_t offset,
                         std::uint64_t length) {
  S3Call call;
  call.headers.add(client_.header("copy-source"),
                   "/" + client_.config().bucket + "/" + percent_encode(source_key, true));
  call.headers.add(client_.header("copy-source-range"),
                   *range_header({.offset = offset, .length = length}));
  submit(std::move(call));
}

std::string Multipart::complete() {
  wait_until(0);
  std::string list = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < tags_.size(); ++i) {
    std::string tag;
    for (const char c : tags_[i]) tag += c == '"' ? "&quot;" : std::string(1, c);
    list += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" + tag +
            "</ETag></Part>";
  }
  list += "</CompleteMultipartUpload>";
  S3Call call{.method = "POST", .key = key_, .query = {{"uploadId", id_}}};
  add_conditions(client_, call.headers, options_);
  call.body = as_bytes(list);
  for (int attempt = 0;; ++attempt) {
    HttpResponse response = client_.send(call);
    const std::string text(response.body.text());
    const ServerError error = parse_server_error(text);
    if (response.ok() && error.code.empty()) {
      completed_ = true;
      if (client_.config().google()) {
        const auto present = look(client_, key_, where_);
        return present ? present->version : "";
      }
      const std::string tag = element_text(text, "ETag");
      return tag.empty() || tag[0] == '"' ? tag : "\"" + tag + "\"";
    }
    // Completed before, and the answer got lost?
    if (error.code == "NoSuchUpload" && !is_refusal(response, options_)) {
      const std::optional<Present> present = look(client_, key_, where_);
      if (present && present->number == number_) {
        completed_ = true;
        return present->version;
      }
    }
    if (is_refusal(response, options_)) {
      std::string version = after_refusal(client_, key_, options_, number_, where_);
      completed_ = true;
      return version;
    }
    if (!is_busy(response) || attempt == kMostConflicts) {
      // A 200 may hold an error: the server began its answer before it was done.
      if (response.ok()) response.status = 500;
      client_.fail(response, kWriting, where_);
    }
    pause_before_repeat(attempt);
  }
}

namespace {

class S3ValueWriter final : public ValueWriter {
 public:
  S3ValueWriter(std::shared_ptr<S3Client> client, std::string key, PutOptions options,
                std::string where, std::uint64_t part)
      : client_(std::move(client)),
        key_(std::move(key)),
        where_(std::move(where)),
        options_(std::move(options)),
        part_(part) {}

  void append(ByteView bytes) override {
    while (!bytes.empty()) {
      if (!buffer_) {
        buffer_ = std::make_shared<Bytes>(part_);
        used_ = 0;
      }
      const std::size_t taken = std::min<std::size_t>(bytes.size(), part_ - used_);
      std::memcpy(buffer_->data() + used_, bytes.data(), taken);
      used_ += taken;
      bytes = bytes.subspan(taken);
      if (used_ == part_) send();
    }
  }

  std::string commit() override {
    if (!upload_) {
      const ByteView value = buffer_ ? buffer_->view().first(used_) : ByteView();
      return put_whole(*client_, key_, value, options_, where_);
    }
    if (buffer_) send();
    return upload_->complete();
  }

 private:
  void send() {
    if (!upload_) upload_ = std::make_unique<Multipart>(*client_, key_, options_, where_);
    const ByteView bytes = buffer_->view().first(used_);
    upload_->add(bytes, std::move(buffer_));
    buffer_ = nullptr;
  }

  const std::shared_ptr<S3Client> client_;
  const std::string key_, where_;
  const PutOptions options_;
  const std::size_t part_;
  std::shared_ptr<Bytes> buffer_;
  std::size_t used_ = 0;
  std::unique_ptr<Multipart> upload_;
};

}  // namespace

std::unique_ptr<ValueWriter> s3_value_writer(std::shared_ptr<S3Client> client, std::string key,
                                             PutOptions options, std::string where,
                                             std::uint64_t part) {
  return std::make_unique<S3ValueWriter>(std::move(client), std::move(key), std::move(options),
                                         std::move(where), part);
}

}  // namespace copick::store::remote
