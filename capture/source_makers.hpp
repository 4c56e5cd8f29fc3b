// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "capture/sources.hpp"
#include "capture/spec.hpp"

/// The kinds of sources, one by one. Nothing is opened before their start().
namespace livepusher::capture {

/// Which cameras are meant by front and back, as the application has configured it; empty: as it is found.
struct CameraIds {
    std::string front{}, back{};
};

std::unique_ptr<VideoSource> makeCamera(const Spec& spec, const CameraIds& ids);

/// A camera in the network: rtsp:// and rtsps:// (H.264, HEVC, MJPEG …), http:// and https:// (MJPEG), which
/// `network` holds for. `deinterlace`: whole pictures of interlaced ones. Never encoded any faster
/// than it comes, and reconnected to for ever.
std::unique_ptr<VideoSource> makeNetworkCamera(const std::string& url, const base::NetworkOptions& network = {},
                                               bool deinterlace = true,
                                               std::chrono::milliseconds retryWithin = std::chrono::seconds(5));

/// An X11 screen, a part of one, or a window, at a steady rate; it is taken up again when it goes and comes back.
std::unique_ptr<VideoSource> makeScreen(const Spec& spec);

/// Which of a composed source's two takes what the application asks of a camera.
enum class ComposedCamera { Main, Inset };

/// `main` with the newest picture of `inset` in a corner of each frame. What `main` does is what this source does. `inset`
/// is opened beside it and again after each failure, all of which onCode hears of; without a frame of it for 5 s `main`
/// stands alone.
std::unique_ptr<VideoSource> makeComposed(std::unique_ptr<VideoSource> main, std::unique_ptr<VideoSource> inset,
                                          ComposedCamera camera);

/// A microphone of the sound server or of ALSA; of `with` only the first counts, what the machine plays, and is mixed in.
std::unique_ptr<AudioSource> makeMicrophone(const Spec& spec);

/// What the machine plays: the monitor of a sink of the sound server.
std::unique_ptr<AudioSource> makeSystemSound(const Spec& spec);

/// A file or URL that libavformat reads, as picture, sound or both (`video` and `audio` say which ends are made); both
/// ends share one playback.
struct FileEnds {
    std::unique_ptr<VideoSource> video;
    std::unique_ptr<AudioSource> audio;
};
/// `next`: more clips that follow.
FileEnds makeFileEnds(const std::string& target, bool loop, bool video, bool audio, const SourceOptions& options = {},
                      const std::vector<std::string>& next = {});

/// A JPEG, PNG, WebP or BMP, ten times a second; loaded at the start. `network` holds for http(s).
std::unique_ptr<VideoSource> makeImage(const std::string& target, const base::NetworkOptions& network = {});

/// Uncompressed frames from a regular file (paced at its rate; `loop`: again and again), a FIFO or stdin (taken as
/// they arrive).
std::unique_ptr<VideoSource> makeRawVideo(const Spec& spec, bool loop);

/// Interleaved 16-bit little-endian samples, likewise.
std::unique_ptr<AudioSource> makePcmAudio(const Spec& spec, bool loop);

/// The H.264 or HEVC of a file (paced in real time; `loop`: again and again), a FIFO, stdin or an http(s) URL, or of a
/// network camera (rtsp(s)://), which is reconnected to for ever. `network` holds for http(s).
std::unique_ptr<CodedVideoSource> makeCodedInput(const std::string& target, bool loop, const base::NetworkOptions& network = {});

/// The H.264 or HEVC of a network camera (rtsp:// or rtsps://), reconnected to for ever.
std::unique_ptr<CodedVideoSource> makeCodedCamera(const std::string& url, const base::NetworkOptions& network);

/// The time that the two ends of the test source share.
class TestClock;
std::shared_ptr<TestClock> makeTestClock();

/// TestPicture in exactly the wanted size and rate: the n-th frame n/fps after the beginning, none left out.
std::unique_ptr<VideoSource> makeTestVideo(std::shared_ptr<TestClock> clock);

/// TestTone, its beeps in step with the picture of the same clock.
std::unique_ptr<AudioSource> makeTestAudio(std::shared_ptr<TestClock> clock);

/// What the application pushes: pictures, sound, and pictures that are coded already.
std::unique_ptr<VideoSource> makeAppVideo();
std::unique_ptr<AudioSource> makeAppAudio();
std::unique_ptr<CodedVideoSource> makeAppCoded();

}  // namespace livepusher::capture
