// SPDX-License-Identifier: MIT
#include "capture/file/reading.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

// What may be live or not: so much ahead of its time comes only what we hold back.
constexpr Timestamp kUnknownEnough{4'000'000};
constexpr Timestamp kOpenLimit{10'000'000};
constexpr Timestamp kSilence{3'000'000};    // after what has come has been played
constexpr Timestamp kBurst{1'000'000};      // so long what a server has kept for us comes at once
constexpr Timestamp kBurstMost{700'000};
constexpr Timestamp kPadding{100'000};
constexpr Timestamp kShort{1'000'000};
constexpr std::array kPauses{milliseconds(500), milliseconds(1000), milliseconds(2000), milliseconds(4000), milliseconds(5000)};

Timestamp time(std::int64_t stamp, AVRational base) { return Timestamp(av_rescale_q(stamp, base, kMicroseconds)); }

std::string secondsText(Timestamp t) {
    const auto tenths = t.count() / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::optional<Timestamp> optionalTime(std::int64_t stamp, AVRational base) {
    return stamp == AV_NOPTS_VALUE ? std::nullopt : std::optional(time(stamp, base));
}

}  // namespace

Reading::Reading(Options options, OnCode onCode)
    : options_(std::move(options)),
      onCode_(std::move(onCode)),
      sequence_(options_.target, options_.name, options_.caFile) {}

void Reading::cancel() {
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
    }
    {
        std::lock_guard lock(mutex_);
        if (demuxer_) demuxer_->cancel();
        if (buffer_) buffer_->close();
    }
    changed_.notify_all();
}

void Reading::wake() {
    { std::lock_guard lock(mutex_); }
    changed_.notify_all();
}

Result<void> Reading::waitOpen(const std::function<bool()>& givenUp) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return phase_ != Phase::Opening || givenUp(); });
    if (givenUp()) return Error{Code::Cancelled, options_.name + ": given up while it was being opened"};
    return phase_ == Phase::Open ? Result<void>() : error_;
}

bool Reading::waitFinished(milliseconds most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, most, [&] { return finished_; });
}

Result<void> Reading::openTarget() {
    const auto name = sequence_.isList() ? "file \"" + publicName(sequence_.target()) + "\"" : options_.name;
    auto demuxer = std::make_shared<Demuxer>(Demuxer::Options{
        .target = sequence_.target(), .tracks = options_.ends, .cancel = &quit_, .label = name, .caFile = options_.caFile,
        .waiting = [this] { noteSilence(); }});
    {
        std::lock_guard lock(mutex_);
        demuxer_ = std::move(demuxer);
        if (quit_) demuxer_->cancel();
    }
    if (live()) demuxer_->setDeadline(now() + kOpenLimit);
    auto opened = demuxer_->open();
    demuxer_->setDeadline({});
    if (opened && !demuxer_->stream(Track::Video) && !demuxer_->stream(Track::Audio))
        opened = Error{Code::SourceFailed, name + ": there is neither picture nor sound in it"};
    return opened;
}

/// What is to be opened now, from where it is to begin.
Result<void> Reading::openClip() {
    if (auto opened = openTarget(); !opened) return sequence_.inList(opened.error());
    const auto from = sequence_.inpoint();
    if (!from || *from <= Timestamp{}) return {};
    const auto start = demuxer_->context()->start_time;
    const auto at = (start == AV_NOPTS_VALUE ? 0 : start) + from->count();
    const auto track = demuxer_->stream(Track::Video) ? Track::Video : Track::Audio;
    if (demuxer_->seek(track, at)) return {};
    return sequence_.inList({Code::SourceFailed, "its inpoint can't be gone to: leave it out, or cut the clip"});
}

Result<void> Reading::open() {
    if (auto loaded = sequence_.load(); !loaded) return loaded;
    auto opened = openClip();
    if (opened || quit_) return opened;
    const auto list = sequence_.loadFromServer(quit_);
    if (!list) return list.error();
    return *list ? openClip() : opened;
}

std::array<std::shared_ptr<const StreamInfo>, 2> Reading::look() {
    std::array<std::shared_ptr<const StreamInfo>, 2> found;
    for (const auto track : kTracks) {
        const auto* stream = demuxer_->stream(track);
        if (!stream) continue;
        found[index(track)] = std::make_shared<StreamInfo>(*stream);
        timeline_.setUsualDuration(track, found[index(track)]->usualDuration());
    }
    return found;
}

void Reading::publish(const Result<void>& opened) {
    if (opened) {
        // The clips of a list are played by our clock, whatever they are.
        kind_ = sequence_.isList() ? Demuxer::Kind::File : demuxer_->kind();
        opened_ = streams_ = look();
        std::lock_guard lock(mutex_);
        buffer_.emplace(live(), kind_ == Demuxer::Kind::Unknown ? kUnknownEnough : PacketBuffer::kEnough);
        clock_.emplace(paced(), kind_ == Demuxer::Kind::Unknown);
        if (quit_) buffer_->close();
    }
    {
        std::lock_guard lock(mutex_);
        phase_ = opened ? Phase::Open : Phase::Failed;
        if (!opened) error_ = opened.error();
    }
    changed_.notify_all();
}

