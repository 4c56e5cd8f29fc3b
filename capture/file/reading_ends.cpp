// SPDX-License-Identifier: MIT
// What Reading does where a pass, a clip or a connection ends.
#include <algorithm>
#include <utility>

#include "av/av.hpp"
#include "base/log.hpp"
#include "capture/file/reading.hpp"

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp kPadding{100'000};
constexpr Timestamp kShort{1'000'000};
constexpr Timestamp kLongGap{3'000'000};
constexpr std::array kPauses{milliseconds(500), milliseconds(1000), milliseconds(2000), milliseconds(4000), milliseconds(5000)};

std::string secondsText(Timestamp t) {
    const auto tenths = t.count() / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

/// Of a file that is cut off, or damaged so that much of it is passed over.
void Reading::warnIfShort() {
    const auto told = demuxer_->context()->duration;
    const bool guessed = demuxer_->context()->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
    if (kind_ != Demuxer::Kind::File || guessed || told <= 0 || sequence_.outpoint() || sequence_.inpoint()) return;
    const auto came = newest() - passBegan_;
    if (came >= Timestamp(told) - std::max(kShort, Timestamp(told / 50))) return;
    base::log(LogLevel::Warning, options_.name + ": ends after " + secondsText(came) + " s, and its header says " +
                                     secondsText(Timestamp(told)) + " s: it is cut off or damaged");
}

/// Of a file that has neither track for so long that a viewer would take it for a fault. Pictures alone may stand so long.
void Reading::warnOfGap(Timestamp from, Timestamp to) {
    if (kind_ != Demuxer::Kind::File || to - from < kLongGap || std::exchange(gapTold_, true)) return;
    base::log(LogLevel::Warning, options_.name + ": by its time stamps there is nothing in it from " +
                                     secondsText(from - passBegan_) + " to " + secondsText(to - passBegan_) +
                                     " s; it is played like that");
}

/// How long after the pass's beginning its first picture came, where that is its sound's padding.
Timestamp Reading::lead() const {
    const auto late = first_[0] ? *first_[0] - passBegan_ : Timestamp{};
    return timeline_.any(Track::Video) && late <= kPadding ? late : Timestamp{};
}

/// The same as the file's head tells of it, before anything has come.
Timestamp Reading::headLead() const {
    const auto *picture = demuxer_->stream(Track::Video), *sound = demuxer_->stream(Track::Audio);
    if (!picture || !sound || !options_.ends[0] || !options_.ends[1]) return {};
    if (picture->start_time == AV_NOPTS_VALUE || sound->start_time == AV_NOPTS_VALUE) return {};
    return timestampOf(picture->start_time, picture->time_base) - timestampOf(sound->start_time, sound->time_base);
}

/// The media time at which the next pass begins. Pictures set the beat: a loop is a whole number of them.
Timestamp Reading::passEnd() const {
    const auto picture = timeline_.end(Track::Video), sound = timeline_.end(Track::Audio);
    if (!timeline_.any(Track::Video) || picture <= passBegan_) return sound;
    // Sound that begins a little before the picture or ends after it is its codec's padding: passes overlap in it.
    const auto end = picture - lead();
    if (!timeline_.any(Track::Audio) || sound <= picture + kPadding) return end;
    const auto frame = std::max(streams_[0]->usualDuration(), Timestamp(1000));
    return end + (sound - picture + frame - Timestamp(1)) / frame * frame;
}

/// Another pass of a loop; false when there can't be one.
bool Reading::again() {
    // Some demuxers claim to have gone back and then have nothing more.
    const bool nothing = !anyInPass_;
    const auto at = nothing ? passBegan_ : passEnd();
    auto begun = nothing ? demuxer_->open() : demuxer_->rewind();
    if (begun && nothing && std::exchange(reopened_, true))
        begun = Error{Code::SourceFailed, options_.name + ": nothing in it could be read again"};
    if (!begun) {
        tellAll(MediaItem::Kind::Failed, begun.error());
        return false;
    }
    for (const auto track : kTracks)
        if (options_.ends[index(track)] && streams_[index(track)] && !demuxer_->stream(track)) {
            tellAll(MediaItem::Kind::Failed, {Code::SourceFailed, options_.name + ": it has other streams than before"});
            return false;
        }
    if (!nothing) tellAll(MediaItem::Kind::PassEnd);
    beginPass(at);
    return true;
}

/// False: that was all.
bool Reading::atEnd(int error) {
    const bool ended = error == AVERROR_EOF;
    const bool returns = live() || (kind_ == Demuxer::Kind::Unknown && !demuxer_->isPipe() && !heldBack_);
    if (returns) return connectAgain(demuxer_->readError(error));
    if (!ended) {
        tellAll(MediaItem::Kind::Failed, demuxer_->readError(error));
        return false;
    }
    if (!anyInPass_ && passBegan_ == Timestamp{}) {
        tellAll(MediaItem::Kind::Failed, {Code::SourceFailed, options_.name + ": there is nothing in it"});
        return false;
    }
    warnIfShort();
    if (sequence_.isList() && sequence_.advance(options_.loop)) return nextClip();
    if (!sequence_.isList() && options_.loop) return again();
    tellAll(MediaItem::Kind::Ended);
    return false;
}

/// Of a list; it goes on where the one before ended.
bool Reading::nextClip() {
    // Where this one's pictures end; its successor's may begin a little after its sound.
    const auto at = anyInPass_ ? passEnd() + lead() : passBegan_;
    if (!anyInPass_ && std::exchange(reopened_, true)) {
        tellAll(MediaItem::Kind::Failed, {Code::SourceFailed, options_.name + ": there is nothing in its clips"});
        return false;
    }
    reopened_ = reopened_ && !anyInPass_;
    if (auto opened = openClip(); !opened) {
        if (!quit_) tellAll(MediaItem::Kind::Failed, opened.error());
        return false;
    }
    streams_ = look();
    pushStreams(false);
    beginPass(at);
    if (const auto late = headLead(); late > Timestamp{} && late <= kPadding) beginPass(at - late);
    return true;
}

/// Whether a packet lies at or behind the clip's outpoint.
bool Reading::isBehindClip(const PacketPtr& packet, Track track) const {
    const auto to = sequence_.outpoint();
    const auto stamp = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    if (!to || stamp == AV_NOPTS_VALUE) return false;
    const auto start = demuxer_->context()->start_time;
    return timestampOf(stamp, demuxer_->stream(track)->time_base) - Timestamp(start == AV_NOPTS_VALUE ? 0 : start) >= *to;
}

bool Reading::pause(milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [&] { return quit_.load(); });
}

/// Tries again until it is open; false: it is time to end.
bool Reading::connect() {
    for (;;) {
        if (!pause(std::min(kPauses[std::min(attempt_++, kPauses.size() - 1)], options_.retryWithin))) return false;
        const auto opened = openTarget();
        if (quit_) return false;
        if (opened) return true;
        base::log(LogLevel::Debug, "reconnecting: " + opened.error().message);
    }
}

/// Of a live stream; false: it is time to end.
bool Reading::connectAgain(const Error& why) {
    if (quit_) return false;
    // A server that hangs up at once, again and again, is one loss.
    if (buffer_->takeReturned() || !lost_) {
        attempt_ = 0;
        lost_ = true;
        observer_->code(Code::CameraRemoved, options_.name + ": gone; it is connected to again and again");
        observer_->code(Code::SourceFailed, why.message);
    }
    demuxer_->close();
    if (!connect()) return false;
    const auto at = std::max(newest(), clock_->position());
    streams_ = look();
    pushStreams(true);
    beginPass(at);
    clock_->forget();
    return true;
}

}  // namespace livepusher::capture
