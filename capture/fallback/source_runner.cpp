// SPDX-License-Identifier: MIT
#include "capture/fallback/source_runner.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/thread.hpp"

namespace livepusher::capture {
namespace {

using std::chrono::milliseconds;

/// The first is short: a pipe's next writer finds no reader meanwhile.
constexpr std::array kPauses{milliseconds(20), milliseconds(250), milliseconds(500), milliseconds(1000)};
constexpr Timestamp kLasted{2'000'000};  // what ran so long begins with the first again

}  // namespace

SourceRunner::~SourceRunner() {
    {
        std::lock_guard lock(mutex_);
        quit_ = true;
    }
    interrupt();
    if (thread_.joinable()) thread_.join();
}

Result<void> SourceRunner::want(Ends ends) {
    {
        std::lock_guard lock(mutex_);
        wanted_ = std::move(ends);
        dirty_ = true;
        if (!thread_.joinable() && (wanted_.picture || wanted_.sound)) {
            auto thread = base::startThread(options_.thread, [this] { run(); });
            if (!thread) return thread.error();
            thread_ = std::move(*thread);
        }
    }
    changed_.notify_all();
    return {};
}

void SourceRunner::interrupt() {
    std::shared_ptr<SourcePair> running;
    {
        std::lock_guard lock(mutex_);
        interrupted_ = true;
        running = pair_;
    }
    changed_.notify_all();
    if (!running) return;
    if (running->video) running->video->interrupt();
    if (running->audio) running->audio->interrupt();
}

std::shared_ptr<SourcePair> SourceRunner::pair() const {
    std::lock_guard lock(mutex_);
    return pair_;
}

void SourceRunner::request(CameraRequest request) {
    const auto running = pair();
    if (running && running->video) return running->video->request(std::move(request));
    request.reply(Error{Code::NotAvailable, "the video source is not there"});
}

Result<void> SourceRunner::push(const VideoFrameView& frame) {
    const auto running = pair();
    if (running && running->video) return running->video->push(frame);
    return Error{Code::InvalidState, "pushVideoFrame: no video source is running"};
}

Result<void> SourceRunner::push(const AudioBlockView& block) {
    const auto running = pair();
    if (running && running->audio) return running->audio->push(block);
    return Error{Code::InvalidState, "pushAudioBlock: no audio source is running"};
}

void SourceRunner::Picture::frame(VideoFrame frame) { to.observer_.frame(to.options_.side, std::move(frame)); }
void SourceRunner::Picture::formatChanged(VideoSourceFormat format) {
    to.observer_.formatChanged(to.options_.side, std::move(format));
}
void SourceRunner::Picture::code(Code code, std::string what) { to.observer_.code(to.options_.side, code, std::move(what)); }
void SourceRunner::Sound::samples(const float* samples, std::size_t frames, Timestamp pts) {
    to.observer_.samples(to.options_.side, samples, frames, pts);
}
void SourceRunner::Sound::code(Code code, std::string what) { to.observer_.code(to.options_.side, code, std::move(what)); }

void SourceRunner::reopen() {
    {
        std::lock_guard lock(mutex_);
        reopen_ = true;
    }
    changed_.notify_all();
}

void SourceRunner::endedHere(bool picture) {
    bool all = false;
    {
        std::lock_guard lock(mutex_);
        (picture ? pictureEnded_ : soundEnded_) = true;
        all = (pictureEnded_ || !wanted_.picture) && (soundEnded_ || !wanted_.sound || !options_.oneSource);
    }
    if (observer_.ended(options_.side, picture, all)) reopen();
}

void SourceRunner::failedHere(bool picture, const Error& why) {
    const bool again = observer_.failed(options_.side, picture, why);
    if (again && (picture || options_.oneSource || !pair()->video)) reopen();
}

/// False: nobody wants anything of it meanwhile, or it is time to end.
bool SourceRunner::pause() {
    std::unique_lock lock(mutex_);
    if (opened_ > Timestamp{} && now() - opened_ >= kLasted) attempt_ = 0;
    opened_ = {};
    const auto length = kPauses[std::min(attempt_++, kPauses.size() - 1)];
    changed_.wait_for(lock, length, [&] { return quit_ || interrupted_; });
    return !quit_ && !interrupted_;
}

void SourceRunner::close() {
    const auto closing = pair();
    if (!closing) return;
    if (closing->video) closing->video->stop();
    if (closing->audio) closing->audio->stop();
    picture_ = sound_ = End::Off;
    std::lock_guard lock(mutex_);
    pair_.reset();
    pictureEnded_ = soundEnded_ = reopen_ = false;  // what was told of it is over with it
}

bool SourceRunner::make() {
    auto made = options_.make();
    if (!made) {
        observer_.pictureStarted(options_.side, made.error());
        return false;
    }
    auto fresh = std::make_shared<SourcePair>(std::move(*made));
    std::lock_guard lock(mutex_);
    pair_ = std::move(fresh);
    return !quit_ && !interrupted_;
}

void SourceRunner::applyPicture(const Ends& ends) {
    auto& source = pair_->video;
    if (!source) return;
    if (picture_ != End::Off && (!ends.picture || ends.pictureRun != as_.pictureRun)) {
        if (picture_ == End::On) source->stop();
        picture_ = End::Off;
        std::lock_guard lock(mutex_);
        pictureEnded_ = false;
    }
    if (!ends.picture) return;
    if (picture_ == End::Off) {
        const auto format = source->start(*ends.picture, pictureSink_);
        picture_ = format ? End::On : End::Over;
        if (format) opened_ = now();
        if (observer_.pictureStarted(options_.side, format) && !format) reopen();
    } else if (picture_ == End::On && as_.picture->wishes != ends.picture->wishes) {
        source->follow(ends.picture->wishes);
    }
    as_.picture = ends.picture;
    as_.pictureRun = ends.pictureRun;
}

void SourceRunner::applySound(const Ends& ends) {
    auto& source = pair_->audio;
    if (!source) return;
    if (sound_ != End::Off && (!ends.sound || ends.soundRun != as_.soundRun)) {
        if (sound_ == End::On) source->stop();
        sound_ = End::Off;
        std::lock_guard lock(mutex_);
        soundEnded_ = false;
    }
    if (!ends.sound) return;
    if (sound_ == End::Off) {
        const auto started = source->start(*ends.sound, soundSink_);
        sound_ = started ? End::On : End::Over;
        if (started) opened_ = now();
        if (observer_.soundStarted(options_.side, started) && !started) reopen();
    } else if (sound_ == End::On) {
        if (as_.sound->role != ends.sound->role) source->setRole(ends.sound->role);
        if (as_.sound->micChannels != ends.sound->micChannels) source->setMicChannels(ends.sound->micChannels);
    }
    as_.sound = ends.sound;
    as_.soundRun = ends.soundRun;
}

void SourceRunner::apply(const Ends& ends) {
    const bool any = ends.picture || ends.sound;
    if (!pair_ && (!any || !make())) return;
    applyPicture(ends);
    applySound(ends);
}

void SourceRunner::run() {
    for (;;) {
        Ends ends;
        bool again = false;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return quit_ || dirty_ || reopen_; });
            if (quit_) break;
            dirty_ = false;
            again = std::exchange(reopen_, false);
            ends = wanted_;
        }
        if (again) {
            close();
            if (!pause()) {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return quit_; });
                break;
            }
            std::lock_guard lock(mutex_);
            ends = wanted_;
            dirty_ = false;
        }
        apply(ends);
    }
    close();
}

}  // namespace livepusher::capture
