// SPDX-License-Identifier: MIT
#include "encode/encoders.hpp"

#include "base/frame_time.hpp"
#include "encode/av_pictures.hpp"
#include "encode/avcodec_settings.hpp"
#include "encode/coded_units.hpp"
#include "encode/device_nodes.hpp"
#include "encode/frame_pace.hpp"
#include "encode/key_distance.hpp"
#include "encode/x264_settings.hpp"
#include "media/picture_size.hpp"

extern "C" {
#include <libavutil/opt.h>
}

#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <optional>
#include <span>
#include <utility>

namespace livepusher::encode {

namespace {

class AvcodecVideoEncoder final : public VideoEncoder {
public:
    explicit AvcodecVideoEncoder(const KnownEncoder& known) : known_(known) { assert(known.kind != EncoderKind::x264); }
    ~AvcodecVideoEncoder() override {
        sink_ = nullptr;
        if (context_) letEnd();
    }

    Result<std::string> open(const VideoEncoderSettings& settings, PacketSink& sink) override {
        close();
        if (auto checked = checkSettings(settings, known_.name); !checked) return checked.error();
        settings_ = settings;
        wantedBitrate_ = settings.bitrate;
        sink_ = &sink;
        count_ = firstReal_ = 0;
        record_.clear();
        carried_.clear();
        pace_.clear();
        if (auto started = start(); !started) {
            letEnd();
            context_.reset();
            return started.error();
        }
        return std::string(codecName(known_.codec)) + " " + known_.name + (known_.hardware() ? "" : " " + settings.preset);
    }

    Result<bool> encode(const VideoFrame& frame, bool forceKey) override {
        if (!context_) return failed("a frame was given before open()");
        if (frame.width() != settings_.width || frame.height() != settings_.height)
            return failed("frame of " + base::sizeText(frame.width(), frame.height()) + " given to an encoder opened for " +
                          describe());
        const bool canForce = followsForcedKeys(known_.kind);
        const bool due = canForce ? keys_.due(count_, frame.pts) : keys_.dueByCount(count_);
        pace_.add(frame.pts);
        if (needsRestart(forceKey || (!canForce && keys_.countIsWrong(count_, frame.pts)), due))
            if (auto restarted = restart(); !restarted) return restarted.error();
        const bool key = forceKey || due || keys_.fresh(count_);
        auto picture = pictures_.make(frame, pixelsFor(known_.kind));
        if (!picture) return failed("out of memory");
        if (key) keys_.made(count_, frame.pts);
        times_[index(count_)] = frame.pts;
        if (!messages_.empty()) carried_[count_] = std::exchange(messages_, {});
        if (auto sent = send(std::move(picture), key && canForce); !sent) return sent.error();
        return key;
    }

    void addMessage(std::string text) override {
        if (known_.codec != VideoCodec::av1) return messages_.push_back(std::move(text));
        if (!std::exchange(toldOfMessages_, true))
            base::log(LogLevel::Warning, "AV1 carries no messages (sendMessage): they are left out");
    }

    Result<void> setBitrate(int kbps) override {
        if (!context_) return failed("a bitrate was given before open()");
        if (kbps < 1) return failed("bitrate " + std::to_string(kbps) + " kbps: must be 1 or more");
        wantedBitrate_ = kbps;
        if (!followsBitrate(known_.kind)) return {};  // the next frames see to it
        settings_.bitrate = kbps;
        applyRate(*context_, known_.kind, settings_);
        return {};
    }

    void close() override {
        if (!context_) return;
        if (auto drained = drain(); !drained) base::log(LogLevel::Warning, drained.error().message);
        letEnd();
        context_.reset();
        sink_ = nullptr;
    }

private:
    Error failed(const std::string& what, int native = 0) const {
        return {Code::VideoEncodeFailed,
                std::string(known_.name) + ": " + what + (native ? " (" + capture::avText(native) + ")" : ""), native};
    }

    std::string describe() const {
        return base::sizeText(settings_.width, settings_.height) + ", " + std::to_string(settings_.fps) + " fps, " +
               std::to_string(settings_.bitrate) + " kbps";
    }

    std::size_t index(std::int64_t number) const { return static_cast<std::size_t>(number) % times_.size(); }

