# SPDX-License-Identifier: MIT
"""Files as strangers have them play right: odd rates, tracks of other lengths, sound far behind its picture in the file."""
import array
import subprocess
import wave

import clips
from clips import H264_B, clip, copied
from playback_rows import Case, Row

TWELVE = {"seconds": 12}
SLOW = {**TWELVE, "pictures": (134, 140), "still": 1050}  # two pictures a second for 8 s, then 30


def gif(name, seconds):
    """A white box for 100 ms, then one picture that is held to the end."""
    frames = f"color=c=0x283848:s=320x180:r=10:d={seconds},drawbox=w=iw/8:h=ih/5:color=0x283848:t=fill,"
    frames += "drawbox=w=iw/8:h=ih/5:color=white:t=fill:enable='lt(t,0.05)'"
    return clips.ffmpeg(name, "-f", "lavfi", "-i", frames + ",mpdecimate=max=1000,split[a][b];[a]palettegen[p];[b][p]paletteuse",
                        "-fps_mode", "passthrough", "-final_delay", int(seconds * 100 - 10))


def dropped(name, source, track, begin, end):
    """One track's packets between two moments taken out."""
    return copied(name, source, f"-bsf:{track}", f"noise=amount=0:dropamount=0:drop='between(pts*tb,{begin},{end})'")


class Test(Case):
    def test_rates_that_vary(self):
        slow = "select='gte(t,8)+lt(mod(t+0.001,1),0.02)+between(mod(t+0.001,1),0.09,0.12)'"
        jitter = "setpts='PTS+(random(1)-0.5)*0.02/TB'"
        film = gif("held.gif", 3)
        tone = clips.ffmpeg("three.wav", "-f", "lavfi", "-i", clips.sound(3))
        self.run_rows([
            Row("screen recorder, 2 pictures a second, then 30", clip("slow-then-30.mp4", 12, vf=slow), flashes=12, beeps=12, **SLOW),
            Row("screen recorder, MKV", clip("slow-then-30.mkv", 12, vf=slow), flashes=12, beeps=12, **SLOW),
            Row("phone, B frames, times that jitter",
                clip("jitter.mp4", 12, H264_B, vf=jitter, options=("-video_track_timescale", 90000)), flashes=12, beeps=12,
                pair=60, **TWELVE),
            Row("one picture a second", clip("one.mp4", 12, vf="select='between(mod(t,1),0.29,0.32)'"), flashes=0, beeps=12,
                pictures=(12, 13), still=1100, **TWELVE),
            Row("one picture in five seconds", clip("five.mp4", 12, vf="select='lt(mod(t,5),0.01)'"), beeps=12, seconds=(11.8, 15.3),
                pictures=0, still=1100),
            Row("60 pictures a second", clip("sixty.mp4", 12, fps=60), flashes=12, beeps=12, **TWELVE),
            Row("23.976 pictures a second", clip("film.mp4", 12, H264_B, fps="24000/1001"), flashes=12, beeps=12, pair=60,
                pictures=(284, 365), **TWELVE),
            Row("GIF that holds its picture, looped", film, flashes=(4, 5), beeps=(11, 13), pictures=0, still=1100, pair=80, **TWELVE,
                flags=("--video-source", f"file:{film}", "--audio-source", f"file:{tone}", "--loop", "--duration", 12)),
        ])

    def test_tracks_of_other_lengths(self):
        ten = {"seconds": 10}
        broken = {**ten, "pictures": 0, "still": 1100}  # where there is no picture, the last one or black is repeated at times
        whole = clip("whole.mkv", 10)
        self.run_rows([
            Row("picture ends after 4 s", clip("short-picture.mp4", 10, vf="trim=end=4"), flashes=4, beeps=10, **broken),
            Row("sound ends after 4 s", clip("short-sound.mp4", 10, af="atrim=end=4"), flashes=10, beeps=4, **ten),
            Row("picture begins at 3 s", clip("late-picture.mkv", 10, vf="trim=start=3"), flashes=7, beeps=10, **broken),
            Row("sound begins at 3 s", clip("late-sound.mkv", 10, af="atrim=start=3"), flashes=10, beeps=7, **ten),
            Row("picture begins at 3 s, MP4", clip("late-picture.mp4", 10, vf="trim=start=3"), flashes=7, beeps=10, **broken),
            Row("sound begins at 3 s, MP4", clip("late-sound.mp4", 10, af="atrim=start=3"), flashes=10, beeps=7, **ten),
            Row("picture stops from 3 to 6 s", dropped("hole-picture.mkv", whole, "v", 2.99, 5.99), flashes=7, beeps=10, **broken),
            Row("sound stops from 3 to 6 s", dropped("hole-sound.mkv", whole, "a", 2.99, 5.99), flashes=10, beeps=(7, 8), pair=None,
                holes=1, **ten),
            Row("sound alone that stops from 2 to 6 s", dropped("hole-alone.mkv", clip("alone.mkv", 8, ()), "a", 1.99, 5.99),
                only="audio", seconds=8, beeps=(4, 5), holes=1, hole=None, warnings=1, words=("nothing in it from 2.0 to 5.9 s",)),
        ])

    def test_sound_of_all_kinds(self):
        eight = {"only": "audio", "seconds": 8, "beeps": 8}
        self.run_rows([
            Row("9 channels", nine_channels(), **eight),
            Row("5.1 channels of AC-3", clip("six.mkv", 8, (), ("-c:a", "ac3"), channels=6), **eight),
            Row("8 kHz, A-law", clip("alaw.wav", 8, (), ("-c:a", "pcm_alaw"), rate=8000, channels=1), **eight),
            Row("192 kHz, 32 bit", clip("high.wav", 8, (), ("-c:a", "pcm_s32le"), rate=192000), **eight),
            Row("Opus in Ogg", clip("plain.ogg", 8, (), ("-c:a", "libopus")), **eight),
        ])

    def test_sound_far_behind_in_the_file(self):
        plain = clip("twelve.ts", 12, options=("-muxdelay", 0))
        behind = clips.patched("behind.ts", plain, sound_late, 4)
        heavy = heavy_file()
        self.run_rows([
            Row("TS, sound 4 s behind", behind, flashes=12, beeps=12, **TWELVE),
            Row("TS, sound 10 s behind", clips.patched("far-behind.ts", plain, sound_very_late), flashes=12, beeps=12, **TWELVE),
            Row("MP4 of 40 Mbit/s", heavy, flashes=12, beeps=12, **TWELVE),
            Row("TS of 40 Mbit/s, sound 10 s behind", clips.patched("heavy-behind.ts", copied("heavy.ts", heavy), sound_very_late),
                flashes=12, beeps=12, **TWELVE),
        ])


