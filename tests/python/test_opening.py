"""Opening a project costs little: what it imports, and that JSON read by the engine is what Python's own package reads."""

import json
import math
import subprocess
import sys
import unittest

from copick_native import _core
from sample import Sample

SLOW_TO_IMPORT = {"dataclasses", "enum", "fsspec", "json", "numpy", "pydantic", "re", "trimesh", "typing", "weakref", "zarr"}
PROGRAM = """
import sys
before = set(sys.modules)
import copick_native
assert copick_native.from_file(sys.argv[1]).runs
print(*set(sys.modules) - before)
"""


class Opening(Sample):
    def test_opening_and_listing_import_nothing_slow(self):
        found = subprocess.run([sys.executable, "-c", PROGRAM, self.config], capture_output=True, text=True, check=True)
        self.assertEqual(SLOW_TO_IMPORT & set(found.stdout.split()), set())


class JsonText(unittest.TestCase):
    def test_values_are_those_of_the_package_json(self):
        for text in (
            '{"a": [1, -2.5, 1e3, null, true, false, "\\u00e9\\n"], "b": {}, "a": [12345678901234567890123]}',
            " [1E5, 0.1, -0, 1e400, Infinity, -Infinity] ",
            '"text"',
        ):
            with self.subTest(text):
                found, expected = _core.parse_json(text, "here"), json.loads(text)
                self.assertEqual(found, expected)
                self.assertEqual(repr(found), repr(expected))  # 1 is not 1.0
        self.assertTrue(math.isnan(_core.parse_json("NaN", "here")))

    def test_text_is_that_of_the_package_json(self):
        value = {"a": [1, 2.0, 1e-7, True, None, "\u00e9\"\n"], 10.0: ("x",), 3: {}, "big": 1 << 70, "far": math.inf, "none": []}
        self.assertEqual(_core.json_text(value), json.dumps(value))

    def test_what_is_no_json_is_said(self):
        with self.assertRaisesRegex(ValueError, "here"):
            _core.parse_json('{"a": ', "here")
        self.assertRaises(TypeError, _core.json_text, {"a": object()})
        endless: list = []
        endless.append(endless)
        self.assertRaises(ValueError, _core.json_text, endless)


if __name__ == "__main__":
    unittest.main()
