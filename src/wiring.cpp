// SPDX-License-Identifier: MIT
#include "wiring.hpp"

#include <livepusher/devices.hpp>

#include "av/picture_file.hpp"
#include "capture/camera/camera_list.hpp"
#include "capture/local_files.hpp"
#include "capture/music_player.hpp"
#include "capture/screen/screen_list.hpp"
#include "capture/sound/microphone_list.hpp"
#include "capture/sources.hpp"
#include "display/windows.hpp"
#include "effects/audio/sound_chain.hpp"
#include "effects/effects.hpp"
#include "effects/fit.hpp"
#include "encode/encoder_list.hpp"
#include "encode/encoders.hpp"
#include "encode/ladder.hpp"
#include "encode/picture.hpp"
#include "encode/probe.hpp"
#include "media/frame_pool.hpp"
#include "media/mirror.hpp"
#include "media/overlay.hpp"
#include "media/pixels.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher {

pipeline::Stages realStages() {
    encode::beginProbe();
    return {.sources =
                [](const Sources& sources, const Properties& p) {
                    return capture::makeSources(sources, {p.caFile, p.deinterlace});
                },
            .sourceFiles = capture::localFiles,
            .videoEffects =
                [](std::function<void(Code, std::string)> onCode) {
                    return effects::makeVideoChain({.loadOverlay = capture::loadOverlay, .onCode = std::move(onCode)});
                },
            .checkEffects = effects::checkFaceEffects,
            .mirrored =
                [pool = std::make_shared<base::FramePool>()](const VideoFrame& frame) { return effects::mirrored(frame, *pool); },
            .writeText = [pool = std::make_shared<base::FramePool>()](
                             VideoFrame& frame, std::span<const std::string> lines) { effects::drawText(frame, lines, *pool); },
            .window = display::windowFactory(),
            .fitted =
                [fit = std::shared_ptr(effects::makeFit())](const VideoFrame& frame, const effects::VideoTarget& target) {
                    Properties whole;
                    whole.videoFit = VideoFit::contain;
                    auto fitted = frame;
                    fit->apply(fitted, target, whole);
                    return fitted;
                },
            .loadPicture =
                [](const Properties& p, const std::atomic<bool>& cancelled) {
                    return capture::loadPicture({p.waitingImage, p.waitingImageHash, p.caFile}, cancelled);
                },
            .audioChain = effects::makeAudioChain,
            .clockMatcher = effects::makeClockMatcher,
            .music = capture::makeMusic,
            .videoEncoder = encode::makeVideoEncoder,
            .audioEncoder =
                [](AudioCodec codec) { return codec == AudioCodec::opus ? encode::makeOpusEncoder() : encode::makeAacEncoder(); },
            .publisher = rtmp::makePublisher,
            .writePicture =
                [](const VideoFrame& frame, SnapshotQuality quality, const std::string& path) {
                    return encode::writePicture(
                        frame, quality == SnapshotQuality::raw ? encode::PictureFormat::Png : encode::PictureFormat::Jpeg, path);
                }};
}

DeviceList listDevices() {
    DeviceList found;
    found.cameras = capture::listCameras(found.notes);
    found.microphones = capture::listMicrophones(found.notes);
    found.screens = capture::listScreens(found.notes);
    return found;
}
std::vector<EncoderInfo> listEncoders() { return encode::listEncoders(); }

EffectParts realEffects(EffectPace pace) {
    const auto timing = pace == EffectPace::live ? effects::FaceTiming::Live : effects::FaceTiming::EachFrame;
    return {.chain = effects::makeVideoChain({.loadOverlay = capture::loadOverlay, .timing = timing}),
            .check = effects::checkFaceEffects,
            .checkView = capture::checkView,
            .convertView = capture::convertView};
}

}  // namespace livepusher
