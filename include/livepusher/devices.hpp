// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.hpp>
#include <livepusher/properties.hpp>

#include <optional>
#include <string>
#include <vector>

namespace livepusher {

/// A picture that a camera can give.
struct CameraMode {
    std::string format{};  ///< as V4L2 names it: "YUYV", "MJPG"
    int width = 0;         ///< px
    int height = 0;        ///< px
    double fps = 0;        ///< at most; 0: the driver doesn't tell
};

/// One of a camera's controls.
struct CameraControl {
    std::string name{};  ///< the driver's: "Focus, Absolute"
    int minimum = 0;     ///< of its value
    int maximum = 0;     ///< of its value
    int step = 1;        ///< between two values
    int byDefault = 0;   ///< its value when nobody has set it
    int value = 0;       ///< now
};

/// A camera.
struct CameraInfo {
    std::string id{};                          ///< for "camera:ID"; the same after a restart and in another socket
    std::string name{};                        ///< the driver's, for people
    std::string path{};                        ///< "/dev/video0": may be another after the next plugging in
    std::optional<DevicePosition> position{};  ///< where the driver tells it
    std::vector<CameraMode> modes{};           ///< each size of each format with its highest rate
    std::vector<CameraControl> controls{};     ///< those that can be used now
    bool autoFocus = false;                    ///< can focus by itself
    bool focus = false;                        ///< can be focused by `focus`
    bool torch = false;                        ///< has a light
    double maxZoom = 1;                        ///< what getMaxZoom() says
    std::string problem{};                     ///< why it can't be used now, and what to do; empty: it can
};

/// A microphone, or what the machine itself plays.
struct MicrophoneInfo {
    std::string id{};        ///< for "mic:ID", or, of what the machine plays, for "system:ID"
    std::string name{};      ///< for people
    std::string server{};    ///< "pulse" or "alsa"
    bool isDefault = false;  ///< what "mic" opens
    bool system = false;     ///< what the machine plays
    int sampleRate = 0;      ///< Hz, its own; 0: not known
    int channels = 0;        ///< its own; 0: not known
    std::string problem{};   ///< why it can't be used now, and what to do; empty: it can
};

/// A screen or a window on it.
struct ScreenInfo {
    std::string id{};        ///< for "screen:ID"
    std::string name{};      ///< for people: the monitor's, the window's title
    int left = 0, top = 0;   ///< px
    int width = 0;           ///< px
    int height = 0;          ///< px
    bool window = false;     ///< a window, not a screen or a monitor
    bool isDefault = false;  ///< what "screen" opens
};

/// What there is to capture from.
struct DeviceList {
    std::vector<CameraInfo> cameras;          ///< in the order of their numbers
    std::vector<MicrophoneInfo> microphones;  ///< the default one first
    std::vector<ScreenInfo> screens;          ///< whole screens, monitors, windows
    std::vector<std::string> notes;           ///< why nothing of a kind could be listed, and what to do about it
};

/// Looks for devices; opens cameras, but starts none. Takes as long as the drivers do, at most some 2 s. [any-thread]
LIVEPUSHER_API DeviceList listDevices();

/// A video encoder that this build knows.
struct EncoderInfo {
    VideoCodec codec = VideoCodec::h264;  ///< what it makes
    std::string name{};                   ///< "x264", "h264_vaapi"
    bool hardware = false;                ///< it is not the CPU that encodes
    bool works = false;                   ///< it has encoded frames here just now
    std::string problem{};                ///< why it doesn't work, and what to do about it; empty when it does
    double milliseconds = 0;              ///< that the trial took
};

/// Tries every encoder that this build knows with some frames: hardware in a process of its own, which a broken driver may
/// take down. In the order in which they are preferred. Takes up to 2 s an encoder that hangs. [any-thread]
LIVEPUSHER_API std::vector<EncoderInfo> listEncoders();

}  // namespace livepusher
