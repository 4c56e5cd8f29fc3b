# SPDX-License-Identifier: MIT
"""guest.py SCENE…: runs in the virtual machine. Each scene pushes from the drivers' devices into /out/SCENE/recording.flv
and writes there what it saw as facts.json; the host judges both, since there ffmpeg is not emulated.
"""
import os
import pathlib
import sys
import time
import traceback

TESTS = pathlib.Path(__file__).resolve().parent.parent
for folder in ("integration", "program", "servers", "vm"):
    sys.path.insert(0, str(TESTS / folder))
import drivers  # noqa: E402
from scene import OUT, Scene, program  # noqa: E402

NOBODY = 65534


def devices(scene):
    """What is listed, and what somebody may who has no right to the devices."""
    scene.note("listed", program("devices", "--json"))
    scene.note("listed to nobody", program("devices", "--json", user=NOBODY))
    for kind, source in (("video", "camera"), ("audio", f"mic:{drivers.MICROPHONE}")):
        others = ["--audio-source", "none"] if kind == "video" else ["--video-source", "none"]
        done = program("push", "/tmp/denied.flv", "--json", f"--{kind}-source", source, *others, user=NOBODY)
        scene.note(f"denied {kind}", done)


def camera_and_sound(scene):
    """Both drivers at once, for some seconds."""
    drivers.control("/dev/video0", drivers.PICTURE, drivers.GREEN)
    player = drivers.Player(OUT / "tone.wav")
    try:
        scene.push("--video-source", "camera:/dev/video0", "--audio-source", f"mic:{drivers.MICROPHONE}")
        scene.wait_code(1007)
        time.sleep(6)
        scene.end()
    finally:
        player.stop()


def switching(scene):
    """From one camera to the other and back; and what a plain webcam answers to what only others can."""
    drivers.control("/dev/video0", drivers.PICTURE, drivers.GREEN)
    drivers.control("/dev/video1", drivers.PICTURE, drivers.RED)
    scene.push("--video-source", "camera", "--audio-source", "none")
    scene.wait_code(1007)
    scene.note("torch", scene.ask({"method": "toggleTorch"}))
    scene.note("most zoom", scene.ask({"method": "getMaxZoom"}))
    scene.note("zoom", scene.ask({"method": "setZoom", "zoom": 1}))
    scene.note("too much zoom", scene.ask({"method": "setZoom", "zoom": 99}))
    time.sleep(2)
    for turn in ("there", "back"):
        scene.note(f"switch {turn}", scene.ask({"method": "switchCamera"}))
        time.sleep(2)
    scene.end()


def camera_in_trouble(scene):
    """A frame that the driver calls broken, a stream that it gives up, and a camera that falls silent for some seconds."""
    drivers.control("/dev/video0", drivers.PICTURE, drivers.GREEN)
    scene.push("--video-source", "camera:/dev/video0", "--audio-source", "none")
    scene.wait_code(1007)
    time.sleep(1)
    drivers.control("/dev/video0", drivers.BROKEN_FRAME)
    time.sleep(1)
    drivers.control("/dev/video0", drivers.BROKEN_STREAM)
    scene.note("broken")
    scene.wait_code(1003, count=2)
    time.sleep(1)
    drivers.control("/dev/video0", drivers.LOST_FRAMES, 100)
    scene.note("silent")
    scene.wait_code(1009, count=2)
    time.sleep(1)
    drivers.control("/dev/video0", drivers.LOST_FRAMES, 0)
    scene.note("gives again")
    scene.wait_code(1003, count=3)
    time.sleep(1)
    scene.end()


def camera_unplugged(scene):
    """Pulled out in the middle of a push, and put back: as another node, since somebody still has the old one open."""
    drivers.control("/dev/video0", drivers.PICTURE, drivers.GREEN)
    scene.note("nodes before", drivers.nodes())
    holding = os.open("/dev/video0", os.O_RDWR)
    scene.push("--video-source", "camera:/dev/video0", "--audio-source", "test")
    scene.wait_code(1007)
    time.sleep(2)
    drivers.CAMERAS.pull()
    scene.note("pulled")
    scene.wait_code(1009)
    scene.wait_code(-1301)
    time.sleep(2)
    drivers.CAMERAS.put_back()
    scene.note("put back")
    scene.note("nodes after", drivers.nodes())
    os.close(holding)
    scene.wait_code(1010)
    scene.wait_code(1003, count=2)
    time.sleep(2)
    scene.end()


def sound_card_unplugged(scene):
    """A tone; then nobody plays; then the tone; then the card is pulled out; and put back."""
    player = drivers.Player(OUT / "tone.wav")
    try:
        scene.push("--video-source", "test", "--audio-source", f"mic:{drivers.MICROPHONE}")
        scene.wait_code(1007)
        time.sleep(2)
        player.stop()
        scene.note("quiet")
        scene.wait_code(-1311)
        player = drivers.Player(OUT / "tone.wav")
        scene.wait_heard()
        time.sleep(2)
        drivers.SOUND_CARD.pull()
        scene.note("pulled")
        scene.wait_code(-1302)
        time.sleep(1)
        drivers.SOUND_CARD.put_back()
        scene.note("put back")
        scene.wait_heard()
        scene.note("heard again")
        time.sleep(1.5)
        scene.end()
    finally:
        player.stop()


SCENES = {each.__name__: each for each in (devices, camera_and_sound, switching, camera_in_trouble, camera_unplugged,
                                           sound_card_unplugged)}


def main():
    os.environ["HOME"] = "/run"
    for name in sys.argv[1:]:
        scene = Scene(name)
        try:
            SCENES[name](scene)
        except Exception:  # pylint: disable=broad-except
            # The other scenes can still tell something.
            scene.note("failure", traceback.format_exc())
        finally:
            scene.close()
        print(f"guest: {name} took {scene.facts['seconds']} s")


if __name__ == "__main__":
    main()
