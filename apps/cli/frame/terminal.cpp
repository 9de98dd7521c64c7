#include "frame/terminal.h"

#include <copick/error.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>

namespace copick::cli {

namespace {

constexpr std::size_t block = std::size_t{1} << 16;

std::mutex screen;  // guards status_line and what reaches standard error
std::string status_line;

void write_all(int descriptor, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) throw ClosedPipe();
    if (written < 0) {
      throw StorageError({"write the results", "standard output", std::strerror(errno),
                          "check the disk or the program that reads them"});
    }
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

// Errors of standard error have nowhere to go.
void write_message(std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

constexpr std::string_view erase_line = "\r\x1b[K";

}  // namespace

void Results::write(std::string_view text) {
  pending_ += text;
  if (pending_.size() >= block) flush();
}

void Results::line(std::string_view text) {
  write(text);
  write("\n");
}

void Results::write_bytes(ByteView bytes) {
  flush();
  write_all(STDOUT_FILENO, reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void Results::flush() {
  const std::string text = std::move(pending_);
  pending_.clear();
  write_all(STDOUT_FILENO, text.data(), text.size());
}

bool Results::is_terminal() const { return isatty(STDOUT_FILENO) == 1; }
bool Messages::is_terminal() const { return isatty(STDERR_FILENO) == 1; }

void Messages::plain(std::string_view text) {
  const std::lock_guard lock(screen);
  std::string out;
  if (!status_line.empty()) out += erase_line;
  out += text;
  out += '\n';
  out += status_line;
  write_message(out);
}

void Messages::remark(std::string_view text) {
  if (!quiet_) plain(text);
}
void Messages::warning(std::string_view text) { plain("Warning: " + std::string(text)); }
void Messages::error(std::string_view text) { plain("Error: " + std::string(text)); }

void Messages::set_status_line(std::string text) {
  const std::lock_guard lock(screen);
  if (text.empty() && status_line.empty()) return;
  status_line = std::move(text);
  write_message(std::string(erase_line) + status_line);
}

std::size_t terminal_width(std::size_t limit) {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20;
  return std::min<std::size_t>(known ? size.ws_col : 80, limit);
}

}  // namespace copick::cli
