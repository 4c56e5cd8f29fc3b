# SPDX-License-Identifier: MIT
"""What is on an X server of a test's own: where a window of the program stands, and its pixels."""
import ctypes
import re
import subprocess
import sys

import harness
import processes

sys.path.insert(0, str(harness.HERE / "devices"))
import stand_ins  # noqa: E402

TITLE = "livepusher"
NO_DESKTOP = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""}


class Picture:
    """Pixels, as (red, green, blue) by fractions of width and height."""

    def __init__(self, width, height, rgb):
        self.width, self.height, self.rgb = width, height, rgb

    def at(self, x, y):
        i = 3 * (int(y * self.height) * self.width + int(x * self.width))
        return tuple(self.rgb[i:i + 3])


class ClientMessage(ctypes.Structure):
    """Xlib.h's XClientMessageEvent, as large as an XEvent."""
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                ("rest", ctypes.c_long * 12)]
    TYPE = 33


def ask_to_close(display, window):
    """What a window manager sends when its close button is pressed (ICCCM 4.2.8.1)."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.POINTER(ClientMessage)]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    event = ClientMessage(ClientMessage.TYPE, window=window, message_type=x11.XInternAtom(connection, b"WM_PROTOCOLS", 0), format=32)
    event.data[0] = x11.XInternAtom(connection, b"WM_DELETE_WINDOW", 0)
    x11.XSendEvent(connection, window, 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(connection)  # sends what is queued


def grey(pixel):
    return max(pixel) - min(pixel) < 20 and min(pixel) > 150


def blue(pixel):
    return pixel[2] > 150 and max(pixel[:2]) < 60


def black(pixel):
    return max(pixel) < 20


def straight(picture):
    """The test picture's bars go from grey at the left to blue at the right."""
    return grey(picture.at(0.05, 0.38)) and blue(picture.at(0.95, 0.38))


def has_text(picture):
    """White and dark where the first bar is plain grey otherwise."""
    lumas = [sum(picture.at(x / 640, y / 360)) / 3 for x in range(4, 80) for y in range(3, 40)]
    return max(lumas) > 225 and min(lumas) < 80


class WindowCase(harness.Case):
    def start_screen(self, width, height):
        harness.need_commands(Xvfb="xvfb", xwininfo="x11-utils", xprop="x11-utils", ffmpeg="ffmpeg")
        screen = stand_ins.Screen(self.directory / "screen", width, height, empty=True)
        self.addCleanup(screen.stop)
        return screen.start()

    def x11(self, screen, *command):
        done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "DISPLAY": screen.display}, timeout=20)
        return done.stdout

    def window(self, screen):
        """Width, height, x and y of the window, or nothing."""
        found = re.search(rf'"{TITLE}": .*?(\d+)x(\d+)\+-?\d+\+-?\d+ +\+(-?\d+)\+(-?\d+)', self.x11(screen, "xwininfo", "-root", "-tree"))
        return tuple(map(int, found.groups())) if found else None

    def close_window(self, screen):
        tree = self.x11(screen, "xwininfo", "-root", "-tree")
        ask_to_close(screen.display, int(re.search(rf'(0x[0-9a-f]+) "{TITLE}"', tree)[1], 16))

    def wait_window(self, screen, wanted, what):
        processes.wait_for(lambda: (found := self.window(screen)) and wanted(*found), 10, what)
        return self.window(screen)

    def grab(self, screen, width, height, x, y):
        raw = subprocess.run(["ffmpeg", "-v", "error", "-f", "x11grab", "-draw_mouse", "0", "-video_size", f"{width}x{height}",
                              "-i", f"{screen.display}+{x},{y}", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                             capture_output=True, check=True, timeout=20).stdout
        return Picture(width, height, raw)

    def wait_picture_in(self, screen, size, is_right, what):
        """The picture of a window of that size, once it is right."""
        where = self.wait_window(screen, lambda width, height, x, y: (width, height) == size, f"a window of {size}")
        processes.wait_for(lambda: is_right(self.grab(screen, *where)), 10, what)
        return self.grab(screen, *where)

    def ask(self, control, request):
        answer = control.ask(request)
        self.assertTrue(answer["ok"], answer)
