# SPDX-License-Identifier: MIT
"""Which tracks of a file are taken, covers, lists of files, odd names; how soon and with how much memory a file begins."""
import os
import shutil
import time

import clips
import harness
import rtmp_wire
import scripted_server
from clips import AAC, H264, clip, copied
from playback_rows import SOURCE, Case, Row

EIGHT = {"seconds": 8}
SEEN, HEARD = {"flashes": 8, "beeps": 0}, {"flashes": 0, "beeps": 8, "pictures": 0}


def renamed(name, source, before, after, which=0):
    """An MP4 whose `which`th sample entry of the kind `before` is called otherwise: a codec that nobody has."""
    def make(path):
        data = source.read_bytes()
        at = data.index(b"stsd")
        for _ in range(which + 1):
            at = data.index(before, at + 1)
        path.write_bytes(data[:at] + after + data[at + 4:])
    return clips.kept(f"{source.name[:10]}-{after.decode()}-{which}-{name}", make)


def two_tracks(name, kind):
    """Two tracks of a kind beside one of the other, the first of the two is the default."""
    maps = {"audio": ("-map", "0", "-map", "1", "-map", "1"), "video": ("-map", "0", "-map", "0", "-map", "1")}[kind]
    return clips.ffmpeg(name, "-f", "lavfi", "-i", clips.picture(8), "-f", "lavfi", "-i", clips.sound(8), *maps, *H264, *AAC,
                        f"-disposition:{kind[0]}:0", "default", f"-disposition:{kind[0]}:1", "0")


def covered(name, *coder):
    """Sound with a white picture in its tags."""
    cover = clips.ffmpeg("white.png", "-f", "lavfi", "-i", "color=c=white:s=320x180", "-frames:v", 1)
    return clips.ffmpeg(name, "-f", "lavfi", "-i", clips.sound(8), "-i", cover, "-map", "0", "-map", "1", *coder, "-c:v", "copy",
                        "-disposition:v", "attached_pic")


