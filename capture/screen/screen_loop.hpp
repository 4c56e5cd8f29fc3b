// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "capture/screen/screen_grabber.hpp"
#include "capture/sink_gate.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// What the thread of a screen does: a frame at every tick, and looking for the screen while it is gone.
class ScreenLoop {
public:
    /// All of them must outlive it.
    ScreenLoop(const Spec& spec, const WantedVideo& wanted, Interruption& interruption, SinkGate<VideoSource::Sink>& gate)
        : spec_(spec), wanted_(wanted), interruption_(interruption), gate_(gate) {}

    Result<VideoSourceFormat> open();        ///< [capture]
    void run();                              ///< Until the interruption. [capture]
    void close() { grabber_.reset(); }       ///< [capture]
    bool isOpen() const { return isOpen_; }  ///< [any-thread]

private:
    struct Loss {
        Code code;
        std::string text;
    };
    Loss capture();  ///< until the screen is gone, or the interruption
    bool await(Timestamp until);
    void findAgain();
    void refresh();
    VideoSourceFormat format() const;
    void tell(Code code, const std::string& text);
    void tellFormat();

    const Spec& spec_;
    const WantedVideo wanted_;
    Interruption& interruption_;
    SinkGate<VideoSource::Sink>& gate_;
    std::atomic<bool> isOpen_{false};
    std::unique_ptr<ScreenGrabber> grabber_;
    VideoFrame last_;
};

}  // namespace livepusher::capture
