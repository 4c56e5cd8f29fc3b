// SPDX-License-Identifier: MIT
#include "wiring.hpp"

#include <livepusher/devices.hpp>

#include "av/picture_file.hpp"
#include "av/picture_writer.hpp"
#include "capture/device_lists.hpp"
#include "capture/music_player.hpp"
#include "capture/sources.hpp"
#include "decode/decoders.hpp"
#include "display/windows.hpp"
#include "effects/effects.hpp"
#include "encode/encoders.hpp"
#include "encode/ladder.hpp"
#include "encode/probe.hpp"
#include "file/publishers.hpp"
#include "flv/publishers.hpp"
#include "flv/subscribers.hpp"
#include "properties/network.hpp"
#include "rtmp/publishers.hpp"
#include "rtmp/subscribers.hpp"
#include "speaker/speakers.hpp"
#include "srt/publishers.hpp"

namespace livepusher {

namespace {

std::unique_ptr<rtmp::Publisher> makePublisher(base::Url::Scheme scheme) {
    using enum base::Url::Scheme;
    switch (scheme) {
        case FlvFile: return rtmp::makeFlvFilePublisher();
        case Mp4File:
        case MkvFile:
        case TsFile: return file::makeMuxedFilePublisher(scheme);
        case HttpFlv: return rtmp::makeHttpFlvPublisher();
        case Srt: return srt::makeSrtPublisher();
        case Rtmp:
        case Rtmps: break;
    }
    return rtmp::makeRtmpPublisher();
}

std::unique_ptr<rtmp::Subscriber> makeSubscriber(base::Url::Scheme scheme) {
    using enum base::Url::Scheme;
    if (scheme == HttpFlv) return rtmp::makeHttpFlvSubscriber();
    if (scheme == FlvFile) return rtmp::makeFlvFileSubscriber();
    return rtmp::makeRtmpSubscriber();
}

capture::FallbackRules fallbackRules(const Properties& p) {
    return {.on = p.fallbackOn, .after = std::chrono::duration_cast<Timestamp>(std::chrono::duration<double>(p.fallbackAfter))};
}

}  // namespace

pipeline::Stages realStages() {
    encode::beginProbe();
    return {.sources =
                [](const Sources& sources, const Properties& p) {
                    return capture::makeSources(
                        sources,
                        {.network = properties::networkOf(p), .deinterlace = p.deinterlace, .fallback = fallbackRules(p)});
                },
            .videoEffects =
                [](auto onCode) {
                    return effects::makeVideoChain({.loadOverlay = capture::loadOverlay, .onCode = std::move(onCode)});
                },
            .checkEffects = effects::checkFaceEffects,
            .window = display::windowFactory(),
            .loadPicture =
                [](const Properties& p, const std::atomic<bool>& cancelled) {
                    return capture::loadPicture({p.waitingImage, p.waitingImageHash, properties::networkOf(p)}, cancelled);
                },
            .audioChain = effects::makeAudioChain,
            .clockMatcher = effects::makeClockMatcher,
            .music = capture::makeMusic,
            .videoEncoder = encode::makeVideoEncoder,
            .audioEncoder =
                [](AudioCodec codec) { return codec == AudioCodec::opus ? encode::makeOpusEncoder() : encode::makeAacEncoder(); },
            .publisher = makePublisher};
}

playback::PlayerStages realPlayerStages() {
    return {.subscriber = makeSubscriber,
            .videoDecoder = decode::makeVideoDecoder,
            .audioDecoder = decode::makeAudioDecoder,
            .stretcher = effects::makeTimeStretcher,
            .joiner = effects::makeSoundJoiner,
            .speaker = speaker::makeSpeaker,
            .window = display::windowFactory(),
            .writePicture = capture::writePicture,
            .flvFile = rtmp::makeFlvFilePublisher};
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
            .check = effects::checkFaceEffects};
}

}  // namespace livepusher
