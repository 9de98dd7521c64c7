#include "format/npy.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include <fmt/core.h>

#include <copick/error.h>

#include "array/convert.h"
#include "base/checked.h"
#include "base/number_text.h"
#include "format/file.h"

namespace copick::format {
namespace {

constexpr const char* kDoing = "read the .npy file";
constexpr std::string_view kMagic("\x93NUMPY", 6);
// Records of many fields make long headers; a shape never does.
constexpr std::size_t kLongestHeader = 1 << 20;
constexpr std::size_t kMostAxes = 32;

[[noreturn]] void corrupt(const std::string& where, std::string why, std::string hint = "") {
  throw CorruptError({kDoing, where, std::move(why), std::move(hint)});
}

std::string descr_of(DType dtype) {
  const std::size_t size = size_of(dtype);
  const char kind = dtype == DType::boolean ? 'b'
                    : is_floating(dtype)    ? 'f'
                    : is_complex(dtype)     ? 'c'
                                            : name_of(dtype)[0];
  const char order = size == 1 ? '|' : std::endian::native == std::endian::big ? '>' : '<';
  return fmt::format("{}{}{}", order, kind, size);
}

// The dictionary of the header: the few forms of Python literals that numpy writes.
class Dictionary {
 public:
  Dictionary(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader parse() {
    NpyHeader header;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr") {
        read_descr(header);
        descr = true;
      } else if (key == "fortran_order") {
        header.fortran_order = truth();
        order = true;
      } else if (key == "shape") {
        read_shape(header);
        shape = true;
      } else {
        refuse(fmt::format("it has the unknown key '{}'", key));
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (position_ != text_.size()) refuse("something follows its closing brace");
    if (!descr || !order || !shape) refuse("it lacks descr, fortran_order or shape");
    return header;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    corrupt(where_, "the header is not a numpy one: " + why);
  }
  void skip_blanks() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) {
      ++position_;
    }
  }
  bool accept(char c) {
    skip_blanks();
    if (position_ == text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(fmt::format("expected '{}' at byte {}", c, position_));
  }
  std::string_view quoted() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const std::size_t end = text_.find(quote, position_);
    if (end == std::string_view::npos) refuse("a text does not end");
    const std::string_view text = text_.substr(position_, end - position_);
    position_ = end + 1;
    return text;
  }
  bool truth() {
    skip_blanks();
    for (const std::string_view word : {"True", "False"}) {
      if (!text_.substr(position_).starts_with(word)) continue;
      position_ += word.size();
      return word == "True";
    }
    refuse("fortran_order is neither True nor False");
  }
  void read_descr(NpyHeader& header) {
    skip_blanks();
    if (position_ < text_.size() && text_[position_] == '[') {
      throw ValidationError({kDoing, where_, "its elements are records of several fields",
                             "save one field as a plain array"});
    }
    const std::string_view descr = quoted();
    constexpr DType all[] = {DType::boolean,   DType::int8,      DType::int16,   DType::int32,
                             DType::int64,     DType::uint8,     DType::uint16,  DType::uint32,
                             DType::uint64,    DType::float16,   DType::float32, DType::float64,
                             DType::complex64, DType::complex128};
    for (const DType dtype : all) {
      const std::string native = descr_of(dtype);
      if (descr.size() != native.size() || descr.substr(1) != native.substr(1)) continue;
      const char order = descr[0] == '=' ? native[0] : descr[0];
      if (order != '<' && order != '>' && order != '|') break;
      header.dtype = dtype;
      header.swapped = size_of(dtype) > 1 && order != native[0];
      return;
    }
    throw ValidationError({kDoing, where_, fmt::format("its elements are '{}'", descr),
                           "numbers and booleans up to 8 bytes can be read"});
  }
  void read_shape(NpyHeader& header) {
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      const std::size_t begin = position_;
      while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9') {
        ++position_;
      }
      const auto length = base::parse_int64(text_.substr(begin, position_ - begin));
      if (!length) refuse("its shape holds something that is not a length");
      header.shape.push_back(*length);
      if (header.shape.size() > kMostAxes) refuse("its shape has too many axes");
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t position_ = 0;
};

// Bytes before the dictionary and the dictionary's length.
std::pair<std::size_t, std::size_t> prefix(ByteView bytes, const std::string& where) {
  if (!as_text(bytes).starts_with(kMagic) || bytes.size() < 10) {
    corrupt(where, "it does not begin with the mark of a .npy file", "is this a .npy file?");
  }
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(bytes[i]); };
  const std::size_t version = byte(6);
  if (version == 1) return {10, byte(8) | byte(9) << 8};
  if (version != 2 && version != 3) corrupt(where, fmt::format("found version {}", version));
  if (bytes.size() < 12) corrupt(where, "the header is cut off");
  return {12, byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24};
}

