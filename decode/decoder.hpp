// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/audio_format.hpp"
#include "media/packet.hpp"
#include "media/picture_size.hpp"

namespace livepusher::decode {

/// What a decoder tells besides what it gives. Called by its methods, on the thread that decodes.
class DecoderObserver {
public:
    /// A decoder was opened: "H.264 libavcodec h264 1280x720", "H.264 VAAPI 3840x2160", "AAC libavcodec aac".
    virtual void opened(const std::string& what) = 0;
    /// Pictures have another size than those before, or the first have come.
    virtual void sizeChanged(base::PictureSize size) = 0;
    /// A picture or a block of sound could not be decoded. Once an episode, which the next good one ends, and at most once a
    /// second.
    virtual void damaged(const std::string& why) = 0;
    /// Pictures that others refer to are missing in the stream. As often as damaged().
    virtual void missing(const std::string& why) = 0;
    /// Of pictures: hardware was asked for and none could be opened; software decodes. At most once.
    virtual void hardwareFailed(const std::string& /*why*/) {}
    /// Of pictures: a hardware decoder that was opened gives none. What it was given is decoded again by software, as is all that
    /// follows. At most once.
    virtual void hardwareGaveUp(const std::string& /*why*/) {}

protected:
    ~DecoderObserver() = default;
};

/// What an SEI message of user data says (ITU-T H.264 §D.2.7).
struct UserData {
    bool ours = false;                ///< its UUID was kMessageUuid: `bytes` are a text
    std::vector<std::uint8_t> bytes;  ///< behind our UUID; of another (base::captureTime()), with it
};

struct Picture {
    VideoFrame frame;  ///< pts as its packet had it; 8 bits, limited range
    std::vector<UserData> userData;
    bool key = false;
    /// False: it is damaged, or made from what is damaged or missing, until the next key frame.
    bool intact = true;
};

/// Decodes pictures. Every method belongs to one thread. Waits for nothing but a hardware device that is opened, two seconds
/// at most, and gives each picture as soon as the stream's order allows it.
class VideoDecoder {
public:
    /// What is left out, so that decoding keeps up.
    enum class Skip {
        None,
        NonReference,  ///< pictures that no other needs
        NonKey,        ///< up to the next key frame after it is None again
    };

    virtual ~VideoDecoder() = default;
    /// A Config that is equal to the last is nothing; another lets out all pictures of before and opens a decoder, at most five
    /// times a second: then the newest waits. Coded packets, in the order of decoding, are dropped while no decoder is open, and
    /// until a Key. `now` on now()'s clock. Errors, only of a Config: NotAvailable, there is no decoder for it; SourceFailed, it
    /// makes no sense. Damage is told to the observer and is none.
    virtual Result<void> send(const Packet& packet, Timestamp now) = 0;
    /// The next in the order of showing, to be called after each send() until it is empty.
    virtual std::optional<Picture> receive() = 0;
    virtual void setSkip(Skip skip) = 0;
    /// Forgets all that is inside: the next packet is not the one that follows.
    virtual void flush() = 0;
    /// The stream has ended: all that is inside can be received. A Key goes on.
    virtual void drain() = 0;
    /// Pictures inside the decoder and not yet out.
    virtual std::size_t waiting() const = 0;
};

struct Sound {
    Timestamp pts{};             ///< of the first sample
    std::vector<float> samples;  ///< interleaved, of the wanted format
    base::AudioFormat coded;     ///< as the decoder gave it, whatever the stream's headers say
};

/// Decodes sound to one format, whatever the stream's is. Every method belongs to one thread.
class AudioDecoder {
public:
    virtual ~AudioDecoder() = default;
    /// As VideoDecoder's.
    virtual Result<void> send(const Packet& packet, Timestamp now) = 0;
    virtual std::optional<Sound> receive() = 0;
    virtual void flush() = 0;
    virtual void drain() = 0;
};

}  // namespace livepusher::decode
