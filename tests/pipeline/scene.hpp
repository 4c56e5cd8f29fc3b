// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/livepusher.hpp>

#include "endpoint/publisher.hpp"
#include "fake_clock.hpp"
#include "journal.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::testing {

using namespace std::chrono_literals;

/// What the fakes are told to do and what they saw.
struct Scene {
    enum class Clock { Fake, Real };  ///< Real: where what is waited for is beyond the process, a server or a disk

    explicit Scene(Clock which = Clock::Fake) {
        if (which == Clock::Fake) clock.emplace();
    }

    std::optional<FakeClock> clock;
    Journal journal;
    std::atomic<int> framesEncoded{0};
    std::atomic<int> packetsWritten{0};
    std::atomic<int> bitrate{0};
    std::atomic<bool> cameraHasCorner = false;  ///< its pictures can be told from their mirror images
    std::atomic<int> luma{-1};                  ///< of the last frame encoded; a change is noted
    std::atomic<int> liveSources{0};            ///< started and not stopped
    std::atomic<int> liveMusic{0};              ///< pieces that were loaded and not let go of
    std::atomic<bool> failFrames{false};
    int fileFps = 0;  ///< above zero: the camera is as constant as a file of that rate
    std::function<Result<void>(int connection, const std::atomic<bool>& cancelled)> onOpen;  ///< what open() answers
    std::function<rtmp::LinkStatistics()> onStatistics;  ///< what a publisher tells of its link; empty: nothing
    std::function<Result<VideoFrame>(const Properties&, const std::atomic<bool>& cancelled)> onLoad;  ///< of the waiting image
    std::function<void(const std::atomic<bool>& interrupted)> onCameraStart;                          ///< may take its time
    Error cameraError;        ///< with a code: start() fails with it
    Error encoderError;       ///< with a code: open() fails with it
    int failsAtWidth = 0;     ///< px, of encoders that can't be opened
    Error microphoneError;    ///< with a code: start() fails with it
    Error audioEncoderError;  ///< with a code: open() fails with it
    std::mutex mutex;
    std::function<void(Error)> breakConnection;               ///< of the newest publisher
    std::vector<std::pair<int, int>> sizes;                   ///< that encoders were opened with
    bool cameraCan = true;                                    ///< false: it has no light, no zoom and no second camera
    std::atomic<bool> cameraAnswers{true};                    ///< false: not at all
    std::function<void(Code, std::string)> tellOfCamera;      ///< what a running source says by SourceObserver::code()
    std::function<void(Code, std::string)> tellOfMicrophone;  ///< the same of the other
    std::function<void()> endCamera, endMicrophone;           ///< a running source has come to its end
    std::function<void(Error)> failCamera, failMicrophone;    ///< a running source breaks off
    std::atomic<bool> cameraGives{true};                      ///< frames
    std::atomic<bool> microphoneGives{true};                  ///< samples
    std::atomic<int> encodingTakes{0};                        ///< ms a frame
    std::atomic<bool> hardwareIsThere{false};                 ///< an encoder that is too slow could be another
    std::atomic<bool> noHardware{false};                      ///< encoders say 1103 when they are opened
};

}  // namespace livepusher::testing
