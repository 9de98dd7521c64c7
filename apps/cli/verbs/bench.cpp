// bench: what this machine can do, and what the library reaches of it.
#include "ops/bench.h"

#include "frame/context.h"
#include "frame/table.h"
#include "frame/temporary_folder.h"
#include "verbs/verbs.h"

#include <copick/limits.h>

#include <fmt/core.h>

namespace copick::cli {

namespace {

double rate(const ops::BenchRow& row, double seconds) {
  return seconds > 0 ? static_cast<double>(row.bytes) / seconds : 0;
}

std::string rate_text(double bytes_per_second) {
  constexpr double mega = 1e6;
  return fmt::format("{:.0f} MB/s", bytes_per_second / mega);
}

std::string table_of(const std::vector<ops::BenchRow>& rows) {
  Table table({"what", ">time", ">rate", ">limit", "which is", ">reached"});
  for (const ops::BenchRow& row : rows) {
    const bool is_limit = row.limit.empty();
    table.add({row.name, fmt::format("{:.1f} ms", 1000 * row.seconds),
               rate_text(rate(row, row.seconds)),
               is_limit ? "" : rate_text(rate(row, row.limit_seconds)), row.limit,
               is_limit ? "" : fmt::format("{:.0f} %", 100 * row.limit_seconds / row.seconds)});
  }
  return table.text();
}

Json json_of(const std::vector<ops::BenchRow>& rows, std::int64_t size) {
  Json list = Json::array();
  for (const ops::BenchRow& row : rows) {
    Json entry = Json::object({{"name", Json::string(row.name)},
                               {"bytes", Json::unsigned_integer(row.bytes)},
                               {"seconds", Json::number(row.seconds)}});
    if (!row.limit.empty()) {
      entry["limit"] = Json::string(row.limit);
      entry["limit_seconds"] = Json::number(row.limit_seconds);
      entry["reached"] = Json::number(row.limit_seconds / row.seconds);
    }
    list.push_back(std::move(entry));
  }
  return Json::object({{"size", Json::integer(size)},
                       {"threads", Json::integer(threads())},
                       {"measured", std::move(list)}});
}

int measure(Context& context, std::int64_t size, const std::string& folder) {
  ops::BenchOptions options{.size = size, .folder = folder};
  const bool shows_steps = context.messages.is_terminal() && !context.messages.quiet();
  options.on_step = [&](const std::string& step) {
    if (shows_steps) context.messages.set_status_line("measuring: " + step);
  };
  const std::vector<ops::BenchRow> rows = ops::bench(options);
  context.messages.set_status_line("");
  if (context.json())
    context.print_json(json_of(rows, size));
  else
    context.results.write(fmt::format("{}^3 voxels of float32, {} threads\n\n", size, threads()) +
                          table_of(rows));
  context.results.flush();
  return 0;
}

int run(Context& context) {
  const std::int64_t size = context.args.integer("size").value_or(0);
  return with_temporary_folder(context.args.text("folder"), [&](const std::string& folder) {
    try {
      return measure(context, size, folder);
    } catch (const ClosedPipe&) { return 0; } catch (const std::exception& error) {
      context.messages.set_status_line("");
      context.messages.error(error.what());
      return 1;
    }
  });
}

}  // namespace

Command bench_command() {
  return {.path = "bench",
          .summary = "Measure this machine, and what is reached of it.",
          .details =
              "Copies memory, encodes and decodes Blosc on all threads, writes and reads a file; "
              "then writes a tomogram and reads all of it, planes and cubes, each beside the limit "
              "that bounds it. Reads come from the system's cache. For planes and cubes the limit "
              "is decoding nothing but their voxels; chunks are larger than they, so it cannot be "
              "reached. Needs no project; what it writes is removed, also after Ctrl-C.\n"
              "\nExamples:\n\n"
              "  copick bench\n"
              "  copick bench --size 512 --folder /data --threads 4",
          .options =
              std::vector<OptionSpec>{
                  {.names = "--size",
                   .value = Value::integer,
                   .fallback = "256",
                   .help = "Voxels along each axis of the volume. 256 takes 64 MB, 512 takes 512 "
                           "MB; four times that in memory."},
                  {.names = "--folder",
                   .value = Value::text,
                   .help = "Where the disk is measured. Default: the system's folder for temporary "
                           "files."}} +
              computing_options() + common_options(),
          .run = run};
}

}  // namespace copick::cli
