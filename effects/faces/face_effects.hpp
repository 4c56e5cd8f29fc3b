// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/properties.hpp>

#include <functional>
#include <memory>
#include <string>

#include "effects/effect.hpp"
#include "effects/face_shape.hpp"

namespace livepusher::effects {

/// Whose faces a frame is given.
enum class FaceTiming {
    Live,       ///< those of the frames before it, found meanwhile on a thread of its own: no frame waits
    EachFrame,  ///< its own, and it waits for them: for files and pictures. Faces of the first frame are there at once
};

/// Whether any of the effects that need faces is on: customEffect with one of its four above 0.
bool wantsFaces(const Properties& properties);

/// Whether faces are of use: wantsFaces(), or skin is smoothed, which is found the better by them.
bool usesFaces(const Properties& properties);

/// Whether the effects that need faces can do what is asked: false where they are on and the build has none, or the face models
/// are not found; the message tells where they were looked for. Looks at files; [any-thread]
Result<void> checkFaceEffects(const Properties& properties);

/// Looks for faces in frames and writes those of each into the mailbox; before anything has changed the picture. Where smoothing
/// alone would use them, every second frame does, and nothing is looked for without models. Models that can't be loaded are told
/// to the log and to `onFailed`, once; then there are no faces. `onFailed` may be empty; it is called on the video thread or the
/// chain's own.
std::unique_ptr<VideoEffect> makeFaceTracking(std::shared_ptr<FaceMailbox> mailbox, FaceTiming timing,
                                              std::function<void(const std::string& why)> onFailed = {});

/// Changes the faces in the mailbox as faceThinness and eyeBigness say.
std::unique_ptr<VideoEffect> makeFaceWarp(std::shared_ptr<FaceMailbox> mailbox);

}  // namespace livepusher::effects
