// DecompressedFile: the contents of a .gz or .bz2 file, front to back, in bounded memory.
//
// Several members (gzip) or streams (bzip2) after each other read as one, as gzip -d and bzip2 -d
// do. Checksums are verified where a member ends.
//
//   if (auto compression = detect_compression(first_bytes)) {
//     auto contents = open_decompressed(file, *compression);
//     std::size_t got = contents->read(buffer);        // fewer than asked only at the end
//   }
//
// Threads: one at a time. Failure: CorruptError (damaged or truncated data), StorageError.
#pragma once

#include <copick/bytes.h>

#include <memory>
#include <optional>

#include "format/file.h"

namespace copick::format {

enum class Compression { gzip, bzip2 };
const char* name_of(Compression compression);

// By the first bytes of the file, whatever it is called; at least four are needed.
std::optional<Compression> detect_compression(ByteView first_bytes);

class DecompressedFile {
 public:
  virtual ~DecompressedFile() = default;
  virtual std::size_t read(MutableByteView destination) = 0;
};

// `file` must outlive the result. Each call starts at the front.
std::unique_ptr<DecompressedFile> open_decompressed(const InputFile& file, Compression compression);

}  // namespace copick::format
