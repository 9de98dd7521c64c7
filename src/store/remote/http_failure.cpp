#include "store/remote/http_failure.h"

#include <copick/error.h>

namespace copick::store::remote {

namespace {

constexpr std::size_t kLongestDetail = 200;

std::string tries(const HttpResponse& response) {
  return response.attempts > 1 ? " (tried " + std::to_string(response.attempts) + " times)" : "";
}

std::string hint_of(Failure failure) {
  switch (failure) {
    case Failure::connect:
      return "check the address, the network and the proxy; then try again";
    case Failure::stalled:
      return "try again; a larger 'read_timeout' in fs_args waits longer";
    case Failure::certificate:
      return "name the server's certificate authority with 'verify': \"/path/ca.pem\" in fs_args";
    case Failure::redirected:
      return "open the address it redirects to";
    case Failure::answer:
      return "see what answers at this address (a proxy, a login page?)";
    default:
      return "try again";
  }
}

[[noreturn]] void throw_status(const HttpResponse& response, ErrorFacts facts,
                               const std::string& detail) {
  const int status = response.status;
  const std::string code = "(HTTP " + std::to_string(status) + ")";
  const std::string told = detail.empty() ? "" : ": " + detail;
  if (status == 401 || status == 403 || status == 407) {
    facts.why = "the server refused access " + code + told;
    facts.hint = status == 407 ? "the proxy wants a name and a password"
                               : "check the credentials, and what they are allowed";
    throw PermissionError(std::move(facts));
  }
  if (status == 429 || status == 503) {
    facts.why = "the server is overloaded " + code + told + tries(response);
    facts.hint = "try again later, with fewer threads";
  } else if (status >= 500) {
    facts.why = "the server failed " + code + told + tries(response);
    facts.hint = "try again later; the server's log may say more";
  } else {
    facts.why = "the server answered unexpectedly " + code + told + tries(response);
    facts.hint = "see what answers at this address";
  }
  throw StorageError(std::move(facts));
}

}  // namespace

std::string printable_detail(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, kLongestDetail)) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte >= 0x7f ? ' ' : c;
  }
  return line;
}

void throw_failure(const HttpResponse& response, const std::string& doing, const std::string& where,
                   const std::string& detail) {
  ErrorFacts facts{doing, where, "", ""};
  if (response.failure == Failure::none) throw_status(response, std::move(facts), detail);
  facts.why = response.failure_text + tries(response);
  facts.hint = hint_of(response.failure);
  throw StorageError(std::move(facts));
}

}  // namespace copick::store::remote
