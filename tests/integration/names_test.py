# SPDX-License-Identifier: MIT
"""A file is the one that is named, whatever its name looks like, in each option that takes a path."""
import os
import subprocess

import harness

RED, BLUE = "red", "blue"  # what is named; what a name that was taken apart, decoded or expanded would lead to

# Each begins, as a relative path, with what could be taken for something else.
NAMES = [b"a:b", b"concat:decoy.mp4|decoy", b"http:decoy", b"data:decoy", b"file:decoy", b"subfile,,start,0,end,0,,:decoy", b"x%d",
         b"%03d", b"*", b"[d]ecoy", b"decoy%20", b"decoy?x#y", b"new\nline", b" blank", b"-i", b"\xff\xfe", b"rtmp:decoy",
         b"n" * 200]


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffmpeg="ffmpeg")
        self.made = {}
        for colour in (RED, BLUE):
            film = self.directory / f"{colour}.mp4"
            harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"color={colour}:s=320x180:r=25:d=2", "-f", "lavfi", "-i",
                         "sine=d=2:r=48000", "-pix_fmt", "yuv420p", film])
            picture = self.directory / f"{colour}.png"
            harness.run(["ffmpeg", "-v", "error", "-i", film, "-frames:v", "1", picture])
            self.made[colour] = {b".mp4": film.read_bytes(), b".png": picture.read_bytes()}
        self.folder = self.directory / "folder"
        self.folder.mkdir()

    def place(self, name, colour=RED):
        """A file of that name in the folder, and what it is not."""
        ending = b"." + name.rsplit(b".", 1)[1]
        (self.folder / os.fsdecode(name)).write_bytes(self.made[colour][ending])
        return name

    def livepusher(self, *arguments):
        command = [harness.tool("LIVEPUSHER_BIN"), *(part if isinstance(part, bytes) else str(part) for part in arguments)]
        return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)

    def works(self, *arguments):
        done = self.livepusher(*arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stderr.decode(errors='replace')}")
        return done

    def colour(self, path):
        """That of the first picture: as one pixel."""
        # Through a pipe, so that ffmpeg doesn't take the name apart either.
        with open(os.path.join(os.fsencode(self.folder), path), "rb") as file:
            done = subprocess.run(["ffmpeg", "-v", "error", "-i", "-", "-frames:v", "1", "-vf", "scale=1:1", "-f", "rawvideo", "-pix_fmt",
                                   "rgb24", "-"], stdin=file, capture_output=True, check=True)
        return RED if done.stdout[0] > 128 > done.stdout[2] else BLUE

    def pushed(self, source, *options):
        self.works("push", "out.flv", "--overwrite", "--quiet", "--source", source, "--duration", "0.5", *options)
        return self.colour(b"out.flv")

    def test_sources(self):
        for decoy in (b"decoy.mp4", b"x1.mp4", b"001.mp4", b"d.mp4", b"decoy .mp4"):
            self.place(decoy, BLUE)
        for name in NAMES:
            with self.subTest(name):
                self.assertEqual(self.pushed(b"file:" + self.place(name + b".mp4")), RED)
                os.unlink(os.path.join(os.fsencode(self.folder), name + b".mp4"))
        self.place(b"x1.png", BLUE)
        self.place(b"x%d.png")
        self.works("push", "out.flv", "--overwrite", "--quiet", "--video-source", "file:x%d.png", "--audio-source", "test", "--duration", "1")
        self.assertEqual(self.colour(b"out.flv"), RED)

    def test_file_urls(self):
        self.place(b"a%20b.mp4", BLUE)
        name = self.place(b"a b.mp4")
        folder = os.fsencode(self.folder)
        for form in (b"file://%s/a%%20b.mp4", b"file://localhost%s/a%%20b.mp4", b"file:file://%s/a%%20b.mp4"):
            with self.subTest(form):
                self.assertEqual(self.pushed(form % folder), RED)
        self.assertEqual(self.pushed(b"file:%s/a%%20b.mp4" % folder), BLUE)
        self.works("push", b"file://%s/o%%20ut.flv" % folder, "--quiet", "--source", b"file:" + name, "--duration", "0.5", "--record",
                   b"file://localhost%s/re%%20c.flv" % folder)
        self.assertEqual([self.colour(b"o ut.flv"), self.colour(b"re c.flv")], [RED, RED])
        far = self.livepusher("push", "out.flv", "--quiet", "--source", "file://elsewhere/x.mp4")
        self.assertEqual(far.returncode, 2)
        self.assertIn(b"elsewhere", far.stderr)

    def test_targets(self):
        film = self.place(b"film.mp4")
        for name in NAMES:
            if name == b"-i":
                continue  # an option, to any program
            with self.subTest(name):
                before = set(os.listdir(os.fsencode(self.folder)))
                written = name.replace(b"%", b"%%")  # of what is written % begins a date
                self.works("push", written + b".flv", "--quiet", "--source", b"file:" + film, "--duration", "0.5", "--record", written + b".rec")
                made = set(os.listdir(os.fsencode(self.folder))) - before
                self.assertEqual(made, {name + b".flv", name + b".rec"})
                self.assertEqual([self.colour(path) for path in made], [RED, RED])

    def test_everything_else(self):
        film = self.place(b"film.mp4")
        self.place(b"1.png", BLUE)
        self.place(b"file:%d.png")
        self.works("effects", b"file:%d.png", b"concat:%d.png")
        self.assertEqual(self.colour(b"concat:%d.png"), RED)
        (self.folder / "a:%d.cube").write_text("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n")
        (self.folder / "a:%d.json").write_text('{"fps": 20}')
        (self.folder / "a:%d.yuv").write_bytes(bytes(64 * 64 * 3 // 2) * 30)
        (self.folder / "a:%d.pcm").write_bytes(bytes(48000 * 4))
        done = self.works("push", "all.flv", "--video-source", "raw:a:%d.yuv,64x64@25", "--audio-source", "pcm:a:%d.pcm,48000,2",
                          "--duration", "0.5", "--filter-file", "a:%d.cube", "--watermark", "file:%d.png", "--waiting-image", "file:%d.png",
                          "--bgm", "film.mp4", "--config", "a:%d.json")
        for word in (b"watermark", b"waitingImage", b"cube", b"music"):
            self.assertNotIn(word + b" \"", done.stderr)
        self.works("push", "coded.flv", "--video-source", b"coded:" + self.place(b"http:x%d.mp4"), "--audio-source", "test", "--duration",
                   "0.5")
        self.assertEqual(self.colour(b"coded.flv"), RED)
        self.assertEqual(self.pushed(b"file:" + film, "--bgm", "film.mp4"), RED)


if __name__ == "__main__":
    harness.main()
