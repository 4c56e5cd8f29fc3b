// SPDX-License-Identifier: MIT
#include "encode/x264_settings.hpp"

#include "media/picture_size.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <thread>

namespace livepusher::encode {

namespace {

/// How long a frame takes, as a multiple of veryfast.
struct Preset {
    std::string_view name;
    double cost;
};
constexpr std::array kPresets{Preset{"ultrafast", 0.4}, Preset{"superfast", 0.7}, Preset{"veryfast", 1.0}, Preset{"faster", 1.7},
                              Preset{"fast", 2.4},      Preset{"medium", 3.0},    Preset{"slow", 5.0}};

const Preset* findPreset(std::string_view name) {
    const auto* found = std::find_if(kPresets.begin(), kPresets.end(), [&](const Preset& p) { return p.name == name; });
    return found == kPresets.end() ? nullptr : found;
}

std::string presetNames() {
    std::string names;
    for (const auto& preset : kPresets) names.append(names.empty() ? "" : ", ").append(preset.name);
    return names;
}

void applyColour(x264_param_t& param, bool bt709) {
    constexpr int kBt709 = 1, kSmpte170m = 6;  // ITU-T H.264 tables E-3, E-4, E-5
    const int colour = bt709 ? kBt709 : kSmpte170m;
    param.vui.i_colorprim = colour;
    param.vui.i_transfer = colour;
    param.vui.i_colmatrix = colour;
    param.vui.b_fullrange = 0;
    param.vui.i_sar_width = 1;
    param.vui.i_sar_height = 1;
}

/// B-frames and look-ahead hold frames back: as many as fit into 100 ms.
void limitDelay(x264_param_t& param, int fps) {
    constexpr int kSteps = 10;  // of 100 ms in a second
    const int frames = fps / kSteps;
    param.i_bframe = std::min(param.i_bframe, frames);
    param.rc.i_lookahead = std::min(param.rc.i_lookahead, frames);
    param.i_bframe_adaptive = std::min(param.i_bframe_adaptive, X264_B_ADAPT_FAST);  // the better one holds back 4 times as many
    param.i_bframe_pyramid = X264_B_PYRAMID_NONE;
    param.i_sync_lookahead = 0;
    param.rc.b_mb_tree = 0;  // needs a far longer look-ahead to be worth its time
}

}  // namespace

Result<void> checkSettings(const VideoEncoderSettings& s, const std::string& encoder) {
    constexpr int kMin = 64, kMax = 4096;
    if (s.width < kMin || s.width > kMax || s.height < kMin || s.height > kMax || s.width % 2 != 0 || s.height % 2 != 0)
        return Error{Code::UnsupportedResolution,
                     "video size " + base::sizeText(s.width, s.height) + ": both must be even and from 64 to 4096"};
    const auto refuse = [&](const std::string& text) { return Error{Code::VideoEncodeFailed, encoder + ": " + text}; };
    if (s.fps < 1 || s.fps > 240) return refuse("fps " + std::to_string(s.fps) + ": must be 1..240");
    if (!(s.gop > 0 && s.gop <= 600)) return refuse("gop " + std::to_string(s.gop) + " s: must be more than 0 and at most 600");
    if (s.bitrate < 1) return refuse("bitrate " + std::to_string(s.bitrate) + " kbps: must be 1 or more");
    if (!findPreset(s.preset)) return refuse("preset \"" + s.preset + "\": must be one of " + presetNames());
    return {};
}

int encoderThreads(const VideoEncoderSettings& s, int cores) {
    constexpr double kOneThread = 150'000;  // macroblocks a second at veryfast; 720p30 has 108,000
    const double macroblocks = std::ceil(s.width / 16.0) * std::ceil(s.height / 16.0) * s.fps;
    const Preset* preset = findPreset(s.preset);
    const double wanted = std::ceil(macroblocks * (preset ? preset->cost : 1.0) / kOneThread);
    return std::clamp(static_cast<int>(wanted), 1, std::clamp(cores, 1, 8));
}

void applyRate(x264_param_t& param, const VideoEncoderSettings& s) {
    param.rc.i_rc_method = X264_RC_ABR;
    param.rc.i_bitrate = s.bitrate;
    param.rc.i_vbv_max_bitrate = s.bitrate;
    // x264 begins with a buffer that is nearly full, which makes the very first key frame as large as it may ever be: at
    // low latency that one picture would hold up a line that is a little wider than the stream for a quarter of a second.
    if (s.lowLatency) param.rc.f_vbv_buffer_init = 0.4F;
    param.rc.i_vbv_buffer_size = std::max(s.lowLatency ? s.bitrate / 2 : s.bitrate, 1);  // kbit: half a second, one second
}

Result<x264_param_t> makeX264Parameters(const VideoEncoderSettings& s) {
    if (auto checked = checkSettings(s, "x264"); !checked) return checked.error();
    x264_param_t param;
    if (x264_param_default_preset(&param, s.preset.c_str(), s.lowLatency ? "zerolatency" : nullptr) < 0)
        return Error{Code::VideoEncodeFailed, "x264: preset \"" + s.preset + "\" is not known to this build of x264"};
    if (!s.lowLatency) limitDelay(param, s.fps);
    param.i_csp = X264_CSP_I420;
    param.i_width = s.width;
    param.i_height = s.height;
    param.i_fps_num = static_cast<std::uint32_t>(s.fps);
    param.i_fps_den = 1;
    param.b_vfr_input = 0;  // rate control spends by the frame; a frame too few is bits saved
    param.i_keyint_max = std::max(1, static_cast<int>(std::lround(s.gop * s.fps)));
    param.i_keyint_min = 1;
    param.i_scenecut_threshold = 0;
    param.b_open_gop = 0;
    param.b_intra_refresh = 0;
    param.b_repeat_headers = 0;
    param.b_annexb = 0;
    param.b_aud = 0;
    param.i_threads = encoderThreads(s, static_cast<int>(std::thread::hardware_concurrency()));
    param.b_sliced_threads = 1;  // threads by frames would hold frames back
    applyRate(param, s);
    applyColour(param, s.bt709);
    if (x264_param_apply_profile(&param, "high") < 0) return Error{Code::VideoEncodeFailed, "x264: High profile was refused"};
    return param;
}

}  // namespace livepusher::encode
