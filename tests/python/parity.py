"""Runs scripts that users write on the reference package and on copick_native, and compares what they print and leave.

    python parity.py --reference PYTHON [--ours PYTHON] --module FOLDER [--keep] [SCRIPT...]

Each script of scripts/ and of examples/python runs unchanged, twice, each time in a fresh copy of the sample project: once with
the reference of that environment, once with copick_native (a folder to put on PYTHONPATH) installed in its place. The
lines printed and the files left have to be equal. Floats are equal when they are within one part in 10^6, everything
else when it is the same; differences.txt lists what differs for a reason, with the reason.
"""

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "data" / "samples"
RELATIVE = 1e-6
SECONDS = 120
PRELOADED = ["copick", "numpy", "zarr", "trimesh", "mrcfile", "tifffile", "pandas", "rich.progress", "scipy.spatial", "setting"]
EXAMPLES = HERE.parent.parent / "examples" / "python"


def make_project(folder, sample="v2-local", formats=False):
    """A copy of the sample project that a script may change; with `formats`, of the files of other packages too."""
    shutil.copytree(SAMPLES / sample, folder / "v2-local", ignore=shutil.ignore_patterns("*.json.template"))
    if formats:
        shutil.copytree(SAMPLES / "formats", folder / "formats")
    for name, template in [("config.json", "config.template.json"), ("overlay-only.json", "config-overlay-only.template.json")]:
        text = (SAMPLES / sample / template).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("${SAMPLES}/" + sample, f"{folder}/v2-local"), encoding="utf-8")


class Stage:
    """An environment in which scripts run: see stage.py. With `module`, copick_native stands in for copick."""

    def __init__(self, python, module=None):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COPICK"))}
        folders = [str(HERE / "as_copick"), str(module)] if module else []
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore",
                        "PYTHONPATH": os.pathsep.join([*folders, str(HERE / "scripts"), str(HERE), str(HERE / "ecosystem")])}
        self.process = subprocess.Popen([python, str(HERE / "stage.py"), *PRELOADED], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, script, folder, *arguments):
        """The lines a script printed (lists of entities in one order: the reference gives them in any), and what it said on stderr."""
        output, errors = Path(f"{folder}.out"), Path(f"{folder}.err")
        job = {"script": str(script), "arguments": [str(a) for a in arguments], "folder": str(folder), "output": str(output),
               "errors": str(errors), "seconds": SECONDS, "show_variables": Path(script).parent == EXAMPLES}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        code = json.loads(self.process.stdout.readline() or '"stage ended"')
        said = errors.read_text() if errors.exists() else ""
        lines = [re.sub(r"0x[0-9a-f]+", "0x", line.replace(str(folder), "<PROJECT>"))
                 for line in (output.read_text() if output.exists() else "").splitlines()]
        lines = [str(sorted(re.findall(r"Copick\w+\(.*?\) at 0x", line))) if line.startswith("[Copick") else line for line in lines]
        if Path(script).parent != EXAMPLES:  # progress bars are no facts
            lines = [line for line in lines if line[:1] in '[{']
        last = said.strip().splitlines()[-1].replace(str(folder), "<PROJECT>") if said.strip() else ""
        return lines + ([f"exit {code}: {last}"] if code else []), said

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=RELATIVE, abs_tol=1e-12)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def differing_lines(theirs, ours):
    """Lines are facts [name, value]; other lines (of the printed examples) are compared as text."""
    for index in range(max(len(theirs), len(ours))):
        a = theirs[index] if index < len(theirs) else "(nothing)"
        b = ours[index] if index < len(ours) else "(nothing)"
        if a == b:
            continue
        try:
            fact_a, fact_b = json.loads(a), json.loads(b)
        except ValueError:
            yield f"line {index + 1}", a, b
            continue
        if not same(fact_a, fact_b):
            yield str(fact_a[0]), *narrowed(fact_a[1], fact_b[1])


def narrowed(a, b):
    """The first place where two facts differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in list(a) + [k for k in b if k not in a]:
            if not same(a.get(key, "(no such member)"), b.get(key, "(no such member)")):
                return tuple(f"{key}: {x}" for x in narrowed(a.get(key, "(no such member)"), b.get(key, "(no such member)")))
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (x, y) in enumerate(zip(a, b)):
            if not same(x, y):
                return tuple(f"[{index}] {z}" for z in narrowed(x, y))
    return a, b


def read_allowed(path=HERE / "differences.txt"):
    """Lines SCRIPT: FACT | reason. Both may have wildcards."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        if line.strip() and not line.startswith("#"):
            place, reason = line.split("|", 1)
            script, fact = place.strip().split(": ", 1)
            rows.append((script, fact.strip(), reason.strip()))
    return rows


