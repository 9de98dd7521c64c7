"""The types of copick_native, as mypy and pyright see them: a script that is right, one that is not, and the stub of the extension."""

import ast
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = Path(os.environ["PYTHONPATH"].split(os.pathsep)[0]).resolve() / "copick_native"
BIN = Path(sys.executable).parent


def run(*command):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, cwd=HERE,
                          env=os.environ | {"MYPYPATH": str(PACKAGE.parent)})


def mypy(*arguments):
    return run(BIN / "mypy", "--cache-dir", os.devnull, "--ignore-missing-imports", "--no-error-summary", *arguments)


def pyright(*files):
    done = run(BIN / "pyright", "--outputjson", "--pythonpath", sys.executable, *files)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return [f"{Path(d['file']).name}:{d['range']['start']['line'] + 1}: {d['message']}" for d in found if d["severity"] == "error"]


def wrong_lines():
    lines = (HERE / "typing_wrong.py").read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}


class Types(unittest.TestCase):
    def test_mypy_takes_a_script_strictly(self):
        self.assertEqual(mypy("--strict", "--follow-imports=silent", "typing_sample.py").stdout, "")

    def test_pyright_takes_a_script(self):
        self.assertEqual(pyright("typing_sample.py"), [])

    def test_both_find_what_is_wrong(self):
        found = mypy("--follow-imports=silent", "typing_wrong.py").stdout.splitlines()
        self.assertLessEqual(wrong_lines() - {int(line.split(":")[1]) for line in found}, {9})  # an expression alone
        self.assertLessEqual(wrong_lines(), {int(line.split(":")[1]) for line in pyright("typing_wrong.py")})

    def test_the_stub_of_the_extension_names_all_it_offers(self):
        from copick_native import _core

        offered = {name for name in dir(_core) if not name.startswith("_")}
        stub = ast.parse((PACKAGE / "_core.pyi").read_text(encoding="utf-8")).body
        written = {n.name for n in stub if isinstance(n, (ast.ClassDef, ast.FunctionDef))}
        self.assertEqual(offered - written, set())

    def test_mypy_understands_the_package_and_its_stub(self):
        self.assertEqual(mypy("-p", "copick_native").stdout, "")
        self.assertEqual(mypy(PACKAGE / "_core.pyi").stdout, "")


if __name__ == "__main__":
    unittest.main()
