// SPDX-License-Identifier: MIT
#include "capture/file/picture_track.hpp"

#include <utility>

#include "av/picture_probe.hpp"
#include "base/log.hpp"
#include "media/orientation.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kLate{150'000};        // a file that comes later than this moves the clock
constexpr Timestamp kSettling{5'000'000};  // what a server has kept for us comes all at once, and is decoded unseen

}  // namespace

PictureTrack::PictureTrack(std::string name, PacketBuffer& buffer, MediaClock& clock, bool live, bool deinterlace)
    : TrackPlayer(Track::Video, std::move(name), buffer, clock, live, kLate, deinterlace) {}

Result<void> PictureTrack::check(const StreamInfo& stream, const std::string& name) {
    auto good = checkPictures(*stream.parameters);
    if (good) return good;
    // "is an animated WebP …" is said of the file, all else of its pictures.
    const bool ofFile = good.error().native == AVERROR_PATCHWELCOME;
    return Error{good.error().code, name + (ofFile ? " " : ": ") + good.error().message, good.error().native};
}

/// By how much the picture is late because of its decoding.
Timestamp PictureTrack::lateBy() const {
    const bool known = any_ && !decoding_.starved() && clock_.begun() && !buffer_.empty(Track::Video);
    return known ? clock_.position() - time_ : Timestamp{};
}

/// Leaves out of what follows what the decoder has no time for; false: the picture too.
bool PictureTrack::keepsUp() {
    const auto verdict = catchUp_.decoded(lateBy(), clock_.now());
    decoding_.hurry(catchUp_.hurries());
    if (!verdict.jump) return true;
    buffer_.passOver(Track::Video, clock_.position());
    const bool settled = !live_ || clock_.now() - began_ > kSettling;
    if (settled && !std::exchange(warned_, true))
        base::log(LogLevel::Warning, name_ + ": its pictures can't be decoded as fast as they play; some are left out");
    return verdict.show;
}

void PictureTrack::place(Timestamp at, VideoFrame& frame) {
    frame.pts = at;
    const auto& source = decoding_.frame();
    base::setOrientation(frame, decoding_.orientation());
    const auto aspect = decoding_.stream().sampleAspect.num > 0 ? decoding_.stream().sampleAspect : source.sample_aspect_ratio;
    if (aspect.num > 0 && aspect.den > 0) {
        frame.sampleAspectNum = aspect.num;
        frame.sampleAspectDen = aspect.den;
    }
}

/// Works towards the next picture that ends after `from`.
Decoding::Outcome PictureTrack::fill(Timestamp from) {
    for (;;) {
        const auto outcome = decode();
        if (outcome != Decoding::Outcome::Frame) return outcome;
        time_ = times_.place(decoding_.time(), decoding_.duration());
        end_ = times_.end();
        starved_ = decoding_.starved();
        if (end_ <= from) continue;
        if (!keepsUp()) continue;
        auto frame = converter_.convert(decoding_.frame());
        if (!frame) return failed(frame.error());
        pending_ = std::move(*frame);
        place(time_, pending_);
        return Decoding::Outcome::Frame;
    }
}

/// What the stream is, told before its first picture where that is news.
void PictureTrack::tellStream(SinkGate<VideoSource::Sink>& gate) {
    const bool fresh = decoding_.takeNew(), returned = decoding_.takeReturned();
    const bool first = format_.width == 0;
    if (fresh) began_ = clock_.now();
    if (!fresh && pending_.width() == format_.width && pending_.height() == format_.height) return;
    format_ = decoding_.stream().format(name_);
    format_.width = pending_.width();
    format_.height = pending_.height();
    if (returned) buffer_.noteReturned();
    if (first && !returned) return;
    gate.call([&](VideoSource::Sink& sink) {
        if (returned) sink.code(Code::CameraReturned, name_ + ": is there again");
        sink.formatChanged(format_);
        if (returned) sink.code(Code::CameraOpened, format_.description);
    });
}

void PictureTrack::deliver(SinkGate<VideoSource::Sink>& gate, Timestamp moment) {
    tellStream(gate);
    auto frame = std::exchange(pending_, {});
    frame.pts = moment;
    any_ = true;
    catchUp_.shown(clock_.now());
    gate.tell(&VideoSource::Sink::frame, std::move(frame));
}

bool PictureTrack::run(SinkGate<VideoSource::Sink>& gate, Timestamp from) {
    for (;;) {
        if (pending_ && end_ <= from) pending_ = {};
        if (!pending_)
            if (const auto outcome = fill(from); outcome != Decoding::Outcome::Frame) return finish(outcome, gate);
        const auto moment = clock_.waitFor(Track::Video, time_);
        if (!moment) return false;
        if (postponed(*moment)) continue;
        deliver(gate, *moment);
    }
}

}  // namespace livepusher::capture
