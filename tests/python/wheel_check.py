"""The wheel and the sdist as a user gets them.

    python wheel_check.py BUILD_FOLDER [--sdist]

    python wheel_check.py BUILD_FOLDER --pythons PYTHON...

Needs BUILD_FOLDER/wheel (tools/python_wheel) and the environments build and bare (tools/python_environments). Each check
installs into a new environment that has numpy and nothing else, opens the sample project and runs the command. With
--sdist the sdist is made and a wheel is built from it, which compiles everything unless the compiler cache knows it.
With --pythons the same for each of these interpreters, in environments that get the build packages and numpy from PyPI.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from parity import make_project  # noqa: E402

BUILD = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else Path("build").resolve()
SOURCE = Path(__file__).resolve().parents[2]
TOOLS = BUILD / "python" / "build" / "bin"
WITH_SDIST = "--sdist" in sys.argv
PYTHONS = sys.argv[sys.argv.index("--pythons") + 1 :] if "--pythons" in sys.argv else []
sys.argv = sys.argv[: sys.argv.index("--pythons")] if PYTHONS else sys.argv
sys.argv = [a for a in sys.argv if a != "--sdist"]

PROGRAM = """
import json, sys
import copick_native as copick
root = copick.from_file(sys.argv[1])
run = root.get_run("TS_001")
tomogram = run.get_voxel_spacing(13.48).get_tomograms("wbp")[0]
picks = run.new_picks("ribosome", "1", "wheel", exist_ok=True)
picks.from_numpy(tomogram.numpy()[:4, 0, :3])
others = sorted(n for n in sys.modules if n.split(".")[0] in
                {"zarr", "fsspec", "trimesh", "pandas", "pydantic", "scipy", "rich", "click", "numcodecs", "dask", "torch"})
print(json.dumps([[r.name for r in root.runs], list(tomogram.numpy().shape), len(picks.points), others, copick.__file__]))
"""


# Without the module path of the tests, in which pip would find the package installed already.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def run(*command, env=None, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                          env=env or CLEAN, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def the_wheel():
    (wheel,) = (BUILD / "wheel").glob("copick_native-*.whl")
    return wheel


class Packaging(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="copick-package-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name).resolve()

    def environment(self, wheel):
        """A new environment with numpy and the wheel; its python."""
        run(sys.executable, "-m", "venv", "--without-pip", self.folder / "env")
        python = self.folder / "env" / "bin" / "python"
        run(TOOLS / "python", "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel)
        (packages,) = (self.folder / "env" / "lib").glob("python*/site-packages")
        (numpy,) = (BUILD / "python" / "bare" / "lib").glob("python*/site-packages/numpy")
        for name in ("numpy", "numpy.libs"):
            (packages / name).symlink_to(numpy.parent / name)
        return python

    def check(self, wheel):
        make_project(self.folder)
        return self.check_in(self.environment(wheel))

    def check_in(self, python):
        """The package of an environment of its own, on a project that is there."""
        runs, shape, points, others, home = json.loads(run(python, "-c", PROGRAM, self.folder / "config.json", cwd=self.folder))
        self.assertEqual((runs, points), (["TS_001", "TS_002", "run-3.b"], 4))
        self.assertEqual(len(shape), 3)
        self.assertEqual(others, [], "imported though nobody asked for it")
        self.assertIn(str(python.parent.parent), home)
        command = python.parent / COMMAND
        self.assertIn("TS_001", run(command, "ls", "-c", self.folder / "config.json"))
        return python

    def test_the_wheel_works_beside_numpy_alone_and_brings_the_command(self):
        self.check(the_wheel())

    def test_the_wheel_holds_types_and_licence_and_no_sources(self):
        names = zipfile.ZipFile(the_wheel()).namelist()
        self.assertIn("copick_native/py.typed", names)
        self.assertTrue([n for n in names if n.endswith("LICENSE")])
        self.assertEqual([n for n in names if n.endswith((".cpp", ".h", ".txt.in", ".o", ".a"))], [])

    def test_the_repaired_wheel_holds_its_libraries_and_works(self):
        environment = CLEAN | {"PATH": f"{TOOLS}:{os.environ['PATH']}"}
        run(TOOLS / "auditwheel", "repair", "--wheel-dir", self.folder / "repaired", the_wheel(), env=environment)
        (wheel,) = (self.folder / "repaired").glob("*.whl")
        self.assertIn("manylinux", wheel.name)
        bundled = [n for n in zipfile.ZipFile(wheel).namelist() if ".libs/" in n]
        self.assertTrue([n for n in bundled if "blosc" in n], bundled)
        python = self.check(wheel)
        (core,) = (self.folder / "env" / "lib").glob("python*/site-packages/copick_native/_core*.so")
        needed = run("ldd", core)
        for library in ("blosc", "simdjson", "deflate"):
            for line in [n for n in needed.splitlines() if library in n]:
                self.assertIn(str(self.folder), line, "a library of the system is used instead of the bundled one")
        self.assertTrue(python.exists())

    def sdist(self):
        run(TOOLS / "python", "-m", "build", "--sdist", "--no-isolation", "--outdir", self.folder, SOURCE)
        (sdist,) = self.folder.glob("*.tar.gz")
        return sdist

    if PYTHONS:

        def test_the_sdist_builds_for_each_python(self):
            sdist = self.sdist()
            # Build isolation: pip takes the build packages that pyproject.toml names, and numpy, from the index. What it
            # unpacks lies below the folder, so that the compiler cache knows the files again.
            environment = CLEAN | {"TMPDIR": str(self.folder), "CCACHE_BASEDIR": str(self.folder), "CC": "cc", "CXX": "c++"}
            make_project(self.folder)
            for interpreter in PYTHONS:
                with self.subTest(interpreter):
                    home = self.folder / f"env-{PYTHONS.index(interpreter)}"
                    run(interpreter, "-m", "venv", home)
                    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", sdist)
                    run(home / "bin" / "python", *install, env=environment, cwd=self.folder)
                    self.check_in(home / "bin" / "python")

    def test_the_sdist_holds_what_is_needed_and_no_more(self):
        sdist = self.sdist()
        names = [n.split("/", 1)[1] for n in tarfile.open(sdist).getnames() if "/" in n]
        self.assertIn("include/copick/copick.h", names)
        self.assertIn("LICENSE", names)
        self.assertEqual([n for n in names if n.startswith(("tests/", "bench/", "build", "fuzz/", ".ci"))], [])
        if WITH_SDIST:
            environment = os.environ | {"CCACHE_BASEDIR": str(self.folder), "CCACHE_NOHASHDIR": "1", "PATH": f"{TOOLS}:{os.environ['PATH']}"}
            run(TOOLS / "python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", self.folder / "built",
                sdist, env=environment)
            (wheel,) = (self.folder / "built").glob("*.whl")
            self.check(wheel)


COMMAND = "copick"

if __name__ == "__main__":
    unittest.main()
