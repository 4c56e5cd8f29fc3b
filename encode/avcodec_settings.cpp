// SPDX-License-Identifier: MIT
#include "encode/avcodec_settings.hpp"

#include "encode/x264_settings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <thread>

namespace livepusher::encode {

namespace {

using Options = std::vector<AvOption>;

int cores() { return static_cast<int>(std::thread::hardware_concurrency()); }

/// x264's names of presets are ours; each encoder has its own scale, from fast to good.
template <typename Value>
Value byPreset(const std::string& preset, const std::array<Value, 7>& values) {
    constexpr std::array<std::string_view, 7> kNames{"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"};
    const auto* found = std::ranges::find(kNames, preset);
    return values[static_cast<std::size_t>(found == kNames.end() ? 2 : found - kNames.begin())];
}

Options x265(const VideoEncoderSettings& s) {
    std::string more = "log-level=error:info=0:open-gop=0:scenecut=0:repeat-headers=0:hrd=0:aud=0:pools=" +
                       std::to_string(encoderThreads(s, cores()));
    if (!s.lowLatency) more += ":b-adapt=1:b-pyramid=0:rc-lookahead=" + std::to_string(std::max(s.fps / 10, 3));
    Options options{{"preset", s.preset}, {"forced-idr", "1"}, {"x265-params", more}};
    if (s.lowLatency) options.push_back({"tune", "zerolatency"});
    return options;
}

Options svtAv1(const VideoEncoderSettings& s) {
    const int preset = byPreset<int>(s.preset, {12, 11, 10, 9, 8, 7, 6});
    // Its constant bitrate needs pictures in their order, which is what low latency is: lowLatency changes the buffer alone.
    const std::string buffer =
        s.lowLatency ? "buf-sz=500:buf-initial-sz=200:buf-optimal-sz=250" : "buf-sz=1000:buf-initial-sz=600:buf-optimal-sz=600";
    return {{"preset", std::to_string(preset)},
            {"svtav1-params", "pred-struct=1:rc=2:scd=0:lp=" + std::to_string(encoderThreads(s, cores())) + ":" + buffer}};
}

std::vector<Options> nvenc(const VideoEncoderSettings& s) {
    const char* preset = byPreset<const char*>(s.preset, {"p1", "p2", "p3", "p4", "p4", "p5", "p6"});
    const std::string delay = s.lowLatency ? "0" : "2";
    const Options common{
        {"rc", "cbr"}, {"forced-idr", "1"}, {"no-scenecut", "1"}, {"delay", delay}, {"zerolatency", s.lowLatency ? "1" : "0"},
        {"aud", "0"}};
    Options now = common, old = common;  // SDK 10's names of presets, and those before
    now.insert(now.end(), {{"preset", preset}, {"tune", s.lowLatency ? "ull" : "hq"}});
    old.push_back({"preset", s.lowLatency ? "llhp" : "hp"});
    return {now, old};
}

std::vector<Options> qsv(const VideoEncoderSettings& s) {
    const char* preset =
        byPreset<const char*>(s.preset, {"veryfast", "veryfast", "veryfast", "faster", "fast", "medium", "slow"});
    const Options common{{"preset", preset},     {"async_depth", s.lowLatency ? "1" : "2"},
                         {"forced_idr", "1"},    {"idr_interval", "0"},
                         {"look_ahead", "0"},    {"aud", "0"},
                         {"pic_timing_sei", "0"}};
    Options lowPower = common;
    lowPower.push_back({"low_power", "1"});
    return {common, lowPower};
}

std::vector<Options> vaapi(const VideoEncoderSettings& s) {
    const Options common{{"async_depth", s.lowLatency ? "1" : "2"}, {"idr_interval", "0"}, {"aud", "0"}, {"sei", "0"}};
    std::vector<Options> ways;
    // Newer Intel GPUs have the low-power way alone; some drivers know no constant bitrate.
    for (const char* mode : {"CBR", "VBR", "auto"}) {
        for (const char* lowPower : {"0", "1"}) {
            ways.push_back(common);
            ways.back().insert(ways.back().end(), {{"rc_mode", mode}, {"low_power", lowPower}});
        }
    }
    return ways;
}

}  // namespace

std::vector<Options> optionsFor(EncoderKind kind, const VideoEncoderSettings& settings) {
    switch (kind) {
        case EncoderKind::x265: return {x265(settings)};
        case EncoderKind::svtAv1: return {svtAv1(settings)};
        case EncoderKind::nvenc: return nvenc(settings);
        case EncoderKind::qsv: return qsv(settings);
        case EncoderKind::vaapi: return vaapi(settings);
        case EncoderKind::v4l2:
        case EncoderKind::x264: break;
    }
    return {{}};
}

void applyCommon(AVCodecContext& context, EncoderKind kind, const VideoEncoderSettings& s) {
    context.width = s.width;
    context.height = s.height;
    context.time_base = {1, s.fps};
    context.framerate = {s.fps, 1};
    context.sample_aspect_ratio = {1, 1};
    context.gop_size = std::max(1, static_cast<int>(std::lround(s.gop * s.fps)));
    context.max_b_frames = s.lowLatency ? 0 : std::min(2, s.fps / 10);  // as many as fit into 100 ms
    context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
    if (s.lowLatency) context.flags |= AV_CODEC_FLAG_LOW_DELAY;
    context.thread_count = 1;  // threads by frames would hold frames back
    context.color_primaries = s.bt709 ? AVCOL_PRI_BT709 : AVCOL_PRI_SMPTE170M;
    context.color_trc = s.bt709 ? AVCOL_TRC_BT709 : AVCOL_TRC_SMPTE170M;
    context.colorspace = s.bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    context.color_range = AVCOL_RANGE_MPEG;
    applyRate(context, kind, s);
}

void applyRate(AVCodecContext& context, EncoderKind kind, const VideoEncoderSettings& s) {
    const std::int64_t bits = static_cast<std::int64_t>(s.bitrate) * 1000;
    context.bit_rate = bits;
    if (kind == EncoderKind::svtAv1) return;  // told its buffer by optionsFor(); its constant bitrate takes no greatest one
    context.rc_max_rate = bits;
    context.rc_buffer_size = static_cast<int>(std::min<std::int64_t>(s.lowLatency ? bits / 2 : bits, 1'000'000'000));
    context.rc_initial_buffer_occupancy = s.lowLatency ? context.rc_buffer_size / 5 * 2 : 0;
}

AVPixelFormat pixelsFor(EncoderKind kind) {
    const bool planes = kind == EncoderKind::x265 || kind == EncoderKind::svtAv1 || kind == EncoderKind::nvenc;
    return planes ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_NV12;
}

bool followsBitrate(EncoderKind kind) {
    constexpr unsigned kFfmpeg6 = 60;
    return kind == EncoderKind::nvenc || (kind == EncoderKind::qsv && avcodec_version() >> 16 >= kFfmpeg6);
}

bool followsForcedKeys(EncoderKind kind) { return kind != EncoderKind::svtAv1; }

}  // namespace livepusher::encode
