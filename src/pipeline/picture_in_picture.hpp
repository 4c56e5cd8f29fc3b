// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "pipeline/lifetime.hpp"
#include "pipeline/reply.hpp"

namespace livepusher::pipeline {

/// Whether the preview floats: one change at a time, an event when it has really happened, each
/// reply once. Belongs to the control thread.
class PictureInPicture {
public:
    /// Whose preview it is.
    class Host {
    public:
        virtual void setFloating(bool floating, Reply reply) = 0;  ///< answers once, now or later
        virtual void entered() = 0;
        virtual void left() = 0;

    protected:
        ~Host() = default;
    };

    explicit PictureInPicture(Host& host) : host_(host) {}

    void enter(Reply reply) { change(true, std::move(reply)); }  ///< InvalidState when it is in, or on its way
    void exit(Reply reply) { change(false, std::move(reply)); }  ///< InvalidState when it is not in
    /// The preview, or its window, is gone: leaves, and answers a change on its way with the reason.
    void closed(const Error& why = {Code::Cancelled, "the preview was closed"});
    bool floats() const { return inside_; }
    bool changing() const { return changing_; }

private:
    void change(bool floating, Reply reply);
    void arrive(bool floating);

    Host& host_;
    bool inside_ = false;
    bool changing_ = false;
    Reply reply_;
    Lifetime change_;  // on its way: a late answer finds another
};

}  // namespace livepusher::pipeline
