// SPDX-License-Identifier: MIT
#include <livepusher/message.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "av/av.hpp"
#include "av/frame_converter.hpp"
#include "decode/codec_context.hpp"
#include "decode/config_gate.hpp"
#include "decode/decoder_ladder.hpp"
#include "decode/decoders.hpp"
#include "decode/episode.hpp"
#include "decode/frame_gaps.hpp"
#include "decode/hardware_trial.hpp"

namespace livepusher::decode {
namespace {

using capture::FramePtr;

constexpr std::size_t kMostSent = 64;  // more pictures than any decoder keeps

std::vector<UserData> userDataOf(const AVFrame& frame) {
    std::vector<UserData> found;
    for (int i = 0; i < frame.nb_side_data; ++i) {
        const auto& side = *frame.side_data[i];
        if (side.type != AV_FRAME_DATA_SEI_UNREGISTERED || side.size < kMessageUuid.size()) continue;
        const bool ours = std::equal(kMessageUuid.begin(), kMessageUuid.end(), side.data);
        found.push_back({ours, {side.data + (ours ? kMessageUuid.size() : 0), side.data + side.size}});
    }
    return found;
}

class AvVideoDecoder final : public VideoDecoder {
public:
    AvVideoDecoder(VideoDecoderType type, DecoderObserver& observer, std::vector<HardwareApi> apis)
        : observer_(observer), ladder_(type, std::move(apis), observer) {}

    Result<void> send(const Packet& packet, Timestamp now) override {
        now_ = now;
        if (packet.kind == Packet::Kind::Config) {
            if (!gate_.offer(packet)) return {};
            finish();
            codec_.codec.reset();
        }
        if (const auto config = gate_.take(now))
            if (auto opened = open(*config); !opened) return opened;
        if (packet.kind != Packet::Kind::Config && codec_.codec) decode(packet);
        return trial_.failed() ? useSoftware() : Result<void>();
    }

    std::optional<Picture> receive() override {
        while (!ready_.empty()) {
            const auto frame = std::move(ready_.front());
            ready_.pop_front();
            if (auto picture = convert(*frame)) return picture;
        }
        return std::nullopt;
    }

    void setSkip(Skip skip) override {
        if (skip_ == Skip::NonKey && skip != Skip::NonKey) waitsForKey_ = true;
        skip_ = skip;
        if (codec_.codec) applySkip();
    }

    void flush() override {
        ready_.clear();
        if (codec_.codec) avcodec_flush_buffers(codec_.codec.get());
        beginAnew();
        trial_.restart();
    }

    void drain() override { finish(); }

    std::size_t waiting() const override { return ready_.size() + inside_; }

private:
    /// What is known of a packet that is inside, by the number that its picture will carry as its time: packets' own may repeat.
    struct Sent {
        std::int64_t number = 0;
        Timestamp pts{};
        bool key = false;
        bool intact = true;
    };

    Result<void> open(const Packet& config) {
        auto opened = ladder_.open(config);
        if (!opened) return opened.error();
        codec_ = std::move(*opened);
        trial_.begin(codec_.hardware);
        if (codec_.hardware) config_ = config;
        if (config.description && config.description->videoCodec != VideoCodec::h264)
            gaps_.configure({});
        else
            gaps_.configure(config.data ? std::span(*config.data) : std::span<const std::uint8_t>());
        applySkip();
        beginAnew();
        const auto* told = config.description.get();
        const bool sized = told && told->width > 0 && told->height > 0;
        observer_.opened(codec_.name + (sized ? " " + std::to_string(told->width) + "x" + std::to_string(told->height) : ""));
        return {};
    }

    void finish() {
        letOut();
        // What hardware gave nothing of is too short to have been given up for it.
        if (!trial_.waits()) return;
        if (const auto opened = useSoftware(); opened)
            letOut();
        else
            tellDamage(opened.error().message);
    }

    void letOut() {
        if (!codec_.codec) return;
        avcodec_send_packet(codec_.codec.get(), nullptr);
        take();
        avcodec_flush_buffers(codec_.codec.get());
        waitsForKey_ = true;
        inside_ = 0;
        gaps_.restart();
    }

    /// From the packets on that hardware gave no picture of.
    Result<void> useSoftware() {
        ladder_.giveUp(codec_.name + ": " + trial_.why());
        const auto again = trial_.takePackets();
        codec_.codec.reset();
        if (auto opened = open(config_); !opened) return opened;
        for (const auto& packet : again) decode(packet);
        return {};
    }

    void beginAnew() {
        waitsForKey_ = true;
        intact_ = true;
        inside_ = 0;
        gaps_.restart();
    }

