# SPDX-License-Identifier: MIT
"""Files that are damaged and servers that break off: what can be played is played, and what is missing is told."""
import random
import threading

import clips
import harness
from clips import clip
from media_server import MediaServer
from playback_rows import SOURCE, Case, Row

FAST_START = ("-movflags", "+faststart")
SECRET = "secret-token"


def cut(name, source, share):
    data = source.read_bytes()
    return clips.kept(f"{source.name[:10]}-{share}-{name}", lambda path: path.write_bytes(data[:int(len(data) * share)]))


def damaged(name, source, seed, begin=0.45, end=0.55):
    """Noise in place of a piece of the file."""
    data, chance = bytearray(source.read_bytes()), random.Random(seed)
    first, last = int(len(data) * begin), int(len(data) * end)
    data[first:last] = chance.randbytes(last - first)
    return clips.kept(f"{source.name[:10]}-{seed}-{name}", lambda path: path.write_bytes(data))


def zeroed(name, source):
    """As a disk does that has lost blocks: of its middle and of its end, where its index was."""
    data = bytearray(source.read_bytes())
    for at in (0.3, 0.6, 1):
        last = int(len(data) * at)
        data[last - 3000:last] = bytes(3000)
    return clips.kept(f"{source.name[:10]}-{name}", lambda path: path.write_bytes(data))


