# SPDX-License-Identifier: MIT
"""Files that are written: nothing is destroyed, and no disk holds the push."""
import json
import os
import signal
import subprocess
import time

import harness
import processes
from recording import Recording

OTHER, ARGUMENTS, SOURCE, NETWORK = 1, 2, 3, 4
SMALL = ("--video-width", "160", "--video-height", "120", "--fps", "15")
NO_SOUND = ("--audio-source", "none")
FLV_BEGINS = b"FLV\x01"


def livepusher(*arguments, within=30, **options):
    return subprocess.run([harness.tool("LIVEPUSHER_BIN"), *map(str, arguments)], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=within, **options)


class Test(harness.Case):
    def file(self, name):
        return self.directory / name

    def flvs(self):
        return sorted(path.name for path in self.directory.glob("*.flv"))

    def made(self, name="film.flv", seconds="1"):
        """A film, and what is in it."""
        path = self.file(name)
        done = livepusher("push", path, "--quiet", "--source", "test", *SMALL, "--duration", seconds)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path, path.read_bytes()

    def begun(self, push):
        """The messages of 20008."""
        return [event["message"] for event in push.events("statechange") if event["code"] == 20008]

    def ends_in_time(self, push, *signals):
        for number in signals or (signal.SIGINT,):
            before = time.monotonic()
            push.process.send_signal(number)
            code = push.wait(10)
            self.assertLess(time.monotonic() - before, 2.5, str(push))
        return code

    # --- nothing is destroyed ---

    def test_what_is_read_is_never_written_over(self):
        film, bytes_ = self.made()
        os.symlink(film, self.file("link.flv"))
        os.link(film, self.file("other-name.flv"))
        (self.file("folder")).mkdir()
        yuv = self.file("raw.flv")
        yuv.write_bytes(bytes(160 * 120 * 3 // 2) * 15)
        config, listed = self.file("config.flv"), self.file("list.m3u")
        config.write_text(json.dumps({"fps": 15}))
        listed.write_text(f"#EXTM3U\n{film}\n")
        url = self.file("url.flv")
        url.write_text(f"{self.file('never.flv')}\n")
        kept = {path: path.read_bytes() for path in (film, yuv, config, url)}
        server = f"rtmp://127.0.0.1:{processes.free_ports(1)[0]}/live/key"
        ways = [film, self.file("link.flv"), self.file("other-name.flv"), self.file("folder") / ".." / "film.flv", f"file://{film}"]
        rows = [(str(way), "--source", f"file:{film}", *more) for way in ways for more in ((), ("--overwrite",))]
        rows += [(str(film), "--overwrite", "--source", f"file:{listed}"),
                 (str(yuv), "--overwrite", "--video-source", f"raw:{yuv},160x120@15", *NO_SOUND),
                 (str(film), "--overwrite", "--source", "test", "--bgm", film),
                 (str(film), "--overwrite", "--source", "test", "--waiting-image", film),
                 (str(film), "--overwrite", "--source", "test", "--watermark", f"file://{film}"),
                 (str(config), "--overwrite", "--source", "test", "--config", config)]
        for output, *options in rows:
            for command in (("push", output), ("push", server, "--record", output)):
                with self.subTest(command=command, options=options):
                    done = livepusher(*command, *SMALL, "--duration", "1", *options)
                    self.assertEqual(done.returncode, ARGUMENTS, done.stderr)
                    self.assertIn("written over", done.stderr)
        done = livepusher("push", "--url-file", url, "--source", "test", "--record", url, "--overwrite")
        self.assertEqual(done.returncode, ARGUMENTS, done.stderr)
        both = self.file("both.flv")
        done = livepusher("push", both, "--source", "test", "--record", self.file("folder") / ".." / "both.flv")
        self.assertEqual(done.returncode, ARGUMENTS, done.stderr)
        self.assertFalse(both.exists())
        with open(film, "rb") as stdin:  # the shell's <
            done = subprocess.run([harness.tool("LIVEPUSHER_BIN"), "push", film, "--overwrite", "--source", "file:-"], stdin=stdin,
                                  capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, ARGUMENTS, done.stderr)
        for path, content in kept.items():
            self.assertEqual(path.read_bytes(), content, path)

    def test_recordings_are_kept(self):
        old = b"an old recording"
        target, record = self.file("out.flv"), self.file("copy.flv")
        for path in (target, record):
            path.write_bytes(old)
        common = ("--source", "test", *SMALL, "--duration", "1", "--record", record)
        for number in (2, 3):
            push = self.push_cleanly(target, *common)
            names = [self.file(f"{stem}-{number}.flv") for stem in ("out", "copy")]
            for name in names:
                self.assertTrue(name.read_bytes().startswith(FLV_BEGINS))
                self.assertTrue(any(str(name) in message for message in self.begun(push)), str(push))
        self.assertEqual([target.read_bytes(), record.read_bytes()], [old, old])
        push = self.push_cleanly(target, *common, json_events=False)
        self.assertIn(str(self.file("copy-4.flv")), push.stderr)
        push = self.push_cleanly(target, *common, "--overwrite")
        self.assertTrue(all(path.read_bytes().startswith(FLV_BEGINS) for path in (target, record)))
        self.assertEqual(self.flvs(), sorted(f"{stem}{end}.flv" for stem in ("out", "copy") for end in ("", "-2", "-3", "-4")))
        empty = self.file("empty.flv")  # as mktemp makes them
        empty.touch()
        self.push_cleanly(empty, "--source", "test", *SMALL, "--duration", "1")
        self.assertTrue(empty.read_bytes().startswith(FLV_BEGINS))
        if os.geteuid() != 0:
            target.chmod(0o444)
        self.push_cleanly(target, "--source", "test", *SMALL, "--duration", "1")
        self.assertTrue(self.file("out-5.flv").exists())

    def test_nothing_is_made_in_vain(self):
        old = b"the last recording"
        record, target = self.file("copy.flv"), self.file("out.flv")
        record.write_bytes(old)
        refused = f"rtmp://127.0.0.1:{processes.free_ports(1)[0]}/live/key"
        rows = [((refused, "--source", "test", "--record", record, "--overwrite", "--reconnect", "1x1"), NETWORK),
                ((self.server().url("guarded", "key"), "--source", "test", "--record", record, "--overwrite", "--reconnect", "off"), NETWORK),
                ((target, "--source", "file:/no/such/film.mp4", "--record", record, "--overwrite"), SOURCE),
                ((target, "--source", f"file:{__file__}"), SOURCE)]
        for arguments, code in rows:
            with self.subTest(arguments=arguments):
                push = self.run_push(*arguments, *SMALL, "--duration", "1")
                self.assertEqual(push.process.returncode, code, str(push))
                self.assertEqual(self.flvs(), ["copy.flv"])
                self.assertEqual(record.read_bytes(), old)

    def test_effects_keep_what_is_there(self):
        film, content = self.made("in.flv")
        out, old = self.file("out.flv"), b"an old one"
        out.write_bytes(old)
        for name in ("out-2.flv", "out-3.flv"):
            done = livepusher("effects", film, out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(name, done.stderr)
            self.assertTrue(self.file(name).read_bytes().startswith(FLV_BEGINS))
        self.assertEqual(out.read_bytes(), old)
        self.assertEqual(livepusher("effects", film, out, "--overwrite").returncode, 0)
        self.assertTrue(out.read_bytes().startswith(FLV_BEGINS))
        picture = self.file("a.png")
        self.assertEqual(livepusher("effects", film, picture).returncode, 0)
        image = picture.read_bytes()
        self.assertEqual(livepusher("effects", film, picture).returncode, 0)
        self.assertEqual([self.file("a-2.png").read_bytes(), picture.read_bytes()], [image, image])
        os.link(film, self.file("again.flv"))
        os.link(picture, self.file("mark.png"))
        for arguments in ((film, self.file("again.flv")), (film, self.file("mark.png"), "--watermark", picture)):
            done = livepusher("effects", *arguments, "--overwrite")
            self.assertEqual(done.returncode, ARGUMENTS, done.stderr)
        self.assertEqual([film.read_bytes(), picture.read_bytes()], [content, image])

    # --- no disk holds the push ---

    def hung(self, calls):
        """What makes a disk hang, and the file that says how long."""
        flag = self.file(f"{calls.replace(' ', '-')}.hangs")
        flag.touch()
        names = {f"HUNG_{call.upper()}": "on-nfs" for call in calls.split()}
        return flag, harness.preloaded("LIVEPUSHER_HUNG_CALLS", HUNG_WHILE=flag, **names)

    def test_a_disk_that_hangs_holds_nothing(self):
        server = self.server()
        pushes = []
        for number, calls in enumerate(("open", "write", "stat")):
            _, env = self.hung(calls)
            pushes.append(self.push(server.url("live", f"key{number}"), "--source", "test", *SMALL, "--net-status-interval", "0.5",
                                    "--record", self.file(f"on-nfs-{number}.flv"), env=env))
        _, env = self.hung("open write")
        pushes.append(self.push(self.file("on-nfs-target.flv"), "--source", "test", *SMALL, env=env))
        for push in pushes:
            push.wait_code(1002).wait_code(20009)
        def sent(push):
            return push.events("netstatus")[-1]["info"]["bytesSent"]

        for push in pushes[:3]:  # the server gets all of it meanwhile
            before = sent(push)
            processes.wait_for(lambda one=push, then=before: sent(one) > then, 10, "more that is sent")
        for push, number in zip(pushes, (signal.SIGINT, signal.SIGTERM, signal.SIGINT, signal.SIGTERM)):
            self.assertEqual(self.ends_in_time(push, number), OTHER, str(push))
            self.assertIn({"method": "stop", "ok": True},
                          [{key: event[key] for key in ("method", "ok")} for event in push.events("result")], str(push))

    def test_a_disk_that_answers_again(self):
        flag, env = self.hung("write")
        record = self.file("on-nfs.flv")
        push = self.push(self.server().url("live", "key"), "--source", "test", *SMALL, "--gop", "1", "--record", record, env=env)
        push.wait_code(20009, within=60, count=2)  # it hangs; and what has waited for 30 s is left out
        flag.unlink()
        push.wait_code(20008, count=2)
        time.sleep(2.5)  # a key frame, and some of what follows
        self.assertEqual(self.ends_in_time(push), 0, str(push))
        recording = Recording(record)
        self.assertEqual(recording.decode_errors(), "")
        times = recording.times(recording.video)
        longest, at = max((after - before, before) for before, after in zip(times, times[1:]))
        print(f"a hole of {longest:.1f} s at {at:.1f} s")
        self.assertGreater(longest, 0.3)
        self.assertGreater(times[-1], at + longest + 1, "nothing follows the hole")

    def test_pipes(self):
        pipe = self.file("pipe.flv")
        os.mkfifo(pipe)
        push = self.push(pipe, "--source", "test", *SMALL)
        push.wait_code(20009)
        self.assertEqual(self.ends_in_time(push, signal.SIGTERM), OTHER, str(push))
        self.assertIn("nobody has opened it for reading", push.stderr + push.stdout)

        push = self.push(self.server().url("live", "key"), "--source", "test", *SMALL, "--record", pipe)
        push.wait_code(1002)
        with open(pipe, "rb") as reader:
            self.assertEqual(reader.read(4), FLV_BEGINS)
            push.wait_code(20008)
            push.wait_code(20009, within=60)  # it stops reading: 64 KiB later
            self.assertEqual(self.ends_in_time(push), OTHER, str(push))

        push = self.push(pipe, "--source", "test", *SMALL)
        with open(pipe, "rb") as reader:
            reader.read(4)
        self.assertEqual(push.wait(10), OTHER, str(push))  # and is gone
        self.assertIn("Broken pipe", push.stdout)

        read = subprocess.run([harness.tool("LIVEPUSHER_BIN"), "push", self.server().url("live", "key"), "--source", "test", *SMALL, "--quiet",
                               "--duration", "1", "--record", "/dev/stdout"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertTrue(read.stdout.startswith(FLV_BEGINS))

    def test_file_size_limit(self):
        record = self.file("copy.flv")
        limit = 30_000
        command = ["push", self.server().url("live", "key"), "--json", "--source", "test", *SMALL, "--record", record]
        limited = ["prlimit", f"--fsize={limit}", harness.tool("LIVEPUSHER_BIN")]
        harness.need_commands(prlimit="util-linux")
        push = harness.Push(command, self.directory, program=limited)
        self.addCleanup(processes.end, push.process)
        processes.wait_for(lambda: push.events("error"), 20, "an error")
        self.assertIn("File too large", push.events("error")[0]["errMsg"])
        self.assertEqual(push.codes().count(1002), 1)
        time.sleep(0.5)
        self.assertIsNone(push.process.poll(), str(push))
        self.assertEqual(self.ends_in_time(push), OTHER, str(push))
        self.assertLessEqual(record.stat().st_size, limit)
        self.assertEqual(Recording(record).decode_errors(), "")  # what is there plays

        push = harness.Push(["push", self.file("out.flv"), "--json", "--source", "test", *SMALL], self.directory, program=limited)
        self.addCleanup(processes.end, push.process)
        self.assertEqual(push.wait(20), OTHER, str(push))
        film, _ = self.made("film.flv")
        done = subprocess.run([*limited, "effects", film, self.file("big.mp4"), "--video-width", "1920", "--video-height", "1080"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, OTHER, done.stderr)
        self.assertIn("File too large", done.stderr)


if __name__ == "__main__":
    harness.main()
