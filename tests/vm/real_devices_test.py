# SPDX-License-Identifier: MIT
"""Cameras of the kernel's driver vivid and a sound card of snd-aloop, in a virtual machine that boots once for all tests."""
import functools
import json
import os
import pathlib
import sys
import tempfile
import unittest

import machine

sys.path.insert(0, str(machine.HERE.parent / "integration"))
import harness  # noqa: E402
import listening  # noqa: E402
from recording import Recording  # noqa: E402

SCENES = ["camera_and_sound"]
#: Emulated on a loaded machine of two cores; what it takes on an idle one is in docs/testing-devices.md.
LIMIT = 400
HZ = 880


def kernel():
    return harness.cache() / "vm"


@functools.cache
def boot():
    """(folder of what the scenes brought back, why there is none, why it broke): once for all tests."""
    reason = machine.missing(kernel())
    if reason:
        return None, reason, None
    if os.environ.get("LIVEPUSHER_VM_KEEP"):
        out = pathlib.Path(os.environ["LIVEPUSHER_VM_KEEP"])
        out.mkdir(parents=True)
    else:
        holder = tempfile.TemporaryDirectory(prefix="livepusher-vm-out-")
        unittest.addModuleCleanup(holder.cleanup)
        out = pathlib.Path(holder.name)
    listening.write_tone(out / "tone.wav", HZ, 20, -6)
    environment = {"LIVEPUSHER_BIN": os.path.realpath(harness.tool("LIVEPUSHER_BIN")), "LANG": "C.UTF-8",
                   "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    # A wrapper of the interpreter (pyenv's, for one) would cost seconds under emulation.
    command = [os.path.realpath(sys.executable), "-B", machine.HERE / "guest.py", *SCENES]
    try:
        code = machine.Machine(kernel(), out).run(command, environment, LIMIT)
    except (machine.Died, TimeoutError) as error:
        return out, None, str(error)
    return out, None, None if code == 0 else f"the guest's script ended with {code}"


class Test(unittest.TestCase):
    maxDiff = None

    def scene(self, name):
        """(its facts, its recording), of a scene that went to its end."""
        out, reason, broken = boot()
        if reason:
            self.skipTest(reason)
        folder = out / name
        if not (folder / "facts.json").exists():
            self.fail(broken or "the scene was not played")
        self.facts = json.loads((folder / "facts.json").read_text())
        if "failure" in self.facts:
            self.fail(f"{self.facts['failure']}\n{self.facts.get('stderr', '')[-3000:]}")
        self.assertEqual(self.facts.get("exit code", 0), 0, self.facts.get("stderr"))
        return Recording(folder / "recording.flv") if (folder / "recording.flv").exists() else None

    def test_a_camera_at_360p15_and_a_sound_card_arrive_whole(self):
        recording = self.scene("camera_and_sound")
        self.assertEqual((recording.video["width"], recording.video["height"]), (640, 360))
        times = recording.times(recording.video, "pts_time")
        print(f"{len(times)} frames in {times[-1] - times[0]:.2f} s")
        self.assertAlmostEqual(recording.fps(), 15, delta=0.3)
        self.assertEqual(recording.decode_errors(), "")


if __name__ == "__main__":
    harness.main()
