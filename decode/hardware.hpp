// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "decode/decoders.hpp"

struct AVCodecContext;
struct AVFrame;

namespace livepusher::decode {

/// Makes a decoder that is not yet open one of a device, which it holds. Errors: NotAvailable, why the device can't be had for
/// it.
using HardwareSetUp = std::function<Result<void>(AVCodecContext&)>;

/// One of libavcodec's ways to a GPU.
struct HardwareApi {
    std::string name;  ///< "VAAPI"
    /// Opens its device; a driver may hang in it. Errors: NotAvailable, why there is none. [any-thread]
    std::function<Result<HardwareSetUp>()> open;
};

/// VAAPI, CUDA and VDPAU, in the order that they are tried in.
std::vector<HardwareApi> hardwareApis();

/// Puts a picture that lies in a device's memory into the machine's own; any other stays as it is. Answers as libav does.
int copyBack(AVFrame& frame);

/// makeVideoDecoder() with other ways to hardware than those of hardwareApis().
std::unique_ptr<VideoDecoder> makeVideoDecoderOn(VideoDecoderType type, DecoderObserver& observer, std::vector<HardwareApi> apis);

}  // namespace livepusher::decode
