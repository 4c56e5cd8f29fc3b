// SPDX-License-Identifier: MIT
#include "playback/presenter.hpp"

#include <algorithm>
#include <utility>

#include "base/thread_name.hpp"

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kNow{1'000};  // due so soon is due
constexpr auto kLook = 10ms;      // between two looks at a clock that may change

}  // namespace

Presenter::Presenter(const PlayClock& clock, PictureSink& sink) : clock_(clock), sink_(sink), thread_([this] { run(); }) {}

Presenter::~Presenter() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    room_.notify_all();
    thread_.join();
}

bool Presenter::push(decode::Picture picture) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return ending_ || woken_ || waiting_.size() < kAhead; });
    const bool fits = waiting_.size() < kAhead;
    woken_ = false;
    if (ending_ || !fits) return false;
    waiting_.push_back(std::move(picture));
    changed_.notify_all();
    return true;
}

void Presenter::clearBefore(Timestamp media) {
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(waiting_, [&](const decode::Picture& each) { return each.frame.pts < media; });
    }
    room_.notify_all();
}

void Presenter::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    room_.notify_all();
}

std::size_t Presenter::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

std::optional<Timestamp> Presenter::shownAt() const {
    const auto at = shownAt_.load();
    return at == 0 ? std::nullopt : std::optional(Timestamp(at));
}

void Presenter::run() {
    base::nameThread("show");
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (ending_) return;
        const auto due = clock_.due(waiting_.front().frame.pts);
        const auto at = livepusher::now();
        // The first is there to be seen before the clock runs.
        if (any_ && (!due || *due > at + kNow)) {
            const auto until = due ? std::min(*due, at + kLook) : at + kLook;
            changed_.wait_until(lock, std::chrono::steady_clock::time_point(until));
            continue;
        }
        if (due && waiting_.size() > 1) {
            const auto next = clock_.due(waiting_[1].frame.pts);
            if (next && *next <= at) {
                waiting_.pop_front();
                ++late_;
                room_.notify_all();
                continue;
            }
        }
        const auto picture = std::move(waiting_.front());
        waiting_.pop_front();
        any_ = true;
        lock.unlock();
        room_.notify_all();
        if (due && *due <= at + kNow) {  // the first may be early, which says nothing of the clock
            ahead_ = (at - *due).count();
            shownAt_ = at.count();
        }
        ++shown_;
        sink_.show(picture);
        lock.lock();
    }
}

}  // namespace livepusher::playback
