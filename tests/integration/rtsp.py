# SPDX-License-Identifier: MIT
"""GStreamer's RTSP server as a camera (tests/servers/rtsp_camera.py), which can lose its power and hang."""
import os
import signal
import subprocess
import unittest

import harness
from harness import processes

DEBIAN_PYTHON = "/usr/bin/python3"  # the one that has GStreamer's bindings


class RtspCamera:
    """Runs for as long as the case; the options are those of rtsp_camera.py."""

    def __init__(self, case, *options, port=None):
        self.port = port or processes.free_ports(1)[0]
        self._case = case
        self._options = options
        self.start()

    def start(self):
        self._process = self._case.spawn([DEBIAN_PYTHON, harness.HERE.parent / "servers" / "rtsp_camera.py", self.port, *self._options],
                                         stdout=subprocess.PIPE)
        self._case.addCleanup(self._process.stdout.close)
        if self._process.stdout.readline() != b"ready\n":
            raise RuntimeError("rtsp_camera.py doesn't get ready")

    def kill(self):
        processes.end(self._process, signal.SIGKILL)

    def signal(self, which):
        os.killpg(self._process.pid, which)

    def url(self, user="", scheme="rtsp"):
        return f"{scheme}://{user and user + '@'}127.0.0.1:{self.port}/live"


def need_rtsp_server():
    told = subprocess.run([DEBIAN_PYTHON, "-c", "import gi; gi.require_version('GstRtspServer', '1.0');"
                           "gi.require_version('Gst', '1.0'); from gi.repository import Gst; Gst.init(None);"
                           "exit(0 if all(map(Gst.ElementFactory.find, ('x264enc', 'x265enc', 'rtph264pay'))) else 1)"],
                          capture_output=True, text=True)
    if told.returncode != 0:
        raise unittest.SkipTest("needs GStreamer's RTSP server (apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 "
                                "gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly)")
