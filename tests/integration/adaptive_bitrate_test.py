# SPDX-License-Identifier: MIT
"""The stream follows its link. One fall of the rate goes through the rig of bench/network: as root through namespaces and the
rig's own wire, else through its proxy. The bounds are wide; what the rig measures is in docs/adaptive-bitrate.md."""
import argparse
import pathlib
import sys

import harness
import fault_proxy
import processes
from recording import Recording

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/network"))
sys.path.insert(1, str(ROOT / "bench"))
import links  # noqa: E402
import run  # noqa: E402
import traces  # noqa: E402
from figures import percentile  # noqa: E402


class Test(harness.Case):
    def test_falls_with_the_link(self):
        harness.need_commands(ffmpeg="ffmpeg")
        why = links.why_no_tun()
        link = "proxy" if why else "tun"
        if why:
            print(f"through the proxy: {why}")
        options = argparse.Namespace(
            bin=harness.tool("LIVEPUSHER_BIN"), link=link, size=(640, 360), fps=30, min=200, max=3500, audio=96, preset="ultrafast", seed=1,
            cache=harness.cache(), arguments=[], protocol="rtmp", url="rtmp://{}:{}/live/rig", receiver="receiver.py")
        trace = traces.SCENARIOS["short-drop"]
        # The proxy acknowledges what it holds, so nothing shows the pusher that part of the delay: it must be small.
        a_run = run.Run(options, "livepusher", trace, (16 if why else 64) * 1024, None, self.directory)
        try:
            figures = a_run.measure()
        except run.Failed as failure:
            self.fail(str(failure))
        print(", ".join(f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()))

        before = [a for a in a_run.arrivals if trace.fall - 3 <= a.moment < trace.fall]
        self.assertGreater(sum(a.size for a in before) * 8 / 3000, 1500, "kbps: too little was pushed to say anything")
        self.assertGreaterEqual(figures["changes"], 1, "1006")
        self.assertLess(a_run.changes[-1].kbps, 1500)
        self.assertEqual((figures["connections"], figures["reconnects"]), (1, 0))
        self.assertEqual(figures["lost"], 0, "coded pictures were thrown away")
        late = percentile([delay for moment, delay in a_run.series if moment >= trace.fall + 4], 95)
        self.assertLess(late, 0.8 if why else 0.5, "s, 95th percentile from 4 s after the fall: the delay did not come back")

    def test_the_size_follows_and_the_recording_decodes(self):
        harness.need_commands(ffprobe="ffmpeg", ffmpeg="ffmpeg")
        server = self.server()
        slow = fault_proxy.FaultProxy(server.rtmp_port, [fault_proxy.Fault("rate", number=60_000, at="media")])
        self.addCleanup(slow.close)
        push = self.push(slow.url("rec", "test"), "--source", "test", "--mode", "FHD", "--fps", "30", "--min-bitrate", "200",
                         "--max-bitrate", "2500", "--video-preset", "ultrafast")
        push.wait_code(1005, within=30)
        size = [event["message"] for event in push.events("statechange") if event["code"] == 1005][0]
        push.wait_code(1008, within=10, count=3)  # of picture and sound, and of the picture again
        processes.wait_for(lambda: push.events("netstatus")[-1]["info"]["videoWidth"] < 720, 10, "the new size in the net status")
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        print(size)
        self.assertIn("was 720x1280", size)
        self.assertEqual(push.codes().count(1002), 1, "one connection")
        recording = Recording(harness.finished(server.recordings("test")[0]))
        self.assertEqual(recording.decode_errors(), "")
        self.assertEqual(self.sizes(recording.path), {(720, 1280), (540, 960)})

    @staticmethod
    def sizes(path):
        """Of the pictures of a recording."""
        lines = harness.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=width,height", "-of",
                             "csv=p=0", path]).split()
        return {tuple(int(length) for length in line.strip(",").split(",")[:2]) for line in lines}


if __name__ == "__main__":
    harness.main()
