// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher::pipeline {

/// What can be asked for a key frame: by whoever has no use for the pictures before the next one.
class KeyFrameSource {
public:
    virtual void forceKey() = 0;  ///< [any-thread]

protected:
    ~KeyFrameSource() = default;
};

}  // namespace livepusher::pipeline
