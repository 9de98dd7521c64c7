"""Options that many commands have, as decorators, and what is made of their values.

>>> import click
>>> @click.command()
... @add_run_names_option
... def show(run_names):
...     click.echo(resolve_run_names(run_names))
>>> show(["-r", "TS_001", "-r", "TS_002"], standalone_mode=False)
['TS_001', 'TS_002']
"""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

import click

Decorator = Callable[[Any], Any]


def _options(*options: Decorator) -> Decorator:
    """One decorator of several options. The last is shown first in a command's help."""

    def decorate(command: Any) -> Any:
        for option in options:
            command = option(command)
        return command

    return decorate


def _text(flag: str, default: Optional[str], text: str, show_default: bool = True) -> Decorator:
    return click.option(flag, type=str, default=default, show_default=show_default, help=text)


def _number(flag: str, default: int, text: str) -> Decorator:
    return click.option(flag, type=int, default=default, show_default=True, help=text)


def _switch(flags: str, default: bool, text: str) -> Decorator:
    return click.option(flags, is_flag=True, default=default, show_default=True, help=text)


# --- which project, which runs ---


def add_config_option(func: Any) -> Any:
    """``-c``, ``--config``: the config file; also from COPICK_CONFIG."""
    return click.option(
        "-c",
        "--config",
        type=click.Path(exists=True),
        metavar="PATH",
        envvar="COPICK_CONFIG",
        show_envvar=True,
        help="Config file of the project.",
    )(func)


def add_debug_option(func: Any) -> Any:
    """``--debug``."""
    return _switch("--debug/--no-debug", False, "Say more about what is done.")(func)


def add_run_names_option(func: Any) -> Any:
    """``-r``, ``--run-names``, repeatable; its values are for :func:`resolve_run_names`."""
    return click.option("--run-names", "-r", multiple=True, help="A run to work on; repeatable. Default: all.")(func)


def add_deprecated_run_alias(*flags: str) -> Decorator:
    """Former flags of :func:`add_run_names_option`, hidden; their values are the parameter ``legacy_run_names``."""
    return click.option(
        *flags,
        "legacy_run_names",
        multiple=True,
        hidden=True,
        help="Deprecated: use --run-names/-r.",
    )


def resolve_run_names(
    run_names: Sequence[str] = (),
    legacy_run_names: Sequence[str] = (),
    *,
    legacy_flag: Optional[str] = None,
    logger: Any = None,
) -> Optional[List[str]]:
    """The runs that were named, None: all. Values may be several names with commas, as former versions wanted them.

    Args:
        run_names: Of :func:`add_run_names_option`.
        legacy_run_names: Of :func:`add_deprecated_run_alias`.
        legacy_flag: How that flag is called in a warning.
        logger: Gets warnings about former ways to say it.
    """
    if legacy_run_names:
        _warn(logger, f"{legacy_flag or 'This run-selection flag'} is deprecated; use --run-names/-r (repeatable) instead.")
    given = [value for value in (*(run_names or ()), *(legacy_run_names or ())) if value is not None]
    if any("," in value for value in given):
        _warn(logger, "Comma-separated run names are deprecated; pass -r/--run-names once per run instead.")
    names: List[str] = []
    for value in given:
        names += [name.strip() for name in value.split(",") if name.strip()] if "," in value else [value]
    return names or None


def add_run_options(func: Any) -> Any:
    """``--run``, ``--run-regex``, ``--run-name-prefix``: how a run is named after a file."""
    return _options(
        _text("--run", "", "Name of the run. Default: of the file, without extension; not used with a glob pattern."),
        _text("--run-regex", "(.*)", "Expression whose first group is the run's name in that of the file."),
        _text("--run-name-prefix", "", "Text before the names that were found."),
    )(func)


# --- who makes it, and whether ---


def add_user_session_options(func: Any) -> Any:
    """``--user-id`` (default "copick") and ``--session-id`` (default "1")."""
    return _options(
        _text("--user-id", "copick", "User id of what is made."),
        _text("--session-id", "1", "Session id of what is made."),
    )(func)


def add_create_overwrite_options(func: Any) -> Any:
    """``--create/--no-create`` and ``--overwrite/--no-overwrite``."""
    return _options(
        _switch("--create/--no-create", True, "Make it when it is not there."),
        _switch("--overwrite/--no-overwrite", False, "Replace it when it is there."),
    )(func)


def add_max_workers_option(func: Any) -> Any:
    """``--max-workers``, default 4."""
    return _number("--max-workers", 4, "Threads to work with.")(func)


# --- volumes ---


def add_volume_transform_options(func: Any) -> Any:
    """``--transpose`` and ``--flip``."""
    return _options(
        _text("--transpose", None, "Order of axes: '2,1,0' turns all round. Default: as they are.", False),
        _text("--flip", None, "Axes to reverse: '0' is z, '0,2' z and x. Default: none.", False),
    )(func)


def add_pyramid_create_options(func: Any) -> Any:
    """``--create-pyramid/--no-create-pyramid``, ``--pyramid-levels``, ``--chunk-size``."""
    return _options(
        click.option(
            "--create-pyramid/--no-create-pyramid",
            is_flag=True,
            type=bool,
            default=True,
            show_default=True,
            help="Make smaller levels too.",
        ),
        _number("--pyramid-levels", 3, "Levels in all; each is half as large as the one before."),
        _text("--chunk-size", "256,256,256", "Voxels of a chunk."),
    )(func)


def add_pyramid_export_options(func: Any) -> Any:
    """``--level``, ``--compression``, ``--copy-all-levels/--level-only``."""
    return _options(
        _number("--level", 0, "Level to write, for MRC and TIFF."),
        click.option(
            "--compression",
            type=click.Choice(["lzw", "zlib", "jpeg", "none"], case_sensitive=False),
            default=None,
            help="Compression of TIFF.",
        ),
        _switch("--copy-all-levels/--level-only", True, "All levels, for Zarr."),
    )(func)


def add_export_common_options(func: Any) -> Any:
    """``--output-dir``, required."""
    return click.option(
        "--output-dir",
        required=True,
        type=click.Path(file_okay=False, dir_okay=True),
        metavar="PATH",
        help="Folder to write to.",
    )(func)


# --- former options ---


def resolve_deprecated_option(primary: Any, legacy: Any, *, old_flag: str, new_flag: str, logger: Any = None) -> Any:
    """The value of an option that has a former name: that of the former one when it was given, with a warning."""
    if legacy is None:
        return primary
    _warn(logger, f"{old_flag} is deprecated; use {new_flag} instead.")
    return legacy


def resolve_tomogram_uri(
    uri: Optional[str],
    tomo_alg: Optional[str],
    voxel_size: Optional[float],
    *,
    default_vs: float = 10.0,
    logger: Any = None,
) -> str:
    """A tomogram's URI, "type@voxel size"; without one, of the former ``--tomo-alg`` and ``--voxel-size``.

    Raises:
        click.UsageError: neither was given.
    """
    if uri:
        return uri
    if tomo_alg is None:
        raise click.UsageError("Provide the input tomogram via -i/--input <tomo_type>@<voxel_spacing>.")
    _warn(logger, "--tomo-alg/--voxel-size are deprecated; use -i/--input <tomo_type>@<voxel_spacing> instead.")
    return f"{tomo_alg}@{default_vs if voxel_size is None else voxel_size}"


def _warn(logger: Any, text: str) -> None:
    if logger is not None:
        logger.warning(text)
