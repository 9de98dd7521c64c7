// copick-phantom: a tomogram whose content is known, made of two public maps of EMDB.
//
//   copick-phantom MAPS_FOLDER OUT_FOLDER [Z Y X]       (voxels of 10 angstrom; default 256 512
//   512)
//
//   1. Read both maps; resample each to 10 angstrom, fade its border, bring it to mean 0 and
//   deviation 1.
//   2. Place a vesicle, a closed membrane of two leaflets, in the middle.
//   3. Drop particles of both kinds at random places and orientations, off the membrane and off
//   each other.
//   4. Subtract the densities (protein is dark in a tomogram) from Gaussian noise.
//   5. Write tomogram.mrc, membrane.mrc (1 on the membrane), and for each kind NAME.mrc (its
//   density at 10 angstrom),
//      NAME.star (pixels and Euler angles, as RELION writes them) and NAME.csv (angstrom and
//      matrices).
//
// The random numbers are our own and seeded, so every machine makes the same particles.
#include <copick/array.h>
#include <copick/error.h>
#include <copick/geometry.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "base/executor.h"
#include "format/mrc.h"
#include "format/points.h"

namespace copick {
namespace {

constexpr double kVoxel = 10.0;  // angstrom
constexpr double kNoise = 1.0;   // standard deviation, in units of a particle's own
constexpr double kContrast = 2.0;
constexpr double kLeafletDistance = 40.0;  // angstrom between the two layers of the membrane
constexpr double kLeafletWidth = 12.0;     // angstrom, standard deviation of one layer
constexpr char kRun[] = "phantom";

using Vector = std::array<double, 3>;  // x, y, z

struct Kind {
  std::string name;
  std::string file;
  double voxel_size;  // angstrom; may differ from the header's to enlarge the object
  int count;          // asked for in the default box; fewer fit in a smaller one
  Array<float> density{};
  double radius = 0;  // angstrom, of the sphere that holds the density
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }  // [0, 1)

 private:
  std::mt19937_64 engine_;
};

// An array in memory, handed to a writer.
class ArraySource : public SlabSource {
 public:
  ArraySource(ConstArrayView view, std::string name)
      : view_(std::move(view)), name_(std::move(name)) {}
  DType dtype() const override { return view_.dtype; }
  const Shape& shape() const override { return view_.shape; }
  std::optional<double> voxel_size() const override { return kVoxel; }
  std::string where() const override { return name_; }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    const std::byte* first = view_.data + z_begin * view_.strides[0];
    std::copy_n(first, (z_end - z_begin) * view_.strides[0], destination.data);
  }

 private:
  ConstArrayView view_;
  std::string name_;
};

// Value of a volume between its voxels; positions are voxels with the centre of voxel i at i + 0.5,
// outside is 0.
float trilinear(const Array<float>& volume, double z, double y, double x) {
  const std::array<double, 3> position{z - 0.5, y - 0.5, x - 0.5};
  std::array<std::int64_t, 3> corner;
  std::array<double, 3> part;
  for (int axis = 0; axis < 3; ++axis) {
    corner[axis] = static_cast<std::int64_t>(std::floor(position[axis]));
    part[axis] = position[axis] - static_cast<double>(corner[axis]);
    if (corner[axis] < 0 || corner[axis] + 1 >= volume.shape()[axis]) return 0;
  }
  double sum = 0;
  for (int i = 0; i < 8; ++i) {
    const int dz = i >> 2, dy = (i >> 1) & 1, dx = i & 1;
    const double weight =
        (dz ? part[0] : 1 - part[0]) * (dy ? part[1] : 1 - part[1]) * (dx ? part[2] : 1 - part[2]);
    sum += weight * volume(corner[0] + dz, corner[1] + dy, corner[2] + dx);
  }
  return static_cast<float>(sum);
}

// Step 1.
void load_density(Kind& kind, const std::string& folder) {
  auto source = format::open_mrc(folder + "/" + kind.file);
  AnyArray stored(source->dtype(), source->shape());
  source->read_slab(0, source->shape()[0], stored.view());
  Array<float> map(source->shape());
  if (stored.dtype() != DType::float32)
    throw ValidationError(
        {"make a phantom", kind.file, "the map is not float32", "use the maps of tests/data/maps"});
  std::copy_n(stored.data_as<float>(), map.size(), map.data());

  const double scale = kVoxel / kind.voxel_size;
  Shape shape;
  for (std::int64_t length : map.shape())
    shape.push_back(std::llround(static_cast<double>(length) / scale));
  kind.density = Array<float>(shape);
  const auto half = [&](int axis) { return 0.5 * static_cast<double>(shape[axis]); };
  double weights = 0, sum = 0, squares = 0;
  const auto each_voxel = [&](auto&& visit) {
    for (std::int64_t z = 0; z < shape[0]; ++z)
      for (std::int64_t y = 0; y < shape[1]; ++y)
        for (std::int64_t x = 0; x < shape[2]; ++x) {
          const double dz = (z + 0.5) / half(0) - 1, dy = (y + 0.5) / half(1) - 1,
                       dx = (x + 0.5) / half(2) - 1;
          const double edge =
              std::clamp((1 - std::sqrt(dz * dz + dy * dy + dx * dx)) / 0.3, 0.0, 1.0);
          visit(kind.density(z, y, x), edge, z, y, x);
        }
  };
  each_voxel([&](float& value, double fade, std::int64_t z, std::int64_t y, std::int64_t x) {
    value = trilinear(map, (z + 0.5) * scale, (y + 0.5) * scale, (x + 0.5) * scale);
    weights += fade;
    sum += fade * value;
    squares += fade * value * value;
  });
  const double mean = sum / weights, deviation = std::sqrt(squares / weights - mean * mean);
  each_voxel([&](float& value, double fade, std::int64_t, std::int64_t, std::int64_t) {
    value = static_cast<float>(fade * (value - mean) / deviation);
  });
  kind.radius = kVoxel * std::max({half(0), half(1), half(2)});
}

