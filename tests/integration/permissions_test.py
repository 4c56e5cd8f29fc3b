# SPDX-License-Identifier: MIT
"""Devices that are there and that an ordinary user may not open. As root, in a /dev of its own with nodes of no driver."""
import json
import os
import subprocess

import harness

SOURCE = 3  # the program's exit code
NOBODY = 65534
#: $1: a folder. Nothing else of the machine changes: all of it is in a mount namespace of its own.
_DEV = """set -e
mount -t tmpfs -o mode=755 dev "$1"
mknod -m 0 "$1/video0" c 81 0
mkdir "$1/snd"
mknod -m 0 "$1/snd/controlC0" c 116 2
mknod -m 0 "$1/snd/pcmC0D0c" c 116 3
for node in null zero random urandom; do cp -a "/dev/$node" "$1/"; done
mount --move "$1" /dev
shift
exec "$@"
"""
_UNSHARED = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _DEV, "sh"]


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("needs root, for a /dev of its own and for another user")
        harness.need_commands(unshare="util-linux", setpriv="util-linux")
        self.directory.chmod(0o777)
        (self.directory / "dev").mkdir()
        tried = subprocess.run([*_UNSHARED, self.directory / "dev", "true"], capture_output=True, text=True)
        if tried.returncode != 0:
            self.skipTest("no /dev of its own here: " + tried.stderr.strip())
        program, libraries = harness.for_anyone(self.directory)
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        self.program = [*_UNSHARED, self.directory / "dev", *user, program]
        self.env = {"HOME": str(self.directory), "XDG_RUNTIME_DIR": str(self.directory), "PULSE_SERVER": "", "DISPLAY": "", **libraries}

    def refused(self, code, words, *sources):
        push = harness.Push(["push", self.directory / "never.flv", "--json", *sources], self.directory, self.env, self.program)
        self.assertEqual(push.wait(), SOURCE, str(push))
        errors = push.events("error")
        self.assertEqual([event["errCode"] for event in errors], [code], str(push))
        self.assertIn(code, push.codes())
        for word in words:
            self.assertIn(word, errors[0]["errMsg"])
            self.assertIn(word, push.stderr, "the user of the program reads it too")

    def test_a_camera_without_rights(self):
        for source in ("camera", "camera:/dev/video0", "camera:0"):
            with self.subTest(source):
                self.refused(10001, ("/dev/video0", "access denied", 'the group "video"'), "--video-source", source,
                             "--audio-source", "none")

    def test_a_sound_card_without_rights(self):
        for source in ("mic:hw:0", "mic"):
            with self.subTest(source):
                self.refused(10002, ("access denied", 'the group "audio"'), "--video-source", "none", "--audio-source", source)

    def test_a_list_that_says_why(self):
        done = subprocess.run([*self.program, "devices", "--json"], env={**os.environ, **self.env}, capture_output=True, text=True,
                              timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = json.loads(done.stdout)
        camera, = listed["cameras"]
        self.assertEqual(camera["path"], "/dev/video0")
        self.assertIn('the group "video"', camera["problem"])
        told = [each["problem"] for each in listed["microphones"]] + listed["notes"]
        self.assertTrue([each for each in told if 'the group "audio"' in each], listed)


if __name__ == "__main__":
    harness.main()
