// SPDX-License-Identifier: MIT
#include "wiring.hpp"

#include "base/frame_pool.hpp"
#include "capture/sources.hpp"
#include "effects/effects.hpp"
#include "effects/fit.hpp"
#include "effects/mirror.hpp"
#include "encode/encoders.hpp"
#include "encode/picture.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher {

pipeline::Stages realStages() {
    return {.sources = capture::makeSources,
            .videoEffects = effects::makeVideoChain,
            .mirrored =
                [pool = std::make_shared<base::FramePool>()](const VideoFrame& frame) { return effects::mirrored(frame, *pool); },
            .fitted =
                [fit = std::shared_ptr(effects::makeFit())](const VideoFrame& frame, const effects::VideoTarget& target) {
                    Properties whole;
                    whole.videoFit = VideoFit::contain;
                    auto fitted = frame;
                    fit->apply(fitted, target, whole);
                    return fitted;
                },
            .loadPicture =
                [](const Properties&, const std::atomic<bool>&) -> Result<VideoFrame> {
                    return Error{Code::WaitingImageFailed, "waitingImage: not available in this build"};
                },
            .videoEncoder = encode::makeX264Encoder,
            .audioEncoder = encode::makeAacEncoder,
            .publisher = rtmp::makePublisher,
            .writePicture =
                [](const VideoFrame& frame, SnapshotQuality quality, const std::string& path) {
                    return encode::writePicture(
                        frame, quality == SnapshotQuality::raw ? encode::PictureFormat::Png : encode::PictureFormat::Jpeg, path);
                }};
}

}  // namespace livepusher
