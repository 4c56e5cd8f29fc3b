// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/lane.hpp"

#include <atomic>

namespace livepusher::pipeline {

/// Passes a target's wish for a key frame on while it is alone: of one encoder's pictures that several get, none may be
/// another for what happens to one of them.
class KeyFrames final : public KeyFrameSource {
public:
    explicit KeyFrames(KeyFrameSource& pictures) : pictures_(pictures) {}

    void share(bool several) { shared_ = several; }  ///< [control]
    bool shared() const { return shared_; }          ///< [any-thread]
    void forceKey() override {
        if (!shared_) pictures_.forceKey();
    }

private:
    KeyFrameSource& pictures_;
    std::atomic<bool> shared_{false};
};

}  // namespace livepusher::pipeline
