#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""texts.py ROOT [--run PROGRAM]: every text that a user can come to see, to be read in one go:

    python3 -B tests/architecture/texts.py . --run build/release/bin/livepusher > build/texts.txt

From the code, a line each: file, line, kind and text, what is put in as `{…}`. Everything that has two words is in the list,
for a text goes through many hands before it is shown. With --run, what the program really says when things go wrong.
Ends with 1 where a text breaks a rule that a script can see (flaws()); those stand at the list's end."""
import pathlib
import re
import sys
from dataclasses import dataclass, field

FOLDERS = ("include", "common", "src", "capture", "effects", "encode", "decode", "file", "flv", "rtmp", "srt", "display", "examples")
VALUE = "{…}"

TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<directive>^[ \t]*#[ \t]*(?:include|error|pragma)[^\n]*)'
    r'|(?P<raw>R"(?P<fence>[^()\s]*)\((?P<rawtext>.*?)\)(?P=fence)")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>'(?:\\.|[^'\\\n])+')"
    r'|(?P<word>[A-Za-z_]\w*(?:(?:::|\.|->)[A-Za-z_~]\w*)*|\d[\w.\']*)'
    r'|(?P<space>\s+)'
    r'|(?P<sign>::|->|<<|&&|\|\||.)',
    re.DOTALL | re.MULTILINE)

# What a text is given to (the nearest call around it that is one of these) -> its kind in the list.
KINDS = {
    **dict.fromkeys(("Error", "error", "fail", "failed", "failure", "refused", "refuse", "invalid", "wrong", "bad", "unusable",
                     "malformed", "cameraFailed", "notFollowed"), "error"),
    "log": "log", "logEvent": "log",
    "X": "code",
    "add_option": "help", "add_flag": "help", "flag": "help", "add_subcommand": "help", "add_flag_callback": "help", "description": "help",
    "footer": "help", "group": "help", "App": "help",
    "state": "event", "send": "event", "code": "event", "onCode": "event", "report": "event", "tell": "event",
}
# A file's own kind, where its name begins so.
FILES = {"examples/livepusher/help_text": "help", "src/properties/table": "property", "src/properties/player_table": "property", "src/properties/rows": "property"}
_WRAPPERS = {"std::string", "string", "std::string_view", "std::move"}
_ESCAPES = {r"\n": "⏎", r"\"": '"', r"\t": " ", r"\\": "\\"}


@dataclass
class Text:
    """One text of the code, and the expressions that are put into it."""
    file: str
    line: int
    kind: str
    text: str
    values: list = field(default_factory=list)

    def __str__(self):
        return f"{self.file}:{self.line}: [{self.kind}] {self.text}"


@dataclass
class _Level:
    """What is open: a bracket, who it belongs to, and the text that is being put together in it."""
    owner: str
    opened: str
    line: int = 0
    pieces: list = field(default_factory=list)
    values: list = field(default_factory=list)
    expression: str = ""


def _unescaped(literal):
    return re.sub(r'\\["nt\\]', lambda found: _ESCAPES[found[0]], literal)


class _Reader:
    def __init__(self, name):
        self.name, self.texts = name, []
        self.levels = [_Level("", "")]

    def kind(self):
        own = [kind for name, kind in FILES.items() if self.name.startswith(name)]
        if own:
            return own[0]
        for level in reversed(self.levels):
            last = re.split(r"::|\.|->", level.owner)[-1]
            if last in KINDS:
                return KINDS[last]
        return "text"

    def literal(self, text, line):
        level = self.levels[-1]
        self.value(level)
        if all(piece == VALUE for piece in level.pieces):
            level.line = line
        level.pieces.append(text)

    def value(self, level):
        """What was read since the last literal is put in there, if it is more than the sign between two of them."""
        expression = level.expression.strip(" +<")
        level.expression = ""
        if not expression:
            return
        expression = re.sub(r"^(else|return|co_return|case|throw)\b\s*", "", expression)
        if not expression or expression[-1] in "=!>":  # Said to somebody, or compared: what stands before is no part of it.
            return self.forget(level)
        level.values.append(expression)
        level.pieces.append(VALUE)

    @staticmethod
    def forget(level):
        level.pieces, level.values, level.expression = [], [], ""

    def end(self):
        """The expression is over: what has text in it is a text."""
        level = self.levels[-1]
        if any(piece != VALUE for piece in level.pieces):
            self.value(level)
            text = "".join(level.pieces)
            if self.isText(text, self.kind()):
                self.texts.append(Text(self.name, level.line, self.kind(), text.strip(), list(level.values)))
        self.forget(level)

    @staticmethod
    def isText(text, kind):
        if max(map(len, text.split()), default=0) > 200 or re.match(r"(mrs|msr) ", text):  # tables, instructions
            return False
        words = re.findall(r"[A-Za-z]{2,}", text.replace(VALUE, " "))
        if kind in ("error", "log") and len(text) > 3 and text == text.lower():
            return True
        return len(words) >= 2 and " " in text.strip() or VALUE in text and len(words) >= 1

    def opened(self, sign, owner, line):
        self.levels.append(_Level(owner, sign, line))

    def closed(self):
        level = self.levels[-1]
        if len(self.levels) == 1:
            return self.end()
        outer = self.levels[-2]
        if level.owner in _WRAPPERS and level.pieces and not level.values and not level.expression.strip():
            self.levels.pop()
            outer.expression = outer.expression.rstrip().removesuffix(level.owner)  # std::string("text") is the text
            for piece in level.pieces:
                self.literal(piece, level.line)
            return
        self.end()
        self.levels.pop()
        outer.expression += {"(": "()", "{": "{}", "[": "[]"}[level.opened]


