// SPDX-License-Identifier: MIT
#include "av/track_decoder.hpp"

#include <utility>

#include "base/log.hpp"

namespace livepusher::capture {
namespace {

constexpr int kMaxBad = 200;

}  // namespace

Result<TrackDecoder> TrackDecoder::open(const AVStream& stream, std::string name) {
    return open(*stream.codecpar, stream.time_base, std::move(name));
}

Result<TrackDecoder> TrackDecoder::open(const AVCodecParameters& parameters, AVRational timeBase, std::string name) {
    const auto failed = [&](const std::string& what, int native) {
        return Error{Code::SourceFailed, name + ": " + what, native};
    };
    const std::string codecName = avcodec_get_name(parameters.codec_id);
    const auto* decoder = avcodec_find_decoder(parameters.codec_id);
    if (!decoder) return failed("there is no decoder for " + codecName, AVERROR_DECODER_NOT_FOUND);
    CodecPtr codec(avcodec_alloc_context3(decoder));
    int error = codec ? avcodec_parameters_to_context(codec.get(), &parameters) : AVERROR(ENOMEM);
    if (error >= 0) {
        codec->pkt_timebase = timeBase;
        // Memory and delay grow with each thread; one decodes 720p many times faster than it plays.
        codec->thread_count = parameters.width * parameters.height > 1280 * 720 ? 2 : 1;
        error = avcodec_open2(codec.get(), decoder, nullptr);
    }
    if (error < 0) {
        // Decoders that don't say what is wrong with a header say -1, which happens to be EPERM.
        const auto why = error == AVERROR(EPERM) ? "what it needs from the file's head is missing or damaged" : avText(error);
        return failed("the decoder for " + codecName + " can't be started: " + why, error);
    }
    return TrackDecoder(std::move(codec), std::move(name));
}

Result<void> TrackDecoder::send(const AVPacket* packet) {
    if (packet && packet->size == 0) return {};  // to the decoder it would mean the end
    const int error = avcodec_send_packet(codec_.get(), packet);
    if (error >= 0 || error == AVERROR_EOF) return {};
    if (error == AVERROR(ENOMEM)) return Error{Code::SourceFailed, name_ + ": out of memory", error};
    if (++bad_ == 1) base::log(LogLevel::Warning, name_ + ": damaged data is passed over (" + avText(error) + ")");
    if (!any_ && bad_ > kMaxBad) return Error{Code::SourceFailed, name_ + ": can't be decoded: " + avText(error), error};
    return {};
}

Step TrackDecoder::receive(AVFrame& frame) {
    for (;;) {
        const int error = avcodec_receive_frame(codec_.get(), &frame);
        if (error == AVERROR_EOF) return Step::Ended;
        if (error == AVERROR(EAGAIN)) return Step::Again;
        if (error < 0) {
            if (++bad_ > kMaxBad) return Step::Failed;
            continue;
        }
        any_ = true;
        bad_ = 0;
        return Step::Ready;
    }
}

void TrackDecoder::flush() { avcodec_flush_buffers(codec_.get()); }

}  // namespace livepusher::capture
