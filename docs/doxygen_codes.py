# SPDX-License-Identifier: MIT
"""doxygen_codes.py codes.hpp: prints it with the table of codes put in, each code with its meaning, for Doxygen to read."""
import pathlib
import re
import sys

header = pathlib.Path(sys.argv[1])
rows = re.findall(r'^X\((\w+),\s*(-?\d+),\s*\w+,\s*"([^"]*)",\s*"([^"]*)"\)', (header.parent / "codes.def").read_text(), re.MULTILINE)
codes = "\n".join(f"{name} = {number},  ///< {number}: {text}. What to do: {advice}." for name, number, text, advice in rows)
print(re.sub(r"#define X\(.*?#undef X", lambda _: codes, header.read_text(), flags=re.DOTALL))
