"""The public names and signatures of copick's modules, and what copick_native lacks of them.

    python census.py walk             prints the names of the copick this interpreter imports, as JSON
    python census.py compare --reference PYTHON --module FOLDER [--ours PYTHON] [--exceptions FILE]

A name is public when it has no leading underscore and the reference defines it in that module. Of a class: its public
members, its constructor and the methods that subclasses are told to override. A signature of ours may have further
parameters that have defaults; annotations are not compared.
census_exceptions.txt lists what differs for a reason: NAME | reason, where NAME may have wildcards; a line that nothing
needs is an error too.
"""

import argparse
import ast
import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What an abstract backend overrides, though it is spelt with an underscore.
HOOKS = {"__init__", "_load", "_store", "_delete_data", "_run_factory", "_object_factory", "_voxel_spacing_factory",
         "_picks_factory", "_mesh_factory", "_segmentation_factory", "_tomogram_factory", "_feature_factory",
         "_filaments_factory", "_query_objects", "_query_static_picks", "_query_overlay_picks", "_query_static_runs",
         "_query_overlay_runs", "_invalidate_caches", "_invalidate_all_caches"}
MODULES = re.compile(r"copick(\.models|\.impl\.(filesystem|overlay)|\.(util|ops)(\.[a-z]\w*)*|\.cli\.(util|types))?")


def walk():
    package = importlib.import_module("copick")
    names = ["copick", *(m.name for m in pkgutil.walk_packages(package.__path__, "copick.", onerror=lambda name: None))]
    facts, defined = {}, []
    for name in sorted(n for n in set(names) if MODULES.fullmatch(n)):
        try:
            module = importlib.import_module(name)
        except ImportError as missing:
            facts[name] = f"cannot be imported: {missing}"
            continue
        facts[name] = "module"
        defined += [name, *(f"{name}.{n}" for n in defined_names(module))]
        for attribute, value in sorted(vars(module).items()):
            if not attribute.startswith("_") or attribute == "__version__":
                facts |= described(f"{name}.{attribute}", value, name)
    return {"facts": facts, "defined": defined}


