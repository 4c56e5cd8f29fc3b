// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>

#include <atomic>

namespace livepusher::pipeline {

/// How a source of pictures is, open or not.
enum class SourcePhase {
    Awaited,     ///< not there yet
    There,       ///< gives pictures, or should
    CameraAway,  ///< was there, and is looked for
    ScreenAway,  ///< the same; of it nothing is to be seen any more
    Ended,       ///< has come to its end: opened again it goes on there
    Failed,      ///< it could not be opened, and is not opened again
    Abandoned,   ///< it broke off for good, likewise
};

/// After a code of SourceObserver::code(). A screen may have a camera in its corner, which tells of itself by the same
/// codes. Pure.
constexpr SourcePhase after(SourcePhase phase, Code code) {
    using enum SourcePhase;
    if (phase >= Ended) return phase;
    switch (code) {
        case Code::ScreenCaptureInterrupted: return ScreenAway;
        case Code::ScreenCaptureStarted: return There;
        case Code::CameraRemoved: return phase == ScreenAway ? phase : CameraAway;
        case Code::CameraReturned: return phase == CameraAway ? There : phase;
        case Code::CameraOpened: return phase == Awaited ? There : phase;
        default: return phase;
    }
}

/// The phase, that the source's thread and those of lane and control move on. [any-thread]
class SourceState {
public:
    SourcePhase phase() const { return phase_; }
    bool mayOpen() const { return phase_ < SourcePhase::Failed; }
    /// What is over stays so.
    void opening() {
        move([](SourcePhase phase) { return phase >= SourcePhase::Ended ? phase : SourcePhase::Awaited; });
    }
    void arrived() {
        move([](SourcePhase phase) { return phase == SourcePhase::Awaited ? SourcePhase::There : phase; });
    }
    void take(Code code) {
        move([code](SourcePhase phase) { return after(phase, code); });
    }
    void over(SourcePhase how) {
        move([how](SourcePhase phase) { return phase < how ? how : phase; });
    }

private:
    template <typename Next>
    void move(Next next) {
        auto now = phase_.load();
        while (!phase_.compare_exchange_weak(now, next(now))) {
        }
    }
    std::atomic<SourcePhase> phase_{SourcePhase::Awaited};
};

}  // namespace livepusher::pipeline
