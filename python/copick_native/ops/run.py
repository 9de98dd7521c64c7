"""One function over many runs at once."""

from __future__ import annotations

import logging
from typing import Any, Callable, Dict, Iterable, List, Literal, Optional, Union

from copick_native.errors import ValidationError
from copick_native.models import CopickRoot, CopickRun

_logger = logging.getLogger("copick_native")


def _by_name(root: CopickRoot, run: str, run_args: Dict[str, Any], callback: Callable, **kwargs: Any) -> Any:
    return callback(root.get_run(name=run), **run_args, **kwargs)


def map_runs(
    callback: Callable,
    root: CopickRoot,
    runs: Union[Iterable[str], Iterable[CopickRun]],
    workers: Optional[int] = 8,
    parallelism: Literal["thread", "process"] = "thread",
    run_args: Optional[Iterable[Dict[str, Any]]] = None,
    show_progress: bool = True,
    task_desc: Optional[str] = None,
    **kwargs: Any,
) -> Dict[str, Any]:
    """Calls ``callback(run, **run_args, **kwargs)`` for each run and gives its results by name.

    A run whose call fails is logged and gives None.

    Args:
        workers: Calls at a time.
        parallelism: "thread", or "process" (the callback must pickle; runs travel as identities).
        run_args: Arguments of each run.
        show_progress: A bar, where rich is installed.
    """
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed

    executors: Dict[str, Any] = {"thread": ThreadPoolExecutor, "process": ProcessPoolExecutor}
    if parallelism not in executors:
        raise ValidationError(f"Invalid parallelism type: {parallelism}, must be 'thread' or 'process'")
    chosen: List[Any] = list(runs)
    arguments: List[Dict[str, Any]] = [{} for _ in chosen] if run_args is None else list(run_args)
    if len(chosen) != len(arguments):
        raise ValidationError("Length of runs and run_args must be the same.")
    results: Dict[str, Any] = {}
    with executors[parallelism](max_workers=workers) as executor, _Bar(show_progress, task_desc, len(chosen)) as bar:
        pending = {}
        for run, own in zip(chosen, arguments):
            if isinstance(run, str):
                pending[executor.submit(_by_name, root, run, own, callback, **kwargs)] = run
            elif isinstance(run, CopickRun):
                pending[executor.submit(callback, run, **own, **kwargs)] = run.name
            else:
                raise ValidationError(f"Invalid run type: {type(run)}")
        for future in as_completed(pending):
            name = pending[future]
            try:
                results[name] = future.result()
            except Exception as error:
                _logger.error("Error processing run %s", name, exc_info=error)
                results[name] = None
            bar.advance()
    return results


class _Bar:
    """A progress bar of rich, or nothing."""

    def __init__(self, wanted: bool, text: Optional[str], total: int):
        self._bar: Any = None
        if wanted:
            try:
                from rich.progress import Progress
            except ImportError:
                return
            self._bar = Progress()
            self._task = self._bar.add_task(text or "Processing runs", total=total)

    def __enter__(self) -> "_Bar":
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self) -> None:
        if self._bar is not None:
            self._bar.advance(self._task)


def report_results(results: Dict[str, Any], total_files: int, logger: Any = None) -> None:
    """Logs what ``map_runs`` gave, each result a dict with ``processed`` and ``errors``."""
    logger = logger or _logger
    errors = [f"Run {name} failed completely" for name, result in results.items() if result is None]
    done = [result for result in results.values() if result is not None]
    errors += [error for result in done for error in result["errors"]]
    processed = sum(result["processed"] for result in done)
    if errors:
        logger.error(f"Failed to process {len(errors)} items:")
        for error in errors:
            logger.error(error)
        if processed:
            logger.info(f"Successfully processed {processed} out of {total_files} items")
    else:
        logger.info(f"Successfully processed all {processed} items")