    void applySkip() { codec_.codec->skip_frame = skip_ == Skip::NonReference ? AVDISCARD_NONREF : AVDISCARD_DEFAULT; }

    void decode(const Packet& packet) {
        const bool key = packet.kind == Packet::Kind::Key;
        if (!key && (waitsForKey_ || skip_ == Skip::NonKey)) return;
        if (key && skip_ == Skip::NonKey) gaps_.restart();
        waitsForKey_ = false;
        if (key) intact_ = true;
        if (packet.data && gaps_.missing(*packet.data) && !key) {
            intact_ = false;
            if (missing_.bad(now_)) observer_.missing("pictures are missing in the stream: its frame numbers have a gap");
        } else if (key) {
            missing_.good();
        }
        const Sent sent{++number_, packet.pts, key, intact_};
        trial_.sent(packet, sent.number);
        const int error = sendPacket(*codec_.codec, packet, sent.number);
        if (error < 0) return spoil(capture::avText(error));
        sent_.push_back(sent);
        if (sent_.size() > kMostSent) sent_.pop_front();
        ++inside_;
        take();
    }

    /// A picture is lost: those that follow are made from it.
    void spoil(const std::string& why) {
        intact_ = false;
        if (!trial_.error(why)) tellDamage(why);
    }

    void tellDamage(const std::string& why) {
        if (damaged_.bad(now_)) observer_.damaged("a picture can't be decoded: " + why);
    }

    void take() {
        for (;;) {
            FramePtr frame(av_frame_alloc());
            if (!frame) return;
            const int error = avcodec_receive_frame(codec_.codec.get(), frame.get());
            if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return;
            if (error < 0) {
                spoil(capture::avText(error));
                continue;
            }
            if (inside_ > 0) --inside_;
            if (const int copied = copyBack(*frame); copied < 0) {
                spoil("it can't be copied back from the device: " + capture::avText(copied));
                continue;
            }
            if (const auto before = trial_.picture(frame->pts); !before.empty()) tellDamage(before);
            ready_.push_back(std::move(frame));
        }
    }

    /// From that packet on, up to the next key frame, nothing is whole.
    void spoilFrom(std::int64_t number) {
        bool keyCame = false;
        for (auto& sent : sent_) {
            if (sent.number < number) continue;
            if (sent.number > number && sent.key) keyCame = true;
            if (keyCame) break;
            sent.intact = false;
        }
        if (!keyCame) intact_ = false;
    }

    std::optional<Picture> convert(const AVFrame& frame) {
        const bool flagged = (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
        if (flagged) {
            spoilFrom(frame.pts);
            spoil("its data is damaged");
        }
        const auto found = std::ranges::find(sent_, frame.pts, &Sent::number);
        if (found == sent_.end()) return std::nullopt;
        const auto sent = *found;
        auto converted = converter_.convert(frame);
        if (!converted) {
            spoil(converted.error().message);
            return std::nullopt;
        }
        if (!flagged) damaged_.good();
        Picture out{.frame = std::move(*converted), .userData = userDataOf(frame), .key = sent.key, .intact = sent.intact};
        out.frame.pts = sent.pts;
        if (frame.sample_aspect_ratio.num > 0 && frame.sample_aspect_ratio.den > 0) {
            out.frame.sampleAspectNum = frame.sample_aspect_ratio.num;
            out.frame.sampleAspectDen = frame.sample_aspect_ratio.den;
        }
        const auto size = base::sizeOf(out.frame);
        if (size != size_) observer_.sizeChanged(size);
        size_ = size;
        return out;
    }

    DecoderObserver& observer_;
    DecoderLadder ladder_;
    HardwareTrial trial_;
    Packet config_;  ///< of the decoder that is on trial
    ConfigGate gate_;
    CodecContext codec_;
    capture::FrameConverter converter_;
    FrameGaps gaps_;
    Skip skip_ = Skip::None;
    bool waitsForKey_ = true;
    bool intact_ = true;  ///< of what the next packet is made from
    std::int64_t number_ = 0;
    std::deque<Sent> sent_;
    std::deque<FramePtr> ready_;
    std::size_t inside_ = 0;
    Episode damaged_, missing_;
    base::PictureSize size_;
    Timestamp now_{};
};

}  // namespace

std::unique_ptr<VideoDecoder> makeVideoDecoder(VideoDecoderType type, DecoderObserver& observer) {
    return makeVideoDecoderOn(type, observer, hardwareApis());
}

std::unique_ptr<VideoDecoder> makeVideoDecoderOn(VideoDecoderType type, DecoderObserver& observer,
                                                 std::vector<HardwareApi> apis) {
    return std::make_unique<AvVideoDecoder>(type, observer, std::move(apis));
}

}  // namespace livepusher::decode