// Elements as they stand in the file, as an array in C order and the machine's byte order.
AnyArray finish(AnyArray stored, const NpyHeader& header) {
  if (header.swapped) array::byteswap(stored.bytes(), header.dtype);
  if (!header.fortran_order || header.shape.size() < 2) return stored;
  AnyArray result(header.dtype, header.shape);
  Strides strides(header.shape.size());
  auto step = static_cast<std::int64_t>(size_of(header.dtype));
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    strides[axis] = step;
    step *= header.shape[axis];
  }
  array::copy_convert({stored.bytes().data(), header.dtype, header.shape, strides}, result.view());
  return result;
}

}  // namespace

std::string npy_header(DType dtype, const Shape& shape) {
  std::string lengths;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    lengths += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  if (shape.size() == 1) lengths += ",";
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
                                 descr_of(dtype), lengths);
  // numpy leaves room for the first length to grow to 21 digits in place.
  constexpr std::size_t widest_length = 21;
  if (!shape.empty()) text.append(widest_length - std::to_string(shape[0]).size(), ' ');

  constexpr std::size_t alignment = 64;
  const bool is_long = 10 + text.size() + alignment > std::numeric_limits<std::uint16_t>::max();
  const std::size_t before = is_long ? 12 : 10;
  const std::size_t total = (before + text.size() + 1 + alignment - 1) / alignment * alignment;
  text.append(total - before - text.size() - 1, ' ');
  text += '\n';

  std::string header(kMagic);
  header += is_long ? '\2' : '\1';
  header += '\0';
  for (std::size_t i = 0; i < before - 8; ++i) {
    header += static_cast<char>(text.size() >> 8 * i & 0xff);
  }
  return header + text;
}

NpyHeader parse_npy_header(ByteView beginning, std::uint64_t file_size, const std::string& where) {
  const auto [before, length] = prefix(beginning, where);
  if (length > kLongestHeader) corrupt(where, fmt::format("the header has {} bytes", length));
  if (!base::range_inside(before, length, beginning.size()))
    corrupt(where, "the header is cut off");
  NpyHeader header = Dictionary(as_text(beginning.subspan(before, length)), where).parse();
  header.data_offset = before + length;

  std::optional<std::uint64_t> bytes = size_of(header.dtype);
  for (const std::int64_t axis : header.shape) {
    if (bytes) bytes = base::checked_multiply(*bytes, static_cast<std::uint64_t>(axis));
  }
  if (!bytes || !base::range_inside(header.data_offset, *bytes, file_size)) {
    corrupt(where,
            fmt::format("found {} bytes; expected {} header bytes and {} of {}", file_size,
                        header.data_offset, bytes ? fmt::format("{}", *bytes) : "too many",
                        name_of(header.dtype)),
            "the copy was probably interrupted");
  }
  return header;
}

AnyArray parse_npy(ByteView bytes, const std::string& where) {
  const NpyHeader header = parse_npy_header(bytes, bytes.size(), where);
  AnyArray stored(header.dtype, header.shape);
  const std::size_t length = stored.bytes().size();
  if (length) std::memcpy(stored.bytes().data(), bytes.data() + header.data_offset, length);
  return finish(std::move(stored), header);
}

AnyArray read_npy(const std::string& path) {
  const InputFile file(path, kDoing);
  Bytes beginning(std::min<std::uint64_t>(file.size(), kLongestHeader + 12));
  beginning.truncate(file.read_at(0, beginning.span()));
  const NpyHeader header = parse_npy_header(beginning, file.size(), path);
  AnyArray stored(header.dtype, header.shape);
  const std::size_t got = file.read_at(header.data_offset, stored.bytes());
  if (got != stored.bytes().size()) {
    corrupt(path, fmt::format("found {} data bytes; expected {}", got, stored.bytes().size()),
            "was it truncated while it was read?");
  }
  return finish(std::move(stored), header);
}

}  // namespace copick::format
