"""Runs many scripts of one environment quickly: the packages are imported once, each script runs in a fork.

    python stage.py MODULE...      jobs on stdin, answers on stdout, one JSON line each

A job is {"script", "arguments", "folder", "output", "errors", "seconds", "show_variables"}; the
answer is its exit code. Modules that are
not installed are passed over: the script that needs one will say so.
"""

import importlib
import json
import os
import runpy
import signal
import sys
import time


def child(job):
    os.chdir(job["folder"])
    for descriptor, name in (0, os.devnull), (1, job["output"]), (2, job["errors"]):
        opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.setsid()
    sys.argv = [job["script"], *job["arguments"]]
    sys.path.insert(0, os.path.dirname(job["script"]))
    left = runpy.run_path(job["script"], run_name="__main__")
    if job.get("show_variables"):
        from report import show

        for name in sorted(n for n, value in left.items() if type(value).__name__ == "ndarray"):
            show(name, left[name])


def outcome(process, seconds):
    """The exit code of a child; 'late' and the end of its whole session when it takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return "late"


def main():
    for name in sys.argv[1:]:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    for line in sys.stdin:
        job = json.loads(line)
        process = os.fork()
        if process == 0:
            code = 1
            try:
                child(job)
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        print(json.dumps(outcome(process, job["seconds"])), flush=True)


if __name__ == "__main__":
    main()
