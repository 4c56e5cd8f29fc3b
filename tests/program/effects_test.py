# SPDX-License-Identifier: MIT
"""`livepusher effects`: pictures and videos through the picture effects, and what is refused."""
import json
import os
import pathlib
import signal
import subprocess
import unittest

from program_case import ARGUMENTS, DONE, OTHER, SOURCE, harness, livepusher

import processes

PORTRAIT = pathlib.Path("/usr/lib/python3/dist-packages/skimage/data/astronaut.png")
MODELS = pathlib.Path(os.environ.get("LIVEPUSHER_ROOT", ".")) / "build/models"


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True, capture_output=True, timeout=60).stdout


def probe(file, *arguments):
    done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", *arguments, str(file)], check=True, capture_output=True, timeout=60)
    return json.loads(done.stdout)


def size(file):
    stream = probe(file, "-select_streams", "v", "-show_streams")["streams"][0]
    return stream["width"], stream["height"]


def rgb(file, crop=None):
    """The first picture's pixels."""
    return ffmpeg("-i", file, "-frames:v", "1", "-vf", (f"crop={crop}," if crop else "") + "format=rgb24", "-f", "rawvideo", "-")


def means(pixels):
    return [sum(pixels[channel::3]) * 3 / len(pixels) for channel in range(3)]


def difference(one, other):
    """How far apart two pictures are on average."""
    if len(one) != len(other):
        raise AssertionError(f"{len(one)} bytes against {len(other)}")
    return sum(abs(a - b) for a, b in zip(one, other)) / len(one)


def times(file):
    """When each frame is shown, in ms."""
    frames = probe(file, "-select_streams", "v", "-show_entries", "frame=best_effort_timestamp_time")["frames"]
    return [round(float(frame["best_effort_timestamp_time"]) * 1000) for frame in frames]


def sound(file):
    """The bytes of its sound, as a hash."""
    return ffmpeg("-i", file, "-map", "0:a", "-c", "copy", "-f", "md5", "-")


