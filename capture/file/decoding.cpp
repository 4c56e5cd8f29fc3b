// SPDX-License-Identifier: MIT
#include "capture/file/decoding.hpp"

#include "base/frame_time.hpp"

#include <utility>

namespace livepusher::capture {

using Kind = MediaItem::Kind;

Decoding::Decoding(Track track, std::string name, bool deinterlace)
    : track_(track), name_(std::move(name)), frame_(av_frame_alloc()), deinterlacer_(name_, deinterlace) {}

/// The next one that is whole.
bool Decoding::takePicture() {
    if (!deinterlacer_.take(*frame_)) return false;
    turned_ = orientation_.of(*frame_);
    return true;
}

std::optional<Decoding::Outcome> Decoding::fail(Error error) {
    error_ = std::move(error);
    return Outcome::Failed;
}

void Decoding::hurry(bool on) {
    if (hurry_ == on) return;
    hurry_ = on;
    if (decoder_) decoder_->hurry(on);
}

/// What was waiting for the decoder to be empty.
std::optional<Decoding::Outcome> Decoding::drained() {
    const auto item = std::exchange(waiting_, std::nullopt);
    switch (item->kind) {
        case Kind::Ended:
            if (packets_ && !any_) return fail({Code::SourceFailed, name_ + ": nothing in it could be decoded"});
            return Outcome::Ended;
        case Kind::Failed: return fail(item->error);
        case Kind::Stream: {
            auto opened = TrackDecoder::open(*item->stream->parameters, kMicroseconds, name_);
            if (!opened) return fail(opened.error());
            decoder_.emplace(std::move(*opened));
            decoder_->hurry(hurry_);
            stream_ = item->stream;
            orientation_ = stream_->orientation;
            deinterlacer_.reset();
            new_ = true;
            returned_ = returned_ || item->returned;
            return std::nullopt;
        }
        default:
            if (decoder_) decoder_->flush();
            deinterlacer_.reset();
            orientation_.restart();
            return std::nullopt;
    }
}

std::optional<Decoding::Outcome> Decoding::take(MediaItem item) {
    if (item.kind == Kind::Packet) {
        packets_ = true;
        if (!decoder_) return std::nullopt;
        if (auto noted = orientation_.note(*item.packet); !noted) return fail(noted.error());
        if (auto sent = decoder_->send(item.packet.get()); !sent) return fail(sent.error());
        return std::nullopt;
    }
    if (item.kind == Kind::Flush) {
        if (decoder_) decoder_->flush();
        deinterlacer_.reset();
        return std::nullopt;
    }
    waiting_ = std::move(item);
    if (!decoder_) return drained();
    if (auto sent = decoder_->send(nullptr); !sent) return fail(sent.error());
    return std::nullopt;
}

Decoding::Outcome Decoding::next(PacketBuffer& buffer) {
    starved_ = false;
    for (;;) {
        if (track_ == Track::Video && takePicture()) return Outcome::Frame;
        if (decoder_) {
            const auto step = decoder_->receive(*frame_);
            if (step == Step::Ready) {
                any_ = true;
                if (track_ == Track::Audio) return Outcome::Frame;
                deinterlacer_.put(*frame_);
                continue;
            }
            if (step == Step::Failed) return *fail({Code::SourceFailed, name_ + ": can't be decoded"});
            if (step == Step::Ended || waiting_) {
                if (!waiting_) {  // it has seen an end that nobody sent
                    decoder_->flush();
                    continue;
                }
                if (track_ == Track::Video) {
                    deinterlacer_.drain();
                    if (takePicture()) return Outcome::Frame;
                }
                if (const auto outcome = drained()) return *outcome;
                continue;
            }
        }
        starved_ = starved_ || buffer.empty(track_);
        auto item = buffer.pop(track_);
        if (!item) return Outcome::Cancelled;
        if (item->packet) came_ = item->came;
        if (const auto outcome = take(std::move(*item))) return *outcome;
    }
}

std::optional<Timestamp> Decoding::time() const {
    if (frame_->best_effort_timestamp == AV_NOPTS_VALUE) return std::nullopt;
    return Timestamp(frame_->best_effort_timestamp);
}

Timestamp Decoding::duration() const {
    if (frame_->nb_samples > 0 && frame_->sample_rate > 0) return base::lengthOf(frame_->nb_samples, frame_->sample_rate);
    if (frame_->pkt_duration > 0) return Timestamp(frame_->pkt_duration);
    return stream_->usualDuration();
}

}  // namespace livepusher::capture
