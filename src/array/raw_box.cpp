// How a box is read: it is cut into pieces of about 1 MiB, some rows of one plane each, which are
// shared out to the threads when there are many. A piece whose rows are whole is one read, else
// each row is one. The rows go to their place at once where they lie there as in the file, else
// through a buffer that is converted.
#include "array/raw_box.h"

#include "array/convert.h"
#include "base/executor.h"

#include <algorithm>

namespace copick::array {

namespace {

// A piece stays in the second-level cache.
constexpr std::int64_t kPieceSize = std::int64_t{1} << 20;
// A smaller box is read by the caller alone.
constexpr std::int64_t kParallelSize = std::int64_t{8} << 20;

class BoxReader {
 public:
  BoxReader(const RawArray& array, const Shape& begin, const Shape& end,
            const ArrayView& destination, const ReadExactly& read)
      : array_(array),
        begin_(begin),
        destination_(destination),
        read_(read),
        rank_(begin.size()),
        item_(static_cast<std::int64_t>(size_of(array.dtype))),
        rows_(end[rank_ - 2] - begin[rank_ - 2]),
        run_((end[rank_ - 1] - begin[rank_ - 1]) * item_),
        row_(array.shape[rank_ - 1] * item_),
        rows_at_once_(std::clamp<std::int64_t>(kPieceSize / std::max<std::int64_t>(run_, 1), 1,
                                               std::max<std::int64_t>(rows_, 1))),
        per_plane_((rows_ + rows_at_once_ - 1) / rows_at_once_) {
    planes_ = 1;
    for (std::size_t axis = 0; axis + 2 < rank_; ++axis) planes_ *= end[axis] - begin[axis];
  }

  void run() const {
    if (planes_ * rows_ * run_ == 0) return;
    const auto pieces = static_cast<std::size_t>(planes_ * per_plane_);
    const auto one = [&](std::size_t i) {
      const auto job = static_cast<std::int64_t>(i);
      const std::int64_t row = job % per_plane_ * rows_at_once_;
      piece(job / per_plane_, row, std::min(row + rows_at_once_, rows_));
    };
    if (planes_ * rows_ * run_ >= kParallelSize) return base::parallel_for(pieces, one);
    for (std::size_t i = 0; i < pieces; ++i) one(i);
  }

 private:
  // Rows [row, end) of the box's plane number `plane`.
  void piece(std::int64_t plane, std::int64_t row, std::int64_t end) const {
    std::int64_t in_array = 0;  // rows of the array before the piece
    std::byte* to = destination_.data + row * destination_.strides[rank_ - 2];
    std::int64_t left = plane, planes_below = 1;
    for (std::size_t axis = rank_ - 2; axis-- > 0;) {
      const std::int64_t index = left % destination_.shape[axis];
      left /= destination_.shape[axis];
      to += index * destination_.strides[axis];
      in_array += (begin_[axis] + index) * planes_below;
      planes_below *= array_.shape[axis];
    }
    in_array = in_array * array_.shape[rank_ - 2] + begin_[rank_ - 2] + row;
    const std::uint64_t at =
        array_.offset + static_cast<std::uint64_t>(in_array * row_ + begin_[rank_ - 1] * item_);
    const std::int64_t stride = destination_.strides[rank_ - 2];
    const bool lies_as_stored =
        destination_.dtype == array_.dtype && destination_.strides[rank_ - 1] == item_;
    if (lies_as_stored) return rows_into(at, end - row, to, stride);
    Bytes buffer(static_cast<std::size_t>((end - row) * run_));
    rows_into(at, end - row, buffer.data(), run_);
    const Shape shape{end - row, run_ / item_};
    copy_convert(ConstArrayView{buffer.data(), array_.dtype, shape, {run_, item_}},
                 ArrayView{to, destination_.dtype, shape, {stride, destination_.strides.back()}});
  }

  // `count` rows from `at` of the file on, `stride` bytes apart.
  void rows_into(std::uint64_t at, std::int64_t count, std::byte* to, std::int64_t stride) const {
    if (run_ == row_ && stride == run_) return run_into(at, to, count * run_);
    for (std::int64_t row = 0; row < count; ++row)
      run_into(at + static_cast<std::uint64_t>(row * row_), to + row * stride, run_);
  }

  void run_into(std::uint64_t at, std::byte* to, std::int64_t length) const {
    const MutableByteView bytes(to, static_cast<std::size_t>(length));
    read_(at, bytes);
    if (array_.swapped) byteswap(bytes, array_.dtype);
  }

  const RawArray& array_;
  const Shape& begin_;
  const ArrayView& destination_;
  const ReadExactly& read_;
  const std::size_t rank_;
  const std::int64_t item_, rows_;
  const std::int64_t run_, row_;  // bytes of a row: of the box, of the array
  const std::int64_t rows_at_once_, per_plane_;
  std::int64_t planes_;
};

}  // namespace

void read_raw_box(const RawArray& array, const Shape& begin, const Shape& end,
                  const ArrayView& destination, const ReadExactly& read) {
  BoxReader(array, begin, end, destination, read).run();
}

}  // namespace copick::array
