// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <cstdint>
#include <functional>

namespace livepusher::pipeline {

/// Whether the preview floats: one change at a time, an event when it has really happened, each
/// reply once. Belongs to the control thread.
class PictureInPicture {
public:
    using Reply = std::function<void(Result<void>)>;

    struct Output {
        /// Makes the preview float, or not, and answers once, now or later.
        std::function<void(bool floating, Reply)> setFloating;
        std::function<void()> onEnter, onLeave;
    };

    explicit PictureInPicture(Output output) : output_(std::move(output)) {}

    void enter(Reply reply) { change(true, std::move(reply)); }  ///< InvalidState when it is in, or on its way
    void exit(Reply reply) { change(false, std::move(reply)); }  ///< InvalidState when it is not in
    /// The preview, or its window, is gone: leaves, and answers a change on its way with the reason.
    void closed(const Error& why = {Code::Cancelled, "the preview was closed"});
    bool floats() const { return inside_; }
    bool changing() const { return changing_; }

private:
    void change(bool floating, Reply reply);
    void arrive(bool floating);

    const Output output_;
    bool inside_ = false;
    bool changing_ = false;
    std::uint64_t epoch_ = 0;  // of the change on its way: a late answer finds another
    Reply reply_;
};

}  // namespace livepusher::pipeline
