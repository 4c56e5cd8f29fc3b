// SPDX-License-Identifier: MIT
#include "av/track_reader.hpp"

#include <utility>

namespace livepusher::capture {

Result<void> TrackReader::open(Demuxer& demuxer, Track track, std::string name) {
    track_ = track;
    name_ = std::move(name);
    auto decoder = TrackDecoder::open(*demuxer.stream(track), name_);
    if (!decoder) return decoder.error();
    decoder_.emplace(std::move(*decoder));
    draining_ = false;
    frame_.reset(av_frame_alloc());
    return {};
}

Step TrackReader::step(Demuxer& demuxer) {
    const auto fail = [&](Error error) {
        error_ = std::move(error);
        return Step::Failed;
    };
    const auto received = decoder_->receive(*frame_);
    if (received == Step::Failed) return fail({Code::SourceFailed, name_ + ": can't be decoded"});
    if (received != Step::Again || draining_) return received;
    PacketPtr packet;
    const int error = demuxer.next(track_, packet);
    if (error == AVERROR_EXIT) return Step::Again;  // stop() is waiting: the caller looks
    if (error < 0 && error != AVERROR_EOF) {
        return fail({Code::SourceFailed, name_ + ": reading broke off: " + avText(error), error});
    }
    draining_ = error == AVERROR_EOF;
    if (auto sent = decoder_->send(packet.get()); !sent) return fail(sent.error());
    return Step::Again;
}

void TrackReader::restart() {
    decoder_->flush();
    draining_ = false;
}

std::optional<Timestamp> TrackReader::time(const Demuxer& demuxer) const {
    if (frame_->best_effort_timestamp == AV_NOPTS_VALUE) return std::nullopt;
    return timestampOf(frame_->best_effort_timestamp, demuxer.stream(track_)->time_base);
}

}  // namespace livepusher::capture
