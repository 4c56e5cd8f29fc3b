// SPDX-License-Identifier: MIT
#include "encode/trial.hpp"

#include "base/frame_time.hpp"
#include "encode/encoders.hpp"
#include "media/picture_size.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "encode/packet_list.hpp"
#include "media/nal.hpp"

#include <chrono>
#include <vector>

namespace livepusher::encode {

namespace {

constexpr int kFrames = 8, kWidth = 640, kHeight = 360, kFps = 30;

/// Bars that move.
VideoFrame picture(int number) {
    auto frame = VideoFrame::allocate(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y) {
        auto* row = frame.mutablePlane(0) + static_cast<std::ptrdiff_t>(y) * frame.stride(0);
        for (int x = 0; x < kWidth; ++x) row[x] = static_cast<std::uint8_t>(16 + ((x + 8 * number) * 2 + y) % 200);
    }
    frame.pts = base::lengthOf(number, kFps);
    return frame;
}

std::string problemOf(const std::vector<Packet>& packets, VideoCodec codec) {
    if (packets.empty() || packets[0].kind != Packet::Kind::Config) return "it gave no decoder configuration";
    const auto& about = *packets[0].description;
    if (about.width != kWidth || about.height != kHeight)
        return "its pictures are of " + base::sizeText(about.width, about.height) + ", not 640x360";
    int pictures = 0;
    for (const auto& packet : packets) {
        if (packet.kind == Packet::Kind::Config) continue;
        if (pictures++ == 0 && packet.kind != Packet::Kind::Key) return "its first picture is no key frame";
        if (codec != VideoCodec::av1 && base::splitLengths(*packet.data).empty()) return "it gave a packet that holds no picture";
    }
    if (pictures != kFrames) return "it gave " + std::to_string(pictures) + " pictures for " + std::to_string(kFrames);
    return {};
}

std::string runTrial(VideoEncoder& encoder, VideoCodec codec) {
    const VideoEncoderSettings settings{.width = kWidth, .height = kHeight, .fps = kFps, .preset = "ultrafast"};
    PacketList out;
    if (auto opened = encoder.open(settings, out); !opened) return opened.error().message;
    for (int i = 0; i < kFrames; ++i) {
        if (auto coded = encoder.encode(picture(i), false); !coded) return coded.error().message;
    }
    encoder.close();
    return problemOf(out.packets, codec);
}

}  // namespace

Trial tryEncoder(VideoEncoder& encoder, VideoCodec codec) {
    const auto begin = std::chrono::steady_clock::now();
    Trial out;
    out.problem = runTrial(encoder, codec);
    out.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return out;
}

std::unique_ptr<VideoEncoder> makeEncoder(const KnownEncoder& known) {
    return known.kind == EncoderKind::x264 ? makeX264Encoder() : makeAvcodecVideoEncoder(known);
}

bool isBuiltIn(const KnownEncoder& known) {
    return known.kind == EncoderKind::x264 || avcodec_find_encoder_by_name(known.name) != nullptr;
}

}  // namespace livepusher::encode
