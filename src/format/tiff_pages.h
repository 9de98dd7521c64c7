// TiffPages: what the directories of a TIFF file say, checked. Note: docs/format/tiff.md.
#pragma once

#include "format/tiff_handle.h"

#include <copick/array.h>

#include <cstdint>
#include <vector>

namespace copick::format {

struct TiffPage {
  std::uint64_t directory = 0;  // offset
  std::uint64_t data = 0;       // of the first sample, where the stack is raw
};

struct TiffPages {
  DType dtype = DType::uint8;
  Shape shape;  // (z, y, x)
  // Samples lie in the file as rows of the page, one run a page.
  bool is_raw = false;
  bool swapped = false;  // samples of a raw stack are in the other byte order
  std::vector<TiffPage> pages;
};

// Walks through all directories of the file. CorruptError, ValidationError.
TiffPages read_tiff_pages(const InputFile& file);

}  // namespace copick::format
