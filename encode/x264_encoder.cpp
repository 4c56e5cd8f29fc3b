// SPDX-License-Identifier: MIT
#include "base/frame_time.hpp"
#include "encode/encoders.hpp"
#include "encode/key_distance.hpp"
#include "encode/nal_units.hpp"
#include "encode/x264_settings.hpp"
#include "media/picture_size.hpp"
#include "media/user_data.hpp"

#include <livepusher/message.hpp>

#include <x264.h>

#include "base/log.hpp"
#include "media/avc_config.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <utility>

namespace livepusher::encode {

namespace {

void logLine(void*, int level, const char* format, va_list arguments) {
    const auto to = level == X264_LOG_ERROR ? LogLevel::Warning : LogLevel::Debug;
    if (!base::logs(to)) return;
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    std::string line = "x264: ";
    line += text.data();
    while (line.ends_with('\n')) line.pop_back();
    base::log(to, line);
}

struct Closer {
    void operator()(x264_t* handle) const { x264_encoder_close(handle); }
};

Error x264Failed(std::string what) { return {Code::VideoEncodeFailed, "x264: " + std::move(what)}; }

class X264Encoder final : public VideoEncoder {
public:
    Result<std::string> open(const VideoEncoderSettings& settings, PacketSink& sink) override {
        close();
        auto param = makeX264Parameters(settings);
        if (!param) return param.error();
        param->pf_log = logLine;
        param->i_log_level = base::logs(LogLevel::Debug) ? X264_LOG_INFO : X264_LOG_ERROR;
        handle_.reset(x264_encoder_open(&*param));
        if (!handle_) return x264Failed("could not be opened for " + describe(settings));
        settings_ = settings;
        sink_ = &sink;
        count_ = 0;
        keys_.begin(settings.gop, settings.fps, 0);
        if (auto sent = sendConfig(); !sent) {
            handle_.reset();
            return sent.error();
        }
        return "H.264 x264 " + settings.preset;
    }

    Result<bool> encode(const VideoFrame& frame, bool forceKey) override {
        if (!handle_) return x264Failed("a frame was given before open()");
        if (frame.width() != settings_.width || frame.height() != settings_.height)
            return x264Failed("frame of " + base::sizeText(frame.width(), frame.height()) + " given to an encoder opened for " +
                              describe(settings_));
        x264_picture_t picture;
        x264_picture_init(&picture);
        picture.img.i_csp = X264_CSP_I420;
        picture.img.i_plane = 3;
        for (int i = 0; i < 3; ++i) {
            picture.img.plane[i] = const_cast<std::uint8_t*>(frame.plane(i));  // only read
            picture.img.i_stride[i] = frame.stride(i);
        }
        const bool key = forceKey || keys_.due(count_, frame.pts);
        picture.i_type = key ? X264_TYPE_IDR : X264_TYPE_AUTO;
        picture.i_pts = count_;
        if (key) keys_.made(count_, frame.pts);
        times_[static_cast<std::size_t>(count_) % times_.size()] = frame.pts;
        ++count_;
        if (!messages_.empty()) takeMessages(picture);
        if (auto coded = run(&picture); !coded) return coded.error();
        return key;
    }

    void addMessage(std::string text) override { messages_.push_back(std::move(text)); }

    Result<void> setBitrate(int kbps) override {
        if (!handle_) return x264Failed("a bitrate was given before open()");
        if (kbps < 1) return x264Failed("bitrate " + std::to_string(kbps) + " kbps: must be 1 or more");
        if (kbps == settings_.bitrate) return {};
        x264_param_t param;
        x264_encoder_parameters(handle_.get(), &param);
        settings_.bitrate = kbps;
        applyRate(param, settings_);
        if (const int code = x264_encoder_reconfig(handle_.get(), &param); code < 0)
            return x264Failed("bitrate " + std::to_string(kbps) + " kbps was refused");
        return {};
    }

