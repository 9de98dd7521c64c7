"""Loggers, and the engine's remarks as log records of ``copick_native``."""

from __future__ import annotations

import logging

_LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING)


def get_logger(name: str, debug: bool = False) -> logging.Logger:
    """The logger of that name. The root logger is left alone unless ``debug`` asks for everything on the console."""
    if debug:
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
    return logging.getLogger(name)


def engine_remark(level: int, text: str) -> None:
    """Takes a remark of the engine: a name that was skipped, an argument that was ignored."""
    logging.getLogger("copick_native.engine").log(_LEVELS[level], text)
