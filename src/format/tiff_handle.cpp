#include "format/tiff_handle.h"

#include <copick/error.h>

#include <cstdarg>
#include <cstdio>

namespace copick::format {

// libtiff's view of a handle.
struct TiffCallbacks {
  static TiffHandle& of(thandle_t data) { return *static_cast<TiffHandle*>(data); }

  static tmsize_t read(thandle_t data, void* to, tmsize_t size) {
    TiffHandle& handle = of(data);
    if (size <= 0) return 0;
    try {
      const std::size_t got = handle.file_.read_at(
          handle.position_, {static_cast<std::byte*>(to), static_cast<std::size_t>(size)});
      handle.position_ += got;
      return static_cast<tmsize_t>(got);
    } catch (const Error& error) {
      handle.said_ = error.facts().why;
      return -1;
    }
  }
  static tmsize_t write(thandle_t, void*, tmsize_t) { return -1; }
  static toff_t seek(thandle_t data, toff_t offset, int whence) {
    TiffHandle& handle = of(data);
    if (whence == SEEK_CUR) offset += handle.position_;
    if (whence == SEEK_END) offset += size(data);
    return handle.position_ = offset;
  }
  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t data) {
    try {
      return of(data).file_.size();
    } catch (const Error&) { return 0; }
  }

  static int on_error(TIFF*, void* data, const char*, const char* format, std::va_list arguments) {
    char text[512];
    std::vsnprintf(text, sizeof text, format, arguments);
    of(data).said_ = text;
    return 1;
  }
  static int on_warning(TIFF*, void*, const char*, const char*, std::va_list) { return 1; }
};

TiffHandle::TiffHandle(const InputFile& file) : file_(file) {
  constexpr tmsize_t largest_allocation = tmsize_t{1} << 30;
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest_allocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options, &TiffCallbacks::on_error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options, &TiffCallbacks::on_warning, this);
  // m: no mapping, c: strips as they are, not chopped into smaller ones.
  tiff_ = TIFFClientOpenExt(file.path().c_str(), "rmc", this, &TiffCallbacks::read,
                            &TiffCallbacks::write, &TiffCallbacks::seek, &TiffCallbacks::close,
                            &TiffCallbacks::size, nullptr, nullptr, options);
  TIFFOpenOptionsFree(options);
  if (tiff_ == nullptr) fail("its first directory cannot be read");
}

TiffHandle::~TiffHandle() { TIFFClose(tiff_); }

void TiffHandle::fail(const std::string& what) const {
  throw CorruptError({file_.doing(), file_.path(), what + (said_.empty() ? "" : ": " + said_),
                      "is this a complete TIFF file?"});
}

}  // namespace copick::format