/// The decoders' streams come first in the buffer.
void Reading::setOut() {
    pushStreams(false);
    beginPass({});
}

void Reading::pushStreams(bool returned) {
    for (const auto track : kTracks) {
        const bool there = streams_[index(track)] && options_.ends[index(track)];
        buffer_->setPresent(track, there);
        if (there)
            buffer_->push(track, {.kind = MediaItem::Kind::Stream, .stream = streams_[index(track)], .returned = returned});
    }
}

void Reading::beginPass(Timestamp at) {
    std::optional<Timestamp> base;
    for (const auto track : kTracks) {
        const auto* stream = options_.ends[index(track)] ? demuxer_->stream(track) : nullptr;
        if (!stream || stream->start_time == AV_NOPTS_VALUE || streams_[index(track)]->still || sequence_.inpoint()) continue;
        const auto start = time(stream->start_time, stream->time_base);
        base = base ? std::min(*base, start) : start;
    }
    timeline_.begin(paced() ? std::nullopt : base, at);
    passBegan_ = at;
    first_ = {};
    anyInPass_ = false;
    firstArrival_.reset();
}

void Reading::tellAll(MediaItem::Kind kind, const Error& error) {
    for (const auto track : kTracks)
        if (options_.ends[index(track)]) buffer_->push(track, {.kind = kind, .error = error});
}

void Reading::warnOnce() {
    if (warned_ || !timeline_.hasCounted()) return;
    warned_ = true;
    base::log(LogLevel::Warning, options_.name + ": time stamps are missing or stand still; what has none is played at its usual pace");
}

/// Of a pipe: whoever writes to it may still go on.
void Reading::noteSilence() {
    if (silent_ || !clock_ || !clock_->begun()) return;
    const auto newest = std::max(timeline_.end(Track::Video), timeline_.end(Track::Audio));
    if (clock_->position() - newest < kSilence) return;
    silent_ = true;
    onCode_(Code::CameraRemoved, options_.name + ": its writer gives nothing; it is waited for");
    onCode_(Code::SourceFailed, options_.name + ": nothing came any more");
}

void Reading::noteReturn() {
    if (!std::exchange(silent_, false)) return;
    onCode_(Code::CameraReturned, options_.name + ": is there again");
    if (streams_[0] && options_.ends[0]) onCode_(Code::CameraOpened, streams_[0]->format(options_.name).description);
}

/// Of a file that is cut off, or damaged so that much of it is passed over.
void Reading::warnIfShort() {
    const auto told = demuxer_->context()->duration;
    if (kind_ != Demuxer::Kind::File || told <= 0 || sequence_.outpoint() || sequence_.inpoint()) return;
    const auto came = std::max(timeline_.end(Track::Video), timeline_.end(Track::Audio)) - passBegan_;
    if (came >= Timestamp(told) - std::max(kShort, Timestamp(told / 50))) return;
    base::log(LogLevel::Warning, options_.name + ": ends after " + secondsText(came) + " s, and its head tells of " +
                                     secondsText(Timestamp(told)) + " s: it is cut off or damaged");
}

void Reading::followSender(const MediaItem& item) {
    const auto arrival = now();
    if (!clock_->begun()) {
        firstArrival_ = arrival;
        return clock_->beginLive(item.at, arrival + LivePace::kMargin);
    }
    const auto newest = std::max(timeline_.end(Track::Video), timeline_.end(Track::Audio));
    // What a server has kept for newcomers is of the past: it is decoded, for what refers to it, and not played.
    if (live() && !demuxer_->comesInPieces() && firstArrival_ && arrival - *firstArrival_ < kBurst &&
        newest - clock_->position() > LivePace::kMargin + kBurstMost)
        return clock_->beginLive(newest, arrival + LivePace::kMargin);
    clock_->arrived(item.at, arrival);
}

/// Whether a packet needs a key: only the packets of some files say so. Nothing of the track can be played.
bool Reading::isLocked(Track track, const AVPacket& packet) {
    auto& locked = locked_[index(track)];
    if (locked || !av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr)) return locked;
    locked = true;
    buffer_->push(track, {.kind = MediaItem::Kind::Failed,
                          .error = {Code::SourceFailed, options_.name + ": its " + (track == Track::Video ? "picture" : "sound") +
                                                            " is encrypted, and there is no key"}});
    return true;
}

