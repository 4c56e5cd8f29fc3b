// SPDX-License-Identifier: MIT
#include "capture/coded/coded_times.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace livepusher::capture {

CodedTimes::CodedTimes(const AVStream& stream, double rate, int reorder)
    : base_(stream.time_base),
      codec_(stream.codecpar->codec_id),
      rate_(rate > 0 ? rate : 25),
      reorder_(reorder),
      length_(std::llround(1e6 / rate_)) {
    restart();
}

void CodedTimes::restart() {
    any_ = counting_ = false;
    number_ = sequence_ = 0;
    step_ = codec_ == AV_CODEC_ID_H264 ? 2 : 1;  // H.264 counts fields
}

void CodedTimes::beginCount() {
    counting_ = true;
    parser_.reset(av_parser_init(codec_));
    context_.reset(avcodec_alloc_context3(nullptr));
    if (!parser_ || !context_) return;
    context_->codec_id = codec_;
    parser_->flags |= PARSER_FLAG_COMPLETE_FRAMES;
}

Timestamp CodedTimes::at(std::int64_t number) const { return Timestamp(std::llround(static_cast<double>(number) * 1e6 / rate_)); }

CodedTimes::Place CodedTimes::count(const AVPacket& packet) {
    const auto number = number_++;
    if (!parser_ || !context_) return {at(number), at(number)};
    std::uint8_t* out = nullptr;
    int size = 0;
    av_parser_parse2(parser_.get(), context_.get(), &out, &size, packet.data, packet.size, AV_NOPTS_VALUE, AV_NOPTS_VALUE, -1);
    const int order = parser_->output_picture_number;
    // A key frame that begins the count anew; an HEVC one may go on with it.
    if ((packet.flags & AV_PKT_FLAG_KEY) != 0 && order == 0) sequence_ = number;
    if (order % 2 != 0) step_ = 1;
    const auto shown = std::max(sequence_ + order / step_ + reorder_, number);
    return {at(number), at(shown)};
}

CodedTimes::Place CodedTimes::next(const AVPacket& packet) {
    if (!any_ && packet.pts == AV_NOPTS_VALUE && reorder_ > 0) beginCount();
    const bool follows = std::exchange(any_, true);
    if (counting_) return count(packet);
    const auto time = [&](std::int64_t told) { return timestampOf(told, base_); };
    const bool decode = packet.dts != AV_NOPTS_VALUE, show = packet.pts != AV_NOPTS_VALUE;
    Place place;
    place.dts = decode    ? time(packet.dts)
                : follows ? last_ + length_
                : show    ? time(packet.pts) - reorder_ * length_
                          : Timestamp{};
    if (follows) place.dts = std::max(place.dts, last_ + Timestamp(1));
    place.pts = std::max(show ? time(packet.pts) : place.dts, place.dts);
    last_ = place.dts;
    return place;
}

}  // namespace livepusher::capture
