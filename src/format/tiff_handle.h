// TiffHandle: libtiff reading through an InputFile, with errors of its own.
//
// libtiff's global error handlers stay as they are, files are never mapped by it, and no
// allocation of its goes beyond 1 GiB. Threads: one handle belongs to one thread; several handles
// of one file may be used at once.
#pragma once

#include "format/file.h"

#include <tiffio.h>

#include <cstdint>
#include <string>

namespace copick::format {

class TiffHandle {
 public:
  // CorruptError when it is no TIFF. `file` must outlive this.
  explicit TiffHandle(const InputFile& file);
  ~TiffHandle();
  TiffHandle(const TiffHandle&) = delete;
  TiffHandle& operator=(const TiffHandle&) = delete;

  TIFF* get() const { return tiff_; }
  // CorruptError: what was being read, and what libtiff said of it.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  friend struct TiffCallbacks;

  const InputFile& file_;
  std::uint64_t position_ = 0;
  std::string said_;  // by libtiff, last
  TIFF* tiff_ = nullptr;
};

}  // namespace copick::format
