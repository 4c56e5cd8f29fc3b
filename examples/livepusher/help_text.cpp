// SPDX-License-Identifier: MIT
#include "help_text.hpp"

#include "property_flags.hpp"

namespace program {

namespace {

constexpr const char* kPushUsage = R"(
Usage:
  livepusher push URL [--source SPEC | --video-source SPEC --audio-source SPEC] [--PROPERTY VALUE]... [options]

URL is rtmp://HOST/APP/KEY or rtmps://HOST/APP/KEY; or srt://HOST:PORT[?streamid=…&latency=MS&passphrase=…&mode=…]; or
http(s)://[USER:PASSWORD@]HOST/PATH/KEY.flv, to which FLV is posted; or the path of a .flv, .mp4, .mkv or .ts file to write. It
holds the stream key: it is never shown, and wiped from the process list. It can
also come from --url-file FILE or from LIVEPUSHER_URL. Where a service gives server and key apart, URL is the server's and
the key, sent as it is, comes by --stream-key KEY, --stream-key-file FILE or LIVEPUSHER_STREAM_KEY.

Examples:
  livepusher push rtmp://localhost/live/me                          camera and microphone, or a test picture
  livepusher push rtmp://localhost/live/me --source file:clip.mp4 --loop
  livepusher push rtmps://example.com/app/key --mode HD --orientation horizontal --beauty 5 --filter pink
  livepusher push https://example.com/live/key.flv --source test    FLV over HTTP instead of RTMP
  livepusher push 'srt://example.com:9000?streamid=me&latency=300' --source file:clip.mp4      over lines that lose packets
  livepusher push out.flv --source test --duration 10               no server: into a file
  ffmpeg … -f rawvideo - | livepusher push URL --video-source raw:-,1280x720@30,i420 --audio-source none
  livepusher push URL --audio-source mic --bgm song.mp3 --bgm-volume 0.5 --enable-ans --audio-reverb-type 1
  livepusher push URL --source camera --fallback pause.png --keep  never ends: docs/never-ends.md
  livepusher push URL --json --control /run/me.sock                 events on stdout, changes by the socket

SPEC says where picture and sound come from:
  test                              a moving pattern with a frame counter, and a tone
  image:PATH-OR-URL                 a picture that stands still
  file:PATH-OR-URL                  anything that libavformat reads, in real time
  camera[:ID]  mic[:ID]             a device, as livepusher devices lists them; a camera also by rtsp:// or http:// URL
  screen[:DISPLAY[+X,Y][,WxH]]      an X screen or a part of it; with ,window=TITLE a window
  screen…+camera[:ID]               the camera in a corner of the screen
  system  mic…+system               what the machine plays; both
  coded:PATH-OR-URL                 H.264 or H.265 that goes out as it is
  raw:PATH,WxH@FPS[,i420|nv12|rgba] raw frames as they arrive; - is stdin, a FIFO works
  pcm:PATH,RATE,CHANNELS            s16le samples as they arrive
  none                              no picture, or no sound
--source file: and --source test give both; more than one --source file: are played one after the other. Without any: camera and microphone where there are some, else test.
)";

constexpr const char* kPlayUsage = R"(
Usage:
  livepusher play URL [--PROPERTY VALUE]... [--no-window] [--sound DEVICE] [options]

URL is rtmp://HOST/APP/STREAM or rtmps://HOST/APP/STREAM; or http(s)://HOST/PATH/STREAM.flv; or the path of a .flv file. What
it holds behind the app is never shown, and wiped from the process list. It can also come from --url-file FILE or from
LIVEPUSHER_URL.

Plays in a window where there is a desktop, else without a picture, and says so. The delay to the publisher is kept
between --min-cache and --max-cache, by playing a little slower or faster, or by leaving out what comes too late.

Examples:
  livepusher play rtmp://localhost/live/me                          1 to 3 s behind, an even picture first
  livepusher play rtmp://localhost/live/me --mode RTC               0.2 to 0.8 s behind, for a talk
  livepusher play https://example.com/live/me.flv --min-cache 0.5   FLV over HTTP
  livepusher play rtmps://example.com/app/me --record got.flv       also keep what comes
  livepusher play URL --sound none --no-window --json --duration 60 a probe: events and figures on stdout, no device touched
  livepusher play URL --sound alsa_output.usb-headset --volume 0.5  names as pactl list short sinks tells them
  livepusher play URL --control /run/me.sock                        changes by the socket
)";

constexpr const char* kEffectsUsage = R"(
Usage:
  livepusher effects IN OUT [--PROPERTY VALUE]... [--side-by-side] [--config FILE.json] [--quiet]

Applies beauty, filters, effects on faces and a watermark to a file, just as a push applies them to a stream.

  IN                a picture or a video of any kind that FFmpeg's libraries read
  OUT               .png or .jpg: a picture (of a video its first frame)
                    .mp4, .mkv or .flv: a video as H.264, each frame at its time, the sound as it is
                    It appears once all is done. Where there is one, OUT-2, OUT-3 … is the name.