class Effects(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")

    def effects(self, *arguments):
        done = livepusher("effects", *arguments, "--overwrite", within=60)  # tests look at one name again and again
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def refused(self, code, *arguments, says):
        done = livepusher("effects", *arguments, within=60)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertLessEqual(len(done.stderr.splitlines()), 2, done.stderr)

    def file(self, name):
        return self.directory / name

    def left_over(self):
        return [path.name for path in self.directory.iterdir() if path.name.startswith(".")]

    def portrait(self):
        if not PORTRAIT.exists():
            self.skipTest("needs a portrait (apt-get install python3-skimage)")
        return PORTRAIT

    def clip(self, name="clip.mp4", *options, seconds=1, pattern="testsrc2=size=320x240:rate=25"):
        file = self.file(name)
        ffmpeg("-f", "lavfi", "-i", pattern, "-f", "lavfi", "-i", "sine", "-t", seconds, "-c:v", "libx264", "-preset",
               "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", *options, file)
        return file


class Pictures(Effects):
    def test_a_picture_without_effects_comes_back_as_it_was(self):
        portrait = self.portrait()
        before = rgb(portrait)
        for ending in ("png", "jpg"):
            out = self.file(f"out.{ending}")
            told = self.effects(portrait, out)
            self.assertIn("512x512", told)
            after = rgb(out)
            for channel, (a, b) in enumerate(zip(means(before), means(after))):
                self.assertLess(abs(a - b), 2, f"{ending}, channel {channel}")
            print(f"{ending}: differs by {difference(before, after):.2f} of 255")
            self.assertLess(difference(before, after), 3, ending)

    def test_jpeg_keeps_its_range_and_matrix(self):
        jpeg = self.file("in.jpg")
        ffmpeg("-f", "lavfi", "-i", "smptebars=size=320x240", "-frames:v", "1", "-pix_fmt", "yuvj420p", "-q:v", "2", jpeg)
        out, again = self.file("out.jpg"), self.file("out.png")
        self.effects(jpeg, out)
        self.effects(jpeg, again)
        for made in (out, again):
            for a, b in zip(means(rgb(jpeg)), means(rgb(made))):
                self.assertLess(abs(a - b), 2, made)
            self.assertLess(difference(rgb(jpeg), rgb(made)), 3, made)

    def test_every_kind_of_pixel_is_read(self):
        for name, pixels in (("grey.png", "gray"), ("wide.png", "rgb48be"), ("palette.png", "pal8"), ("alpha.png", "rgba"),
                             ("picture.webp", "yuv420p")):
            source, out = self.file(name), self.file(name + ".out.png")
            ffmpeg("-f", "lavfi", "-i", "testsrc2=size=128x96", "-frames:v", "1", "-pix_fmt", pixels, source)
            self.effects(source, out)
            self.assertEqual(size(out), (128, 96))
            for a, b in zip(means(rgb(source)), means(rgb(out))):
                self.assertLess(abs(a - b), 2, name)

    def test_a_turned_photograph_comes_upright(self):
        jpeg, turned, out = self.file("plain.jpg"), self.file("turned.jpg"), self.file("out.png")
        ffmpeg("-f", "lavfi", "-i", "smptebars=size=128x96", "-frames:v", "1", "-pix_fmt", "yuvj444p", "-q:v", "2", jpeg)
        plain = jpeg.read_bytes()
        for orientation, filters in ((6, "transpose=clock"), (3, "hflip,vflip"), (2, "hflip"), (5, "transpose=cclock_flip")):
            tags = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0]) + b"\0\0\0\0"
            exif = b"Exif\0\0" + tags
            turned.write_bytes(plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:])
            self.effects(turned, out)
            wanted = ffmpeg("-i", jpeg, "-vf", filters + ",format=rgb24", "-f", "rawvideo", "-")
            self.assertEqual(size(out), (128, 96) if orientation < 5 else (96, 128), orientation)
            self.assertLess(difference(rgb(out), wanted), 6, orientation)

    def test_a_filter_changes_colours_the_way_its_name_says(self):
        portrait, out = self.portrait(), self.file("out.png")
        before = means(rgb(portrait))
        self.effects(portrait, out, "--filter", "cool")
        after = means(rgb(out))
        self.assertGreater(after[2] - after[0], before[2] - before[0] + 3)  # bluer
        self.effects(portrait, out, "--filter", "nostalgia")
        after = means(rgb(out))
        self.assertLess(max(after) - min(after), 90)
        self.assertGreater(after[0], after[2] + 5)  # sepia
        self.effects(portrait, out, "--filter", "cool", "--filter-strength", "0")
        self.assertLess(difference(rgb(portrait), rgb(out)), 3)

    def test_whiteness_and_beauty_do_what_they_say(self):
        portrait, out = self.portrait(), self.file("out.png")
        face = "64:64:190:80"
        self.effects(portrait, out, "--whiteness", "6")
        self.assertGreater(sum(means(rgb(out, face))), sum(means(rgb(portrait, face))) + 20)
        self.effects(portrait, out, "--beauty", "9")
        self.assertGreater(difference(rgb(portrait, face), rgb(out, face)), 1.5)

    def test_side_by_side_shows_the_original_at_the_left(self):
        portrait, both, alone = self.portrait(), self.file("both.png"), self.file("alone.png")
        self.effects(portrait, both, "--filter", "pink", "--remote-mirror", "--side-by-side")
        self.effects(portrait, alone, "--filter", "pink", "--remote-mirror")
        self.assertEqual(size(both), (1024, 512))
        self.assertLess(difference(rgb(both, "512:512:0:0"), rgb(portrait)), 3)
        self.assertLess(difference(rgb(both, "512:512:512:0"), rgb(alone)), 0.5)

    def test_one_side_given_the_other_follows(self):
        out = self.file("out.png")
        source = self.file("in.png")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=400x200", "-frames:v", "1", source)
        for flags, wanted in ((("--video-width", 200), (200, 100)), (("--video-height", 150), (300, 150)),
                              (("--video-width", 100, "--video-height", 100), (100, 100))):
            self.effects(source, out, *flags)
            self.assertEqual(size(out), wanted)

    def test_an_odd_row_is_cut_off_with_a_note(self):
        source, out = self.file("odd.png"), self.file("out.png")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=128x96", "-vf", "crop=127:95:0:0:exact=1,format=rgb24", "-frames:v", "1", source)
        self.assertIn("note: 127x95 is cut to 126x94", self.effects(source, out))
        self.assertEqual(size(out), (126, 94))
        self.assertEqual(self.effects(source, out, "--quiet"), "")

    def test_a_config_of_a_push_gives_its_look(self):
        portrait, out, config = self.portrait(), self.file("out.png"), self.file("push.json")
        config.write_text(json.dumps({"url": "rtmp://localhost/live/k", "source": "test", "fps": 30, "filter": "blues", "beauty": 3}))
        self.effects(portrait, out, "--config", config)
        flagged = self.file("flagged.png")
        self.effects(portrait, flagged, "--filter", "blues", "--beauty", "3")
        self.assertEqual(rgb(out), rgb(flagged))

    @unittest.skipUnless((MODELS / "face_mesh.tflite").exists(), "needs the face models (./dev setup)")
    def test_eyes_grow_and_nothing_away_from_the_face_moves(self):
        portrait, out, plain = self.portrait(), self.file("out.png"), self.file("plain.png")
        done = livepusher("effects", portrait, out, "--custom-effect", "--eye-bigness", "1", "--face-models", MODELS, within=60)
        if done.returncode == ARGUMENTS and "this build" in done.stderr:
            self.skipTest("this build has no effects on faces")
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.effects(portrait, plain)
        self.assertGreater(difference(rgb(out, "100:60:170:80"), rgb(plain, "100:60:170:80")), 1)
        self.assertEqual(rgb(out, "512:256:0:256"), rgb(plain, "512:256:0:256"))


