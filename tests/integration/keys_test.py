# SPDX-License-Identifier: MIT
"""Server and key reach the server byte for byte, in one string or two, whichever way they come in; and show nowhere."""
import json

import harness
import rtmp_scripts
import rtmp_wire as wire
import scripted_server

WRAPPED = "\ufeff \u201c{}\u201d\u00a0\u200b\r\n"  # what copying leaves around a text


class Test(harness.Case):
    def scripted(self, script="keeps_names"):
        server = scripted_server.ScriptedServer(script)
        self.addCleanup(server.close)
        return server

    def started(self, server, *arguments, env=None):
        push = harness.Push(["push", *arguments, "--source", "test", "--duration", "0.3", "--mode", "QVGA", "--reconnect", "off",
                             "--log-level", "trace"], self.directory, env)
        self.addCleanup(harness.processes.end, push.process)
        return server, push

    def named(self, started, app, name):
        """What it sent: app and tcUrl, and the stream's name in each command that holds one."""
        server, push = started
        self.assertEqual(push.wait(), 0, str(push))
        tc_url = f"rtmp://127.0.0.1:{server.port}/{app}".encode()
        expected = [("connect", app.encode(), tc_url)]
        expected += [(command, name.encode()) for command in ("releaseStream", "FCPublish", "publish", "FCUnpublish")]
        self.assertEqual(server.received, [*expected, ("deleteStream", b"")])
        self.assertEqual(server.problems, [])
        return push

    def test_one_string(self):
        rows = [("live/key", "live", "key"),
                ("live2?backup=1/KEY", "live2?backup=1", "KEY"),
                ("app/inst?t=1/stream", "app/inst?t=1", "stream"),
                ("a/b/c/d", "a/b", "c/d"),
                ("live-bvc/?streamname=live_1&key=k&schedule=rtmp", "live-bvc", "?streamname=live_1&key=k&schedule=rtmp"),
                ("mystream", "mystream", ""),
                ("live/", "live", ""),
                ("live/my%20key b", "live", "my%20key b")]
        runs = []
        for path, app, name in rows:
            server = self.scripted()
            runs.append((self.started(server, f"rtmp://127.0.0.1:{server.port}/{path}"), app, name))
        for started, app, name in runs:
            with self.subTest(app=app, name=name):
                self.named(started, app, name)

    def test_server_and_key(self):
        rows = [("live", "key-1234"), ("live/", "key-1234"), ("live2?backup=1", "abcd-efgh"), ("app/inst", "a/b?c=d/e f+g%20"),
                ("live-bvc/", "?streamname=live_1&key=k"), ("live", "-begins-like-a-flag"), ("a/b/c/d", "ключ")]
        runs = []
        for path, key in rows:
            server = self.scripted()
            runs.append((self.started(server, f"rtmp://127.0.0.1:{server.port}/{path}", "--stream-key", key), path.removesuffix("/"), key))
        for started, app, key in runs:
            with self.subTest(app=app, key=key):
                push = self.named(started, app, key)
                self.assertNotIn(key, push.stdout + push.stderr)

    def test_every_way_in_takes_a_copied_text(self):
        key, wrapped = "s3cr3t key/a?b", WRAPPED.format("s3cr3t key/a?b")
        file, config = self.directory / "key", self.directory / "config.json"
        ways = {"flag": lambda url: ([url, "--stream-key", wrapped], None),
                "file": lambda url: ([url, "--stream-key-file", file], None),
                "config": lambda url: (["--config", config], None),
                "environment": lambda url: ([], {"LIVEPUSHER_URL": url, "LIVEPUSHER_STREAM_KEY": wrapped})}
        file.write_bytes(wrapped.encode())
        runs = []
        for way, arguments in ways.items():
            server = self.scripted()
            url = WRAPPED.format(f"rtmp://127.0.0.1:{server.port}/live")
            if way == "config":
                config.write_text(json.dumps({"url": url, "stream-key": wrapped}))
            given, env = arguments(url)
            runs.append((way, self.started(server, *given, env=env)))
        for way, started in runs:
            with self.subTest(way):
                self.assertNotIn("s3cr3t", self.named(started, "live", key).stderr)

    def test_a_text_that_is_no_key_is_refused_by_name(self):
        two_lines, utf16 = self.directory / "two-lines", self.directory / "utf-16"
        two_lines.write_text("s3cr3t\nrest\n")
        utf16.write_bytes("s3cr3t".encode("utf-16"))
        for arguments, says in ((["--stream-key", "s3cr3t\u200bkey"], "zero-width"), (["--stream-key", "s3cr3t\u00a0key"], "no-break space"),
                                (["--stream-key", "s3cr3t\nkey"], "a line end"), (["--stream-key", '"s3cr3t'], "a quote"),
                                (["--stream-key", "rtmp://h/live/s3cr3t"], "a whole URL"), (["--stream-key-file", two_lines], "one line"),
                                (["--stream-key-file", utf16], "UTF-16"), (["--stream-key-file", self.directory / "none"], "there is no such file"),
                                (["--stream-key", "s3cr3t", "--stream-key-file", two_lines], "more than once")):
            with self.subTest(says=says):
                push = self.run_push("rtmp://127.0.0.1/live", *arguments, json_events=False)
                self.assertEqual(push.process.returncode, 2)
                self.assertIn(says, push.stderr)
                self.assertNotIn("s3cr3t", push.stderr)
        for target, says in (("out.flv", "a file"), ("http://127.0.0.1/live/a.flv", "http or https")):
            push = self.run_push(target, "--stream-key", "s3cr3t", json_events=False)
            self.assertEqual(push.process.returncode, 2)
            self.assertIn(says, push.stderr)

    def test_a_server_that_repeats_them_is_not_repeated(self):
        def repeats(peer):
            peer.handshake()
            app = wire.object_strings(peer.command("connect").body[len(wire.amf("connect")) + 9:])["app"].decode()
            peer.answer_connect()
            create = wire.amf_values(peer.command("createStream").body)[1]
            peer.send(wire.command("_result", create, None, 1))
            peer.command("publish")
            words = f"{app}: no s3cr3t key, s3cr3t%20key%2Fhidden, S3CR3T+KEY, s3cr3t k... of t0ken"
            peer.send(wire.status("error", "NetStream.Publish.Failed", words))
            peer.drain()
        for url, key in (("rtmp://127.0.0.1:{}/live2?auth=t0ken/s3cr3t key/hidden", ""), ("rtmp://127.0.0.1:{}/live2?auth=t0ken",
                                                                                        "s3cr3t key/hidden")):
            server = self.scripted(repeats)
            _, push = self.started(server, url.format(server.port), "--stream-key", key)
            self.assertEqual(push.wait(), 4, str(push))
            self.assertIn("NetStream.Publish.Failed", push.stderr)
            for secret in ("s3cr3t", "hidden", "t0ken"):
                self.assertNotIn(secret, (push.stdout + push.stderr).lower(), str(push))

    def test_logins(self):
        runs = {(mode, user, app): self.login(mode, f"{user}@", app)
                for mode in ("adobe", "llnw") for user in ("me:pass%2Fword", "me:wr0ng") for app in ("live", "app/inst")}
        for (mode, user, app), (server, push) in runs.items():
            with self.subTest(mode=mode, user=user, app=app):
                right = "wr0ng" not in user
                self.assertEqual(push.wait(), 0 if right else 4, str(push))
                self.assertEqual(len(server.received), 3)
                self.assertEqual(server.received[:2], ["", f"authmod={mode}&user=me"])
                if not right:
                    self.assertIn("user or password is wrong", push.stderr)
                for secret in ("pass/word", "pass%2Fword", "wr0ng", "s3cr3t"):
                    self.assertNotIn(secret, push.stdout + push.stderr + "".join(server.received))
        server, push = self.login("adobe", "", "live")
        self.assertEqual(push.wait(), 4, str(push))
        self.assertIn("wants a user and password", push.stderr)
        self.assertEqual(len(server.received), 1)

    def login(self, mode, user, app):
        server = self.scripted(rtmp_scripts.asks_for_login(mode, "me", "pass/word"))
        return self.started(server, f"rtmp://{user}127.0.0.1:{server.port}/{app}/s3cr3t")

    def test_the_configuration_and_the_process_list_hide_the_key(self):
        shown = harness.run([harness.tool("LIVEPUSHER_BIN"), "push", "rtmp://127.0.0.1/live", "--stream-key", "s3cr3t", "--print-config"])
        self.assertNotIn("s3cr3t", shown)
        self.assertEqual(json.loads(shown)["properties"]["streamKey"], "***")
        server = self.scripted()
        push = harness.Push(["push", f"rtmp://127.0.0.1:{server.port}/live", "--json", "--source", "test", "--stream-key", "s3cr3t"],
                            self.directory)
        self.addCleanup(harness.processes.end, push.process)
        push.wait_code(1002)
        with open(f"/proc/{push.process.pid}/cmdline", "rb") as line:
            self.assertNotIn(b"s3cr3t", line.read())
        self.assertEqual(push.interrupt().wait(), 0)


if __name__ == "__main__":
    harness.main()
