"""The rules of the house that a program can see. Run as a test: check.py SOURCE_FOLDER.

The floors and their arrows are read from the copick_floor lines of CMakeLists.txt, the only place that states them.
"""

import re
import sys
from pathlib import Path

from cpp_text import functions, includes, without_comments_and_strings

MAX_FILE_LINES = 799
MAX_FUNCTION_LINES = 80
MAX_FUNCTION_LINES_P99 = 60
CODE_FOLDERS = ("apps", "bench", "cmake", "examples", "fuzz", "include", "python", "src", "tests", "tools", ".ci")
CPP = {".h", ".cpp"}
SCRIPTS = {".py", ".sh", ".cmake", ".txt", ""}
DATA = ("tests/data/", "tests/interop/require", "tests/python/require")
OWN_RULES = "tests/architecture/"  # these files have to spell what they forbid

NO_PRINT = r"\b(?:printf|fprintf|puts|fputs|cout|cerr|clog)\b"
NO_EXIT = r"\b(?:exit|_exit|quick_exit|abort|terminate)\s*\("
# A caller who writes "~" asks for the home folder: the one reading of the environment that is not behind their back.
HOME_FOLDER = "src/store/open_store.cpp"
NO_ENVIRONMENT = r"\b(?:getenv|secure_getenv|setenv|environ)\b"
NO_LOCALE = r"\b(?:setlocale|strtod|strtof|atof|stod|stof|std::locale(?!::classic))\b"
UNFINISHED = r"\b(?:TODO|FIXME|XXX|HACK)\b|not implemented|unimplemented"
SWITCHED_OFF = r"doctest::skip|doctest::may_fail|doctest::should_fail|pytest\.mark\.(?:skip|xfail)|unittest\.skip"


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.files = {}
        for folder in CODE_FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                name = path.relative_to(self.root).as_posix()
                wanted = path.suffix in CPP | SCRIPTS and not name.startswith(DATA)
                if path.is_file() and wanted and "__pycache__" not in name:
                    self.files[name] = path.read_text(encoding="utf-8", errors="replace")
        self.floors = floors((self.root / "CMakeLists.txt").read_text(encoding="utf-8"))

    def cpp(self, *folders):
        return {n: t for n, t in self.files.items() if Path(n).suffix in CPP and n.startswith(folders or "")}


def floors(cmake):
    """floor -> the floors it may include, itself and everything below."""
    below = {}
    for name, rest in re.findall(r"^copick_floor\((\w+)\s*([^)]*)\)", cmake, flags=re.M):
        uses = re.search(r"USES((?:\s+(?!LIBS)\w+)+)", rest)
        below[name] = {name}
        for lower in uses.group(1).split() if uses else []:
            if lower not in below:
                raise SystemExit(f"CMakeLists.txt: floor '{name}' uses '{lower}', which is not below it")
            below[name] |= below[lower]
    return below


def arrows_point_down(tree):
    for name, text in tree.cpp("src/").items():
        own = name.split("/")[1]
        if own not in tree.floors:
            yield f"{name}: src/{own} is not a floor of CMakeLists.txt"
            continue
        for line, spelling in includes(text):
            target = spelling[1:-1]
            floor = target.split("/")[0]
            if spelling[0] == "<":
                continue
            if floor not in tree.floors:
                yield f"{name}:{line}: {spelling} does not begin with a floor"
            elif floor not in tree.floors[own]:
                yield f"{name}:{line}: floor '{own}' may not see '{floor}' ({spelling})"


def public_headers_show_only_std_and_ours(tree):
    for name, text in tree.cpp("include/").items():
        for line, spelling in includes(text):
            if not re.fullmatch(r"<(copick/\w+\.h|[a-z_0-9]+)>", spelling):
                yield f"{name}:{line}: {spelling} in a public header"


def heavy_headers_stay_in_their_room(tree):
    rooms = [(r"<regex>", r"src/base/match\.cpp", "one file"),
             (r"<fmt/(?!core\.h).*>", r"$^", "fmt/core.h instead"),
             (r"<fmt/.*>", r".*\.cpp", "sources, not headers"),
             (r"<simdjson\.h>", r"src/.*\.cpp", "sources, not headers"),
             (r"<curl/.*>|<openssl/.*>|<pugixml.hpp>", r"src/store/remote/.*|fuzz/.*", "src/store/remote"),
             (r"<doctest/.*>", r"tests/.*", "the tests")]
    for name, text in tree.cpp().items():
        for line, spelling in includes(text):
            for header, room, where in rooms:
                if re.fullmatch(header, spelling) and not re.fullmatch(room, name):
                    yield f"{name}:{line}: {spelling} belongs to {where}"


def library_is_silent(tree):
    rules = [(NO_PRINT, "prints"), (NO_EXIT, "ends the process"), (NO_ENVIRONMENT, "reads the environment"),
             (NO_LOCALE, "depends on the locale")]
    for name, text in tree.cpp("src/", "include/").items():
        for number, line in enumerate(without_comments_and_strings(text).split("\n"), 1):
            for pattern, what in rules:
                if pattern == NO_ENVIRONMENT and name == HOME_FOLDER:
                    continue
                if re.search(pattern, line):
                    yield f"{name}:{number}: the library {what}: {line.strip()}"


def nothing_is_left_unfinished(tree):
    for name, text in tree.files.items():
        if name.startswith(OWN_RULES):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(UNFINISHED, line):
                yield f"{name}:{number}: unfinished: {line.strip()}"
            if name.startswith("tests/") and re.search(SWITCHED_OFF, line):
                yield f"{name}:{number}: a test that is switched off: {line.strip()}"


def files_are_rooms_not_halls(tree):
    for name, text in tree.files.items():
        lines = text.count("\n")
        if lines > MAX_FILE_LINES:
            yield f"{name}: {lines} lines; at most {MAX_FILE_LINES}"


def functions_fit_a_screen(tree):
    lengths = []
    for name, text in tree.cpp().items():
        for function in functions(text):
            lengths.append(function.length)
            if function.length > MAX_FUNCTION_LINES:
                yield f"{name}:{function.line}: {function.name} has {function.length} lines; at most {MAX_FUNCTION_LINES}"
    if lengths:
        p99 = sorted(lengths)[int(0.99 * (len(lengths) - 1))]
        if p99 > MAX_FUNCTION_LINES_P99:
            yield f"one function in a hundred has {p99} lines or more; at most {MAX_FUNCTION_LINES_P99}"


RULES = [arrows_point_down, public_headers_show_only_std_and_ours, heavy_headers_stay_in_their_room,
         library_is_silent, nothing_is_left_unfinished, files_are_rooms_not_halls, functions_fit_a_screen]


def violations(root):
    tree = Tree(root)
    return [(rule.__name__, message) for rule in RULES for message in rule(tree)]


if __name__ == "__main__":
    found = violations(sys.argv[1])
    for rule, message in found:
        print(f"{message}   [{rule}]")
    print(f"{len(RULES)} rules, {len(found)} violations")
    sys.exit(1 if found else 0)
