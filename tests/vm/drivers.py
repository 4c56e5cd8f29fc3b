# SPDX-License-Identifier: MIT
"""The guest's two drivers, as a hand at the plug and at the lens would treat them."""
import fcntl
import os
import pathlib
import struct
import subprocess
import threading

import processes

_PLATFORM = pathlib.Path("/sys/bus/platform/drivers")
_SET_CONTROL = 0xC008561C  # VIDIOC_S_CTRL: number and value, 32 bits each
# vivid's own controls.
PICTURE = 0x00F0F000
LOST_FRAMES = 0x00F0F040  # percent
BROKEN_FRAME, BROKEN_STREAM = 0x00F0F042, 0x00F0F046  # once
GREEN, RED = 8, 7  # two of its pictures, full and even but for a small running clock in the corner

TONE_PLAYED_INTO, MICROPHONE = "hw:Loopback,0", "hw:Loopback,1"


def control(camera, name, value=1):
    """Tells a vivid camera what to see, or what is to go wrong; until it is plugged in again."""
    device = os.open(camera, os.O_RDWR)
    try:
        fcntl.ioctl(device, _SET_CONTROL, struct.pack("Ii", name, value))
    finally:
        os.close(device)


def nodes():
    """{path: the driver's name} of all cameras that are there."""
    cameras = pathlib.Path("/sys/class/video4linux").iterdir()
    return {f"/dev/{each.name}": (each / "name").read_text().strip() for each in cameras}


class Plug:
    """The plug of a driver's devices: two cameras at once, or the sound card."""

    def __init__(self, driver, device):
        self._driver = _PLATFORM / driver
        self._device = device
        self._pulling = None

    def pull(self):
        """The devices are gone at once, but a driver may wait until nobody has them open any more: not so this call."""
        self._pulling = threading.Thread(target=self._write, args=("unbind",))
        self._pulling.start()

    def put_back(self, within=20):
        self._pulling.join(within)
        if self._pulling.is_alive():
            raise TimeoutError(f"{self._device}: somebody still has it open {within} s after it was pulled out")
        self._write("bind")

    def _write(self, file):
        (self._driver / file).write_text(self._device)


CAMERAS = Plug("vivid", "vivid.0")
SOUND_CARD = Plug("snd_aloop", "snd_aloop.0")


class Player:
    """Plays a file into the sound card, again and again, also when the card was away."""

    def __init__(self, path):
        command = f"while :; do aplay -q -D plug{TONE_PLAYED_INTO} {path}; sleep 0.2; done"
        self._process = processes.spawn(["sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        processes.end(self._process)
