// SPDX-License-Identifier: MIT
#include "capture/file/reading.hpp"

#include <algorithm>
#include <utility>

#include "av/av.hpp"
#include "base/log.hpp"
#include "capture/adts.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

// What may be live or not: so much ahead of its time comes only what we hold back.
constexpr Timestamp kUnknownEnough{4'000'000};
constexpr Timestamp kOpenLimit{10'000'000};
constexpr Timestamp kReadSilence{3'000'000};  // after what has come has been played
constexpr Timestamp kBurst{1'000'000};        // so long what a server has kept for us comes at once
constexpr Timestamp kBurstMost{700'000};

std::optional<Timestamp> optionalTime(std::int64_t stamp, AVRational base) {
    return stamp == AV_NOPTS_VALUE ? std::nullopt : std::optional(timestampOf(stamp, base));
}

}  // namespace

Reading::Reading(Options options, std::shared_ptr<SourceObserver> observer)
    : options_(std::move(options)),
      observer_(std::move(observer)),
      sequence_(options_.target, options_.next, options_.name, options_.network) {}

void Reading::cancel() {
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
        if (demuxer_) demuxer_->cancel();
        if (buffer_) buffer_->close();
    }
    changed_.notify_all();
}

void Reading::wake() {
    { std::lock_guard lock(mutex_); }
    changed_.notify_all();
}

Result<void> Reading::waitOpen(const std::atomic<bool>& givenUp) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return phase_ != Phase::Opening || givenUp; });
    if (givenUp) return Error{Code::Cancelled, options_.name + ": given up while it was being opened"};
    return phase_ == Phase::Open ? Result<void>() : error_;
}

Result<void> Reading::openTarget() {
    const auto name = sequence_.isList() ? "file \"" + base::publicName(sequence_.target()) + "\"" : options_.name;
    auto demuxer = std::make_shared<Demuxer>(Demuxer::Options{.target = sequence_.target(),
                                                              .tracks = options_.ends,
                                                              .cancel = &quit_,
                                                              .label = name,
                                                              .network = options_.network,
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
    return sequence_.inList({Code::SourceFailed, "its inpoint can't be sought: leave it out, or cut the clip"});
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
        buffer_.emplace(live(), kind_ == Demuxer::Kind::Unknown ? kUnknownEnough : PacketBuffer::kEnough, options_.time);
        clock_.emplace(paced(), kind_ == Demuxer::Kind::Unknown, options_.time);
        if (quit_) buffer_->close();
    }
    {
        std::lock_guard lock(mutex_);
        phase_ = opened ? Phase::Open : Phase::Failed;
        if (!opened) error_ = opened.error();
    }
    changed_.notify_all();
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
        const auto start = timestampOf(stream->start_time, stream->time_base);
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
    base::log(LogLevel::Warning,
              options_.name + ": time stamps are missing or stand still; what has none is played at its usual pace");
}

/// Of a pipe: whoever writes to it may still go on.
void Reading::noteSilence() {
    if (silent_ || !clock_ || !clock_->begun()) return;
    if (clock_->position() - newest() < kReadSilence) return;
    silent_ = true;
    observer_->code(Code::CameraRemoved, options_.name + ": its writer writes nothing; it is waited for");
    observer_->code(Code::SourceFailed, options_.name + ": no more data came");
}

void Reading::noteReturn() {
    if (!std::exchange(silent_, false)) return;
    observer_->code(Code::CameraReturned, options_.name + ": is there again");
    if (streams_[0] && options_.ends[0]) observer_->code(Code::CameraOpened, streams_[0]->format(options_.name).description);
}

void Reading::followSender(const MediaItem& item) {
    const auto arrival = clock_->now();
    if (!clock_->begun()) {
        firstArrival_ = arrival;
        return clock_->beginLive(item.at, arrival + LivePace::kMargin);
    }
    // What a server has kept for newcomers is of the past: it is decoded, for what refers to it, and not played.
    if (live() && !demuxer_->comesInPieces() && firstArrival_ && arrival - *firstArrival_ < kBurst &&
        newest() - clock_->position() > LivePace::kMargin + kBurstMost)
        return clock_->beginLive(newest(), arrival + LivePace::kMargin);
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

/// Of sound that lies too far behind in the file to be looked at when it is opened: nobody has said how long its packets are.
void Reading::learnPace(Track track, const AVPacket& packet) {
    const auto& parameters = *streams_[index(track)]->parameters;
    if (parameters.codec_id != AV_CODEC_ID_AAC || parameters.sample_rate > 0) return;
    if (const auto told = adtsDuration({packet.data, static_cast<std::size_t>(packet.size)}))
        timeline_.setUsualDuration(track, *told);
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
    learnPace(track, *packet);
    const auto before = anyInPass_ ? std::optional(newest()) : std::nullopt;
    const auto place = timeline_.place(track, {.pts = optionalTime(packet->pts, base),
                                               .dts = optionalTime(packet->dts, base),
                                               .duration = timestampOf(packet->duration, base)});
    warnOnce();
    anyInPass_ = true;
    const auto shown = place.pts.value_or(place.dts);
    if (before && track == Track::Audio) warnOfGap(*before, shown);
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

/// False when there is nothing more to be done.
bool Reading::readOne() {
    if (buffer_->waitForRoom() && paced() && clock_->begun()) {
        heldBack_ = true;
        clock_->heldBack(clock_->now());
    }
    // One track alone fills the buffer: the other lies too far behind to be begun with.
    if (!paced() && !clock_->begun() && buffer_->lastFull())
        for (const auto track : kTracks) clock_->excuse(track);
    if (quit_) return false;
    if (paced() && !demuxer_->isPipe()) {
        const auto ahead = clock_->begun() ? std::max(newest() - clock_->position(), Timestamp{}) : Timestamp{};
        demuxer_->setDeadline(now() + ahead + kReadSilence);
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
    // It was there before: as after a loss, but told already.
    if (!opened && options_.patient && !quit_ && connect()) opened = {};
    publish(opened);
    if (opened) {
        pushStreams(false);  // first in the buffer
        beginPass({});
        while (readOne()) {
        }
    }
    if (demuxer_) demuxer_->close();
}

void Reading::breakOff(const Error& error) {
    bool open = false;
    {
        std::lock_guard lock(mutex_);
        open = phase_ == Phase::Open;
    }
    open ? tellAll(MediaItem::Kind::Failed, error) : publish(error);
}

}  // namespace livepusher::capture
