// LargeVector: a std::vector that asks for large pages once it is many MiB.
//
// Filling a column of some ten MiB costs more time for its page faults than for its numbers.
//
//   base::LargeVector<double> column;
//   column.reserve(3 * count);
#pragma once

#include <copick/bytes.h>

#include <cstdlib>
#include <vector>

namespace copick::base {

template <typename T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <typename U>
  LargePages(const LargePages<U>&) {}
  T* allocate(std::size_t count) { return reinterpret_cast<T*>(allocate_bytes(count * sizeof(T))); }
  void deallocate(T* data, std::size_t) { std::free(data); }
  friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

template <typename T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace copick::base
