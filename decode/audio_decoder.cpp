// SPDX-License-Identifier: MIT
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "av/av.hpp"
#include "av/resampler.hpp"
#include "base/frame_time.hpp"
#include "decode/codec_context.hpp"
#include "decode/config_gate.hpp"
#include "decode/decoders.hpp"
#include "decode/episode.hpp"

namespace livepusher::decode {
namespace {

class AvAudioDecoder final : public AudioDecoder {
public:
    AvAudioDecoder(base::AudioFormat wanted, DecoderObserver& observer)
        : wanted_(wanted), observer_(observer), resampler_(wanted), frame_(av_frame_alloc()) {}

    Result<void> send(const Packet& packet, Timestamp now) override {
        if (packet.kind == Packet::Kind::Config) {
            if (!gate_.offer(packet)) return {};
            drain();
            codec_.codec.reset();
        }
        if (const auto config = gate_.take(now)) {
            auto opened = openCodec(*config);
            if (!opened) return opened.error();
            codec_ = std::move(*opened);
            observer_.opened(codec_.name);
        }
        if (packet.kind == Packet::Kind::Config || !codec_.codec) return {};
        const int error = sendPacket(*codec_.codec, packet, packet.pts.count());
        if (error < 0)
            spoil(now, capture::avText(error));
        else
            take(now);
        return {};
    }

    std::optional<Sound> receive() override {
        if (ready_.empty()) return std::nullopt;
        auto sound = std::move(ready_.front());
        ready_.pop_front();
        return sound;
    }

    void flush() override {
        ready_.clear();
        resampler_.reset();
        if (codec_.codec) avcodec_flush_buffers(codec_.codec.get());
    }

    void drain() override {
        if (!codec_.codec) return;
        avcodec_send_packet(codec_.codec.get(), nullptr);
        take(Timestamp(0));
        avcodec_flush_buffers(codec_.codec.get());
        Sound tail{.pts = next_, .samples = {}, .coded = coded_};
        if (resampler_.drain(tail.samples) && !tail.samples.empty()) ready_.push_back(std::move(tail));
    }

private:
    void spoil(Timestamp now, const std::string& why) {
        if (damaged_.bad(now)) observer_.damaged("a block of sound can't be decoded: " + why);
    }

    void take(Timestamp now) {
        while (frame_) {
            const int error = avcodec_receive_frame(codec_.codec.get(), frame_.get());
            if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return;
            if (error < 0)
                spoil(now, capture::avText(error));
            else
                convert(now);
        }
    }

    void convert(Timestamp now) {
        coded_ = {frame_->sample_rate, frame_->ch_layout.nb_channels};
        const auto at = frame_->pts == AV_NOPTS_VALUE ? next_ : Timestamp(frame_->pts) - resampler_.delay();
        Sound sound{.pts = at, .samples = {}, .coded = coded_};
        if (auto made = resampler_.convert(*frame_, sound.samples); !made) return spoil(now, made.error().message);
        const bool flagged = (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame_->decode_error_flags != 0;
        if (flagged)
            spoil(now, "its data is damaged");
        else
            damaged_.good();
        next_ = at + base::lengthOf(sound.samples.size() / static_cast<std::size_t>(wanted_.channels), wanted_.sampleRate);
        if (!sound.samples.empty()) ready_.push_back(std::move(sound));
    }

    const base::AudioFormat wanted_;
    DecoderObserver& observer_;
    ConfigGate gate_;
    CodecContext codec_;
    capture::Resampler resampler_;
    const capture::FramePtr frame_;
    base::AudioFormat coded_{};
    std::deque<Sound> ready_;
    Timestamp next_{};  ///< where the sound ends that has been given
    Episode damaged_;
};

}  // namespace

std::unique_ptr<AudioDecoder> makeAudioDecoder(base::AudioFormat wanted, DecoderObserver& observer) {
    return std::make_unique<AvAudioDecoder>(wanted, observer);
}

}  // namespace livepusher::decode
