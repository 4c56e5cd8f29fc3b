// SPDX-License-Identifier: MIT
#include "capture/file/playback.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

constexpr std::chrono::milliseconds kPlaybackStopWait{1000};

}  // namespace

Playback::Playback(Options options) : options_(std::move(options)), name_("file \"" + base::publicName(options_.target) + "\"") {}

Playback::~Playback() {
    stop(Track::Video);
    stop(Track::Audio);
    close();
}

void Playback::close() {
    if (!run_) return;
    {
        std::lock_guard lock(mutex_);
        shared_.reset();
    }
    run_->reading->cancel();
    if (!run_->demuxing.end(kPlaybackStopWait))
        base::log(LogLevel::Warning, name_ + ": the system does not answer; it is given up");
    run_.reset();
}

Error Playback::missingTrack(Track track) const {
    return {Code::SourceFailed, name_ + ": there is no " + (track == Track::Video ? "picture" : "sound") + " in it",
            kNoSuchTrack};
}

/// Whether all that ever ran has come to its end: a start begins anew.
bool Playback::isOver() const {
    if (started_[0] || started_[1] || !(run_->everStarted[0] || run_->everStarted[1])) return false;
    const auto over = [&](std::size_t i) { return !run_->everStarted[i] || over_[i]; };
    return over(0) && over(1);
}

Result<void> Playback::launch(Track track) {
    const auto& interrupted = interrupted_[index(track)];
    if (interrupted) return Error{Code::Cancelled, name_ + ": given up before it was opened"};
    if (run_ && isOver()) close();
    if (!run_) {
        run_ = std::make_unique<Run>();
        run_->reading = std::make_shared<Reading>(Reading::Options{.target = options_.target,
                                                                   .next = options_.next,
                                                                   .name = name_,
                                                                   .network = options_.network,
                                                                   .loop = options_.loop,
                                                                   .ends = options_.ends,
                                                                   .patient = live_,
                                                                   .retryWithin = options_.retryWithin,
                                                                   .time = options_.time},
                                                  gates_);
        const auto started = run_->demuxing.start(
            "demux", [reading = run_->reading] { reading->run(); },
            [reading = run_->reading](const Error& error) { reading->breakOff(error); });
        if (!started) {
            run_.reset();
            return Error{Code::SourceFailed, name_ + ": " + started.error().message};
        }
        {
            std::lock_guard lock(mutex_);
            shared_ = run_->reading;
        }
        over_[0] = over_[1] = false;
    }
    auto opened = run_->reading->waitOpen(interrupted);
    if (opened && !run_->reading->stream(track)) opened = missingTrack(track);
    if (opened && track == Track::Video) opened = PictureTrack::check(*run_->reading->stream(track), name_);
    if (opened) return {};
    if (!started_[0] && !started_[1] && opened.error().native != kNoSuchTrack) close();
    return opened;
}

Result<void> Playback::begin(Track track) {
    auto& reading = *run_->reading;
    auto& clock = reading.clock();
    live_ = reading.live();
    const bool first = !started_[0] && !started_[1];
    // What runs already is joined in step; else it goes on where it stood.
    const auto from = first && run_->everStarted[index(track)] ? Timestamp::min() : clock.position();
    started_[index(track)] = run_->everStarted[index(track)] = true;
    over_[index(track)] = false;
    clock.allow(track);
    if (!clock.begun()) {
        clock.expect(track, MediaClock::Expected::Yes);
        // The other end is mostly started at the same time: both begin together.
        const auto beside = other(track);
        if (!run_->everStarted[index(beside)] && options_.ends[index(beside)] && reading.stream(beside))
            clock.expect(beside, MediaClock::Expected::Perhaps);
    }
    reading.buffer().setReading(track, true);
    clock.run();
    auto thread = base::startThread(
        track == Track::Video ? "picture" : "sound",
        [this, track, from] {
            const bool finished = track == Track::Video ? run_->picture->run(gates_->video, from)
                                                        : run_->sound->run(gates_->audio, from, !options_.ends[0]);
            over_[index(track)] = finished;
        },
        [this, track](const Error& error) {
            over_[index(track)] = true;
            run_->reading->clock().excuse(track);
            if (track == Track::Video)
                gates_->video.failed(error);
            else
                gates_->audio.failed(error);
        });
    if (thread) {
        threads_[index(track)] = std::move(*thread);
        return {};
    }
    end(track);
    return Error{Code::SourceFailed, name_ + ": " + thread.error().message};
}

Result<VideoSourceFormat> Playback::startVideo(VideoSource::Sink& sink) {
    std::lock_guard one(ends_);
    end(Track::Video);
    if (auto launched = launch(Track::Video); !launched) return launched.error();
    auto& reading = *run_->reading;
    if (!run_->picture) run_->picture.emplace(name_, reading.buffer(), reading.clock(), reading.paced(), options_.deinterlace);
    gates_->video.open(sink);
    if (auto begun = begin(Track::Video); !begun) return begun.error();
    return reading.stream(Track::Video)->format(name_);
}

Result<void> Playback::startAudio(const WantedAudio& wanted, AudioSource::Sink& sink) {
    std::lock_guard one(ends_);
    end(Track::Audio);
    if (auto good = Resampler::check(wanted); !good) return good;
    if (auto launched = launch(Track::Audio); !launched) return launched;
    auto& reading = *run_->reading;
    if (!run_->sound) run_->sound.emplace(name_, reading.buffer(), reading.clock(), reading.paced());
    run_->sound->want(wanted);
    gates_->audio.open(sink);
    return begin(Track::Audio);
}

void Playback::stop(Track track) {
    std::lock_guard one(ends_);
    end(track);
}

void Playback::end(Track track) {
    if (!started_[index(track)]) return;
    auto& reading = *run_->reading;
    reading.clock().cancel(track);
    reading.buffer().setReading(track, false);
    if (track == Track::Video) {
        gates_->video.close();
    } else {
        gates_->audio.close();
    }
    if (threads_[index(track)].joinable()) threads_[index(track)].join();
    reading.clock().expect(track, MediaClock::Expected::No);
    started_[index(track)] = false;
    if (started_[0] || started_[1]) return;
    reading.clock().stand();
    if (reading.live()) close();
}

void Playback::interrupt(Track track) {
    std::shared_ptr<Reading> reading;
    {
        std::lock_guard lock(mutex_);
        interrupted_[index(track)] = true;
        reading = shared_;
    }
    if (reading) reading->wake();
}

}  // namespace livepusher::capture