class Videos(Effects):
    def test_frames_keep_their_times_and_sound_stays_as_it_is(self):
        clip = self.clip()
        for ending in ("mp4", "mkv", "flv"):
            out = self.file(f"out.{ending}")
            self.assertIn("320x240, 25 frames", self.effects(clip, out, "--filter", "pink"))
            before, after = times(clip), times(out)
            self.assertEqual(len(after), 25)
            shift = after[0] - before[0]  # not every kind of file can begin before zero, as sound and reordered frames do
            self.assertTrue(all(abs(b - a - shift) <= 1 for a, b in zip(before, after)), ending)
            if ending == "mp4":
                self.assertEqual(before, after)
            self.assertEqual(sound(clip), sound(out), ending)
            self.assertEqual(ffmpeg("-i", out, "-f", "null", "-"), b"")  # without a complaint

    def test_a_variable_frame_rate_stays_so(self):
        clip = self.clip("vary.mkv", "-vf", "setpts='(N+floor(N*N/6))/25/TB'", "-fps_mode", "vfr", seconds=2)
        out = self.file("out.mp4")
        self.effects(clip, out)
        before, after = times(clip), times(out)
        self.assertGreater(len(set(b - a for a, b in zip(before, before[1:]))), 3)
        self.assertEqual([t - before[0] for t in before], [t - after[0] for t in after])

    def test_colours_stay_what_they_were(self):
        for name, options in (("narrow.mp4", ()), ("full.mp4", ("-vf", "scale=out_range=full", "-color_range", "pc")),
                              ("hd.mp4", ("-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709")),
                              ("fine.mp4", ("-pix_fmt", "yuv444p"))):
            clip, out = self.clip(name, *options, seconds=0.2, pattern="smptebars=size=320x240:rate=25"), self.file("out.mp4")
            self.effects(clip, out)
            for a, b in zip(means(rgb(clip)), means(rgb(out))):
                self.assertLess(abs(a - b), 2, name)
            self.assertLess(difference(rgb(clip), rgb(out)), 3, name)

    def test_a_turned_video_comes_upright(self):
        clip = self.clip(seconds=0.4)
        turned, out = self.file("turned.mp4"), self.file("out.mp4")
        ffmpeg("-i", clip, "-c", "copy", "-metadata:s:v", "rotate=90", turned)
        self.effects(turned, out)
        self.assertEqual(size(out), (240, 320))
        self.assertNotIn("side_data_list", probe(out, "-select_streams", "v", "-show_streams")["streams"][0])
        self.assertLess(difference(rgb(turned), rgb(out)), 4)  # ffmpeg turns what it reads

    def test_side_by_side_keeps_the_original_at_the_left(self):
        clip, out = self.clip(seconds=0.4), self.file("out.mkv")
        self.effects(clip, out, "--side-by-side", "--filter", "nostalgia")
        self.assertEqual(size(out), (640, 240))
        self.assertLess(difference(rgb(clip), rgb(out, "320:240:0:0")), 4)
        self.assertGreater(difference(rgb(clip), rgb(out, "320:240:320:0")), 10)

    def test_a_picture_of_a_video_is_its_first_frame(self):
        clip, out = self.clip(seconds=0.4), self.file("out.png")
        self.assertIn("first frame", self.effects(clip, out))
        self.assertLess(difference(rgb(clip), rgb(out)), 3)

    def test_what_has_no_sound_and_one_frame_works(self):
        clip, out = self.file("one.mp4"), self.file("out.mkv")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5", "-frames:v", "1", clip)
        self.effects(clip, out)
        self.assertEqual(len(times(out)), 1)

    def test_ctrl_c_leaves_nothing_behind(self):
        clip, out = self.clip(seconds=40, pattern="testsrc2=size=480x360:rate=50"), self.file("out.mp4")
        program = processes.spawn([harness.tool("LIVEPUSHER_BIN"), "effects", str(clip), str(out), "--beauty", "9"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        processes.wait_for(lambda: any((self.directory / name).stat().st_size > 0 for name in self.left_over()), 20, "the file to grow")
        program.send_signal(signal.SIGINT)
        told = program.communicate(timeout=20)[1].decode()
        self.assertEqual(program.returncode, OTHER, told)
        self.assertIn("interrupted; nothing was written", told)
        self.assertEqual(self.left_over(), [])
        self.assertFalse(out.exists())


class Refusals(Effects):
    def test_a_source_that_can_not_be_read(self):
        broken, text = self.file("broken.png"), self.file("text.png")
        text.write_text("no picture\n")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=128x96", "-frames:v", "1", broken)
        broken.write_bytes(broken.read_bytes()[:600])
        out = self.file("out.png")
        out.write_text("kept")
        self.refused(SOURCE, self.file("nowhere.png"), out, says="nowhere.png: there is no such file")
        self.refused(SOURCE, self.directory, out, says="is a directory")
        self.refused(SOURCE, text, out, says="text.png: ")
        self.refused(SOURCE, broken, out, says="broken.png: ")
        self.assertEqual(out.read_text(), "kept")
        tone = self.file("tone.wav")
        ffmpeg("-f", "lavfi", "-i", "sine=duration=0.1", tone)
        self.refused(SOURCE, tone, out, says="tone.wav: has no picture")

    def test_a_place_that_can_not_be_written(self):
        clip = self.clip(seconds=0.2)
        for out in ("nowhere/out.mp4", "nowhere/out.png"):
            self.refused(OTHER, clip, self.file(out), "--quiet", says="No such file or directory")
        self.file("there.png").mkdir()
        self.refused(OTHER, clip, self.file("there.png"), "--quiet", says="it exists and is not a file")
        self.assertEqual(self.left_over(), [])

    def test_arguments_that_mean_nothing(self):
        clip = self.clip(seconds=0.2)
        out = self.file("out.mp4")
        self.refused(ARGUMENTS, says="two arguments")
        self.refused(ARGUMENTS, clip, says="two arguments")
        self.refused(ARGUMENTS, clip, out, "third", says="there are 3")
        self.refused(ARGUMENTS, clip, self.file("out.txt"), says=".mp4, .mkv or .flv")
        self.refused(ARGUMENTS, clip, clip, says="the same file")
        self.refused(ARGUMENTS, clip, out, "--url", "rtmp://localhost/live/k", says="--url means nothing to effects")
        self.refused(ARGUMENTS, clip, out, "--min-bitrate", "300", says="--min-bitrate means nothing to effects")
        self.refused(ARGUMENTS, clip, out, "--beuty", "3", says="did you mean --beauty")
        self.refused(ARGUMENTS, clip, out, "--beauty", says="--beauty needs a value")
        self.refused(ARGUMENTS, clip, out, "--beauty", "12", says="0..9")
        self.refused(ARGUMENTS, clip, out, "--eye-bigness", "1", says="needs customEffect")
        self.refused(ARGUMENTS, clip, out, "--config", self.file("no.json"), says="no.json")
        self.assertFalse(out.exists())

    def test_a_picture_is_no_video(self):
        picture = self.file("in.png")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=128x96", "-frames:v", "1", picture)
        self.refused(ARGUMENTS, picture, self.file("out.mp4"), says="is a picture")

    def test_an_effect_that_can_not_be_done_is_no_result(self):
        picture, out, table = self.file("in.png"), self.file("out.png"), self.file("bad.cube")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=128x96", "-frames:v", "1", picture)
        table.write_text("LUT_3D_SIZE 2\n0 0 0\n")
        self.refused(ARGUMENTS, picture, out, "--watermark", self.file("no.png"), says="no.png")
        self.refused(ARGUMENTS, picture, out, "--filter-file", table, says="bad.cube")
        self.assertFalse(out.exists())

    def test_sound_that_the_file_can_not_take(self):
        clip = self.clip("opus.mkv", "-c:a", "libopus", seconds=0.4)
        self.refused(ARGUMENTS, clip, self.file("out.flv"), says="(opus)")
        self.assertEqual(self.left_over(), [])

    def test_help_teaches_with_examples(self):
        done = livepusher("effects", "--help")
        self.assertEqual(done.returncode, DONE)
        for words in ("livepusher effects IN OUT", "Examples:", "--side-by-side", "--filter NAME", "--watermark-width N", "Exit codes"):
            self.assertIn(words, done.stdout)
        for words in ("--url", "--fps", "--enable-mic", "--json"):
            self.assertNotIn(words, done.stdout)


if __name__ == "__main__":
    harness.main()
