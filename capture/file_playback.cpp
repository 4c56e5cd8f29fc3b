// SPDX-License-Identifier: MIT
// What FileReader does on its own thread.
#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "capture/file_reader.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kTooLate{500'000};  // beyond that the clock is moved: what was missed is not made up for
constexpr Timestamp kPadding{100'000};
constexpr Timestamp kBaseError{10'000'000};

}  // namespace

void FileReader::run() {
    base::nameThread("capture");
    std::unique_lock lock(mutex_);
    const bool opening = phase_ == Phase::Opening;
    lock.unlock();
    if (opening) {
        auto opened = open();
        lock.lock();
        phase_ = opened ? Phase::Open : Phase::Failed;
        if (!opened) error_ = opened.error();
        lock.unlock();
        changed_.notify_all();
        if (!opened) return fail(opened.error());
    }
    while (play()) {
    }
    rest_ = position();
    zero_.reset();
}

Result<void> FileReader::open() {
    if (auto opened = demuxer_.open(); !opened) return opened;
    std::array<bool, 2> has{};
    for (const auto track : kTracks) {
        auto* stream = demuxer_.stream(track);
        has[index(track)] = stream != nullptr;
        if (!stream || !options_.ends[index(track)]) continue;
        auto opened = track == Track::Video ? picture_.open(demuxer_, name_) : sound_.open(demuxer_, name_);
        if (!opened) return opened;
    }
    if (!has[0] && !has[1]) return Error{Code::SourceFailed, name_ + ": there is neither picture nor sound in it"};
    findBase();
    rest_ = loopStart_ = {};
    drained_ = {};
    atEnd_ = any_ = false;
    std::lock_guard lock(mutex_);
    has_ = has;
    if (has[0] && options_.ends[0]) format_ = picture_.format(demuxer_, name_);
    return {};
}

void FileReader::findBase() {
    base_ = Timestamp::max();
    for (const auto track : kTracks) {
        const auto* stream = options_.ends[index(track)] ? demuxer_.stream(track) : nullptr;
        if (stream && stream->start_time != AV_NOPTS_VALUE)
            base_ = std::min(base_, Timestamp(av_rescale_q(stream->start_time, stream->time_base, kMicroseconds)));
    }
    if (base_ == Timestamp::max()) base_ = {};
}

void FileReader::fail(const Error& error) {
    base::log(LogLevel::Debug, error.message);
    video_.failed(error);
    audio_.failed(error);
}

Timestamp FileReader::position() const { return zero_ ? now() - *zero_ : rest_; }

bool FileReader::ready(Track track) const {
    return track == Track::Video ? static_cast<bool>(picture_.pending()) : sound_.pending();
}

Timestamp FileReader::itemTime(Track track) const { return track == Track::Video ? picture_.time() : sound_.time(); }

Step FileReader::fill(Track track) {
    const auto offset = loopStart_ - base_;
    const auto from = from_[index(track)];
    const auto step = track == Track::Video ? picture_.fill(demuxer_, offset, from) : sound_.fill(demuxer_, offset, from);
    if (step == Step::Ended) drained_[index(track)] = true;
    if (step == Step::Ready && track == Track::Video && !lead_) lead_ = picture_.time() - loopStart_;
    if (step == Step::Ready && !any_) {
        any_ = true;
        // A beginning that the file's head doesn't tell of: count from what really comes first.
        const auto off = itemTime(track) - loopStart_;
        if (off > kBaseError || off < -kBaseError) {
            base_ += off;
            if (track == Track::Video) {
                picture_.shift(-off);
            } else {
                sound_.shift(-off);
            }
        }
    }
    return step;
}

/// True once `due` is there; false when something else wants attention.
bool FileReader::waitUntil(Timestamp due) {
    std::unique_lock lock(mutex_);
    const auto known = starts_;
    const auto started = started_;
    const auto moment = std::chrono::steady_clock::time_point(due);
    return !changed_.wait_until(lock, moment, [&] { return quit_ || starts_ != known || started_ != started; });
}

void FileReader::deliver(Track track, Timestamp due) {
    if (track == Track::Video) {
        auto frame = picture_.take();
        frame.pts = due;
        video_.call([&](VideoSource::Sink& sink) {
            if (sink.onFrame) sink.onFrame(std::move(frame));
        });
        lastPicture_ = now();
        return;
    }
    audio_.call([&](AudioSource::Sink& sink) {
        if (sink.onSamples) sink.onSamples(sound_.samples(), sound_.frames(), due);
    });
    sound_.pop();
}

/// The media time at which the next pass begins. Pictures set the beat: a loop is a whole number of them.
Timestamp FileReader::passEnd(const std::array<bool, 2>& active) const {
    const auto picture = picture_.end(), sound = sound_.end();
    if (!active[0] || picture <= loopStart_) return sound;
    // Sound that begins a little before the picture or ends after it is its codec's padding: passes overlap in it.
    const auto lead = lead_ && *lead_ <= kPadding ? *lead_ : Timestamp{};
    const auto end = picture - lead;
    if (!active[1] || sound <= picture + kPadding) return end;
    const auto frame = std::max(picture_.duration(), Timestamp(1000));
    return end + (sound - picture + frame - Timestamp(1)) / frame * frame;
}