def textsOf(name, source):
    """The texts of one C++ file."""
    reader, line, word = _Reader(name), 1, ""
    for token in TOKEN.finditer(source):
        kind, text = token.lastgroup, token[0]
        level = reader.levels[-1]
        if token["raw"] is not None:
            reader.literal(token["rawtext"].replace("\n", "⏎"), line)
        elif kind == "string":
            reader.literal(_unescaped(text[1:-1]), line)
        elif kind in ("word", "char"):
            level.expression += (" " if level.expression[-1:].isalnum() else "") + text
        elif kind == "sign":
            if text in "([{":
                reader.opened(text, word, line)
            elif text in ")]}":
                reader.closed()
                if text == "}" and reader.levels[-1].owner == "" and not reader.levels[-1].pieces:
                    reader.levels[-1].expression = ""
            elif text in ",;?:" or text in ("&&", "||"):
                reader.end()
            else:
                level.expression += text
        if kind not in ("space", "comment"):
            word = text if kind == "word" else ""
        line += text.count("\n")
    reader.end()
    return reader.texts


def textsOfTree(root):
    """The texts of the library and of the program, in the order of their files."""
    root = pathlib.Path(root)
    files = [path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in (".cpp", ".hpp", ".h", ".c", ".def")]
    return [text for path in sorted(files) for text in textsOf(str(path.relative_to(root)), path.read_text())]


# Texts that only look like it: (file, text).
NOT_SHOWN = {("rtmp/login.cpp", "{…}:live:{…}")}  # What a digest is made of.

# A value that is a URL as it was given, key and all: what is shown of it has to go through redacted().
_BARE_URL = re.compile(r"\b(?:\w+(?:\.|->))*(?:url|pushUrl)_?(?:\(\)|\.text\(\)|\.spelled\(\))?$", re.IGNORECASE)
_SECRET = re.compile(r"\b\w*(?:streamKey|password|secret|token)\w*(?:\(\))?$", re.IGNORECASE)


# One thing has one name: what is not said -> what is.
WORDS = {r"\bno memory\b(?! for)": "out of memory", r"\bdescriptors? left\b": "out of file descriptors", r"\bdoesn't\b": "does not",
         r"\bmust be (?:in|within|between|from) \d": "must be 1..9", r"\bNo such file\b": "there is no such file"}


def flaws(text):
    """What a script can see to be wrong with a text."""
    found = [f'is to say "{ours}"' for others, ours in WORDS.items() if re.search(others, text.text)]
    plain = text.text
    wrong = re.search(r"\b(invalid|not valid(?! JSON)|illegal|unknown)\b", plain, re.IGNORECASE)
    if wrong and VALUE not in plain and text.kind in ("error", "log"):
        found.append("says that something is wrong, and not the value")
    if text.kind in ("error", "log", "event") and re.fullmatch(r"(\{…\}[: ]*)?(\w+ ){0,2}(failed|error)[.!]?", plain):
        found.append("says that something failed, and not why")
    if re.search(r"\{…\}(ms|s|kbps|fps|Hz|px|bytes|%)(?![\w{])", plain):
        found.append("has a unit without a blank before it")
    for value in text.values:
        if "redacted" not in value and (text.file, plain) not in NOT_SHOWN and (_BARE_URL.search(value) or _SECRET.search(value)):
            found.append(f"shows {value}, which may hold a key")
    return found


def main(root, program=None):
    texts = textsOfTree(root)
    for text in texts:
        print(text)
    print(f"\n{len(texts)} texts in the code")
    said = 0
    if program:
        sys.path.insert(0, str(pathlib.Path(root) / "tests/integration"))
        import fault_texts  # Needs the program and its servers, which the list of the code does not.
        said = fault_texts.main(program)
    wrong = [f"{text}\n    {flaw}" for text in texts for flaw in flaws(text)]
    print("\n".join(wrong))
    return 1 if wrong or said or not texts else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4) or (len(sys.argv) == 4 and sys.argv[2] != "--run"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[3] if len(sys.argv) == 4 else None))