    bool needsRestart(bool keyAsked, bool keyDue) const {
        if (keyAsked && !followsForcedKeys(known_.kind) && !keys_.fresh(count_)) return true;
        const bool falls = wantedBitrate_ * 10 <= settings_.bitrate * 9;
        return wantedBitrate_ != settings_.bitrate && (keyAsked || keyDue || falls);
    }

    /// One device after the other, one way to open the encoder after the other.
    Result<void> start() {
        const AVCodec* codec = avcodec_find_encoder_by_name(known_.name);
        if (!codec) return failed("this libavcodec does not have it");
        packet_.reset(av_packet_alloc());
        if (!packet_) return failed("out of memory");
        std::vector<std::string> devices{""};
        if (known_.kind == EncoderKind::vaapi) devices = findDeviceNodes().render;
        Error last = failed("no render node /dev/dri/renderD* can be opened");
        for (const auto& device : devices) {
            hardware_.reset();
            if (!device.empty()) {
                HardwareFrames frames;
                if (auto opened = frames.open(device, settings_.width, settings_.height); !opened) {
                    last = failed(opened.error().message);
                    continue;
                }
                hardware_ = std::move(frames);
            }
            for (const auto& options : optionsFor(known_.kind, settings_)) {
                const int code = openContext(*codec, options);
                if (code >= 0) return begin();
                last = failed("could not be opened for " + describe(), code);
            }
        }
        context_.reset();
        return last;
    }

    int openContext(const AVCodec& codec, const std::vector<AvOption>& options) {
        context_ = capture::quietContext(&codec);
        fed_ = false;
        if (!context_) return AVERROR(ENOMEM);
        keys_.begin(settings_.gop, keyPace(), count_);
        applyCommon(*context_, known_.kind, settings_);
        context_->gop_size = static_cast<int>(keys_.frames());
        context_->pix_fmt = pixelsFor(known_.kind);
        if (hardware_) {
            context_->pix_fmt = AV_PIX_FMT_VAAPI;
            context_->hw_frames_ctx = av_buffer_ref(hardware_->frames());
            if (!context_->hw_frames_ctx) return AVERROR(ENOMEM);
        }
        for (const auto& option : options) {
            const int code = av_opt_set(context_->priv_data, option.name, option.value.c_str(), 0);
            if (code < 0 && code != AVERROR_OPTION_NOT_FOUND) return code;
        }
        return avcodec_open2(context_.get(), &codec, nullptr);
    }

    /// The Config comes before open() returns: from the encoder itself or, where it has none yet, out of its first picture.
    Result<void> begin() {
        const std::span told(context_->extradata, static_cast<std::size_t>(context_->extradata_size));
        const bool trusted = known_.kind != EncoderKind::svtAv1;  // what that tells so early is not what it will encode
        if (const auto config = trusted ? readDecoderConfig(told, known_.codec) : std::nullopt) sendConfig(*config);
        if (!record_.empty()) return {};  // or from before it began again; a key frame that says otherwise is heeded
        constexpr int kMostHeldBack = 16;
        for (int i = 0; i < kMostHeldBack && record_.empty(); ++i) {
            if (auto sent = sendBlack(i == 0); !sent) return sent;
            if (followsForcedKeys(known_.kind)) continue;
            // It makes no second key frame when asked to: the first real picture has to be the first of all.
            if (auto drained = drain(); !drained) return drained;
            context_.reset();
            return record_.empty() ? failed("gave no decoder configuration") : start();
        }
        if (record_.empty()) return failed("gave no decoder configuration");
        keys_.begin(settings_.gop, keyPace(), count_);  // the first real picture is a key frame again
        return {};
    }

    /// Frames a second that `gop` is counted at. One that makes no key frame when asked to counts those that really come.
    double keyPace() const {
        return followsForcedKeys(known_.kind) ? settings_.fps : std::min<double>(settings_.fps, pace_.perSecond(settings_.fps));
    }

    /// A picture that is not to come out.
    Result<void> sendBlack(bool key) {
        auto picture = pictures_.make(VideoFrame::allocate(settings_.width, settings_.height), pixelsFor(known_.kind));
        if (!picture) return failed("out of memory");
        firstReal_ = count_ + 1;
        return send(std::move(picture), key);
    }

    /// SVT-AV1 waits for ever to be freed when nothing has ever come in.
    void letEnd() {
        if (known_.kind != EncoderKind::svtAv1 || !context_ || fed_) return;
        if (sendBlack(true)) static_cast<void>(drain());
    }

