#include "frame/context.h"
#include "verbs/verbs.h"

namespace copick::cli {

namespace {

int run(Context& context) {
  const std::string name = context.args.text("NAME");
  Root root = context.open_project();
  const bool existed = root.get_run(name).has_value();
  const Run made = root.new_run(name, {.exist_ok = context.args.flag("overwrite")});
  context.done(std::string(existed ? "kept" : "created") + " run " + name);
  if (context.json())
    context.print_json(Json::object({{"run", Json::string(name)},
                                     {"created", Json::boolean(!existed)},
                                     {"url", Json::string(made.url())}}));
  return 0;
}

}  // namespace

Command new_run_command() {
  return {.path = "new run",
          .summary = "Create an empty run with the given name.",
          .details =
              "A run holds the voxel spacings, tomograms and annotations of one tilt series. The "
              "name is taken as "
              "it is. With --overwrite an existing run is kept with all its data.\n"
              "\nExamples:\n\n"
              "  copick new run TS_005 -c config.json",
          .arguments = {{.name = "NAME"}},
          .options = std::vector<OptionSpec>{config_option(), overwrite_option(), create_option()} +
                     common_options(),
          .run = run};
}

}  // namespace copick::cli
