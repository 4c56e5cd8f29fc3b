// SPDX-License-Identifier: MIT
#include "capture/screen/screen_loop.hpp"

#include <cstdint>
#include <utility>

#include "base/frame_time.hpp"
#include "base/log.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kScreenSilence{3'000'000};  // after which a server that owes an answer counts as gone
constexpr Timestamp kLookEvery{1'000'000};      // for what is gone
constexpr int kMostBehind = 4;                  // ticks that are made up for; more, as after a suspend, are left out

}  // namespace

Result<VideoSourceFormat> ScreenLoop::open() {
    auto grabber = ScreenGrabber::open(spec_, interruption_);
    if (!grabber) return grabber.error();
    grabber_ = std::move(*grabber);
    refresh();
    isOpen_ = true;
    return format();
}

VideoSourceFormat ScreenLoop::format() const {
    const auto screen = grabber_->size();
    const base::PictureSize given{last_.width(), last_.height()};
    return {given.width, given.height, static_cast<double>(wanted_.fps), true,
            grabber_->title() + " (" + sizeText(screen) + (given == screen ? "" : " as " + sizeText(given)) + ")"};
}

void ScreenLoop::refresh() { last_ = grabber_->picture({wanted_.width, wanted_.height}); }

void ScreenLoop::tell(Code code, const std::string& text) { gate_.tell(&VideoSource::Sink::code, code, text); }

void ScreenLoop::tellFormat() { gate_.tell(&VideoSource::Sink::formatChanged, format()); }

void ScreenLoop::run() {
    while (!interruption_.raised()) {
        const auto loss = capture();
        if (interruption_.raised()) return;
        grabber_.reset();
        tell(loss.code, loss.text + "; it is looked for each second");
        findAgain();
    }
}

void ScreenLoop::findAgain() {
    while (interruption_.waitUntil(now() + kLookEvery)) {
        auto grabber = ScreenGrabber::open(spec_, interruption_);
        if (!grabber) {
            base::log(LogLevel::Debug, "still gone: " + grabber.error().message);
            continue;
        }
        grabber_ = std::move(*grabber);
        refresh();
        tellFormat();
        return tell(Code::ScreenCaptureStarted, format().description);
    }
}

/// Whether all that was asked for came by then.
bool ScreenLoop::await(Timestamp until) {
    while (!grabber_->collect())
        if (!grabber_->pause(until)) return grabber_->collect();
    return true;
}

ScreenLoop::Loss ScreenLoop::capture() {
    const auto begin = now();
    const auto tickTime = [&](std::int64_t tick) { return begin + base::lengthOf(tick, wanted_.fps); };
    auto heard = begin;
    bool owed = false;  // the server has not answered all yet
    for (std::int64_t tick = 0;; ++tick) {
        if (const auto late = now() - tickTime(tick); late * wanted_.fps > Timestamp(1'000'000 * kMostBehind))
            tick += base::framesIn(late, wanted_.fps);
        const auto due = tickTime(tick);
        if (!interruption_.waitUntil(due)) return {};
        const auto state = grabber_->events();
        if (state == ScreenGrabber::State::Misfit) return {Code::ScreenRotationFailed, grabber_->trouble()};
        if (state == ScreenGrabber::State::Gone)
            return {Code::ScreenCaptureInterrupted,
                    grabber_->isAlive() ? grabber_->trouble() : grabber_->title() + ": the X server has gone"};
        if (state == ScreenGrabber::State::Resized) owed = false;
        if (!owed) grabber_->ask();
        owed = !await(tickTime(tick + 1));
        if (interruption_.raised()) return {};
        if (!owed) {
            heard = now();
            if (grabber_->changed()) {
                const base::PictureSize before{last_.width(), last_.height()};
                refresh();
                if (before != base::PictureSize{last_.width(), last_.height()}) tellFormat();
            }
        } else if (now() - heard > kScreenSilence) {
            return {Code::ScreenCaptureInterrupted, grabber_->title() + ": the X server does not answer any more"};
        }
        auto frame = last_;
        frame.pts = due;
        gate_.tell(&VideoSource::Sink::frame, std::move(frame));
    }
}

}  // namespace livepusher::capture