bool FileReader::beginAgain(Timestamp at) {
    if (auto rewound = demuxer_.rewind(); !rewound) {
        fail(rewound.error());
        return false;
    }
    reopened_ = false;
    return restart(at);
}

/// After the demuxer has begun again: what comes belongs to media time `at` and later.
bool FileReader::restart(Timestamp at) {
    for (const auto track : kTracks) {
        if (!demuxer_.stream(track) || !options_.ends[index(track)]) continue;
        if (track == Track::Video) {
            picture_.restart(at);
        } else {
            sound_.restart(at);
        }
        from_[index(track)] = std::max(from_[index(track)], at);
    }
    loopStart_ = at;
    drained_ = {};
    any_ = atEnd_ = false;
    lead_.reset();
    return true;
}

/// After a network read was broken off by a stop.
bool FileReader::reopen() {
    const auto at = position();
    const auto reopened = demuxer_.reopen((at - loopStart_ + base_).count());
    if (!reopened) {
        fail(reopened.error());
        return false;
    }
    for (const auto track : kTracks)
        if (has_[index(track)] && options_.ends[index(track)] && !demuxer_.stream(track)) {
            fail({Code::SourceFailed, name_ + ": it has other streams than before"});
            return false;
        }
    if (!*reopened) {  // live: what comes now belongs here
        loopStart_ = at;
        any_ = false;
        findBase();
    }
    if (has_[0] && options_.ends[0]) picture_.restart(at);
    if (has_[1] && options_.ends[1]) sound_.restart(at);
    return true;
}

bool FileReader::passEnded(const std::array<bool, 2>& active) {
    if (!any_ && loopStart_ > Timestamp{} && !std::exchange(reopened_, true)) {
        // Some demuxers claim to have gone back and then have nothing more.
        if (const auto anew = demuxer_.reopen(std::nullopt); !anew) {
            fail(anew.error());
            return false;
        }
        return restart(loopStart_);
    }
    if (!any_) {
        fail({Code::SourceFailed, name_ + ": nothing in it could be decoded"});
        return false;
    }
    const auto end = passEnd(active);
    if (options_.loop) return beginAgain(end);
    if (zero_ && !waitUntil(*zero_ + end)) return true;
    atEnd_ = true;
    video_.ended();
    audio_.ended();
    return false;
}

/// One round of the thread; false when it has nothing more to do.
bool FileReader::play() {
    std::array<bool, 2> active{}, fresh{}, missing{};
    WantedAudio wanted;
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return quit_ || started_[0] || started_[1]; });
        if (quit_) return false;
        wanted = wantedAudio_;
        for (std::size_t i = 0; i < 2; ++i) {
            const bool begun = started_[i] && std::exchange(seen_[i], starts_[i]) != starts_[i];
            active[i] = started_[i] && has_[i];
            fresh[i] = begun && has_[i];
            missing[i] = begun && !has_[i];  // started while the file was still being opened
        }
    }
    if (missing[0]) video_.failed(missingTrack(Track::Video));
    if (missing[1]) audio_.failed(missingTrack(Track::Audio));
    if (!active[0] && !active[1]) return false;
    if (atEnd_) {
        rest_ = {};
        from_ = {};
        if (!beginAgain({})) return false;
    }
    if (demuxer_.needsReopen() && !reopen()) return false;
    bool working = false;
    std::optional<Track> next;
    for (const auto track : kTracks) {
        const auto i = index(track);
        demuxer_.setActive(track, active[i]);
        if (!active[i]) continue;
        if (fresh[i]) {
            from_[i] = position();
            if (track == Track::Audio) sound_.want(wanted);
        }
        if (!drained_[i] || fresh[i]) {
            const auto step = fill(track);
            if (step == Step::Failed) {
                fail(track == Track::Video ? picture_.error() : sound_.error());
                return false;
            }
            working = working || step == Step::Again;
        }
        if (ready(track) && (!next || itemTime(track) < itemTime(*next))) next = track;
    }
    if (!next) return working || passEnded(active);
    if (!zero_) {
        if (working) return true;  // both begin together
        zero_ = now() - rest_;
    }
    const auto due = *zero_ + itemTime(*next);
    auto moment = due;
    if (*next == Track::Video) moment = std::max(moment, lastPicture_ + picture_.duration() / 2);  // never in a burst
    if (now() < moment && (working || !waitUntil(moment))) return true;
    if (const auto late = now() - due; late > kTooLate) {
        base::log(LogLevel::Warning,
                  name_ + ": could not be read as fast as it plays, " + std::to_string(late.count() / 1000) + " ms late");
        *zero_ += late;
        return true;
    }
    deliver(*next, due);
    return true;
}

}  // namespace livepusher::capture
