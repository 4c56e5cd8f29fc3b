// SPDX-License-Identifier: MIT
#include "base/frame_time.hpp"
#include "encode/encoders.hpp"

#include <opus.h>

#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace livepusher::encode {

namespace {

constexpr int kFramesPerSecond = 50;      // 20 ms: the format's own choice for music and speech alike
constexpr int kDecoderRate = 48000;       // what OpusHead counts in, whatever the input's rate
constexpr std::size_t kMaxPacket = 1275;  // bytes of a frame (RFC 6716 §3.4)

Error opusFailed(std::string what, int native = 0) {
    return {Code::AudioEncodeFailed, "Opus: " + std::move(what) + (native ? std::string(" (") + opus_strerror(native) + ")" : ""),
            native};
}

Result<void> checkOpus(const AudioEncoderSettings& s) {
    constexpr std::array kRates{48000, 24000, 16000, 12000, 8000};
    if (std::find(kRates.begin(), kRates.end(), s.sampleRate) == kRates.end())
        return Error{Code::UnsupportedSampleRate,
                     "Opus: sample rate " + std::to_string(s.sampleRate) + " Hz: must be 8000, 12000, 16000, 24000 or 48000"};
    if (s.channels < 1 || s.channels > 2) return opusFailed(std::to_string(s.channels) + " channels: must be 1 or 2");
    const int most =
        s.channels == 1 ? 300 : 510;  // kbps; of one channel libopus takes no more, and no frame holds more (kMaxPacket)
    if (s.bitrate < 6 || s.bitrate > most)
        return opusFailed("bitrate " + std::to_string(s.bitrate) + " kbps: must be 6.." + std::to_string(most) + " with " +
                          std::to_string(s.channels) + " channel(s)");
    return {};
}

/// RFC 7845 §5.1: what a decoder has to know. `preSkip`: samples at 48 kHz that precede the first one given.
std::vector<std::uint8_t> opusHead(const AudioEncoderSettings& settings, int preSkip) {
    constexpr std::string_view kMagic = "OpusHead";
    std::vector<std::uint8_t> out(kMagic.begin(), kMagic.end());
    const auto append = [&](unsigned value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    };
    append(1, 1);  // version
    append(static_cast<unsigned>(settings.channels), 1);
    append(static_cast<unsigned>(preSkip), 2);
    append(static_cast<unsigned>(settings.sampleRate), 4);
    append(0, 2);  // output gain
    append(0, 1);  // mapping family 0: mono, or left and right
    return out;
}

struct Destroy {
    void operator()(OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
};

class LibopusEncoder final : public AudioEncoder {
public:
    Result<std::string> open(const AudioEncoderSettings& settings, PacketSink& sink) override {
        close();
        if (auto checked = checkOpus(settings); !checked) return checked.error();
        int code = OPUS_OK;
        Encoder encoder(opus_encoder_create(settings.sampleRate, settings.channels, OPUS_APPLICATION_AUDIO, &code));
        if (!encoder) return opusFailed("could not be opened", code);
        for (const int answer :
             {opus_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(settings.bitrate * 1000)),
              opus_encoder_ctl(encoder.get(), OPUS_SET_VBR(1)),
              opus_encoder_ctl(encoder.get(), OPUS_SET_VBR_CONSTRAINT(1)),  // a live link has no room for peaks
              opus_encoder_ctl(encoder.get(), OPUS_GET_LOOKAHEAD(&lookAhead_))})
            if (answer != OPUS_OK) return opusFailed("could not be set up", answer);
        encoder_ = std::move(encoder);
        settings_ = settings;
        sink_ = &sink;
        end_.reset();
        sendConfig();
        return std::string("Opus libopus");
    }

    std::size_t frameSize() const override {
        return encoder_ ? static_cast<std::size_t>(settings_.sampleRate / kFramesPerSecond) : 0;
    }

    Result<void> encode(const float* samples, Timestamp pts) override {
        if (!encoder_) return opusFailed("a block was given before open()");
        const int size = opus_encode_float(encoder_.get(), samples, static_cast<int>(frameSize()), coded_.data(),
                                           static_cast<opus_int32>(coded_.size()));
        if (size < 0) return opusFailed("block could not be encoded", size);
        end_ = pts + duration(static_cast<int>(frameSize()));
        const auto time = pts - duration(lookAhead_);  // the sound of a block comes out that much later
        sink_->take(Packet::coded(Packet::Track::Audio, Packet::Kind::Key, time, time, {coded_.begin(), coded_.begin() + size}));
        return {};
    }

    void close() override {
        if (!encoder_) return;
        if (end_) {  // the last samples are still inside: a block of silence brings them out
            const std::vector<float> silence(frameSize() * static_cast<std::size_t>(settings_.channels));
            if (auto drained = encode(silence.data(), *end_); !drained) base::log(LogLevel::Warning, drained.error().message);
        }
        encoder_.reset();
        sink_ = nullptr;
    }

private:
    using Encoder = std::unique_ptr<OpusEncoder, Destroy>;

    Timestamp duration(int samples) const { return base::lengthOf(samples, settings_.sampleRate); }

    void sendConfig() {
        sink_->take(Packet::config(Packet::Track::Audio, opusHead(settings_, lookAhead_ * (kDecoderRate / settings_.sampleRate)),
                                   {.bitrate = settings_.bitrate,
                                    .sampleRate = settings_.sampleRate,
                                    .channels = settings_.channels,
                                    .audioCodec = AudioCodec::opus}));
    }

    Encoder encoder_;
    AudioEncoderSettings settings_;
    PacketSink* sink_ = nullptr;
    opus_int32 lookAhead_ = 0;      ///< samples
    std::optional<Timestamp> end_;  ///< of what was given
    std::array<std::uint8_t, kMaxPacket> coded_{};
};

}  // namespace

std::unique_ptr<AudioEncoder> makeOpusEncoder() { return std::make_unique<LibopusEncoder>(); }

}  // namespace livepusher::encode
