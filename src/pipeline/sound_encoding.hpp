// SPDX-License-Identifier: MIT
#pragma once

#include "encode/encoder.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// One of the codings of a push's sound: an encoder, and what it has of the sound that makes no frame yet. Belongs to the audio
/// thread.
class SoundEncoding final : encode::PacketSink {
public:
    /// `rendition`: what its packets bear.
    SoundEncoding(AudioCodec codec, int rendition, std::unique_ptr<encode::AudioEncoder> encoder, encode::PacketSink& packets)
        : codec_(codec), rendition_(rendition), encoder_(std::move(encoder)), packets_(packets) {}

    AudioCodec codec() const { return codec_; }
    int rendition() const { return rendition_; }
    /// As AudioEncoder::open().
    Result<std::string> open(const encode::AudioEncoderSettings& settings);
    /// Interleaved, and follows what came before.
    void add(std::span<const float> samples);
    /// Codes what makes whole frames. The last of what add() got ends so many frames before `position`. Errors: as
    /// AudioEncoder::encode(), after which nothing more comes.
    Result<void> encodeReady(Timestamp position, std::size_t before);
    /// Fills up the frame that has begun by silence, which ends as above, and codes it.
    Result<void> fillUp(Timestamp position, std::size_t before);
    void close();

private:
    void take(Packet packet) override;

    const AudioCodec codec_;
    const int rendition_;
    const std::unique_ptr<encode::AudioEncoder> encoder_;
    encode::PacketSink& packets_;
    std::size_t width_ = 1;  // samples of one frame: its channels
    int sampleRate_ = 1;
    bool open_ = false;
    std::vector<float> pending_;  // below one encoder frame after encodeReady()
};

}  // namespace livepusher::pipeline
