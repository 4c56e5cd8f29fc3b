# SPDX-License-Identifier: MIT
"""The tree keeps its layers, and the check would notice if it didn't. LIVEPUSHER_ROOT names the tree."""
import os
import pathlib
import shutil
import tempfile
import unittest

import layering

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])

# (file, line planted in it, words that the complaint must hold)
PLANTED = [
    ("include/livepusher/context.hpp", '#include "media/packet.hpp"', "media/packet.hpp is not for include/livepusher"),
    ("include/livepusher/media.hpp", "#include <libavutil/frame.h>", "third party"),
    ("src/pipeline/session.hpp", "#include <livepusher/context.hpp>", "the facade, and src/pipeline is below it"),
    ("capture/sources.hpp", "#include <livepusher/livepusher.hpp>", "the facade, and capture is below it"),
    # The ground: each folder knows those before it.
    ("common/base/queue.hpp", '#include "pipeline/session.hpp"', "is not for common/base"),
    ("common/base/queue.hpp", '#include "media/packet.hpp"', "is not for common/base"),
    ("common/base/queue.hpp", '#include "net/url.hpp"', "is not for common/base"),
    ("common/base/queue.hpp", "#include <livepusher/properties.hpp>", "is not for common/base"),
    ("common/media/nal.hpp", '#include "net/url.hpp"', "is not for common/media"),
    ("common/media/nal.hpp", '#include "effects/effect.hpp"', "is not for common/media"),
    ("common/media/nal.hpp", "#include <libavutil/frame.h>", "third party, not for common/media"),
    ("common/net/socket.hpp", '#include "endpoint/publisher.hpp"', "is not for common/net"),
    ("common/net/socket.hpp", '#include "av/av.hpp"', "is not for common/net"),
    ("common/net/socket.hpp", "#include <base/log.hpp>", "in quotes"),
    ("common/av/demuxer.hpp", '#include "capture/source.hpp"', "is not for common/av"),
    ("common/av/demuxer.hpp", '#include "endpoint/publisher.hpp"', "is not for common/av"),
    ("common/sound/alsa_cards.hpp", '#include "media/packet.hpp"', "is not for common/sound"),
    ("common/sound/alsa_cards.hpp", "#include <libavutil/frame.h>", "third party, not for common/sound"),
    ("common/media/nal.hpp", '#include "sound/alsa_cards.hpp"', "is not for common/media"),
    ("encode/encoder.hpp", '#include "sound/alsa_cards.hpp"', "is not for encode"),
    ("common/endpoint/publisher.hpp", '#include "av/av.hpp"', "is not for common/endpoint"),
    ("common/endpoint/publisher.hpp", '#include "flv/flv.hpp"', "is not for common/endpoint"),
    ("common/endpoint/publisher.hpp", '#include "pipeline/uplink.hpp"', "is not for common/endpoint"),
    ("common/endpoint/publisher.hpp", "#include <spdlog/spdlog.h>", "third party, not for common/endpoint"),
    ("common/endpoint/endpoint_of.hpp", '#include "net/curl_easy.hpp"', "third party, not for common/endpoint"),
    # Stages that stand side by side.
    ("capture/spec.cpp", '#include "encode/encoder.hpp"', "is not for capture"),
    ("capture/spec.cpp", '#include "endpoint/publisher.hpp"', "is not for capture"),
    ("encode/encoder.hpp", '#include "effects/effect.hpp"', "is not for encode"),
    ("encode/encoder.hpp", "#include <x264.h>", "others include this header"),
    ("decode/decoder.hpp", '#include "encode/encoder.hpp"', "is not for decode"),
    ("decode/decoder.hpp", "#include <libavutil/frame.h>", "others include this header"),
    ("encode/encoder.hpp", '#include "decode/decoder.hpp"', "is not for encode"),
    ("src/pipeline/lane.hpp", '#include "decode/decoder.hpp"', "is not for src/pipeline"),
    ("effects/effect.hpp", '#include "capture/source.hpp"', "is not for effects"),
    ("effects/effect.hpp", '#include "net/url.hpp"', "is not for effects"),
    ("effects/effect.hpp", '#include "av/av.hpp"', "is not for effects"),
    ("display/window.hpp", '#include "pipeline/view.hpp"', "is not for display"),
    ("display/window.hpp", '#include "net/url.hpp"', "is not for display"),
    ("display/window.hpp", '#include "av/av.hpp"', "is not for display"),
    ("display/window.hpp", "#include <SDL.h>", "others include this header"),
    ("speaker/speaker.hpp", '#include "net/url.hpp"', "is not for speaker"),
    ("speaker/speaker.hpp", '#include "av/av.hpp"', "is not for speaker"),
    ("speaker/speaker.hpp", '#include "capture/source.hpp"', "is not for speaker"),
    ("speaker/speaker.hpp", "#include <pulse/pulseaudio.h>", "others include this header"),
    ("capture/spec.cpp", '#include "speaker/speaker.hpp"', "is not for capture"),
    ("src/pipeline/lane.hpp", '#include "speaker/speaker.hpp"', "is not for src/pipeline"),
    # Protocols.
    ("file/container.hpp", '#include "flv/flv.hpp"', "is not for file"),
    ("file/container.hpp", '#include "av/av.hpp"', "is not for file"),
    ("flv/flv.hpp", '#include "rtmp/publishers.hpp"', "is not for flv"),
    ("flv/flv.hpp", '#include "av/av.hpp"', "is not for flv"),
    ("rtmp/publishers.hpp", '#include "pipeline/uplink.hpp"', "is not for rtmp"),
    ("rtmp/publishers.hpp", '#include "capture/source.hpp"', "is not for rtmp"),
    ("rtmp/publishers.hpp", "#include <curl/curl.h>", "third party, not for rtmp"),
    ("rtmp/publishers.hpp", '#include "net/curl_easy.hpp"', "curl_easy.hpp brings curl/curl.h"),
    # The roof.
    ("src/playback/timeline.hpp", '#include "pipeline/session.hpp"', "is not for src/playback"),
    ("src/pipeline/session.hpp", '#include "playback/timeline.hpp"', "is not for src/pipeline"),
    ("src/playback/playout.hpp", '#include "av/av.hpp"', "is not for src/playback"),
    ("src/properties/resolve.cpp", '#include "pipeline/session.hpp"', "is not for src/properties"),
    ("srt/publishers.hpp", '#include "pipeline/uplink.hpp"', "is not for srt"),
    ("srt/publishers.hpp", '#include "flv/flv.hpp"', "is not for srt"),
    ("common/net/resolve.cpp", "#include <srt/srt.h>", "third party, not for common/net"),
    ("src/properties/resolve.cpp", '#include "rtmp/publishers.hpp"', "is not for src/properties"),
    ("src/pipeline/uplink.cpp", '#include "rtmp/rtmp_publisher.hpp"', "is not for src/pipeline"),
    ("src/pipeline/uplink.cpp", '#include "flv/publishers.hpp"', "is not for src/pipeline"),
    ("src/pipeline/uplink.cpp", '#include "av/av.hpp"', "is not for src/pipeline"),
    ("src/pipeline/uplink.cpp", '#include "net/curl_easy.hpp"', "third party, not for src/pipeline"),
    ("src/context.cpp", '#include "encode/x264_settings.hpp"', "is not for src/context.cpp"),
    ("src/json/json.hpp", '#include "pipeline/session.hpp"', "is not for src/json"),
    ("src/c_api/guard.cpp", '#include "pipeline/session.hpp"', "is not for src/c_api"),
    ("src/c_api/guard.cpp", "#include <nlohmann/json.hpp>", "third party, not for src/c_api"),
    ("include/livepusher/livepusher.h", "#include <nlohmann/json.hpp>", "third party"),
    ("examples/push.c", '#include "base/queue.hpp"', "is not for examples"),
    ("examples/push_file.cpp", '#include "base/queue.hpp"', "is not for examples"),
    ("capture/spec.cpp", '#include "spec.hpp"', "folder/file.hpp"),
    ("capture/spec.cpp", "#include <gst/gst.h>", "doesn't know"),
    ("capture/spec.cpp", "#include <fstream>", "O_CLOEXEC"),
    # What one file does for all.
    ("capture/music.cpp", "void leave(std::thread& thread) { thread.detach(); }", "base::AbandonableThread"),
    ("src/pipeline/uplink.cpp", "void leave(std::thread* thread) { thread->detach(); }", "base::AbandonableThread"),
    ("capture/camera/loop.cpp", "int wake() { return eventfd(0, 0); }", "base::EventFd"),
    ("display/sdl_video.cpp", "void* sdl2() { return dlopen(kSdlLibrary, RTLD_NOW); }", "base::LoadedLibrary"),
    ("display/sdl_video.cpp", 'void* init(void* sdl2) { return dlsym(sdl2, "SDL_Init"); }', "base::LoadedLibrary"),
]


class LayeringTest(unittest.TestCase):
    def test_every_include_of_the_tree_is_allowed(self):
        self.assertEqual(layering.problems(ROOT), [])

    def test_a_planted_violation_is_found(self):
        with tempfile.TemporaryDirectory() as directory:
            tree = pathlib.Path(directory)
            for folder in ("include", "common", "src", "capture", "effects", "encode", "decode", "file", "flv", "rtmp", "srt", "display", "speaker",
                           "examples"):
                shutil.copytree(ROOT / folder, tree / folder)
            wanted = []
            for name, line, words in PLANTED:
                path = tree / name
                text = path.read_text() + line + "\n"
                path.write_text(text)
                wanted.append((f"{name}:{text.count(chr(10))}: ", line, words))
            found = layering.problems(tree)
            for place, line, words in wanted:
                with self.subTest(place=place, line=line):
                    here = [each for each in found if each.startswith(place)]
                    self.assertEqual(len(here), 1, here)
                    self.assertIn(words, here[0])
            self.assertEqual(len(found), len(PLANTED), found)


if __name__ == "__main__":
    unittest.main(verbosity=2)
