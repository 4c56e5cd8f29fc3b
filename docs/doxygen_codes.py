# SPDX-License-Identifier: MIT
"""doxygen_codes.py HEADER: prints it with the table of codes put in, each code with its meaning, for Doxygen to read."""
import pathlib
import re
import sys

header = pathlib.Path(sys.argv[1])
text = header.read_text()
rows = re.findall(r'^X\((\w+),\s*(-?\d+),\s*\w+,\s*\w+,\s*\w+,\s*\w+,\s*"([^"]*)",\s*"([^"]*)",\s*"[^"]*"\)', (header.parent / "codes.def").read_text(), re.MULTILINE)


def entries(macro):
    prefix = (re.search(r"(\w+)##name", macro[0]) or [None, ""])[1]
    return "\n".join(f"{prefix}{name} = {number},  ///< {number}: {meaning}. What to do: {advice}." for name, number, meaning, advice in rows)


print(re.sub(r"#define X\(.*?#undef X", entries, text, flags=re.DOTALL))