// Step 2: a vesicle, all in angstrom.
struct Membrane {
  Vector box;
  Vector centre{box[0] / 2, box[1] / 2, box[2] / 2};
  double radius = 0.4 * *std::ranges::min_element(box);
  // To the sphere between the two leaflets.
  double distance(const Vector& p) const {
    return std::abs(std::hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) - radius);
  }
};

struct Particle {
  const Kind* kind;
  Vector centre;     // angstrom
  Matrix4 rotation;  // object axes to tomogram
};

// Uniform over all orientations (Shoemake: three numbers make a unit quaternion).
Matrix4 random_rotation(Random& random) {
  const double u = random.uniform(), a = 2 * M_PI * random.uniform(),
               b = 2 * M_PI * random.uniform();
  const double x = std::sqrt(1 - u) * std::sin(a), y = std::sqrt(1 - u) * std::cos(a);
  const double z = std::sqrt(u) * std::sin(b), w = std::sqrt(u) * std::cos(b);
  return {1 - 2 * (y * y + z * z),
          2 * (x * y - z * w),
          2 * (x * z + y * w),
          0,
          2 * (x * y + z * w),
          1 - 2 * (x * x + z * z),
          2 * (y * z - x * w),
          0,
          2 * (x * z - y * w),
          2 * (y * z + x * w),
          1 - 2 * (x * x + y * y),
          0,
          0,
          0,
          0,
          1};
}

// Step 3. Large boxes get all that was asked for; a small one as many as fit in a bounded number of
// tries.
std::vector<Particle> place_particles(std::span<const Kind> kinds, const Membrane& membrane) {
  Random random(20260101);
  std::vector<Particle> placed;
  for (const Kind& kind : kinds) {
    int left = kind.count;
    for (int tries = 200 * kind.count; left > 0 && tries > 0; --tries) {
      Vector centre;
      for (int axis = 0; axis < 3; ++axis)
        centre[axis] = kind.radius + random.uniform() * (membrane.box[axis] - 2 * kind.radius);
      const bool inside = std::ranges::all_of(
          membrane.box, [&](double length) { return length > 2 * kind.radius; });
      const bool free = std::ranges::none_of(placed, [&](const Particle& other) {
        const double reach = kind.radius + other.kind->radius;
        double square = 0;
        for (int axis = 0; axis < 3; ++axis)
          square += std::pow(centre[axis] - other.centre[axis], 2);
        return square < reach * reach;
      });
      if (!inside || !free || membrane.distance(centre) < kind.radius + kLeafletDistance) continue;
      placed.push_back({&kind, centre, random_rotation(random)});
      --left;
    }
  }
  return placed;
}

// Step 4, the background: noise of its own seed for each plane, and the membrane's two leaflets.
void fill_plane(Array<float>& tomogram, Array<std::int8_t>& mask, const Membrane& membrane,
                std::int64_t z) {
  Random random(1000003 + static_cast<std::uint64_t>(z));
  const std::int64_t columns = tomogram.shape()[2];
  for (std::int64_t y = 0; y < tomogram.shape()[1]; ++y) {
    for (std::int64_t x = 0; x < columns;
         x += 2) {  // Box and Muller: two uniform numbers give two normal ones
      const double radius = kNoise * std::sqrt(-2 * std::log(1 - random.uniform()));
      const double angle = 2 * M_PI * random.uniform();
      tomogram(z, y, x) = static_cast<float>(radius * std::cos(angle));
      if (x + 1 < columns) tomogram(z, y, x + 1) = static_cast<float>(radius * std::sin(angle));
    }
    for (std::int64_t x = 0; x < columns; ++x) {
      const double depth =
          membrane.distance({(x + 0.5) * kVoxel, (y + 0.5) * kVoxel, (z + 0.5) * kVoxel});
      mask(z, y, x) = depth < 0.5 * kLeafletDistance + kVoxel;
      if (depth > 2 * kLeafletDistance) continue;
      const double from_leaflet = (depth - 0.5 * kLeafletDistance) / kLeafletWidth;
      tomogram(z, y, x) -=
          static_cast<float>(kContrast * std::exp(-0.5 * from_leaflet * from_leaflet));
    }
  }
}

