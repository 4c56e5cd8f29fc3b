// SPDX-License-Identifier: MIT
#include "capture/file/stream_info.hpp"

#include <cmath>

#include "av/av.hpp"
#include "base/frame_time.hpp"
#include "media/picture_size.hpp"
#include "media/pipeline_size.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kUnknownPicture{40'000};
constexpr Timestamp kUnknownSound{20'000};

}  // namespace

StreamInfo::StreamInfo(const AVStream& from)
    : parameters(avcodec_parameters_alloc()),
      averageRate(rateOf(from.avg_frame_rate)),
      baseRate(rateOf(from.r_frame_rate)),
      sampleAspect(from.sample_aspect_ratio.num > 0 ? from.sample_aspect_ratio : from.codecpar->sample_aspect_ratio),
      still((from.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
    avcodec_parameters_copy(parameters.get(), from.codecpar);
    if (from.codecpar->codec_type == AVMEDIA_TYPE_VIDEO) orientation = OrientationTracker(from);
}

Timestamp StreamInfo::usualDuration() const {
    if (parameters->codec_type == AVMEDIA_TYPE_AUDIO) {
        if (parameters->frame_size > 0 && parameters->sample_rate > 0)
            return base::lengthOf(parameters->frame_size, parameters->sample_rate);
        return kUnknownSound;
    }
    // The base rate of a file whose pictures keep no beat may be the time base itself.
    const double known = averageRate >= 1 ? averageRate : baseRate >= 1 && baseRate <= 120 ? baseRate : 0;
    return known > 0 ? Timestamp(std::llround(1e6 / known)) : kUnknownPicture;
}

VideoSourceFormat StreamInfo::format(const std::string& name) const {
    VideoSourceFormat format;
    const auto size = pipelineSize(parameters->width, parameters->height);
    format.width = size ? size->width : 0;
    format.height = size ? size->height : 0;
    format.fps = averageRate > 0 ? averageRate : baseRate <= 240 ? baseRate : 0;
    format.constantRate = averageRate > 0 && std::abs(averageRate - baseRate) <= averageRate * 0.001;
    if (still) {
        format.fps = 0;
        format.constantRate = false;
    }
    format.description =
        name + " (" + avcodec_get_name(parameters->codec_id) + ", " + base::sizeText(format.width, format.height) + ")";
    return format;
}

}  // namespace livepusher::capture
