// SlabSource: a volume that can be read plane by plane, whatever it is stored in.
//
// Importers read from one and the pyramid writer consumes one, so a volume larger than memory
// passes through in slabs.
//
// Axes (z, y, x), or (channel, z, y, x) when channels() > 1. Threads: read_slab may be called from
// one thread at a time; slabs are asked for in ascending z, but any order must work (piped sources
// say so by can_seek() == false).
#pragma once

#include <copick/array.h>

#include <cstdint>
#include <optional>
#include <string>

namespace copick {

class SlabSource {
 public:
  virtual ~SlabSource() = default;
  virtual DType dtype() const = 0;
  // (z, y, x) or (channel, z, y, x).
  virtual const Shape& shape() const = 0;
  // Edge of a voxel in angstrom where the source knows it.
  virtual std::optional<double> voxel_size() const = 0;
  // Fills `destination`, shaped as shape() but with z length z_end - z_begin and this source's
  // dtype. Throws CorruptError (truncated file), StorageError.
  virtual void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) = 0;
  virtual bool can_seek() const { return true; }
  // Path or URL for messages.
  virtual std::string where() const = 0;
};

}  // namespace copick
