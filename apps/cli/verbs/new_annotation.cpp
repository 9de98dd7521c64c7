// new picks, new mesh, new filaments: an empty file in every run (or in those of -r), to be filled
// by other programs.
#include "frame/context.h"
#include "frame/reference.h"
#include "verbs/verbs.h"

#include <copick/ops.h>

namespace copick::cli {

namespace {

struct Wanted {
  std::string object;
  NewAnnotation maker;
  bool overwrite = false;
};

enum class Outcome { created, emptied, skipped };

// What differs between the kinds: finding one, making one, emptying one.
struct PicksMaker {
  static constexpr Kind kind = Kind::picks;
  static auto find(const Run& run, const Wanted& w) {
    return run.get_picks(w.object, w.maker.user, w.maker.session);
  }
  static Picks make(Run& run, const Wanted& w) { return run.new_picks(w.object, w.maker); }
  static void empty(Picks& picks) { picks.set_points({}); }
};
struct MeshMaker {
  static constexpr Kind kind = Kind::mesh;
  static auto find(const Run& run, const Wanted& w) {
    return run.get_mesh(w.object, w.maker.user, w.maker.session);
  }
  static Mesh make(Run& run, const Wanted& w) { return run.new_mesh(w.object, w.maker); }
  static void empty(Mesh& mesh) { mesh.set_scene({}); }
};
struct FilamentsMaker {
  static constexpr Kind kind = Kind::filaments;
  static auto find(const Run& run, const Wanted& w) {
    return run.get_filaments(w.object, w.maker.user, w.maker.session);
  }
  static FilamentSet make(Run& run, const Wanted& w) {
    return run.new_filaments(w.object, w.maker);
  }
  static void empty(FilamentSet& set) { set.set_filaments({}); }
};

template <typename Maker>
ItemReport::Done make_in(const Run& run, const Wanted& wanted) {
  Run parent = run;
  const auto existing = Maker::find(parent, wanted);
  Outcome outcome = existing ? Outcome::skipped : Outcome::created;
  if (!existing || wanted.overwrite) {
    auto entity = Maker::make(parent, wanted);
    if (existing) {
      outcome = Outcome::emptied;
      Maker::empty(entity);
      entity.store();
    }
  }
  constexpr std::string_view words[] = {"created", "emptied", "skipped"};
  const std::string word(words[static_cast<int>(outcome)]);
  const std::string uri = wanted.object + ":" + wanted.maker.user + "/" + wanted.maker.session;
  return {word + " " + std::string(name_of(Maker::kind)) + " " + uri + " in run " + run.name() +
              (outcome == Outcome::skipped ? ": it exists already" : ""),
          Json::object({{"run", Json::string(run.name())},
                        {"kind", Json::string(name_of(Maker::kind))},
                        {"uri", Json::string(uri)},
                        {"outcome", Json::string(word)}})};
}

template <typename Maker>
int run_verb(Context& context) {
  Wanted wanted{context.args.text("particle-name"),
                {context.args.text("out-user"), context.args.text("out-session"),
                 context.args.flag("overwrite")},
                context.args.flag("overwrite")};
  Root root = context.open_project();
  require_object(root, wanted.object, "create " + std::string(name_of(Maker::kind)));
  const std::vector<Run> runs = selected_runs(root, context.args.texts("run-names"));
  ItemReport report(context);
  for (std::size_t i = 0; i < runs.size(); ++i)
    report.run(i, [&] { return make_in<Maker>(runs[i], wanted); });
  return report.finish("run", "runs");
}

Command command(const std::string& kind, const std::string& summary, int (*verb)(Context&)) {
  return {.path = "new " + kind,
          .summary = summary,
          .details =
              "Runs that have them already are skipped, or emptied with --overwrite.\n"
              "\nExamples:\n\n"
              "  copick new " +
              kind + " --particle-name ribosome --out-user alice --out-session 1",
          .options = std::vector<OptionSpec>{config_option(),
                                             run_names_option(),
                                             {.names = "--particle-name",
                                              .value = Value::text,
                                              .help = "Name of the pickable object.",
                                              .required = true},
                                             {.names = "--out-user",
                                              .value = Value::text,
                                              .fallback = "copick",
                                              .help = "User ID to write to."},
                                             {.names = "--out-session",
                                              .value = Value::text,
                                              .fallback = "0",
                                              .help = "Session ID to write to."},
                                             overwrite_option()} +
                     common_options(),
          .run = verb};
}

}  // namespace

Command new_picks_command() {
  return command("picks", "Create empty picks for a given particle name.", run_verb<PicksMaker>);
}
Command new_mesh_command() {
  return command("mesh", "Create empty meshes for a given object name.", run_verb<MeshMaker>);
}
Command new_filaments_command() {
  return command("filaments", "Create empty filament sets for a given object name.",
                 run_verb<FilamentsMaker>);
}

}  // namespace copick::cli
