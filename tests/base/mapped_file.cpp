// A mapped file that becomes shorter is an answer, not the end of the process.
#include "base/mapped_file.h"
#include "support/temp_dir.h"

#include <copick/mapping.h>
#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <string>

using namespace copick;

namespace {

constexpr std::size_t kSize = std::size_t{1} << 20;

// A file of bytes that tell where they are.
class SomeFile {
 public:
  SomeFile() : path_(folder_ / "file") {
    std::string bytes(kSize, '\0');
    for (std::size_t i = 0; i < kSize; ++i) bytes[i] = static_cast<char>(i / 1000);
    std::ofstream(path_) << bytes;
    descriptor = ::open(path_.c_str(), O_RDWR);
    REQUIRE(descriptor >= 0);
  }
  ~SomeFile() { ::close(descriptor); }
  int descriptor = -1;

 private:
  test::TempDir folder_;
  std::string path_;
};

// How a child that runs `body` ends.
template <typename Body>
int status_of(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

char first_byte(const base::MappedFile& file, std::uint64_t offset) {
  std::byte byte{};
  return file.read(offset, {&byte, 1}) ? static_cast<char>(byte) : '?';
}

}  // namespace

TEST_CASE("a mapped file gives its bytes, and nothing beyond them") {
  map_files();
  const SomeFile file;
  const auto mapped = base::MappedFile::of(file.descriptor, kSize);
  REQUIRE(mapped);
  CHECK(first_byte(*mapped, 999'999) == static_cast<char>(999));
  CHECK(first_byte(*mapped, 123'456) == static_cast<char>(123));
  Bytes bytes(2);
  CHECK(mapped->read(kSize - 2, bytes.span()));
  CHECK(!mapped->read(kSize - 1, bytes.span()));
  CHECK(!mapped->read(~std::uint64_t{0}, bytes.span()));
}

TEST_CASE("the bytes are the same after all pages were let go") {
  map_files();
  const SomeFile file;
  const auto mapped = base::MappedFile::of(file.descriptor, kSize);
  REQUIRE(mapped);
  const auto sum = [&] {
    std::size_t total = 0;
    CHECK(mapped->use(0, kSize, kSize, [&](ByteView bytes) {
      for (const std::byte byte : bytes) total += std::to_integer<std::size_t>(byte);
    }));
    return total;
  };
  const std::size_t first = sum();
  for (int i = 0; i < 100; ++i) REQUIRE(sum() == first);
  CHECK(!mapped->use(1, kSize, kSize, [](ByteView) { FAIL("beyond the file"); }));
}

TEST_CASE("a part that was cut off is said to be missing, and so is all that is read later") {
  map_files();
  const SomeFile file;
  const SomeFile other;
  const auto mapped = base::MappedFile::of(file.descriptor, kSize);
  const auto whole = base::MappedFile::of(other.descriptor, kSize);
  REQUIRE(mapped);
  REQUIRE(whole);
  REQUIRE(::ftruncate(file.descriptor, 1000) == 0);
  Bytes bytes(kSize / 2);
  CHECK(!mapped->read(kSize / 4, bytes.span()));
  CHECK(!mapped->read(0, bytes.span().first(10)));
  CHECK(whole->read(kSize / 4, bytes.span()));
}

TEST_CASE("mappings are made as often as files are opened") {
  map_files();
  const SomeFile file;
  for (int i = 0; i < 1000; ++i) REQUIRE(base::MappedFile::of(file.descriptor, kSize));
}

TEST_CASE("a bus error that is not ours ends the process as it did before") {
  map_files();
  const SomeFile file;
  const auto ours = base::MappedFile::of(file.descriptor, kSize);
  const int status = status_of([&] {
    auto* const data = static_cast<volatile char*>(
        ::mmap(nullptr, kSize, PROT_READ, MAP_SHARED, file.descriptor, 0));
    if (::ftruncate(file.descriptor, 0) == 0) static_cast<void>(data[kSize / 2]);
  });
  // A sanitizer's handler ends it with a code.
  CHECK((WIFSIGNALED(status) ? WTERMSIG(status) == SIGBUS || WTERMSIG(status) == SIGABRT
                             : WEXITSTATUS(status) != 0));
}

TEST_CASE("of an empty file there is no mapping") {
  map_files();
  const SomeFile file;
  CHECK(base::MappedFile::of(file.descriptor, 0) == nullptr);
}