class Test(Case):
    def server(self):
        server = MediaServer()
        self.addCleanup(server.close)
        return server

    def run_rows(self, rows):
        super().run_rows(rows)
        for row in rows:
            self.assertNotIn(SECRET, row.push.stdout + row.push.stderr, row.name)

    def test_files_that_end_too_early(self):
        told = {"seconds": (2.5, 5.5), "pictures": (75, 165), "flashes": (3, 5), "beeps": (3, 5), "warnings": (1, 3)}
        quiet = {**told, "warnings": (0, 3)}  # no one can tell by the file that something is missing
        head = clip("faststart.mp4", 8, options=FAST_START)
        self.run_rows([
            Row("MP4 cut in half, its index in front", cut("cut.mp4", head, 0.5), **told),
            Row("MP4 cut in half, its index behind", cut("cut-tail.mp4", clip("plain.mp4", 8), 0.5), exit=SOURCE, warnings=(0, 3)),
            Row("MKV cut in half", cut("cut.mkv", clip("plain.mkv", 8), 0.5), **told),
            Row("FLV cut in half", cut("cut.flv", clip("plain.flv", 8), 0.5), **quiet),
            Row("TS cut in half", cut("cut.ts", clip("plain.ts", 8), 0.5), **quiet),
            Row("MP4 of 0 bytes", cut("empty.mp4", head, 0), exit=SOURCE, warnings=(0, 3)),
        ])

    def test_files_that_are_damaged(self):
        left = {"seconds": 8, "within": 1.2, "pictures": 0, "still": 1500, "flashes": (6, 9), "beeps": (6, 9), "warnings": (0, 4),
                "pair": 100, "hole": None}
        mkv = {**left, "seconds": (6, 9.2)}  # a cluster is gone: what follows is played at once, or in its time
        flv = {**left, "seconds": (3.2, 9.2), "flashes": (3, 9), "beeps": (3, 9), "warnings": (1, 4)}  # FFmpeg ends where it begins
        rows = []
        for seed in (1, 2):
            rows += [Row(f"{kind}, a tenth of it noise, seed {seed}", damaged(f"noise.{kind}", source, seed),
                         **{"flv": flv, "mkv": mkv}.get(kind, left))
                     for kind, source in (("mp4", clip("faststart.mp4", 8, options=FAST_START)), ("mkv", clip("plain.mkv", 8)),
                                          ("ts", clip("plain.ts", 8)), ("flv", clip("plain.flv", 8)))]
        rows.append(Row("NUT, two pieces and its end zeroed", zeroed("zeroed.nut", clip("plain.nut", 8)),
                        **{**left, "flashes": (4, 9), "beeps": (4, 9), "seconds": (6, 9), "warnings": (1, 4)}))
        self.run_rows(rows)

    def test_servers_that_break_off(self):
        server = self.server()
        film = clip("twelve-faststart.mp4", 12, options=FAST_START)
        stream = clip("twelve.ts", 12)
        heavy = heavy_film()
        whole = {"seconds": 12, "within": 1, "still": 400, "flashes": 12, "beeps": 12, "warnings": (0, 3)}
        self.run_rows([
            Row("HTTP, nothing wrong", server.url("plain", film), **{**whole, "warnings": 0}),
            Row("HTTP, index behind", server.url("plain", clip("twelve.mp4", 12)), **{**whole, "warnings": 0}),
            Row("HTTP, a redirect", server.url("302", film), **{**whole, "warnings": 0}),
            Row("HTTP, breaks off twice, goes on by Range", server.url("cut-half", heavy), **whole),
            Row("HTTP, TS breaks off twice, goes on by Range", server.url("cut-half", stream), **whole),
            Row("HTTP, breaks off and ignores Range", server.url("no-range", stream), **whole),
            Row("HTTP, breaks off for good", server.url("cut-always", heavy), seconds=(4, 20), pictures=0, still=20000,
                flashes=(4, 7), beeps=(4, 7), exit=(0, SOURCE), warnings=(1, 4), patience=40),
            Row("HTTP, silent for 3 s in its middle", server.url("stall", heavy), **{**whole, "within": 3.5, "pictures": 0, "beat": 0.5,
                "still": 1500, "hole": None}),
            Row("HTTP, just fast enough", server.url("slow", film), **{**whole, "warnings": 0}),
        ])
        self.assertIn(("cut-half", heavy.name), [request[:2] for request in server.requests if request[2]], "no Range was asked for")

    def test_servers_that_refuse(self):
        server = self.server()
        film = clip("faststart.mp4", 8, options=FAST_START)
        refused = {"exit": SOURCE, "warnings": (0, 2)}
        self.run_rows([
            Row("HTTP 404", server.url("404", film), words=("404",), **refused),
            Row("HTTP 503", server.url("503", film), words=("503",), **refused),
            Row("HTTP, nobody listens", "http://127.0.0.1:9/clip.mp4?token=" + SECRET, words=("(?i)refuse",), **refused),
        ])

    def test_pipes_whose_writer_dies(self):
        harness.need_commands(mkfifo="coreutils")
        rows = []
        for kind, source in (("ts", clip("plain.ts", 8)), ("flv", clip("plain.flv", 8)), ("mkv", clip("plain.mkv", 8))):
            fifo = self.directory / f"pipe.{kind}"
            harness.run(["mkfifo", fifo])
            data = source.read_bytes()
            threading.Thread(target=write_half, args=(fifo, data), daemon=True).start()
            rows.append(Row(f"FIFO of {kind}, its writer dies in the middle", fifo, seconds=(2.5, 6), pictures=0, still=1500,
                            flashes=(3, 5), beeps=(3, 5), warnings=(0, 3)))
        self.run_rows(rows)


def heavy_film():
    """Some MB a second, so that a reader has not all of it before a server breaks off."""
    noise = "noise=alls=40:allf=t,drawbox=w=iw/8:h=ih/5:color=0x283848:t=fill," \
            "drawbox=w=iw/8:h=ih/5:color=white:t=fill:enable='lt(mod(t+0.001,1),0.099)'"
    coder = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "24", "-g", "15", "-pix_fmt", "yuv420p")
    return clip("noise.mp4", 12, coder, size=(480, 270), vf=noise, options=FAST_START)


def write_half(fifo, data):
    """As fast as the reader takes it, then gone."""
    with open(fifo, "wb", buffering=0) as pipe:
        pipe.write(data[:len(data) // 2])


if __name__ == "__main__":
    harness.main()
