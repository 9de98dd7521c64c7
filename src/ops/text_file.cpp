#include "ops/text_file.h"

#include "format/file.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <filesystem>

namespace copick {

namespace ops {

Bytes read_whole_file(const std::string& path, const std::string& doing) {
  const format::InputFile file(path, doing);
  Bytes bytes(file.size());
  bytes.truncate(file.read_at(0, bytes.span()));
  return bytes;
}

void make_folder_of(const std::string& path, const std::string& doing) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw StorageError(
        {doing, folder.string(), "the folder cannot be made: " + error.message(), ""});
}

}  // namespace ops

void write_file(const std::string& path, ByteView bytes) {
  const std::string doing = "write the file";
  ops::make_folder_of(path, doing);
  format::AtomicFile file(path, doing);
  file.append(bytes);
  file.publish();
}

}  // namespace copick
