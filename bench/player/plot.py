# SPDX-License-Identifier: MIT
"""The delay of each player through the same stops, one below the other over one axis of time. SVG, written by hand."""
import html

WIDTH, LEFT, RIGHT, TOP, PANEL, GAP = 1000, 90, 20, 50, 110, 26
HOLE = 0.25  # s without a new picture: the line is broken there
LINE, STOP, GRID = "#1f6fb4", "#f3d9dc", "#dddddd"


def _step(top, most):
    return next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100) if top / step <= most)


def _panel(name, result, y, seconds, top):
    def x_of(moment):
        return LEFT + max(0.0, min(moment, seconds)) / seconds * (WIDTH - LEFT - RIGHT)

    def y_of(value):
        return y + PANEL * (1 - min(value, top) / top)

    parts = [f'<rect x="{x_of(begin):.1f}" y="{y}" width="{x_of(end) - x_of(begin):.1f}" height="{PANEL}" fill="{STOP}"/>'
             for begin, end in result["marks"]]
    step = _step(top, 4)
    for number in range(int(top / step) + 1):
        line = y_of(number * step)
        parts.append(f'<line x1="{LEFT}" y1="{line:.1f}" x2="{WIDTH - RIGHT}" y2="{line:.1f}" stroke="{GRID}"/>'
                     f'<text x="{LEFT - 6}" y="{line + 4:.1f}" font-size="11" text-anchor="end">{number * step:g} s</text>')
    parts.append(f'<text x="{LEFT + 6}" y="{y + 14}" font-size="13" font-weight="bold">{html.escape(name)}</text>')
    run, last = [], None
    for moment, value in [*result["series"], (float("inf"), 0)]:
        if last is not None and moment - last > HOLE:
            parts.append(f'<polyline points="{" ".join(run)}" fill="none" stroke="{LINE}" stroke-width="1.5"/>')
            run = []
        if moment <= seconds:
            run.append(f"{x_of(moment):.1f},{y_of(value):.1f}")
        last = moment
    return parts


def write(path, results):
    """results: {name: {"series": [(s, delay in s)], "marks": [(s at which a stop begins, ends)]}}."""
    seconds = max((result["series"][-1][0] for result in results.values() if result["series"]), default=1)
    top = max((value for result in results.values() for _, value in result["series"]), default=1)
    step = _step(top, 4)
    top = step * (int(top / step) + 1)
    parts = []
    for number, (name, result) in enumerate(results.items()):
        parts += _panel(name, result, TOP + number * (PANEL + GAP), seconds, top)
    foot = TOP + len(results) * (PANEL + GAP)
    every = _step(seconds, 20)
    parts += [f'<text x="{LEFT + at * every / seconds * (WIDTH - LEFT - RIGHT):.1f}" y="{foot}" font-size="11" text-anchor="middle">{at * every:g} s</text>'
              for at in range(int(seconds / every) + 1)]
    title = "Delay from capture to screen; the way to the player stands still where it is red"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{foot + 20}" font-family="sans-serif">'
                    f'<rect width="100%" height="100%" fill="white"/><text x="{LEFT}" y="24" font-size="15">{title}</text>'
                    + "\n".join(parts) + "</svg>\n", encoding="utf-8")