class Test(Case):
    def test_tracks_that_nobody_decodes(self):
        plain = clip("plain.mp4", 8)
        sounds, pictures = two_tracks("sounds.mp4", "audio"), two_tracks("pictures.mp4", "video")
        no_sound = renamed("s.mp4", copied("noise-a.mp4", plain, "-bsf:a", "noise=amount=1"), b"mp4a", b"enca")
        no_picture = renamed("p.mp4", copied("noise-v.mp4", plain, "-bsf:v", "noise=amount=1"), b"avc1", b"encv")
        key = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "00112233445566778899aabbccddeeff",
               "-encryption_kid", "112233445566778899aabbccddeeff00")
        told = {"warnings": (1, 2), **EIGHT}
        self.run_rows([
            Row("the default sound is of a kind without decoder", renamed("default.mp4", renamed("no-codec.mp4", sounds, b"esds", b"free"), b"mp4a", b"apac", 0), flashes=8, beeps=8,
                words=("apac",), **told),
            Row("the second sound is of such a kind", renamed("b.mp4", sounds, b"mp4a", b"apac", 1), flashes=8, beeps=8,
                **{**told, "warnings": (0, 1)}),
            Row("the default picture is encrypted", renamed("c.mp4", pictures, b"avc1", b"encv"), flashes=8, beeps=8,
                words=("encv",), **told),
            Row("the only sound is encrypted", no_sound, words=("enca",), **SEEN, **told),
            Row("the only picture is encrypted", no_picture, words=("encv",), **HEARD, **told),
            Row("nothing in it is decoded", renamed("n.mp4", no_picture, b"mp4a", b"enca"), exit=SOURCE, warnings=(1, 3),
                words=("enc[va]",)),
            Row("all of it is encrypted by CENC", copied("cenc.mp4", plain, *key), exit=SOURCE, warnings=(1, 3), words=("enc",)),
            Row("two of each, all good", sounds, flashes=8, beeps=8, **EIGHT),
        ])

    def test_covers(self):
        song = covered("cover.mp3", "-c:a", "libmp3lame", "-id3v2_version", 3)
        plain = clip("plain.mp3", 8, (), ("-c:a", "libmp3lame"))
        white = clips.ffmpeg("white.png", "-f", "lavfi", "-i", "color=c=white:s=320x180", "-frames:v", 1)
        black = clips.ffmpeg("black.png", "-f", "lavfi", "-i", "color=c=black:s=320x180", "-frames:v", 1)
        shown = {"flashes": 1, "beeps": 8, "pair": None, "pictures": (7, 250), "still": 1100, **EIGHT}
        rows = [
            Row("MP3 with a cover", song, **shown),
            Row("FLAC with a cover", covered("cover.flac", "-c:a", "flac"), **shown),
            Row("M4A with a cover", covered("cover.m4a", *AAC), **shown),
            Row("MP3 with a cover, and a waiting image", song, flags=("--waiting-image", black), **shown),
            Row("MP3 with a cover, sound alone", song, only="audio", beeps=8, **EIGHT),
            Row("MP3 with a cover, the camera off", song, flags=("--enable-camera=false",), beeps=8, **EIGHT),
            Row("MP3 without a cover, sound alone", plain, only="audio", beeps=8, **EIGHT),
            Row("MP3 without a cover, and a waiting image", plain, flags=("--waiting-image", white), warnings=1, words=("no picture",), **shown),
        ]
        self.run_rows(rows)

    def test_lists_and_names(self):
        # By their relative names: only those can be taken for something else than a path.
        there = os.getcwd()
        self.addCleanup(os.chdir, there)
        plain = clip("four.mp4", 4)
        names = ["10:30.mp4", "clip%d.mp4", "concat:one.mp4", "http:one.mp4", "with space, comma|bar.mp4", "ümläut.mp4"]
        for name in ["one.mp4", "two.mp4", *names]:
            shutil.copyfile(plain, self.directory / name)
        (self.directory / "list.m3u").write_text("#EXTM3U\none.mp4\ntwo.mp4\n")
        (self.directory / "list.ffconcat").write_text("ffconcat version 1.0\nfile one.mp4\nfile two.mp4\n")
        os.chdir(self.directory)
        listed = {"flashes": 8, "beeps": (7, 9), "hole": 60, "seconds": 8, "pair": 80}
        self.run_rows([
            Row("an m3u of two clips", "list.m3u", **listed), Row("an ffconcat of two clips", "list.ffconcat", **listed),
            *[Row(f"a file that is named {name}", name, flashes=4, beeps=4, seconds=4) for name in names],
        ])

    def test_memory(self):
        film = clip("memory-720.mp4", 12, size=(1280, 720))
        self.run_rows([Row("720p of a file, pushed as 720p", film, seconds=12, rss=80, pictures=0, still=1100,
                           size=("--video-width", 1280, "--video-height", 720))])

    def test_begins_at_once(self):
        film = clip("plain.mp4", 8)
        arrived = {}

        def note(peer):
            peer.accept()
            arrived["accepted"] = time.monotonic()
            while True:
                message = peer.next()
                if message.type == rtmp_wire.VIDEO and message.body[1] == 1:
                    arrived.setdefault("video", time.monotonic())
                elif message.type == rtmp_wire.AUDIO and message.body[1] == 1:
                    arrived.setdefault("audio", time.monotonic())

        found = []
        for _ in range(3):
            arrived.clear()
            with scripted_server.ScriptedServer(note) as server:
                began = time.monotonic()
                self.push_cleanly(server.url(), "--source", f"file:{film}", "--video-preset", "ultrafast", "--quiet", "--duration", 1)
            self.assertEqual(server.problems, [])
            found.append([round(1000 * (arrived[what] - began)) for what in ("accepted", "video", "audio")])
        print(f"\nms from the program's start to the accepted publish, the first picture, the first sound: {found}")
        least = min(video - accepted for accepted, video, _ in found)
        print(f"first picture {least} ms after the server accepted, {min(video for _, video, _ in found)} ms after the program's start")
        self.assertLess(least, 500)
        self.assertLess(min(video for _, video, _ in found), 1500)


if __name__ == "__main__":
    harness.main()
