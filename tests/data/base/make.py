"""Writes the expectations of tests/base from Python's own json, repr, fnmatch and re. Python 3.11; seeded, repeatable."""
import fnmatch
import json
import pathlib
import random
import re
import struct

here = pathlib.Path(__file__).parent
rng = random.Random(20241121)


def any_float():
    kind = rng.randrange(6)
    if kind == 0:
        return struct.unpack("<d", rng.randbytes(8))[0]
    if kind == 1:
        return rng.uniform(-1, 1)
    if kind == 2:
        return round(rng.uniform(-1e4, 1e4), rng.randrange(6))
    if kind == 3:
        return rng.choice([-1, 1]) * rng.randrange(10**17) * 10.0 ** rng.randrange(-25, 8)
    if kind == 4:
        return float(rng.randrange(-1000, 1000))
    return struct.unpack("<f", struct.pack("<f", rng.uniform(-500, 500)))[0]


def write_floats():
    edges = [0.0, -0.0, 1e15, 1e16, 1e17, 9999999999999998.0, 999999999999999.9, 1e-4, 9.999e-5, 1e-5, 5e-324,
             2.2250738585072014e-308, 1.7976931348623157e308, 1e22, 1e23, 0.1, 1 / 3, 123456789012345680.0, 1e100,
             float("nan"), float("inf"), float("-inf"), 1e14, 1e14 + 0.5, 4503599627370496.5]
    values = edges + [any_float() for _ in range(600)]
    lines = [f"{struct.unpack('<Q', struct.pack('<d', v))[0]:016x} {json.dumps(v)}" for v in values]
    (here / "floats.txt").write_text("\n".join(lines) + "\n")


def any_text():
    pools = ["abcXYZ 019_-./", "\"\\/\b\f\n\r\t\0\x01\x1f\x7f", "éßµÅ", "日本語", "😀𝔘\U0010ffff", "\ud800\udfff"]
    return "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(12)))


def any_value(depth):
    kind = rng.randrange(9 if depth < 5 else 7)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind in (1, 2):
        return any_float()
    if kind == 3:
        return rng.choice([rng.randrange(-100, 100), rng.randrange(-(2**70), 2**70), 2**63, -(2**63), 0])
    if kind in (4, 5, 6):
        return any_text()
    if kind == 7:
        return [any_value(depth + 1) for _ in range(rng.randrange(5))]
    return {any_text(): any_value(depth + 1) for _ in range(rng.randrange(5))}


def write_json():
    document = {"value %d" % i: any_value(0) for i in range(60)}
    document["empty"] = {"list": [], "object": {}, "text": "", "nested": [[], {}, [[]], [{}]]}
    for name, indent in [("indent4", 4), ("indent2", 2), ("indent0", 0), ("one_line", None)]:
        (here / f"python_{name}.json").write_text(json.dumps(document, indent=indent))
    # The same by other people's habits: no escapes for what is not ASCII.
    plain = {"name": "Ålesund 日本 😀", "list": ["é", 1]}
    (here / "python_not_ascii.json").write_text(json.dumps(plain, ensure_ascii=False, indent=4), encoding="utf-8")


def write_matches():
    letters = "ab-]![*?é."
    rows = []
    while len(rows) < 700:
        pattern = "".join(rng.choice(letters + "[[*?") for _ in range(rng.randrange(9)))
        name = "".join(rng.choice("ab-]![é.") for _ in range(rng.randrange(6)))
        matched = fnmatch.fnmatchcase(name, pattern)
        if matched or rng.random() < 0.2:
            rows.append([pattern, name, matched])
    expressions = ["ribo|prot", "ribo.*", "^ribo$", r"a\d+", r"\w+_\w+", "[a-c]+x?", "(?:ab){2}", "", "a{2,3}$", ".", "x|",
                   "(?=ab)a", "[^a]b", r"\.", "a+?b"]
    names = ["ribosome", "xribosome", "prot", "ribo", "a12", "a", "ab_cd", "abcx", "abab", "aaaa", "aaa", "", ".", "bb",
             "aab"]
    searches = [[e, n, re.match(e, n) is not None] for e in expressions for n in names]
    (here / "matches.json").write_text(json.dumps({"glob": rows, "regex": searches}))


write_floats()
write_json()
write_matches()
