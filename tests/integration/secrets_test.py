# SPDX-License-Identifier: MIT
"""A stream key shows nowhere: not in events, logs, errors, summaries or the recorded configuration."""
import harness

KEY = "s3cr3tStreamKey"
SIGN = "9f8e7d6c5b4a"
PASSWORD = "hunter2hunter2"


class Test(harness.Case):
    def check_silent(self, push):
        for what, text in (("stdout", push.stdout), ("stderr", push.stderr)):
            for secret in (KEY, SIGN, PASSWORD):
                self.assertNotIn(secret, text, f"{what} of {push.command[1:2]}")
        self.assertTrue(push.stdout + push.stderr, "nothing was said at all, so nothing was proved")

    def test_key_never_shows(self):
        server = self.server()
        url = server.url("rec", f"{KEY}?txSecret={SIGN}")
        for json_events in (True, False):
            push = self.run_push(url, "--source", "test", "--duration", 2, "--log-level", "trace", json_events=json_events)
            self.assertEqual(push.process.returncode, 0)
            self.check_silent(push)
        self.assertTrue(server.recordings(KEY), "the key did not reach the server, so hiding it proves nothing")

    def test_key_of_a_refused_push_never_shows(self):
        server = self.server()
        self.check_silent(self.run_push(server.url("guarded", f"{KEY}?txSecret={SIGN}"), "--source", "test", "--duration", 2,
                                        "--log-level", "trace", "--reconnect", "1x0.2"))
        for url in (f"rtmp://user:{PASSWORD}@127.0.0.1:{harness.processes.free_ports(1)[0]}/live/{KEY}",
                    f"ftp://user:{PASSWORD}@127.0.0.1/live/{KEY}", f"rtmp://127.0.0.1:99999/live/{KEY}?txSecret={SIGN}",
                    f"rtmp:///live/{KEY}"):
            with self.subTest(url=url):
                push = self.run_push(url, "--source", "test", "--duration", 2, "--log-level", "trace", "--reconnect", "off")
                self.assertNotEqual(push.process.returncode, 0)
                self.check_silent(push)

    def test_key_of_print_config_never_shows(self):
        self.check_silent(self.run_push(f"rtmp://127.0.0.1/live/{KEY}?txSecret={SIGN}", "--source", "test", "--print-config",
                                        json_events=False))


if __name__ == "__main__":
    harness.main()