void Reading::take(Track track, PacketPtr packet) {
    if (isLocked(track, *packet)) return;
    const auto base = demuxer_->stream(track)->time_base;
    const auto& stream = *streams_[index(track)];
    if (stream.still) {
        packet->pts = packet->dts = AV_NOPTS_VALUE;
        if (std::exchange(first_[index(track)], passBegan_)) return;
        MediaItem item{.packet = std::move(packet), .at = passBegan_, .duration = stream.usualDuration()};
        item.packet->pts = item.packet->dts = passBegan_.count();
        anyInPass_ = true;
        return buffer_->push(track, std::move(item));
    }
    const auto place = timeline_.place(track, {.pts = optionalTime(packet->pts, base),
                                               .dts = optionalTime(packet->dts, base),
                                               .duration = time(packet->duration, base)});
    warnOnce();
    anyInPass_ = true;
    const auto shown = place.pts.value_or(place.dts);
    auto& first = first_[index(track)];
    first = first ? std::min(*first, shown) : shown;
    packet->pts = place.pts ? place.pts->count() : AV_NOPTS_VALUE;
    packet->dts = place.dts.count();
    packet->duration = place.duration.count();
    packet->time_base = kMicroseconds;
    MediaItem item{.packet = std::move(packet), .at = place.dts, .duration = place.duration};
    if (paced()) followSender(item);
    buffer_->push(track, std::move(item));
}

/// The media time at which the next pass begins. Pictures set the beat: a loop is a whole number of them.
Timestamp Reading::passEnd() const {
    const auto picture = timeline_.end(Track::Video), sound = timeline_.end(Track::Audio);
    if (!timeline_.any(Track::Video) || picture <= passBegan_) return sound;
    // Sound that begins a little before the picture or ends after it is its codec's padding: passes overlap in it.
    const auto late = first_[0] ? *first_[0] - passBegan_ : Timestamp{};
    const auto end = picture - (late <= kPadding ? late : Timestamp{});
    if (!timeline_.any(Track::Audio) || sound <= picture + kPadding) return end;
    const auto frame = std::max(streams_[0]->usualDuration(), Timestamp(1000));
    return end + (sound - picture + frame - Timestamp(1)) / frame * frame;
}

/// Another pass of a loop; false when there can't be one.
bool Reading::again() {
    // Some demuxers claim to have gone back and then have nothing more.
    const bool nothing = !anyInPass_;
    const auto at = nothing ? passBegan_ : passEnd();
    auto begun = nothing ? demuxer_->reopen() : demuxer_->rewind();
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
    const auto at = anyInPass_ ? passEnd() : passBegan_;
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
    return true;
}

/// Whether a packet lies at or behind the clip's outpoint.
bool Reading::isBehindClip(const PacketPtr& packet, Track track) const {
    const auto to = sequence_.outpoint();
    const auto stamp = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    if (!to || stamp == AV_NOPTS_VALUE) return false;
    const auto start = demuxer_->context()->start_time;
    return time(stamp, demuxer_->stream(track)->time_base) - Timestamp(start == AV_NOPTS_VALUE ? 0 : start) >= *to;
}

bool Reading::pause(milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [&] { return quit_.load(); });
}

/// Of a live stream; false: it is time to end.
bool Reading::connectAgain(const Error& why) {
    if (quit_) return false;
    onCode_(Code::CameraRemoved, options_.name + ": gone; it is connected to again and again");
    onCode_(Code::SourceFailed, why.message);
    demuxer_->close();
    for (std::size_t attempt = 0;; ++attempt) {
        if (!pause(kPauses[std::min(attempt, kPauses.size() - 1)])) return false;
        const auto opened = openTarget();
        if (quit_) return false;
        if (opened) break;
        base::log(LogLevel::Debug, "reconnecting: " + opened.error().message);
    }
    const auto at = std::max({timeline_.end(Track::Video), timeline_.end(Track::Audio), clock_->position()});
    streams_ = look();
    pushStreams(true);
    beginPass(at);
    clock_->forget();
    return true;
}

/// False when there is nothing more to be done.
bool Reading::readOne() {
    if (buffer_->waitForRoom() && paced() && clock_->begun()) {
        heldBack_ = true;
        clock_->heldBack(now());
    }
    // One track alone fills the buffer: the other lies too far behind to be begun with.
    if (!paced() && !clock_->begun() && buffer_->lastFull())
        for (const auto track : kTracks) clock_->excuse(track);
    if (quit_) return false;
    if (paced() && !demuxer_->isPipe()) {
        const auto newest = std::max(timeline_.end(Track::Video), timeline_.end(Track::Audio));
        const auto ahead = clock_->begun() ? std::max(newest - clock_->position(), Timestamp{}) : Timestamp{};
        demuxer_->setDeadline(now() + ahead + kSilence);
    }
    PacketPtr packet;
    Track track{};
    const int error = demuxer_->read(packet, track);
    if (quit_) return false;
    if (error < 0) return atEnd(error);
    if (isBehindClip(packet, track)) return atEnd(AVERROR_EOF);
    noteReturn();
    if (streams_[index(track)]) take(track, std::move(packet));
    buffer_->prune(clock_->position());
    return true;
}

void Reading::run() {
    auto opened = open();
    if (!opened && options_.patient && !quit_) {
        // It was there before: as after a loss, but told already.
        for (std::size_t attempt = 0; !opened && pause(kPauses[std::min(attempt, kPauses.size() - 1)]); ++attempt) opened = open();
    }
    publish(opened);
    if (opened) {
        setOut();
        while (readOne()) {
        }
    }
    if (demuxer_) demuxer_->close();
    {
        std::lock_guard lock(mutex_);
        finished_ = true;
    }
    changed_.notify_all();
}

}  // namespace livepusher::capture
