# SPDX-License-Identifier: MIT
"""Live inputs: what comes is shown in step and without a growing delay; one that goes away is told of and taken up again."""
import harness
import rtsp
from clips import clip
from live_feeds import HlsFeed, HttpFeed, PipeFeed, ProgramFeed, RtspFeed, UdpFeed
from live_rows import Case, Live

LONG = 100  # s of the clips; no test lasts so long
AWAY = ((5, "die"), (11, "back"))


class Test(Case):
    def clip(self, kind, **options):
        options.setdefault("options", ("-flush_packets", 1))
        return clip(f"long.{kind}", LONG, **options)

    def test_one_long_answer(self):
        flv, ts = self.clip("flv"), self.clip("ts")
        self.run_live([
            Live("FLV over HTTP", lambda: HttpFeed(flv), delay=0.5),
            Live("FLV over HTTP, not chunked", lambda: HttpFeed(flv, chunked=False), delay=0.5),
            Live("TS over HTTP", lambda: HttpFeed(ts), delay=0.5),
            Live("FLV over HTTP, dies and is back", lambda: HttpFeed(flv), seconds=20, script=AWAY),
            Live("FLV over HTTP, its encoder begins anew", lambda: HttpFeed(flv), seconds=20, script=((5, "die"), (9, "restart"))),
            Live("FLV over HTTP, is silent and goes on", lambda: HttpFeed(flv), seconds=20, script=((5, "mute"), (12, "back"))),
            Live("TS over HTTP, dies and is back", lambda: HttpFeed(ts), seconds=20, script=AWAY),
            Live("TS over HTTP, is silent and goes on", lambda: HttpFeed(ts), seconds=20, script=((5, "mute"), (12, "back"))),
        ])

    def test_clocks_that_drift(self):
        flv, ts = self.clip("flv"), self.clip("ts")
        self.run_live([
            Live(f"{name}, {100 * (rate - 1):+.0f} %", lambda path=path, rate=rate: HttpFeed(path, rate), seconds=65, delay=1.0)
            for name, path in (("FLV over HTTP", flv), ("TS over HTTP", ts)) for rate in (0.95, 1.05)])

    def test_few_pictures(self):
        slow = clip("long-slow.flv", LONG, vf="select='lt(mod(t,2),0.01)'")
        quiet = clip("long-quiet.flv", LONG, audio=())
        self.run_live([
            Live("one picture in 2 s", lambda: HttpFeed(slow), picture=False, start=3.0),
            Live("no sound in it", lambda: HttpFeed(quiet), sound=False, delay=0.5),
        ])

    def test_hls(self):
        ts = clip("long-hls.ts", LONG)
        self.run_live([
            Live("HLS", lambda: HlsFeed(ts, self.directory / "hls"), delay=1.0, start=4),
            Live("HLS, each segment a discontinuity", lambda: HlsFeed(ts, self.directory / "cuts", True), delay=1.0, start=4),
            Live("HLS, its server goes away and is back", lambda: HlsFeed(ts, self.directory / "away"), seconds=30,
                 script=((5, "die"), (13, "back")), start=4),
        ])

    def test_rtmp_and_srt(self):
        server, flv, ts = self.server(), self.clip("flv"), self.clip("ts")
        harness.processes.wait_for(lambda: server.process.poll() is None, 5, "nginx")
        port, = harness.processes.free_ports(1)
        rtmp = lambda name: ProgramFeed(flv, server.url("live", name), "-f", "flv", server.url("live", name), patience=1.5)  # noqa: E731
        rows = [Live("RTMP", lambda: rtmp("one"), delay=0.7),
                Live("RTMP, its publisher dies and is back", lambda: rtmp("two"), seconds=20, script=AWAY)]
        if "srt" in harness.run(["ffmpeg", "-hide_banner", "-protocols"]).split():
            rows.append(Live("SRT", lambda: ProgramFeed(ts, f"srt://127.0.0.1:{port}", "-f", "mpegts",
                                                        f"srt://127.0.0.1:{port}?mode=listener", patience=0.5), seconds=20, script=AWAY))
        self.run_live(rows)

    def test_rtsp(self):
        rtsp.need_rtsp_server()
        film = self.clip("mp4")
        self.run_live([
            Live("RTSP", lambda: RtspFeed(self, film), delay=0.5, start=4),
            Live("RTSP, its server dies and is back", lambda: RtspFeed(self, film), seconds=20, script=AWAY, start=4),
        ])

    def test_udp(self):
        ts = self.clip("ts")
        one, two = harness.processes.free_ports(2)
        self.run_live([
            Live("UDP", lambda: UdpFeed(ts, one), delay=0.5, start=4),
            Live("UDP, silent for a while", lambda: UdpFeed(ts, two), seconds=20, script=((5, "mute"), (12, "back")), start=4),
        ])

    def test_pictures_that_decode_too_slowly(self):
        """They give way: their delay does not grow."""
        flv = self.clip("flv")
        env = harness.preloaded("LIVEPUSHER_SLOW_DECODER", SLOW_DECODER_MS=100)
        self.run_live([Live("FLV over HTTP", lambda: HttpFeed(flv), seconds=12, pair=400, delay=0.7, env=env)])

    def test_pipes(self):
        flv, ts = self.clip("flv"), self.clip("ts")
        hangs = ((5, "mute"), (12, "back"))
        self.run_live([
            Live("FIFO of FLV", lambda: PipeFeed(flv, self.directory / "one"), delay=0.5),
            Live("FIFO of TS", lambda: PipeFeed(ts, self.directory / "two"), delay=0.5, start=4),
            Live("FLV into stdin", lambda: PipeFeed(flv, self.directory / "zero", stdin=True), delay=0.5),
            Live("FIFO of FLV, its writer hangs and goes on", lambda: PipeFeed(flv, self.directory / "three"), seconds=20, script=hangs),
            Live("FIFO of TS, its writer hangs and goes on", lambda: PipeFeed(ts, self.directory / "four"), seconds=20,
                 script=hangs, start=4),
        ])


if __name__ == "__main__":
    harness.main()
