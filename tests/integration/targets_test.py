# SPDX-License-Identifier: MIT
"""Several targets: each gets the stream on its own, whatever happens to another; one after the other, and both at once."""
import sys
import time

import harness  # first: it knows where the servers are
import certificates
import fault_proxy
import flv
import processes
import srt_server
from http_receiver import HttpReceiver
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

FPS, GOP = 15, 1
NETWORK = 4  # the program's exit code
SMALL = ("--source", "test", "--video-width", 160, "--video-height", 120, "--fps", FPS, "--gop", GOP, "--video-preset", "ultrafast")
STEADY = ("--adaptation", "off")


def frames(path):
    """The coded pictures and sounds of an FLV file, in their order, without their times."""
    _, tags = flv.read(path)
    return [tag.body for tag in tags if tag.type in (flv.AUDIO, flv.VIDEO)]


def pictures(path):
    return [body for body in frames(path) if body and body[0] & 0x0F == 7]  # AVC; sound is AAC: 0xAF


class Test(harness.Case):
    def file(self, name):
        return self.directory / name

    def of(self, push, target, code):
        return [event for event in push.events("statechange") if event["code"] == code and event.get("target") == target]

    def wait_for(self, push, target, code, count=1, within=15):
        def there():
            self.assertIsNone(push.process.poll(), str(push))
            return len(self.of(push, target, code)) >= count
        processes.wait_for(there, within, f"code {code} of {target}")

    def end(self, push, code=0):
        push.interrupt()
        self.assertEqual(push.wait(10), code, str(push))

    def test_each_gets_the_sound_that_it_wants(self):
        """AAC to one and Opus to another, from one encoding each; a target that joins has its own sound too."""
        server = self.server()
        srt = srt_server.SrtServer(self.file("over-srt")).start()
        self.addCleanup(srt.stop)
        opus = {"srt": srt.url(), "mkv": self.file("sound.mkv"), "mp4": self.file("sound.mp4")}
        flags = [part for name, url in opus.items()
                 for part in ("--target", f"{name}={url}", "--target", f"{name}.audioCodec=opus")]
        push = self.push(server.url("rec", "main"), *flags, "--target", f"plain={self.file('plain.mp4')}",
                         "--record", self.file("record.mkv"), *SMALL, "--control", self.file("control"))
        control = Control(self.file("control"))
        self.addCleanup(control.close)
        for target in ("main", "plain", *opus):
            self.wait_for(push, target, 1002)
        control.ask({"method": "addTarget", "target": {"id": "late", "url": str(self.file("late.ts")), "audioCodec": "opus"}})
        self.wait_for(push, "late", 1002)
        time.sleep(4)
        self.end(push)
        started = [event["message"] for event in push.events("statechange") if event["code"] == 1008 and "Hz" in event["message"]]
        self.assertEqual(sorted(text.split()[0] for text in started), ["AAC-LC", "Opus"], "one encoder a codec")
        paths = {"main": harness.finished(server.recordings("main")[0]), "plain": self.file("plain.mp4"),
                 "record": self.file("record.mkv"), "srt": srt.streams()[0], "mkv": opus["mkv"], "mp4": opus["mp4"],
                 "late": self.file("late.ts")}
        for name, path in paths.items():
            with self.subTest(name):
                recording = Recording(path)
                wanted = "opus" if name in opus or name == "late" else "aac"
                self.assertEqual(recording.audio["codec_name"], wanted)
                self.assertEqual(recording.decode_errors(), "")
                self.assertAlmostEqual(recording.length(recording.audio), recording.length(recording.video), delta=0.6)
                print(f"{name}: {wanted}, {recording.length(recording.audio):.2f} s")

    def test_each_gets_all_of_it(self):
        server, second = self.server(), self.server_beside()
        push = self.push(server.url("rec", "one"), "--target", f"second={second.url('rec', 'two')}", "--target",
                         f"file={self.file('file.flv')}", "--record", self.file("record.flv"), *SMALL)
        for target in ("main", "second", "file"):
            self.wait_for(push, target, 1002)
        time.sleep(4)
        status = [event for event in push.events("netstatus") if event.get("target")]
        self.end(push)
        paths = [harness.finished(server.recordings("one")[0]), harness.finished(second.recordings("two")[0]), self.file("file.flv"),
                 self.file("record.flv")]
        counts = []
        for path in paths:
            recording = Recording(path)
            self.assertEqual(recording.decode_errors(), "", path)
            self.assertEqual(recording.keys()[:3], [0, FPS * GOP, 2 * FPS * GOP], path)
            counts.append(len(pictures(path)))
        self.assertLessEqual(max(counts) - min(counts), 1, f"pictures in {paths}")
        self.assertEqual({event["target"] for event in status}, {"main", "second", "file"})
        self.assertGreater(max(event["info"]["netSpeed"] for event in status if event["target"] == "second"), 0)
        self.assertNotIn("two", push.stdout.replace("rec/***", ""), "a target's key is in an event")

    def server_beside(self):
        gone = harness.rtmp_server.missing()
        if gone:
            self.skipTest("needs " + ", ".join(gone))
        server = harness.rtmp_server.RtmpServer(self.directory / "beside")
        self.addCleanup(server.stop)
        return server.start()

    def test_what_happens_to_one_is_none_of_the_others_business(self):
        """In the file's stream no picture is missing, none is another's, and no key frame is where none would be."""
        server = self.server()
        for fault, code in (("rst@media+20000", 1102), ("fin@media+20000", 1102), ("hole@media+20000", None),
                            ("stall@media+20000", None), ("rate:6000@media", None), ("garbage@s0", 3003), ("refused", 3002)):
            with self.subTest(fault=fault):
                port, = processes.free_ports(1)
                proxy = None
                if fault != "refused":
                    proxy = fault_proxy.FaultProxy(server.rtmp_port, [fault])
                    self.addCleanup(proxy.close)
                bad = proxy.url("live", "bad") if proxy else f"rtmp://127.0.0.1:{port}/live/bad"
                path = self.file(f"{fault.split('@')[0].replace(':', '-')}.flv")
                push = self.push(path, "--target", f"good={server.url('rec', path.stem)}", "--target", f"bad={bad}", "--target",
                                 "bad.reconnect=2x0.5", *SMALL, *STEADY)
                self.wait_for(push, "good", 1002)
                if code:
                    self.wait_for(push, "bad", code)
                time.sleep(5)
                gave_up = bool(self.of(push, "bad", -1307))
                self.end(push, NETWORK if gave_up else 0)
                for each in push.events("statechange"):
                    if each["code"] in (1102, 3002, 3003, 3004, 3005, -1307):
                        self.assertEqual(each.get("target"), "bad", str(push))
                whole = Recording(path)
                self.assertEqual(whole.decode_errors(), "")
                self.assertEqual(whole.keys(), list(range(0, len(whole.packets(whole.video)), FPS * GOP)))
                got = pictures(harness.finished(server.recordings(path.stem)[0]))
                self.assertEqual(got, pictures(path)[:len(got)], "the good target's pictures are others")
                self.assertGreater(len(got), 4 * FPS)

    def test_eight_of_every_kind_of_which_half_dies(self):
        """Two of RTMP and of RTMPS, HTTP, SRT and two files. The servers of four die one after the other: the others have all of it."""
        if gone := srt_server.missing():
            self.skipTest("needs " + ", ".join(gone))
        harness.need_commands(openssl="openssl")
        authority = certificates.authority(self.directory, "ca")
        pair = certificates.certificate(self.directory, authority, "IP:127.0.0.1")
        server, dies = self.server(certificate=pair), harness.rtmp_server.RtmpServer(self.directory / "dies", certificate=pair)
        self.addCleanup(dies.stop)
        dies.start()
        http = HttpReceiver(self.file("posted"))
        self.addCleanup(http.stop)
        srt = srt_server.SrtServer(self.file("over-srt")).start()
        self.addCleanup(srt.stop)
        targets = {"rtmp": server.url("rec", "rtmp"), "rtmps": server.url("rec", "rtmps", scheme="rtmps"), "mp4": self.file("all.mp4"),
                   "rtmp-dies": dies.url("rec", "rtmp"), "rtmps-dies": dies.url("rec", "rtmps", scheme="rtmps"),
                   "http-dies": f"{http.base}/live/key.flv", "srt-dies": srt.url()}
        flags = [part for name, url in targets.items() for part in ("--target", f"{name}={url}")]
        push = self.push(self.file("all.flv"), *flags, "--ca-file", authority, *SMALL, *STEADY)
        for name in targets:
            self.wait_for(push, name, 1002)
        time.sleep(1)
        dies.kill()
        time.sleep(1)
        http.drop()
        http.stop()
        time.sleep(1)
        srt.stop()
        for name in targets:
            if name.endswith("-dies"):
                self.wait_for(push, name, 1102)
        time.sleep(1)
        push.interrupt()
        self.assertIn(push.wait(10), (0, NETWORK), str(push))
        told = {event["target"] for event in push.events("statechange") if event["code"] in (1102, 3002, 3003, 3004, 3005, -1307)}
        self.assertEqual(told, {name for name in targets if name.endswith("-dies")})
        whole = pictures(self.file("all.flv"))
        recording = Recording(self.file("all.flv"))
        self.assertEqual(recording.decode_errors(), "")
        self.assertEqual(recording.keys(), list(range(0, len(recording.packets(recording.video)), FPS * GOP)))
        film = Recording(self.file("all.mp4"))
        self.assertEqual(film.decode_errors(), "")
        self.assertEqual(len(film.packets(film.video)), len(recording.packets(recording.video)))
        for name in ("rtmp", "rtmps"):
            got = pictures(harness.finished(server.recordings(name)[0]))
            at = whole.index(got[1])  # the first is its configuration
            self.assertEqual(got[1:], whole[at:at + len(got) - 1], name)
            self.assertGreater(len(got), len(whole) - 2 * FPS * GOP, name)

    def test_joins_and_leaves_while_the_others_go_on(self):
        server = self.server()
        push = self.push(self.file("all.flv"), "--control", self.file("control"), *SMALL, *STEADY).wait_code(1002)
        control = Control(self.file("control"))
        self.addCleanup(control.close)
        time.sleep(2)
        for refused in ({}, {"target": "late"}, {"target": {"id": "late"}}, {"target": {"id": "late", "url": "ftp://host"}}):
            self.assertFalse(control.ask({"method": "addTarget", **refused})["ok"], refused)
        late = {"id": "late", "url": server.url("rec", "late")}
        self.assertTrue(control.ask({"method": "addTarget", "target": late})["ok"])
        self.assertFalse(control.ask({"method": "addTarget", "target": late})["ok"], "twice")
        self.wait_for(push, "late", 1002)
        time.sleep(2)
        moved = {"id": "late", "url": server.url("rec", "moved")}
        self.assertTrue(control.ask({"method": "updateTarget", "target": moved})["ok"])
        self.wait_for(push, "late", 1002, count=2)
        time.sleep(2)
        self.assertFalse(control.ask({"method": "removeTarget", "target": "main"})["ok"])
        self.assertTrue(control.ask({"method": "removeTarget", "target": "late"})["ok"])
        time.sleep(2)
        self.end(push)
        whole = pictures(self.file("all.flv"))
        recording = Recording(self.file("all.flv"))
        self.assertEqual(recording.keys(), list(range(0, len(whole), FPS * GOP)))
        for name in ("late", "moved"):
            path = harness.finished(server.recordings(name)[0])
            recording, part = Recording(path), pictures(path)
            self.assertEqual(recording.decode_errors(), "")
            self.assertEqual(recording.keys()[0], 0)
            self.assertLess(recording.times(recording.video)[0], 2.5, "its time begins at zero")
            at = whole.index(part[1])  # the first is its configuration
            self.assertEqual(part[1:], whole[at:at + len(part) - 1], "what it got is a piece of the whole")
        codes = {event["code"] for event in push.events("statechange") if event.get("target") == "late"}
        self.assertFalse(codes & {1102, -1307, 3005}, "leaving is no loss")

    def test_the_next_url_is_taken_when_a_server_dies(self):
        first, second = self.server(), self.server_beside()
        push = self.push(first.url("rec", "stream"), "--target", f"main={second.url('rec', 'stream')}", *SMALL).wait_code(1002)
        time.sleep(2)
        killed = time.monotonic()
        first.kill()
        push.wait_code(1002, count=2)
        arrived = time.monotonic()
        time.sleep(2)
        self.end(push)
        print(f"with the second server {arrived - killed:.2f} s after the first one's death")
        self.assertLessEqual(arrived - killed, 2)
        recording = Recording(harness.finished(second.recordings("stream")[0]))
        self.assertEqual(recording.decode_errors(), "")
        self.assertEqual(recording.keys()[0], 0)

    def test_it_goes_back_to_the_first_url_where_that_is_wanted(self):
        first, second = self.server(), self.server_beside()
        push = self.push(first.url("rec", "stream"), "--target", f"main={second.url('rec', 'stream')}", "--target",
                         "main.preferFirst=true", "--record", self.file("record.flv"), *SMALL).wait_code(1002)
        time.sleep(1)
        first.kill()
        push.wait_code(1002, count=2)
        first.start()
        push.wait_code(1002, count=3, within=30)
        time.sleep(2)
        self.end(push)
        self.assertEqual(push.codes().count(1102), 1, "going back is no loss")
        back = Recording(harness.finished(first.recordings("stream")[-1]))
        self.assertEqual(back.decode_errors(), "")
        left = Recording(harness.finished(second.recordings("stream")[0]))
        self.assertEqual(left.decode_errors(), "")
        # One begins with the very picture that follows the other's last: nothing is lost, nothing twice.
        whole = pictures(self.file("record.flv"))
        ours, theirs = pictures(left.path), pictures(back.path)
        self.assertEqual(whole.index(theirs[1]), whole.index(ours[-1]) + 1)  # the first is its configuration

    def test_a_hot_backup_has_the_same_all_along(self):
        first, second = self.server(), self.server_beside()
        push = self.push(first.url("rec", "stream"), "--target", f"main={second.url('rec', 'stream')}", "--target", "main.backup=hot",
                         *SMALL, *STEADY)
        self.wait_for(push, "main", 1002)
        self.wait_for(push, "main.backup", 1002)
        time.sleep(2)
        first.kill()
        self.wait_for(push, "main", 1102)
        time.sleep(2)
        self.end(push)
        recording = Recording(harness.finished(second.recordings("stream")[0]))
        self.assertEqual(recording.decode_errors(), "")
        count = len(recording.packets(recording.video))
        self.assertEqual(recording.keys(), list(range(0, count, FPS * GOP)))
        self.assertGreater(count, 4 * FPS)

    def test_what_is_wrong_is_said_before_anything_is_tried(self):
        port, = processes.free_ports(1)
        good = f"rtmp://127.0.0.1:{port}/live/secret-key"
        for arguments, words in (((f"se cond={good}",), "letters, digits"), ((f"main.backup=hot",), "second url"),
                                 ((f"a={good}", "a.color=red"), "streamKey"), ((f"a={good}", "a.reconnect=often"), "COUNTxSECONDS"),
                                 (("a.preferFirst=true",), "has no url"), ((f"record={good}",), "recording"),
                                 (("a=ftp://host/secret-key",), "rtmp"), ((good,), "the id"),
                                 ((f"a={self.file('x.flv')}", f"b={self.file('x.flv')}"), "two of them")):
            with self.subTest(arguments=arguments):
                flags = [part for argument in arguments for part in ("--target", argument)]
                push = self.run_push(good, *flags, *SMALL, "--duration", 1)
                self.assertEqual(push.process.returncode, 2, str(push))
                self.assertIn(words, push.stderr)
                self.assertNotIn("secret-key", push.stderr + push.stdout)


if __name__ == "__main__":
    harness.main()
