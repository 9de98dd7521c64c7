"""Reads C++ as far as the rules need: text without comments and strings, includes, and the length of each function.

Not a parser: it follows braces. It knows namespaces, classes, constructors' brace initialisers and default arguments
in braces; a function defined inside a macro is invisible to it.
"""

import re
from dataclasses import dataclass

_QUOTED = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<delim>[^()\\\s]{0,16})\(.*?\)(?P=delim)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)


def without_comments_and_strings(text):
    """The same text, same length and lines, with every comment and literal blanked."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))

    return _QUOTED.sub(blank, text)


def includes(text):
    """(line, spelling) of each #include, the spelling with its quotes or angle brackets."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"][^>"]+[>"])', line)
        if match:
            found.append((number, match.group(1)))
    return found


@dataclass
class Function:
    name: str
    line: int    # of its first token
    length: int  # lines, signature and closing brace included


def _matching_brace(code, start):
    depth = 0
    for i in range(start, len(code)):
        if code[i] == "{":
            depth += 1
        elif code[i] == "}":
            depth -= 1
            if depth == 0:
                return i
    return len(code) - 1


def _brace_kind(head):
    """What the '{' after `head` opens: 'scope', 'function' or 'value'."""
    tail = head.rstrip()
    if re.search(r"\b(namespace|class|struct|union)\b[^()]*$", tail):
        return "scope"
    if re.search(r"\bextern\s*$", tail):
        return "scope"
    if re.search(r"\benum\b[^()]*$", tail) or ")" not in tail or re.search(r"[=,(]$", tail):
        return "value"
    in_initialisers = re.search(r"\)\s*(noexcept\s*(\([^()]*\))?\s*)?:(?!:)", tail)
    if in_initialisers and re.search(r"[\w>]$", tail):
        return "value"
    return "function"


def functions(text):
    code = without_comments_and_strings(text)
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M)
    found, head, parens, i = [], 0, 0, 0
    while i < len(code):
        c = code[i]
        if c == "(":
            parens += 1
        elif c == ")":
            parens -= 1
        elif c in ";}" and parens == 0:
            head = i + 1
        elif c == "{":
            kind = "value" if parens else _brace_kind(code[head:i])
            if kind == "scope":
                head = i + 1
            else:
                end = _matching_brace(code, i)
                if kind == "function":
                    start = head + len(code[head:i]) - len(code[head:i].lstrip())
                    named = re.search(r"([~\w:]+|operator\s*\S+?)\s*\(", code[start:i])
                    first = code.count("\n", 0, start) + 1
                    length = code.count("\n", start, end) + 1
                    found.append(Function(named.group(1) if named else "?", first, length))
                    head = end + 1
                i = end
        i += 1
    return found
