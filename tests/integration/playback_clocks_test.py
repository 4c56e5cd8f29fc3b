# SPDX-License-Identifier: MIT
"""Files whose time stamps jump, start anew, stand still or are missing play on at once, with sound and picture together."""
import random

import flv
from clip_clocks import jumping_flv, jumping_fragments, jumping_mkv, retimed_flv, without_index
from clips import clip, copied, joined
from playback_rows import Case, Row

EIGHT = {"seconds": 8, "within": 1, "flashes": (7, 9), "beeps": (7, 9), "pair": 80, "hole": 500, "pictures": (225, 262), "still": 1100,
         "warnings": (0, 2)}
TWELVE = {**EIGHT, "seconds": 12, "flashes": (11, 13), "beeps": (11, 13), "pictures": (340, 380)}
# libavformat passes over a second of an MP4 that goes back. In an MP4 one track that goes ahead for 3 s is no other than one
# with a pause: nothing in the file tells which packets belong together but their times.
MP4_BACK = {**EIGHT, "pictures": (205, 262), "hole": 1100}
MP4_AHEAD = {**EIGHT, "seconds": (7, 11.3), "hole": 3100}
JUMPS = {"1 h ahead": 3600, "3 s ahead": 3, "3 s back": -3}
MPEG2 = ("-c:v", "mpeg2video", "-q:v", "4", "-g", "15", "-bf", "2")
MP2 = ("-c:a", "mp2", "-b:a", "128k")


class Test(Case):
    def test_joined_files(self):
        part = clip("part.ts", 4)
        other = clip("other.ts", 4, options=("-output_ts_offset", 1000))
        program = clip("part.mpg", 4, MPEG2, MP2, options=("-f", "vob"))
        system = clip("part-1.mpg", 4, ("-c:v", "mpeg1video", "-q:v", "4", "-bf", "2"), MP2)
        wraps = clip("wraps.ts", 8, options=("-output_ts_offset", 2 ** 33 / 90000 - 4, "-muxdelay", 0))
        self.run_rows([
            Row("TS joined of three", joined("three.ts", part, part, part), **TWELVE),
            Row("TS joined of two that are 1000 s apart", joined("apart.ts", part, other), **EIGHT),
            Row("VOB joined of two", joined("two.vob", program, program), **EIGHT),
            Row("VOB joined of three", joined("three.vob", program, program, program), **TWELVE),
            Row("MPEG-1 joined of two", joined("two.mpg", system, system), **EIGHT),
            Row("TS whose clock overflows", wraps, **EIGHT),
        ])

    def test_jumps_of_both_tracks(self):
        plain = clip("plain.flv", 8)
        fragments = clip("fragments.mp4", 8, options=("-movflags", "+frag_keyframe+empty_moov+default_base_moof+delay_moov"))
        first = clip("first.mkv", 4, options=("-live", 1))
        rows = []
        for name, by in JUMPS.items():
            second = clip("second.mkv", 4, options=("-live", 1, "-output_ts_offset", 4 + by))
            rows += [Row(f"FLV, {name}", jumping_flv("both.flv", plain, 4000, by * 1000), **EIGHT),
                     Row(f"MKV, {name}", jumping_mkv("both.mkv", first, second), **EIGHT),
                     Row(f"MP4 in fragments, {name}", jumping_fragments("both.mp4", fragments, 4, by),
                         **(MP4_BACK if by < 0 else EIGHT))]
        self.run_rows(rows)

    def test_jumps_of_one_track(self):
        plain = clip("plain.flv", 8)
        fragments = clip("fragments.mp4", 8, options=("-movflags", "+frag_keyframe+empty_moov+default_base_moof+delay_moov"))
        rows = []
        for name, by in JUMPS.items():
            for what, kind, track in (("picture", flv.VIDEO, 1), ("sound", flv.AUDIO, 2)):
                rows += [Row(f"FLV, {what} {name}", jumping_flv("one.flv", plain, 4000, by * 1000, (kind,)), **EIGHT),
                         Row(f"MP4 in fragments, {what} {name}", jumping_fragments("one.mp4", fragments, 4, by, (track,)),
                             **(MP4_BACK if by < 0 else MP4_AHEAD if by == 3 else EIGHT))]
        self.run_rows(rows)

    def test_jumps_at_random(self, seed=1):
        chance, rows = random.Random(seed), []
        plain = clip("plain.flv", 8)
        for _ in range(6):
            at, by = chance.randrange(1500, 6500), chance.choice((-1, 1)) * int(10 ** chance.uniform(3.3, 7))
            rows.append(Row(f"FLV, {by} ms at {at} ms", jumping_flv("any.flv", plain, at, by), **EIGHT))
        self.run_rows(rows)

    def test_stamps_that_say_nothing(self):
        plain = clip("plain.flv", 8)
        copies = clip("plain.mkv", 8)
        one = {**EIGHT, "within": 0.5, "warnings": (0, 1)}
        alone = {"seconds": 8, "within": 0.5, "warnings": (0, 1), "still": 200}
        self.run_rows([
            Row("MKV, all pictures at 0", copied("zero-video.mkv", copies, "-bsf:v", "setts=ts=0"), **one),
            Row("MKV, all sound at 0", copied("zero-audio.mkv", copies, "-bsf:a", "setts=ts=0"), **one),
            Row("FLV, everything at 0", retimed_flv("zero.flv", plain, lambda kind, time: 0, "zero"), **one),
            Row("FLV, pictures at 0", retimed_flv("zv.flv", plain, lambda kind, time: time if kind == flv.AUDIO else 0, "zv"), **one),
            Row("FLV, the clock stands still from 3 s on",
                retimed_flv("still.flv", plain, lambda kind, time: min(time, 3000), "still"), **one),
            Row("FLV, it stands still from 3 to 5 s and catches up",
                retimed_flv("pause.flv", plain, lambda kind, time: 3000 if 3000 <= time < 5000 else time, "pause"), **one),
            Row("TS, MPEG-2 with B frames, pictures stand still from 2 to 5 s",
                copied("standing.ts", clip("b-frames.ts", 8, MPEG2),
                       "-bsf:v", "setts=ts='if(between(TS*TB,2,5),min(TS,2/TB),TS)'"), **one),
            Row("H.264 alone", clip("bare.h264", 8, audio=()), flashes=8, pictures=(225, 250), only="video", **alone),
            Row("AAC alone", clip("bare.aac", 8, video=()), beeps=8, only="audio", **alone),
            Row("AVI without its index", without_index(clip("plain.avi", 8, ("-c:v", "mpeg4", "-q:v", "3"), ("-c:a", "libmp3lame"))),
                **{**one, "warnings": 0}),
        ])


if __name__ == "__main__":
    import harness
    harness.main()
