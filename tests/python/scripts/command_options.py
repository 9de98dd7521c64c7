"""Options that packages with commands of their own take from here: their flags, defaults and what they give."""

import click
from click.testing import CliRunner
from copick.cli import util
from copick.cli.types import CopickURI
from report import refused, show


class Log:
    """What was warned of, as flags: the wording is no fact."""

    def __init__(self):
        self.said = []

    def warning(self, text):
        self.said.append(text)


DECORATORS = {
    name: getattr(util, name)
    for name in (
        "add_config_option", "add_create_overwrite_options", "add_debug_option", "add_export_common_options",
        "add_max_workers_option", "add_pyramid_create_options", "add_pyramid_export_options", "add_run_names_option",
        "add_run_options", "add_user_session_options", "add_volume_transform_options",
    )
}
DECORATORS["add_deprecated_run_alias"] = util.add_deprecated_run_alias("--runs", "-R")


def given(**values):
    show("given", values)


def flags(command):
    rows = {}
    for option in command.params:
        facts = option.to_info_dict()
        facts.pop("help")
        rows[option.name] = {**facts, "envvar": option.envvar, "metavar": option.metavar, "choices": repr(option.type)}
    return rows


for name, decorator in DECORATORS.items():
    command = click.command()(decorator(given))
    show(name, flags(command))
    show("order in help", [option.name for option in command.params])

TRIED = {
    "add_config_option": [[], ["-c", "config.json"], ["--config", "nothing.json"]],
    "add_debug_option": [[], ["--debug"], ["--no-debug"]],
    "add_run_names_option": [[], ["-r", "a", "--run-names", "b"]],
    "add_deprecated_run_alias": [["--runs", "a", "-R", "b"]],
    "add_run_options": [[], ["--run", "x", "--run-regex", "(.)", "--run-name-prefix", "p"]],
    "add_pyramid_create_options": [[], ["--no-create-pyramid", "--pyramid-levels", "5", "--chunk-size", "32,32,32"], ["--pyramid-levels", "x"]],
    "add_pyramid_export_options": [["--compression", "LZW", "--level-only"], ["--compression", "gif"]],
    "add_export_common_options": [[], ["--output-dir", "out"]],
    "add_volume_transform_options": [["--flip", "0,2"]],
    "add_create_overwrite_options": [["--no-create", "--overwrite"]],
}
for name, lines in TRIED.items():
    for line in lines:
        done = CliRunner().invoke(click.command()(DECORATORS[name](given)), line)
        show(f"{name} {line}", [done.exit_code, done.output if done.exit_code == 0 else ""])
show("from the environment", CliRunner().invoke(click.command()(util.add_config_option(given)), [], env={"COPICK_CONFIG": "config.json"}).output)

for names, legacy in [((), ()), (("a", "b"), ()), (("a, b,,c",), ()), ((), ("x,y", "z")), (("a",), ("b",)), ((None, "a"), ()), ((",",), ())]:
    log = Log()
    show(f"runs {names} {legacy}", [util.resolve_run_names(names, legacy, legacy_flag="--runs", logger=log), log.said])
show("runs None", util.resolve_run_names(None, None))
for primary, legacy in [(1, None), (1, 2), (None, 0)]:
    log = Log()
    show("former", [util.resolve_deprecated_option(primary, legacy, old_flag="--old", new_flag="--new", logger=log), log.said])
for arguments in [("wbp@10", "x", 5.0), (None, "wbp", 13.48), (None, "wbp", None), ("", "wbp", 2)]:
    log = Log()
    show("tomogram", [util.resolve_tomogram_uri(*arguments, logger=log), log.said])
refused("no tomogram", util.resolve_tomogram_uri, None, None, None)


@click.command()
@click.option("--input", "input_uri", type=CopickURI("picks"))
@click.option("--output", "output_uri", type=CopickURI("segmentation", "output"))
def convert(input_uri, output_uri):
    show("uris", [input_uri, output_uri])


for option in convert.params:
    show(option.name, [repr(option.type), option.type.object_type, option.type.role, option.type.name])
show("convert", CliRunner().invoke(convert, ["--input", "ribosome:*/*"]).output)
show("help names them", "URI" in CliRunner().invoke(convert, ["--help"]).output)
