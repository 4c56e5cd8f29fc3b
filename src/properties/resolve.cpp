// SPDX-License-Identifier: MIT
#include <livepusher/properties.hpp>

#include "media/picture_size.hpp"
#include "properties/table.hpp"

#include <algorithm>
#include <array>

namespace livepusher {

namespace {

struct Preset {
    base::PictureSize full916, low916, full34;
    int minBitrate, maxBitrate;
};

/// The contract's §6, upright. RTC's bitrates are the properties' documented defaults.
constexpr std::array<Preset, 6> kPresets{{
    {{180, 320}, {180, 320}, {240, 320}, 100, 300},    // QVGA
    {{270, 480}, {270, 480}, {360, 480}, 200, 600},    // HVGA
    {{360, 640}, {270, 480}, {360, 480}, 300, 800},    // SD
    {{540, 960}, {360, 640}, {540, 720}, 600, 1500},   // HD
    {{720, 1280}, {360, 640}, {720, 960}, 600, 1800},  // FHD
    {{360, 640}, {180, 320}, {480, 640}, 200, 1000},   // RTC
}};

int evenOf(double v) { return std::clamp(base::evenLength(v), 64, 4096); }

void chooseSize(const Properties& p, const Preset& preset, Resolved& r) {
    const bool upright = p.orientation.value_or(Orientation::vertical) == Orientation::vertical;
    base::PictureSize full = p.aspect == Aspect::portrait9x16 ? preset.full916 : preset.full34;
    const double ratio = p.aspect == Aspect::portrait9x16 ? 9.0 / 16.0 : 3.0 / 4.0;
    if (!upright) std::swap(full.width, full.height);

    if (p.videoWidth && p.videoHeight) {
        full = {*p.videoWidth, *p.videoHeight};
        // An orientation that was set wins over the order of the two numbers; one that was not gives way to it.
        if (p.orientation && (*p.orientation == Orientation::vertical ? full.width > full.height : full.width < full.height)) {
            std::swap(full.width, full.height);
            r.notes.push_back("videoWidth and videoHeight are swapped: orientation is set");
        }
    } else if (p.videoWidth) {
        full = {*p.videoWidth, evenOf(upright ? *p.videoWidth / ratio : *p.videoWidth * ratio)};
        r.notes.push_back("videoHeight is not set: taken from aspect and orientation");
    } else if (p.videoHeight) {
        full = {evenOf(upright ? *p.videoHeight * ratio : *p.videoHeight / ratio), *p.videoHeight};
        r.notes.push_back("videoWidth is not set: taken from aspect and orientation");
    }
    r.width = full.width;
    r.height = full.height;

    const double least = p.adaptResolution ? static_cast<double>(preset.low916.width) / preset.full916.width : 1.0;
    r.minWidth = evenOf(r.width * least);
    r.minHeight = evenOf(r.height * least);
}

void chooseBitrates(const Properties& p, const Preset& preset, Resolved& r) {
    r.minBitrate = p.minBitrate.value_or(preset.minBitrate);
    r.maxBitrate = p.maxBitrate.value_or(preset.maxBitrate);
    if (r.minBitrate > r.maxBitrate) {  // one of the two is the mode's: the explicit one beats it
        (p.minBitrate ? r.maxBitrate : r.minBitrate) = p.minBitrate ? r.minBitrate : r.maxBitrate;
        r.notes.push_back(p.minBitrate ? "maxBitrate of the mode is raised to minBitrate"
                                       : "minBitrate of the mode is lowered to maxBitrate");
    }
    r.startBitrate = r.maxBitrate;
}

}  // namespace

Resolved resolve(const Properties& p) {
    Resolved r;
    const bool room = p.profile == Profile::liveRoomPush;
    r.mode = p.mode.value_or(room ? Mode::SD : Mode::RTC);
    r.autopush = p.autopush.value_or(room);
    const auto& preset = kPresets[static_cast<std::size_t>(r.mode)];
    chooseSize(p, preset, r);
    chooseBitrates(p, preset, r);
    r.fps = p.fps;
    r.gop = p.gop;
    const bool high = p.audioQuality == AudioQuality::high;
    r.audioSampleRate = high ? 48000 : 16000;
    r.audioChannels = high ? 2 : 1;
    r.audioBitrate = p.audioBitrate.value_or(high ? 96 : 32);
    r.audioCodec = p.audioCodec;
    r.lowLatency = r.mode == Mode::RTC;
    r.video = p.enableCamera;

    if (p.muted || !p.enableMic) r.notes.push_back("the microphone is off: silence is pushed");
    const Properties defaults;
    for (const auto& row : properties::table<Properties>())
        if (row.account && !row.field.equal(p, defaults))
            r.notes.push_back(std::string(row.name) + ": of the vendor's cloud account, kept without effect here");
    return r;
}

}  // namespace livepusher