// Step 4, one particle: every voxel of its sphere looks up the density at its own place in the
// object's axes.
void draw(Array<float>& tomogram, const Particle& particle) {
  const Shape& size = particle.kind->density.shape();
  std::array<std::int64_t, 3> begin, end;
  for (int axis = 0; axis < 3; ++axis) {
    begin[axis] =
        static_cast<std::int64_t>((particle.centre[axis] - particle.kind->radius) / kVoxel);
    end[axis] = static_cast<std::int64_t>((particle.centre[axis] + particle.kind->radius) / kVoxel);
  }
  const Matrix4& r = particle.rotation;
  for (std::int64_t z = begin[2]; z < end[2]; ++z)
    for (std::int64_t y = begin[1]; y < end[1]; ++y)
      for (std::int64_t x = begin[0]; x < end[0]; ++x) {
        const Vector d{x + 0.5 - particle.centre[0] / kVoxel, y + 0.5 - particle.centre[1] / kVoxel,
                       z + 0.5 - particle.centre[2] / kVoxel};
        Vector own;  // transposed rotation: tomogram to object
        for (int axis = 0; axis < 3; ++axis)
          own[axis] = r[axis] * d[0] + r[4 + axis] * d[1] + r[8 + axis] * d[2];
        tomogram(z, y, x) -=
            static_cast<float>(kContrast) * trilinear(particle.kind->density,
                                                      own[2] + 0.5 * static_cast<double>(size[0]),
                                                      own[1] + 0.5 * static_cast<double>(size[1]),
                                                      own[0] + 0.5 * static_cast<double>(size[2]));
      }
}

// Step 5.
void write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    throw StorageError({"write a table of the phantom", path, "the file could not be written", ""});
}

void write_volume(const std::string& path, ConstArrayView view) {
  const DType dtype = view.dtype;
  ArraySource source(std::move(view), path);
  format::write_mrc(path, source, dtype, kVoxel);
}

void write_particles(const std::string& folder, std::span<const Kind> kinds,
                     const std::vector<Particle>& particles) {
  for (const Kind& kind : kinds) {
    format::RunPoints run{kRun, {}};
    for (const Particle& p : particles)
      if (p.kind == &kind)
        run.points.push_back({{p.centre[0], p.centre[1], p.centre[2]}, p.rotation});
    write_text(folder + "/" + kind.name + ".star",
               format::write_star_points({run}, {.voxel_size = kVoxel}));
    write_text(folder + "/" + kind.name + ".csv", format::write_csv_points({run}));
    write_volume(folder + "/" + kind.name + ".mrc", kind.density.view());
    std::printf("%-12s %4zu particles of radius %.0f angstrom\n", kind.name.c_str(),
                run.points.size(), kind.radius);
  }
}

void make_phantom(const std::string& maps, const std::string& folder, const Shape& shape) {
  // EMD-3001 is a crystal's cell of 33 angstrom: drawn ten times larger, or it would be three
  // voxels.
  std::array<Kind, 2> kinds{
      Kind{.name = "emd-3001", .file = "EMD-3001.map.bz2", .voxel_size = 4.5, .count = 150},
      Kind{.name = "emd-3197", .file = "EMD-3197.map.gz", .voxel_size = 11.4, .count = 300}};
  for (Kind& kind : kinds) load_density(kind, maps);
  Vector box;
  for (int axis = 0; axis < 3; ++axis) box[axis] = static_cast<double>(shape[2 - axis]) * kVoxel;
  const Membrane membrane{box};
  const std::vector<Particle> particles = place_particles(kinds, membrane);

  Array<float> tomogram(shape);
  Array<std::int8_t> mask(shape);
  base::parallel_for(static_cast<std::size_t>(shape[0]), [&](std::size_t z) {
    fill_plane(tomogram, mask, membrane, static_cast<std::int64_t>(z));
  });
  base::parallel_for(particles.size(), [&](std::size_t i) { draw(tomogram, particles[i]); });

  std::filesystem::create_directories(folder);
  write_volume(folder + "/tomogram.mrc", tomogram.view());
  write_volume(folder + "/membrane.mrc", mask.view());
  write_particles(folder, kinds, particles);
}

}  // namespace
}  // namespace copick

int main(int argc, char** argv) {
  if (argc != 3 && argc != 6) {
    std::fprintf(stderr, "usage: copick-phantom MAPS_FOLDER OUT_FOLDER [Z Y X]\n");
    return 2;
  }
  copick::Shape shape{256, 512, 512};
  for (int axis = 0; argc == 6 && axis < 3; ++axis) shape[axis] = std::atoll(argv[3 + axis]);
  try {
    copick::make_phantom(argv[1], argv[2], shape);
  } catch (const copick::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
