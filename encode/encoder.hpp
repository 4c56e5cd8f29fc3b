// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include "media/audio_format.hpp"
#include "media/packet.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace livepusher::encode {

/// Takes packets in dts order, never concurrently, on the thread that encodes. Must not block.
class PacketSink {
public:
    virtual void take(Packet packet) = 0;

protected:
    ~PacketSink() = default;
};

struct VideoEncoderSettings {
    int width = 0, height = 0;  ///< px, even
    int fps = 30;
    double gop = 2.0;        ///< s between key frames
    int bitrate = 1000;      ///< kbps
    bool lowLatency = true;  ///< no look-ahead, no B-frames, no frame threads
    std::string preset = "veryfast";
    bool bt709 = true;  ///< colour matrix to signal: BT.709, else BT.601
    bool operator==(const VideoEncoderSettings&) const = default;
};

/// Which encoder a VideoEncoder may be, and whom it tells.
struct VideoEncoderChoice {
    VideoCodec codec = VideoCodec::h264;
    VideoEncoderType type = VideoEncoderType::automatic;
    /// HardwareEncoderFailed: hardware was wanted or has failed, and software took over; SwitchedToHardware: software was
    /// too slow, and hardware took over.
    /// On the video thread.
    std::function<void(Code, std::string)> onCode{};
};

/// Every method belongs to the video thread. Packets carry their frame's pts.
class VideoEncoder {
public:
    virtual ~VideoEncoder() = default;  ///< without close(): what is not out yet is lost, the sink not called
    /// Emits the Config packet before it returns. Answers with the implementation for Code::EncoderStarted ("H.264 x264
    /// veryfast"). Errors: VideoEncodeFailed, UnsupportedResolution.
    virtual Result<std::string> open(const VideoEncoderSettings& settings, PacketSink& sink) = 0;
    /// Goes out with the next frame as an SEI message, kMessageUuid and the text.
    virtual void addMessage(std::string text) = 0;
    /// The frame has the size of open(). True: it becomes a key frame. Errors: VideoEncodeFailed.
    virtual Result<bool> encode(const VideoFrame& frame, bool forceKey) = 0;
    /// From the next frame on, with no key frame. Errors: VideoEncodeFailed.
    virtual Result<void> setBitrate(int kbps) = 0;
    /// Drains; the sink is not called after it returns. May be opened again.
    virtual void close() = 0;
    /// Encoding takes longer than there is time. True when a close() and open() would bring something faster than what runs
    /// (hardware in place of software): it tells SwitchedToHardware then, at that open().
    virtual bool canBeFaster() { return false; }
};

struct AudioEncoderSettings : base::AudioFormat {
    int bitrate = 96;  ///< kbps
    bool operator==(const AudioEncoderSettings&) const = default;
};

/// Every method belongs to the audio thread.
class AudioEncoder {
public:
    virtual ~AudioEncoder() = default;  ///< as VideoEncoder's
    /// Emits the Config packet before it returns. Answers with the implementation ("AAC-LC FFmpeg", "Opus libopus").
    /// Errors: AudioEncodeFailed, UnsupportedSampleRate.
    virtual Result<std::string> open(const AudioEncoderSettings& settings, PacketSink& sink) = 0;
    /// Samples of one channel that encode() takes at a time (1024 for AAC, 20 ms for Opus). Valid after open().
    virtual std::size_t frameSize() const = 0;
    /// Exactly frameSize() interleaved samples a channel; the packet carries pts corrected by the
    /// encoder's own delay. Errors: AudioEncodeFailed.
    virtual Result<void> encode(const float* samples, Timestamp pts) = 0;
    virtual void close() = 0;  ///< as VideoEncoder's
};

}  // namespace livepusher::encode
