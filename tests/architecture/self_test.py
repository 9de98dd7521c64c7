"""Each rule must catch what it is for: a violation is planted in a small tree, and the rule has to name it."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from check import violations  # noqa: E402
from cpp_text import functions  # noqa: E402

CMAKE = """
copick_floor(base     LIBS fmt)
copick_floor(store    USES base)
copick_floor(zarr     USES store LIBS blosc)
"""
CLEAN = {
    "CMakeLists.txt": CMAKE,
    "include/copick/store.h": "#include <copick/bytes.h>\n#include <vector>\n",
    "src/store/local.cpp": '#include "base/checked.h"\n#include <fmt/core.h>\nint size() { return 1; }\n',
    "src/base/match.cpp": "#include <regex>\n",
    "src/zarr/array.cpp": '#include "store/key.h"\n#include "base/checked.h"\n',
}


def found_in(planted):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**CLEAN, **planted}.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return violations(folder)


class Rules(unittest.TestCase):
    def expect(self, rule, planted, *where):
        found = found_in(planted)
        self.assertEqual({name for name, _ in found}, {rule}, found)
        for text in where:
            self.assertTrue(any(text in message for _, message in found), (text, found))

    def test_a_clean_tree_has_no_violation(self):
        self.assertEqual(found_in({}), [])

    def test_an_upward_arrow_is_found(self):
        self.expect("arrows_point_down", {"src/store/up.cpp": '#include "zarr/array.h"\n'}, "src/store/up.cpp:1")

    def test_an_arrow_to_a_neighbour_by_path_is_found(self):
        self.expect("arrows_point_down", {"src/store/up.cpp": '#include "../zarr/array.h"\n'}, "src/store/up.cpp:1")

    def test_a_folder_that_is_no_floor_is_found(self):
        self.expect("arrows_point_down", {"src/utils/x.cpp": "int x;\n"}, "src/utils")

    def test_a_third_party_type_in_a_public_header_is_found(self):
        self.expect("public_headers_show_only_std_and_ours",
                    {"include/copick/json.h": "#include <nlohmann/json.hpp>\n"}, "include/copick/json.h:1")

    def test_regex_outside_its_file_is_found(self):
        self.expect("heavy_headers_stay_in_their_room", {"src/base/other.cpp": "#include <regex>\n"}, "<regex>")

    def test_fmt_in_a_header_is_found(self):
        self.expect("heavy_headers_stay_in_their_room", {"src/base/text.h": "#include <fmt/core.h>\n"}, "sources")

    def test_a_library_that_prints_exits_or_reads_the_environment_is_found(self):
        self.expect("library_is_silent", {"src/base/loud.cpp": 'void a() { std::printf("x"); }\nvoid b() { exit(1); }\n'
                                                               'auto c() { return getenv("HOME"); }\n'},
                    "loud.cpp:1", "loud.cpp:2", "loud.cpp:3")

    def test_a_word_in_a_comment_or_string_is_no_print(self):
        self.assertEqual(found_in({"src/base/quiet.cpp": 'auto s = "printf"; // cout, exit(1)\nint snprintf_size;\n'}),
                         [])

    def test_unfinished_work_is_found(self):
        self.expect("nothing_is_left_unfinished", {"tools/x.sh": "# TODO: later\n"}, "tools/x.sh:1")

    def test_a_test_switched_off_is_found(self):
        self.expect("nothing_is_left_unfinished",
                    {"tests/base/x.cpp": 'TEST_CASE("x" * doctest::skip()) {}\n'}, "tests/base/x.cpp:1")

    def test_a_long_file_is_found(self):
        self.expect("files_are_rooms_not_halls", {"src/base/long.cpp": "int x;\n" * 800}, "800 lines")

    def test_a_long_function_is_found(self):
        body = "  f();\n" * 80
        planted = {f"src/base/small{i}.cpp": "int f() { return 1; }\n" for i in range(200)}
        planted["src/base/long.cpp"] = f"namespace a {{\n\nint long_one(int x) {{\n{body}}}\n}}\n"
        self.expect("functions_fit_a_screen", planted, "src/base/long.cpp:3: long_one has 82 lines")

    def test_many_middling_functions_are_found(self):
        planted = {f"src/base/f{i}.cpp": "int f() {\n" + "  f();\n" * 65 + "}\n" for i in range(5)}
        self.expect("functions_fit_a_screen", planted, "one function in a hundred has 67 lines")


class FunctionLengths(unittest.TestCase):
    def names_and_lengths(self, text):
        return [(f.name, f.line, f.length) for f in functions(text)]

    def test_methods_in_nested_scopes_are_seen(self):
        text = "namespace a::b {\nclass C final : public D<int> {\n public:\n  int f() const {\n    return 1;\n  }\n};\n}\n"
        self.assertEqual([(n, length) for n, _, length in self.names_and_lengths(text)], [("f", 4)])

    def test_brace_initialisers_do_not_end_a_constructor(self):
        text = "C::C(int x) : a_{x}, b_(1) {\n  f();\n}\nint g() { return 2; }\n"
        self.assertEqual(self.names_and_lengths(text), [("C::C", 1, 3), ("g", 4, 1)])

    def test_braces_in_default_arguments_and_values_are_not_bodies(self):
        text = "void f(const O& o = {}, int x = 1);\nint a[] = {1, 2};\nstd::vector<int> v{f(1)};\nint g() {\n}\n"
        self.assertIn(("g", 4, 2), self.names_and_lengths(text))
        self.assertNotIn("f", [n for n, _, length in self.names_and_lengths(text) if length > 1])

    def test_braces_in_literals_do_not_count(self):
        text = "int f() {\n  auto s = R\"({{{)\"; char c = '{';  // {\n  return 1'000;\n}\nint g() {\n}\n"
        self.assertEqual([n for n, _, _ in self.names_and_lengths(text)], ["f", "g"])

    def test_a_test_case_is_a_function(self):
        self.assertEqual(self.names_and_lengths('TEST_CASE("x") {\n  CHECK(f({1, 2}));\n}\n'), [("TEST_CASE", 1, 3)])


if __name__ == "__main__":
    unittest.main()
