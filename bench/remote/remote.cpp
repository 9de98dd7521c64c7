// copick_bench_remote VERB ARGUMENT...: our half of the comparison over links; bench/remote/run.py
// drives it. Each call does one thing once, as a program that was just started does, and prints
// {"seconds": wall, "cpu": user and system, "sent": HTTP requests, "found": what it came to}.
//
//   list CONFIG              every run with all its entities; found: how many entities
//   plane CONFIG RUN         opens the run's first tomogram and reads its middle z plane; found: bytes
//   read CONFIG RUN          the same, the whole of level 0
//   fetch URL FS_ARGS PREFIX every value below the prefix in one call; found: bytes
//   get URL FS_ARGS KEY      one value, whole; found: bytes
//   put URL FS_ARGS KEY SIZE one value of so many bytes; found: bytes
#include "store/remote/http_engine.h"

#include <copick/copick.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <span>

using namespace copick;

namespace {

using Words = std::span<char*>;

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Stopwatch {
  std::chrono::steady_clock::time_point begin;
  double cpu = 0;
  void start() {
    cpu = processor_seconds();
    begin = std::chrono::steady_clock::now();
  }
} stopwatch;

std::uint64_t list_all(Words words) {
  const Root root = open(words[0]);
  const std::vector<Run> runs = root.runs();
  preload(runs);
  std::uint64_t entities = 0;
  for (const Run& run : runs) {
    for (const VoxelSpacing& spacing : run.voxel_spacings())
      for (const Tomogram& tomogram : spacing.tomograms())
        entities += 1 + tomogram.features().size();
    entities += run.segmentations().size() + run.picks().size() + run.meshes().size() +
                run.filaments().size();
  }
  return entities;
}

Tomogram tomogram_of(Words words) {
  const Root root = open(words[0]);
  return root.get_run(words[1]).value().voxel_spacings().at(0).tomograms().at(0);
}

std::uint64_t read_plane(Words words) {
  const Tomogram tomogram = tomogram_of(words);
  const std::int64_t middle = static_cast<std::int64_t>(tomogram.shape_of().at(0)) / 2;
  return tomogram.read_any({.z = {middle, middle + 1}}).bytes().size();
}

std::uint64_t read_whole(Words words) { return tomogram_of(words).read_any().bytes().size(); }

std::uint64_t fetch_all(Words words) {
  const StorePtr store = open_store(words[0], words[1]);
  std::vector<Request> requests;
  for (const Entry& entry : store->list_recursive(words[2])) requests.push_back({entry.name});
  std::atomic<std::uint64_t> bytes = 0;
  stopwatch.start();  // without the listing
  store->fetch(requests, [&](std::size_t, std::optional<Bytes> part) { bytes += part->size(); });
  return bytes;
}

std::uint64_t get_one(Words words) {
  return open_store(words[0], words[1])->get(words[2]).value().size();
}

std::uint64_t put_one(Words words) {
  const std::size_t size = std::stoull(words[3]);
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes.data()[i] = static_cast<std::byte>(i * i >> 7);
  stopwatch.start();  // without the making of the bytes
  open_store(words[0], words[1])->put(words[2], bytes.view(), {.durability = Durability::none});
  return size;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<std::uint64_t(Words)>> verbs = {
      {"list", list_all},   {"plane", read_plane}, {"read", read_whole},
      {"fetch", fetch_all}, {"get", get_one},      {"put", put_one}};
  try {
    const auto verb = verbs.find(argc > 2 ? argv[1] : "");
    if (verb == verbs.end())
      throw std::runtime_error("usage: copick_bench_remote VERB ARGUMENT...");
    stopwatch.start();
    const std::uint64_t found = verb->second(Words(argv + 2, static_cast<std::size_t>(argc - 2)));
    const double cpu = processor_seconds() - stopwatch.cpu;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - stopwatch.begin;
    const auto sent = store::remote::HttpEngine::of_this_process().sent();
    std::printf("{\"seconds\": %.4f, \"cpu\": %.4f, \"sent\": %llu, \"found\": %llu}\n",
                took.count(), cpu, static_cast<unsigned long long>(sent),
                static_cast<unsigned long long>(found));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