def defined_names(module):
    """What a module defines itself; of a package's __init__, also what it imports, which is there to be offered."""
    offered = (ast.ImportFrom,) if hasattr(module, "__path__") else ()
    for node in ast.parse(Path(module.__file__).read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in getattr(node, "targets", None) or [node.target]:
                if isinstance(target, ast.Name) and target.id != "logger":
                    yield target.id
        elif isinstance(node, offered):
            yield from (alias.asname or alias.name for alias in node.names)


def described(name, value, module):
    """The facts of one name of a module; nothing for what it imported from elsewhere."""
    if inspect.ismodule(value):
        return {}
    home = getattr(value, "__module__", module)
    if home is not None and home.split(".")[0] not in ("copick", "copick_native") and (inspect.isroutine(value) or inspect.isclass(value)):
        return {}
    if inspect.isclass(value):
        facts = {name: "class"}
        if home not in (module, module.replace("copick", "copick_native", 1)) and module != "copick":
            return facts  # described where it is defined
        for member in sorted(n for n in dir(value) if not n.startswith("_") or n in HOOKS):
            if member.startswith("model_") or member in PYDANTIC:
                continue
            facts |= member_facts(f"{name}.{member}", inspect.getattr_static(value, member))
        fields = getattr(value, "model_fields", None)
        if fields:
            facts |= {f"{name}.{field}": f"field {default_text(info)}" for field, info in fields.items()}
        return facts
    if inspect.isroutine(value):
        return {name: f"function {signature(value)}"}
    if isinstance(value, (str, int, float, tuple, frozenset)) and not attribute_is_typing(value):
        return {name: f"value {value!r}" if name != "copick.__version__" else "value"}
    return {name: "value"}


PYDANTIC = {"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json",
            "update_forward_refs", "validate"}


def attribute_is_typing(value):
    return type(value).__module__ == "typing"


def default_text(info):
    if info.is_required():
        return "required"
    return repr(info.default if info.default_factory is None else info.default_factory())


def member_facts(name, member):
    if isinstance(member, property):
        return {name: "property" + (" that can be set" if member.fset else "")}
    if isinstance(member, (classmethod, staticmethod)):
        return {name: f"{type(member).__name__} {signature(member.__func__)}"}
    if inspect.isroutine(member):
        return {name: f"method {signature(member)}"} if not hasattr(object, name.rsplit(".", 1)[1]) or inspect.isfunction(member) else {}
    if type(member).__name__ == "cached_property":
        return {name: "property"}
    return {name: "attribute"}


def signature(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return "(?)"
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
    return re.sub(r" at 0x[0-9a-f]+|<class '(?:numpy\.)?(\w+)'>", r"\1", str(inspect.Signature(plain)))


def walked(python, module=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"PYTHONWARNINGS": "ignore"}
    if module:
        environment["PYTHONPATH"] = os.pathsep.join([str(HERE / "as_copick"), str(module)])
    done = subprocess.run([python, __file__, "walk"], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the walk with {python} failed:\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    defined = set(found["defined"])
    facts = {name: fact.replace("copick_native", "copick") for name, fact in found["facts"].items()}
    return facts, {name for name in facts if any(name == d or name.startswith(d + ".") and facts.get(d) == "class" for d in ancestors(name) & defined)}


def ancestors(name):
    parts = name.split(".")
    return {".".join(parts[:n]) for n in range(1, len(parts) + 1)}


def parameters(fact):
    """Kind of a callable and its parameters, spelt alike: dtypes by name, no markers of positional-only ones."""
    kind, _, text = fact.partition("(")
    tree = ast.parse(f"def f({text}: pass".replace("(/, ", "(").replace(", /", ""))
    arguments = tree.body[0].args
    plain = [a.arg for a in arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + [default_of(d) for d in arguments.defaults]
    named = {a.arg: None if d is None else default_of(d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults)}
    return kind, list(zip(plain, defaults)), named, bool(arguments.vararg), bool(arguments.kwarg)


def default_of(node):
    text = ast.unparse(node)
    return {"'float32'": "float32", "'uint8'": "uint8"}.get(text, text)


def fits(theirs, ours):
    """Whether every call that one signature takes means the same to the other."""
    try:
        (kind, plain, named, star, stars), (kind_, plain_, named_, star_, stars_) = parameters(theirs), parameters(ours)
    except SyntaxError:
        return False
    # '0' is what the reference calls the first level; ours asks the metadata for it.
    same = [(n, d) == (m, e) or n == m == "zarr_group" and (d, e) == ("'0'", "None") for (n, d), (m, e) in zip(plain, plain_)]
    more = [d for _, d in plain_[len(plain):]] + [d for n, d in named_.items() if n not in named]
    return (kind == kind_ and len(plain) <= len(plain_) and all(same) and None not in more and star <= star_ and stars <= stars_
            and all(named_.get(n) == d for n, d in named.items()))


def exceptions(path):
    lines = (HERE / path).read_text(encoding="utf-8").splitlines()
    return [line.split("|")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


def compare(options):
    (theirs, defined), (ours, _) = walked(options.reference), walked(options.ours or options.reference, options.module)
    theirs = {name: fact for name, fact in theirs.items() if name in defined}
    patterns, needed, wrong = exceptions(options.exceptions), set(), []
    for name, fact in theirs.items():
        found = ours.get(name)
        # A field may be a property of a class of ours; a property that can be set may replace an attribute.
        if found == fact or (found and "(" in fact and "(" in found and fits(fact, found)) or (found and fact.startswith("field") and not found.startswith("field") and not options.strict):
            continue
        excused = {p for p in patterns if fnmatchcase(name, p)}
        needed |= excused
        if not excused:
            wrong.append(f"{name}\n    reference {fact}\n    native    {found or 'missing'}")
    wrong += [f"{options.exceptions} excuses '{p}', but nothing needs it: remove the line" for p in patterns if p not in needed]
    print("\n".join(wrong))
    print(f"{len(theirs)} public names, {sum(n in ours for n in theirs)} here, {len(wrong)} wrong, {len(patterns)} lines of exceptions")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["walk", "compare"])
    parser.add_argument("--reference")
    parser.add_argument("--ours")
    parser.add_argument("--module")
    parser.add_argument("--exceptions", default="census_exceptions.txt", help="a file of this folder")
    parser.add_argument("--strict", action="store_true", help="a field has to be a pydantic field with the same default")
    options = parser.parse_args()
    if options.verb == "walk":
        print(json.dumps(walk()))
        return 0
    return compare(options)


if __name__ == "__main__":
    sys.exit(main())
