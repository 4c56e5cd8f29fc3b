// SPDX-License-Identifier: MIT
#include "capture/file_reader.hpp"

#include <utility>

#include "capture/spec.hpp"

namespace livepusher::capture {

FileReader::FileReader(Options options)
    : options_(std::move(options)),
      name_("file \"" + publicName(options_.target) + "\""),
      demuxer_({.target = options_.target, .tracks = options_.ends, .cancel = &quit_}) {}

FileReader::~FileReader() {
    stop(Track::Video);
    stop(Track::Audio);
}

Result<void> FileReader::launch(Track track) {
    std::unique_lock lock(mutex_);
    const bool running = started_[0] || started_[1];
    if (!running) {
        lock.unlock();
        join();
        lock.lock();
        quit_ = false;
        demuxer_.clearCancel();
        if (phase_ == Phase::Failed) phase_ = Phase::Closed;
        if (phase_ == Phase::Closed) phase_ = Phase::Opening;
        thread_ = std::thread([this] { run(); });
    }
    // Ends at the latest when the demuxer gives up on a network, or by interrupt().
    changed_.wait(lock, [&] { return phase_ != Phase::Opening || interrupted_[index(track)]; });
    const bool missing = phase_ == Phase::Open && !has_[index(track)];
    if (phase_ != Phase::Failed && !missing && !interrupted_[index(track)]) return {};
    auto error = missing ? missingTrack(track) : error_;
    if (interrupted_[index(track)]) error = {Code::Cancelled, name_ + ": given up while it was being opened"};
    lock.unlock();
    if (!running) join();
    return error;
}

void FileReader::interrupt(Track track) {
    {
        std::lock_guard lock(mutex_);
        interrupted_[index(track)] = true;
    }
    changed_.notify_all();
}

Error FileReader::missingTrack(Track track) const {
    return {Code::SourceFailed, name_ + ": there is no " + (track == Track::Video ? "picture" : "sound") + " in it",
            kNoSuchTrack};
}

void FileReader::join() {
    if (!thread_.joinable()) return;
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
    }
    changed_.notify_all();
    demuxer_.cancelRead();
    thread_.join();
}

Result<VideoSourceFormat> FileReader::startVideo(VideoSource::Sink sink) {
    std::lock_guard one(ends_);
    end(Track::Video);
    if (auto launched = launch(Track::Video); !launched) return launched.error();
    video_.open(std::move(sink));
    std::unique_lock lock(mutex_);
    started_[index(Track::Video)] = true;
    ++starts_[index(Track::Video)];
    auto format = format_;
    lock.unlock();
    changed_.notify_all();
    return format;
}

Result<void> FileReader::startAudio(const WantedAudio& wanted, AudioSource::Sink sink) {
    std::lock_guard one(ends_);
    end(Track::Audio);
    if (auto good = Resampler::check(wanted); !good) return good;
    if (auto launched = launch(Track::Audio); !launched) return launched;
    audio_.open(std::move(sink));
    std::unique_lock lock(mutex_);
    started_[index(Track::Audio)] = true;
    ++starts_[index(Track::Audio)];
    wantedAudio_ = wanted;
    lock.unlock();
    changed_.notify_all();
    return {};
}

void FileReader::stop(Track track) {
    std::lock_guard one(ends_);
    end(track);
}

void FileReader::end(Track track) {
    bool last = false;
    {
        std::lock_guard lock(mutex_);
        if (!started_[index(track)]) return;
        started_[index(track)] = false;
        last = !started_[0] && !started_[1];
        if (last) quit_ = true;
    }
    changed_.notify_all();
    if (last) demuxer_.cancelRead();
    if (track == Track::Video) {
        video_.close();
    } else {
        audio_.close();
    }
    if (last) join();
}

}  // namespace livepusher::capture