Examples:
  livepusher effects me.jpg out.jpg --beauty 5 --whiteness 3
  livepusher effects me.jpg both.jpg --beauty 7 --beauty-style nature --side-by-side
  livepusher effects clip.mp4 out.mp4 --filter romantic --filter-strength 0.7
  livepusher effects clip.mp4 out.mp4 --custom-effect --face-thinness 0.5 --eye-bigness 0.4
  livepusher effects clip.mp4 out.mkv --filter-file mine.cube --watermark logo.png --video-width 1280
  livepusher effects me.png out.png --config push.json             the look of a push, tried on a picture
)";

}  // namespace

const char* const kProgramFooter =
    "livepusher push --help tells everything about pushing, livepusher play --help about playing, livepusher effects --help "
    "about effects on files; all with examples.\n"
    "\n"
    "Exit codes: 0 done, 1 other failure, 2 bad arguments or properties, 3 source or device, 4 network or server, 5 encoder or "
    "decoder.";

const char* const kPushFooter =
    R"(Each flag is also accepted in camelCase and, in --config, as a key: {"minBitrate": 300, "beauty": 5, "source": "test"}.
In [brackets]: the default.
Flags beat the config file; --print-config shows what all of it means together.

Keys on a terminal: q quit, p pause/resume, m mute, s snapshot, + and - bitrate, ? help.

--control SOCKET takes one JSON object a line and answers each with one; an "id" in it comes back in the answer:
  {"method":"pause"}                        any method of the library, and quit (stop leaves the program there for start)
  {"method":"playBGM","url":"a.mp3"}        its options are keys beside it
  {"set":{"beauty":5,"filter":"pink"}}      all of it or, when one is refused, nothing
  {"get":"properties"}                      or "netstatus", or "state"

--json writes one object a line on stdout: {"event":"statechange","code":1002,"message":"…","time":…}, and likewise
netstatus, error, bgmstart, bgmprogress, bgmcomplete, audiovolumenotify, result. time is in ms since 1970.

Ctrl-C or SIGTERM stops cleanly; a second Ctrl-C leaves at once.
Exit codes: 0 done, 1 other failure, 2 bad arguments or properties, 3 source or device, 4 network or server, 5 encoder.)";

const char* const kPlayFooter =
    R"(Each flag is also accepted in camelCase and, in --config, as a key: {"minCache": 0.5, "mode": "RTC"}.
In [brackets]: the default.
Flags beat the config file; --print-config shows what all of it means together.

The status line: state, size and rate of the picture, what comes in, how far it is behind the fastest way from the publisher and
how far it is meant to be, the speed where it is not 1, how often nothing was left to play, quality 1 (best) to 6.

Keys on a terminal: q quit, p pause/resume, m mute, f full screen, s snapshot, ? help.

--control SOCKET takes one JSON object a line and answers each with one; an "id" in it comes back in the answer:
  {"method":"pause"}                        any method of the library, and quit (stop leaves the program there for start)
  {"method":"stop","clearLastFrame":false}  its options are keys beside it
  {"set":{"muted":true,"volume":0.5}}       all of it or, when one is refused, nothing
  {"get":"properties"}                      or "netstatus", or "state"

--json writes one object a line on stdout: {"event":"statechange","code":2004,"message":"…","time":…}, and likewise
netstatus, error, message, fullscreenchange, windowclosed, audiovolumenotify, result. time is in ms since 1970.

Ctrl-C or SIGTERM stops cleanly; a second Ctrl-C leaves at once.
Exit codes: 0 played to the end, stopped, or the window was closed; 1 other failure, 2 bad arguments or properties,
3 the file can't be read, 4 network or server, 5 decoder.)";

const char* const kEffectsFooter =
    R"(Each flag is also accepted in camelCase and, in --config, as a key: {"beauty": 5, "filter": "pink"}. Keys for push alone are
passed over. In [brackets]: the default. Where one of --video-width and --video-height is given, the other follows.

Pictures are worked on as video is: 8 bit, with colour at half the size (4:2:0). Without any effect a .png comes back with the
same brightness to a level or two, and colours that change from pixel to pixel a little softer. Transparency is not kept.

Ctrl-C stops; there is never half a file.
Exit codes: 0 done, 1 other failure (OUT can't be written, Ctrl-C), 2 bad arguments or properties, 3 IN can't be read, 5 encoder.)";

HelpFormatter::HelpFormatter() { column_width(32); }

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
    if (app->get_name() == "push") return kPushUsage;
    if (app->get_name() == "play") return kPlayUsage;
    if (app->get_name() == "effects") return kEffectsUsage;
    return "\n" + CLI::Formatter::make_usage(app, std::move(name));
}

std::string HelpFormatter::make_positionals(const CLI::App*) const { return {}; }  // make_usage has explained them

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
    std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
    const auto replaceAll = [&text](const std::string& from, const std::string& to) {
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) text.replace(at, from.size(), to);
    };
    replaceAll("\n\n\n", "\n\n");
    replaceAll(std::string(" ") + kSwitchValue, std::string(kSwitchValue) + " ");  // as long as before: the columns stay
    return text;
}

}  // namespace program