    void close() override {
        if (!handle_) return;
        while (x264_encoder_delayed_frames(handle_.get()) > 0) {
            if (auto drained = run(nullptr); !drained) {
                base::log(LogLevel::Warning, drained.error().message);
                break;
            }
        }
        handle_.reset();
        sink_ = nullptr;
    }

private:
    static std::string describe(const VideoEncoderSettings& s) {
        return base::sizeText(s.width, s.height) + ", " + std::to_string(s.fps) + " fps, " + std::to_string(s.bitrate) +
               " kbps, preset " + s.preset;
    }

    /// x264 frees them when the picture is coded, which look-ahead may put off.
    void takeMessages(x264_picture_t& picture) {
        const auto make = [](std::size_t size) { return static_cast<std::uint8_t*>(std::malloc(size)); };
        auto* payloads = reinterpret_cast<x264_sei_payload_t*>(make(messages_.size() * sizeof(x264_sei_payload_t)));
        for (std::size_t i = 0; i < messages_.size(); ++i) {
            const auto& text = messages_[i];
            auto* bytes = make(kMessageUuid.size() + text.size());
            std::ranges::copy(kMessageUuid, bytes);
            std::ranges::copy(text, bytes + kMessageUuid.size());
            payloads[i] = {.payload_size = static_cast<int>(kMessageUuid.size() + text.size()),
                           .payload_type = base::kUserDataUnregistered,
                           .payload = bytes};
        }
        picture.extra_sei = {.num_payloads = static_cast<int>(messages_.size()), .payloads = payloads, .sei_free = std::free};
        messages_.clear();
    }

    Result<void> sendConfig() {
        x264_nal_t* nals = nullptr;
        int count = 0;
        if (x264_encoder_headers(handle_.get(), &nals, &count) < 0) return x264Failed("made no parameter sets");
        std::span<const std::uint8_t> sps, pps;
        for (const auto& nal : std::span(nals, static_cast<std::size_t>(count))) {
            const std::span payload(nal.p_payload + 4, static_cast<std::size_t>(nal.i_payload) - 4);  // after its length
            if (nal.i_type == NAL_SPS) sps = payload;
            if (nal.i_type == NAL_PPS) pps = payload;
        }
        if (sps.size() < 4 || pps.empty()) return x264Failed("made no parameter sets");
        sink_->take(Packet::config(Packet::Track::Video, base::avcConfig(sps, pps),
                                   {.width = settings_.width,
                                    .height = settings_.height,
                                    .fps = static_cast<double>(settings_.fps),
                                    .bitrate = settings_.bitrate}));
        return {};
    }

    Result<void> run(x264_picture_t* input) {
        x264_picture_t out;
        x264_nal_t* nals = nullptr;
        int count = 0;
        const int size = x264_encoder_encode(handle_.get(), &nals, &count, input, &out);
        if (size < 0) return x264Failed("frame " + std::to_string(count_) + " could not be encoded");
        if (size == 0) return {};
        // x264 keeps the units of a frame next to each other.
        sink_->take(Packet::coded(Packet::Track::Video, out.b_keyframe ? Packet::Kind::Key : Packet::Kind::Delta,
                                  timeOf(out.i_pts), timeOf(out.i_dts), {nals[0].p_payload, nals[0].p_payload + size}));
        return {};
    }

    /// With B-frames the first dts lie before the first frame.
    Timestamp timeOf(std::int64_t frame) const {
        if (frame < 0) return times_[0] + base::lengthOf(frame, settings_.fps);
        return times_[static_cast<std::size_t>(frame) % times_.size()];
    }

    std::unique_ptr<x264_t, Closer> handle_;
    VideoEncoderSettings settings_;
    PacketSink* sink_ = nullptr;
    std::vector<std::string> messages_;  ///< for the next frame
    std::int64_t count_ = 0;
    std::array<Timestamp, 64> times_{};  ///< pts of the last frames, by frame number; x264 holds fewer
    KeyDistance keys_;
};

}  // namespace

std::unique_ptr<VideoEncoder> makeX264Encoder() { return std::make_unique<X264Encoder>(); }

}  // namespace livepusher::encode