    Result<void> restart() {
        if (auto drained = drain(); !drained) return drained;
        context_.reset();
        settings_.bitrate = wantedBitrate_;
        return start();
    }

    Result<void> send(capture::FramePtr picture, bool key) {
        fed_ = true;
        picture->pts = count_++;
        picture->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
        if (hardware_) {
            auto uploaded = hardware_->upload(*picture);
            if (!uploaded) return failed(uploaded.error().message);
            picture = std::move(*uploaded);
        }
        int code = avcodec_send_frame(context_.get(), picture.get());
        if (code == AVERROR(EAGAIN)) {
            if (auto received = receive(); !received) return received;
            code = avcodec_send_frame(context_.get(), picture.get());
        }
        if (code < 0) return failed("frame " + std::to_string(count_ - 1) + " was refused", code);
        return receive();
    }

    Result<void> drain() {
        if (!fed_) return {};  // some wait for ever for what never came in
        if (const int code = avcodec_send_frame(context_.get(), nullptr); code < 0)
            return failed("the last frames could not be encoded", code);
        return receive();
    }

    Result<void> receive() {
        for (;;) {
            const int code = avcodec_receive_packet(context_.get(), packet_.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
            if (code < 0) return failed("a frame could not be encoded", code);
            auto taken = deliver();
            av_packet_unref(packet_.get());
            if (!taken) return taken;
        }
    }

    Result<void> deliver() {
        const std::span coded(packet_->data, static_cast<std::size_t>(packet_->size));
        const bool key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
        if (key) {
            if (const auto config = readDecoderConfig(coded, known_.codec)) sendConfig(*config);
        }
        if (packet_->pts < firstReal_) return {};
        std::vector<std::string> messages;
        if (auto found = carried_.find(packet_->pts); found != carried_.end())
            messages = std::move(carried_.extract(found).mapped());
        auto sample = makeSample(coded, known_.codec, messages);
        if (sample.empty() || packet_->pts >= count_)
            return failed("gave a packet that is not a picture of " + std::string(codecName(known_.codec)));
        const auto pts = timeOf(packet_->pts);
        sink_->take(Packet::coded(Packet::Track::Video, key ? Packet::Kind::Key : Packet::Kind::Delta, pts,
                                  packet_->dts == AV_NOPTS_VALUE ? pts : timeOf(packet_->dts), std::move(sample)));
        return {};
    }

    /// Once, until it changes.
    void sendConfig(const DecoderConfig& config) {
        if (config.record == record_) return;
        record_ = config.record;
        if (!sink_) return;
        sink_->take(Packet::config(Packet::Track::Video, record_,
                                   {.width = config.width,
                                    .height = config.height,
                                    .fps = static_cast<double>(settings_.fps),
                                    .bitrate = settings_.bitrate,
                                    .videoCodec = known_.codec}));
    }

    /// With B-frames the first dts lie before the first frame.
    Timestamp timeOf(std::int64_t number) const {
        if (number >= firstReal_) return times_[index(number)];
        return times_[index(firstReal_)] + base::lengthOf(number - firstReal_, settings_.fps);
    }

    const KnownEncoder known_;
    VideoEncoderSettings settings_;
    int wantedBitrate_ = 0;  ///< kbps; settings_ has what it runs with
    PacketSink* sink_ = nullptr;
    AvPictures pictures_;
    std::optional<HardwareFrames> hardware_;
    capture::CodecPtr context_;
    capture::PacketPtr packet_;
    KeyDistance keys_;
    FramePace pace_;
    std::vector<std::uint8_t> record_;                          ///< of the last Config
    std::vector<std::string> messages_;                         ///< for the next frame
    std::map<std::int64_t, std::vector<std::string>> carried_;  ///< by the number of a frame that is not out yet
    std::int64_t count_ = 0;                                    ///< of the next frame; goes on where the encoder begins again
    std::int64_t firstReal_ = 0;                                ///< those before it were black, to hear of the Config
    bool fed_ = false;                                          ///< something has gone into context_
    bool toldOfMessages_ = false;
    std::array<Timestamp, 256> times_{};  ///< pts of the last frames, by number; encoders hold fewer
};

}  // namespace

std::unique_ptr<VideoEncoder> makeAvcodecVideoEncoder(const KnownEncoder& encoder) {
    return std::make_unique<AvcodecVideoEncoder>(encoder);
}

}  // namespace livepusher::encode
