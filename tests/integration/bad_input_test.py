# SPDX-License-Identifier: MIT
"""Each mistake gives one clear line and the exit code that the help promises."""
import socket

import fault_texts
import harness
import media

ARGUMENTS, SOURCE, NETWORK = 2, 3, 4


class Test(harness.Case):
    def check(self, push, exit_code, *words):
        self.assertEqual(push.process.returncode, exit_code, str(push))
        lines = [line for line in push.stderr.splitlines() if line.startswith("livepusher: ")]
        self.assertEqual(len(lines), 1, f"one clear line, not {len(lines)}\n{push}")
        for word in words:
            self.assertIn(word.lower(), lines[0].lower())

    def refused(self, url, *arguments, within=30):
        """Without --json: what a person sees."""
        return self.run_push(url, "--quiet", "--reconnect", "off", "--duration", 3, *arguments, json_events=False, within=within)

    def check_code(self, url, code, *arguments, within=30):
        """With --json: what a program sees. Without a server's help: faults_test.py."""
        push = self.run_push(url, "--reconnect", "off", "--duration", 3, *arguments, within=within)
        self.assertEqual(push.codes().count(code), 1, str(push))
        starts = [event for event in push.events("result") if event["method"] == "start"]
        self.assertEqual([event["ok"] for event in starts], [False], str(push))

    def nowhere(self):
        return f"rtmp://127.0.0.1:{harness.processes.free_ports(1)[0]}/live/test"

    def test_unknown_property(self):
        self.check(self.refused(self.nowhere(), "--source", "test", "--sharpness", "5"), ARGUMENTS, "--sharpness")

    def test_each_mistake_in_the_arguments_is_told_and_no_key_with_it(self):
        self.assertEqual(fault_texts.main(harness.tool("LIVEPUSHER_BIN"), "arguments"), 0)

    def test_what_the_log_says_is_not_said_again_as_an_event(self):
        push = self.run_push(self.directory / "out.flv", "--source", "webcam", json_events=False)
        told = [line for line in push.stderr.splitlines() if 'video source "webcam"' in line]
        self.assertEqual(len(told), 2, f"the log's and the last line, not {len(told)}\n{push}")

    def test_out_of_range_value(self):
        self.check(self.refused(self.nowhere(), "--source", "test", "--fps", "90"), ARGUMENTS, "fps", "90", "1..60")

    def test_other_scheme(self):
        self.check(self.refused("ftp://127.0.0.1/live/test", "--source", "test"), ARGUMENTS, "ftp", "rtmp://")

    def test_missing_file(self):
        self.check(self.refused(self.server().url("live", "test"), "--source", f"file:{self.directory}/none.mp4"), SOURCE,
                   "none.mp4", "no such file")

    def test_undecodable_file(self):
        path = media.broken_file(self.directory / "broken.mp4")
        self.check(self.refused(self.server().url("live", "test"), "--source", f"file:{path}"), SOURCE, "broken.mp4")

    def test_unknown_host(self):
        # A label that no name server may be asked for: it fails to resolve without leaving this machine.
        self.check(self.refused(f"rtmp://{'x' * 70}.invalid/live/test", "--source", "test"), NETWORK, "resolve")

    def test_refused_port(self):
        self.check(self.refused(self.nowhere(), "--source", "test"), NETWORK, "127.0.0.1")

    def test_silent_server(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"rtmp://127.0.0.1:{silent.getsockname()[1]}/live/test"
            self.check(self.refused(url, "--source", "test"), NETWORK, "handshake")

    def test_name_in_use(self):
        server = self.server()
        self.push(server.url("live", "test"), "--source", "test").wait_code(1002)
        self.check(self.refused(server.url("live", "test"), "--source", "test"), NETWORK, "BadName")
        self.check_code(server.url("live", "test"), 3004, "--source", "test")

    def test_publish_forbidden(self):
        server = self.server()
        self.check(self.refused(server.url("guarded", "test"), "--source", "test"), NETWORK, "closed")
        self.check_code(server.url("guarded", "test"), 3004, "--source", "test")


if __name__ == "__main__":
    harness.main()
