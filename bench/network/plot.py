# SPDX-License-Identifier: MIT
"""One run as a picture: delay above, rates below, one time axis. SVG, written by hand."""
import html

WIDTH, LEFT, RIGHT, PANEL, GAP, TOP = 1000, 60, 20, 220, 50, 50
_COLOURS = {"link": "#999999", "received": "#1f6fb4", "target": "#d1495b", "delay": "#2a7f3f", "queue": "#b08900"}


class _Panel:
    def __init__(self, number, seconds, top_value, words):
        self.y, self.seconds, self.top, self.words = TOP + number * (PANEL + GAP), seconds, top_value, words

    def x_of(self, moment):
        return LEFT + max(0.0, min(moment, self.seconds)) / self.seconds * (WIDTH - LEFT - RIGHT)

    def y_of(self, value):
        return self.y + PANEL * (1 - min(value, self.top) / self.top)

    def frame(self):
        parts = [f'<text x="{LEFT}" y="{self.y - 8}" font-size="12">{html.escape(self.words)}</text>']
        for i in range(5):
            value = self.top * i / 4
            y = self.y_of(value)
            parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>'
                         f'<text x="{LEFT - 6}" y="{y + 4:.1f}" font-size="11" text-anchor="end">{value:g}</text>')
        every = next(s for s in (1, 2, 5, 10, 30, 60, 120, 600) if self.seconds / s <= 20)
        for i in range(int(self.seconds // every) + 1):
            x = self.x_of(i * every)
            parts.append(f'<text x="{x:.1f}" y="{self.y + PANEL + 15}" font-size="11" text-anchor="middle">{i * every:g} s</text>')
        return parts

    def line(self, points, colour, stepped=False):
        places = []
        for moment, value in points:
            x, y = self.x_of(moment), self.y_of(value)
            if stepped and places:
                places.append((x, places[-1][1]))
            places.append((x, y))
        if stepped and places:
            places.append((self.x_of(self.seconds), places[-1][1]))
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return f'<polyline points="{drawn}" fill="none" stroke="{_COLOURS[colour]}" stroke-width="1.5"/>'


def _round_up(value):
    return next(top for top in (0.2, 0.4, 1, 2, 4, 8, 16, 40, 100, 400, 1000, 2000, 4000, 8000, 20000, 1e9) if top >= value)


def _bins(arrivals, seconds, width=0.5):
    sums = [0] * (int(seconds / width) + 1)
    for arrival in arrivals:
        if 0 <= arrival.moment < seconds:
            sums[int(arrival.moment / width)] += arrival.size
    return [((i + 0.5) * width, bits * 8 / 1000 / width) for i, bits in enumerate(sums[:-1])]


def write(path, title, trace, arrivals, series, changes, queue):
    """`queue`: (moment, seconds that the link's queue takes at its rate)."""
    seconds = trace.seconds
    above = _Panel(0, seconds, _round_up(max((d for _, d in series), default=1)),
                   "s: delay of each picture (green), of it the queue in the link (yellow)")
    below = _Panel(1, seconds, _round_up(1.1 * max(step.kbps for step in trace.steps)),
                   "kbps: link (grey), media received (blue), encoder's target (red)")
    parts = above.frame() + below.frame()
    parts += [above.line(queue, "queue"), above.line(series, "delay"),
              below.line([(step.at, step.kbps) for step in trace.steps], "link", True),
              below.line(_bins(arrivals, seconds), "received"), below.line(changes, "target", True)]
    height = TOP + 2 * (PANEL + GAP)
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif">'
                    f'<rect width="100%" height="100%" fill="white"/><text x="{LEFT}" y="24" font-size="15">{html.escape(title)}</text>'
                    + "\n".join(parts) + "</svg>\n", encoding="utf-8")
