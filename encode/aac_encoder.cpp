// SPDX-License-Identifier: MIT
#include "av/av.hpp"
#include "base/frame_time.hpp"
#include "encode/aac_gain.hpp"
#include "encode/encoders.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include "base/log.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace livepusher::encode {

namespace {

Error aacFailed(std::string what, int native = 0) {
    return {Code::AudioEncodeFailed, "AAC: " + std::move(what) + (native ? " (" + capture::avText(native) + ")" : ""), native};
}

Result<void> checkAac(const AudioEncoderSettings& s) {
    constexpr std::array kRates{48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000};
    if (std::find(kRates.begin(), kRates.end(), s.sampleRate) == kRates.end())
        return Error{Code::UnsupportedSampleRate,
                     "AAC: sample rate " + std::to_string(s.sampleRate) +
                         " Hz: must be 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 or 48000"};
    if (s.channels < 1 || s.channels > 2) return aacFailed(std::to_string(s.channels) + " channels: must be 1 or 2");
    const int most = 6144 * s.channels * (s.sampleRate / 100) / (1024 * 10);  // kbps; 6144 bits a block, ISO/IEC 14496-3 §4.5.3
    if (s.bitrate < 8 || s.bitrate > most)
        return aacFailed("bitrate " + std::to_string(s.bitrate) + " kbps: must be 8.." + std::to_string(most) + " at " +
                         std::to_string(s.sampleRate) + " Hz with " + std::to_string(s.channels) + " channel(s)");
    return {};
}

/// How libavcodec searches for quantizers, and how loud the sound may be for that.
struct Coder {
    const char* name;
    /// Steps of 2^(1/4) by which the encoder gets the sound quieter and its packets are made louder again.
    int headroom;
};

/// From 32 kbps a channel on, "fast" takes less than a third of the time of the default, "twoloop", and comes nearer to the
/// input (by 3..15 dB on speech) and to the bitrate; below, it leaves holes in the spectrum. But where a loud sound needs few
/// bits, as a pure tone does, it goes down to quantizers so fine that the largest coefficients pass 8191, the largest number
/// there is, and are cut: 3..4 dB of a sine at full scale. The finest quantizer it takes is always the same, so 7.5 dB of
/// headroom keep all sound up to half a dB above full scale whole.
Coder coderFor(const AudioEncoderSettings& settings) {
    constexpr int kEnough = 32;  // kbps
    return settings.bitrate / settings.channels >= kEnough ? Coder{"fast", 5} : Coder{"twoloop", 0};
}

class AacEncoder final : public AudioEncoder {
public:
    Result<std::string> open(const AudioEncoderSettings& settings, PacketSink& sink) override {
        close();
        if (auto checked = checkAac(settings); !checked) return checked.error();
        const AVCodec* codec = avcodec_find_encoder_by_name("aac");
        if (!codec) return aacFailed("this libavcodec has no AAC encoder");
        auto context = capture::quietContext(codec);
        frame_.reset(av_frame_alloc());
        packet_.reset(av_packet_alloc());
        if (!context || !frame_ || !packet_) return aacFailed("out of memory");
        context->sample_rate = settings.sampleRate;
        context->sample_fmt = AV_SAMPLE_FMT_FLTP;
        context->bit_rate = static_cast<std::int64_t>(settings.bitrate) * 1000;
        context->time_base = {1, settings.sampleRate};
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        av_channel_layout_default(&context->ch_layout, settings.channels);
        const Coder coder = coderFor(settings);
        av_opt_set(context->priv_data, "aac_coder", coder.name, 0);
        if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0)
            return aacFailed("could not be opened", code);
        frame_->nb_samples = context->frame_size;
        frame_->format = context->sample_fmt;
        frame_->sample_rate = context->sample_rate;
        if (int code = av_channel_layout_copy(&frame_->ch_layout, &context->ch_layout); code < 0)
            return aacFailed("out of memory", code);
        if (int code = av_frame_get_buffer(frame_.get(), 0); code < 0) return aacFailed("out of memory", code);
        context_ = std::move(context);
        settings_ = settings;
        headroom_ = coder.headroom;
        gain_ = std::exp2(static_cast<float>(-headroom_) / 4);
        sink_ = &sink;
        samples_ = 0;
        times_.clear();
        sendConfig();
        return std::string("AAC-LC FFmpeg");
    }

    std::size_t frameSize() const override { return context_ ? static_cast<std::size_t>(context_->frame_size) : 0; }

    Result<void> encode(const float* samples, Timestamp pts) override {
        if (!context_) return aacFailed("a block was given before open()");
        if (int code = av_frame_make_writable(frame_.get()); code < 0) return aacFailed("out of memory", code);
        deinterleave(samples);
        // The first packet holds the priming: it comes out one block before the first sample.
        if (times_.empty() && samples_ == 0) times_.push_back(pts - priming());
        times_.push_back(pts);
        frame_->pts = samples_;
        samples_ += context_->frame_size;
        if (const int code = avcodec_send_frame(context_.get(), frame_.get()); code < 0)
            return aacFailed("block was refused", code);
        return receive();
    }

    void close() override {
        if (!context_) return;
        if (samples_ > 0) {
            avcodec_send_frame(context_.get(), nullptr);  // can't fail the first time
            if (auto drained = receive(); !drained) base::log(LogLevel::Warning, drained.error().message);
        }
        context_.reset();
        sink_ = nullptr;
    }

private:
    Timestamp priming() const { return base::lengthOf(context_->initial_padding, settings_.sampleRate); }

    void deinterleave(const float* samples) {
        const auto count = static_cast<std::size_t>(context_->frame_size);
        const auto channels = static_cast<std::size_t>(settings_.channels);
        for (std::size_t c = 0; c < channels; ++c) {
            auto* to = reinterpret_cast<float*>(frame_->data[c]);
            for (std::size_t i = 0; i < count; ++i) to[i] = gain_ * samples[i * channels + c];
        }
    }

    void sendConfig() {
        sink_->take(
            Packet::config(Packet::Track::Audio, {context_->extradata, context_->extradata + context_->extradata_size},
                           {.bitrate = settings_.bitrate, .sampleRate = settings_.sampleRate, .channels = settings_.channels}));
    }

    Result<void> receive() {
        for (;;) {
            const int code = avcodec_receive_packet(context_.get(), packet_.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
            if (code < 0) return aacFailed("block could not be encoded", code);
            const auto time = nextTime();
            std::vector<std::uint8_t> coded(packet_->data, packet_->data + packet_->size);
            av_packet_unref(packet_.get());
            if (headroom_ > 0)
                if (auto raised = raiseAacGain(coded, settings_.sampleRate, headroom_); !raised) return raised;
            sink_->take(Packet::coded(Packet::Track::Audio, Packet::Kind::Key, time, time, std::move(coded)));
        }
    }

    /// Packets decode to one block each, in order, the priming first: so each bears its own block's time.
    Timestamp nextTime() {
        const Timestamp time = times_.front();
        times_.pop_front();
        return time;
    }

    capture::CodecPtr context_;
    capture::FramePtr frame_;
    capture::PacketPtr packet_;
    AudioEncoderSettings settings_;
    int headroom_ = 0;  ///< as Coder's
    float gain_ = 1;    ///< what that makes of the samples
    PacketSink* sink_ = nullptr;
    std::int64_t samples_ = 0;
    std::deque<Timestamp> times_;  ///< of the packets to come
};

}  // namespace

std::unique_ptr<AudioEncoder> makeAacEncoder() { return std::make_unique<AacEncoder>(); }

}  // namespace livepusher::encode