def nine_channels():
    """A WAV that names no layout: nobody knows one of 9 channels."""
    def make(path):
        heard = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", clips.sound(8, channels=1), "-f", "s16le", "-"],
                               capture_output=True, check=True)
        one = array.array("h", heard.stdout)
        frames = array.array("h", bytes(2 * 9 * len(one)))
        for channel in range(9):
            frames[channel::9] = one
        with wave.open(str(path), "wb") as file:
            file.setnchannels(9)
            file.setsampwidth(2)
            file.setframerate(48000)
            file.writeframes(frames.tobytes())
    return clips.kept("nine.wav", make)


def heavy_file():
    """40 Mbit/s of noise that no coder makes small."""
    noise = ("noise=alls=60:allf=t,drawbox=w=iw/8:h=ih/5:color=0x283848:t=fill,"
             "drawbox=w=iw/8:h=ih/5:color=white:t=fill:enable='lt(mod(t+0.001,1),0.099)'")
    coder = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "12", "-g", "15", "-pix_fmt", "yuv420p")
    return clip("heavy.mp4", 12, coder, size=(480, 270), vf=noise)


def moved_back(stream, share):
    """TS packets of the sound's PID (257, ffmpeg's second), `share` of the whole file further back."""
    packets = [stream[at:at + 188] for at in range(0, len(stream), 188)]
    is_sound = [(packet[1] & 0x1F) << 8 | packet[2] == 257 for packet in packets]
    behind = int(len(packets) * share)
    order = sorted(range(len(packets)), key=lambda at: (at + behind if is_sound[at] else at, at))
    return b"".join(packets[at] for at in order)


def sound_late(stream):
    return moved_back(stream, 4 / 12)


def sound_very_late(stream):
    return moved_back(stream, 10 / 12)


if __name__ == "__main__":
    import harness
    harness.main()