def files_of(folder):
    """What tells that a file was written since: path -> size and time."""
    return {str(p.relative_to(folder)): (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}


def changed(before, folder):
    """The files, and in their place the Zarr folders they are in, that differ from what was there before."""
    after = files_of(folder)
    names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {re.sub(r"(\.zarr)/.*", r"\1", name) for name in names if not name.startswith("formats/")}


def snapshot(stage, folder, names):
    lines, errors = stage.run(HERE / "snapshot.py", folder, folder, *sorted(names))
    if len(lines) != 1:
        raise SystemExit(f"snapshot.py failed:\n{errors}")
    return json.loads(lines[0])


def compare(script, reference, native, allowed, keep):
    """The differences of one script that nothing allows, how many facts were compared, and the allowances used."""
    with tempfile.TemporaryDirectory(prefix="parity-") as parent:
        folders = [Path(parent) / "reference", Path(parent) / "native"]
        for folder in folders:
            folder.mkdir()
            if script.parent == EXAMPLES:
                reference.run(HERE / "example_project.py", folder)
            else:
                make_project(folder, formats="formats/" in script.read_text(encoding="utf-8"))
        before = [files_of(folder) for folder in folders]
        theirs, errors = reference.run(script, folders[0])
        if theirs and theirs[-1].startswith("exit ") and script.parent != EXAMPLES:
            return [("the reference itself", errors[-600:], "")], 0, set()
        ours, errors = native.run(script, folders[1])
        found = list(differing_lines(theirs, ours))
        if found and errors.strip():
            found.append(("what it said last", "", errors.strip()[-600:]))
        names = set().union(*map(changed, before, folders))
        left, made = (snapshot(reference, folder, names) for folder in folders)
        for name in sorted(left.keys() | made.keys()):
            a, b = left.get(name, "(no such file)"), made.get(name, "(no such file)")
            if not same(a, b):
                found.append((f"file {name}", *narrowed(a, b)))
        if keep:
            shutil.copytree(parent, Path(tempfile.gettempdir()) / f"parity-{script.stem}", dirs_exist_ok=True)
        used = {row for row in allowed for fact, _, _ in found if fnmatchcase(script.stem, row[0]) and fnmatchcase(fact, row[1])}
        return [f for f in found if not any(fnmatchcase(f[0], row[1]) for row in used)], len(theirs) + len(left), used


def compare_all(scripts, options, allowed):
    """The outcome of each script in their order, from as many pairs of stages as there are processors."""
    local, stages = threading.local(), []

    def one(script):
        if not hasattr(local, "pair"):
            native = Stage(options.reference) if options.reference_only else Stage(options.ours or options.reference, options.module)
            local.pair = Stage(options.reference), native
            stages.extend(local.pair)
        return compare(script, *local.pair, allowed, options.keep)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        yield from zip(scripts, pool.map(one, scripts))
    for stage in stages:
        stage.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--ours")
    parser.add_argument("--module", help="the folder that holds copick_native")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--reference-only", action="store_true", help="only prove the scripts on the reference, twice")
    parser.add_argument("scripts", nargs="*")
    options = parser.parse_args()
    scripts = [Path(s).resolve() for s in options.scripts] or sorted(
        p for p in (HERE / "scripts").glob("*.py") if p.name != "report.py") + sorted(EXAMPLES.glob("*.py"))
    allowed, failed, total, used = read_allowed(), 0, 0, set()
    for script, (found, facts, used_here) in compare_all(scripts, options, allowed):
        total += facts
        used |= used_here
        failed += bool(found)
        print(f"{'FAILED' if found else 'same  '} {script.stem}: {facts} facts" + (f", {len(found)} differ" if found else ""))
        for name, theirs, ours in found[:25]:
            print(f"    {name}\n      reference {str(theirs)[:300]}\n      native    {str(ours)[:300]}")
    for script, fact, _ in [row for row in allowed if row not in used and not row[2].startswith("sometimes") and not options.scripts]:
        failed += 1
        print(f"FAILED differences.txt allows '{script}: {fact}', but nothing differs there: remove the line")
    print(f"{len(scripts)} scripts, {total} facts compared, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
