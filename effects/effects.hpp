// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>
#include <livepusher/error.hpp>
#include <livepusher/properties.hpp>

#include <functional>
#include <memory>
#include <string>

#include "effects/effect.hpp"
#include "effects/face_shape.hpp"
#include "media/argb_picture.hpp"
#include "media/audio_format.hpp"

/// What this folder gives: both pipelines, and each step of the picture's by itself.
namespace livepusher::effects {

/// Reads a picture's file; blocks.
using LoadOverlay = std::function<Result<base::ArgbPicture>(const std::string& path)>;

/// Whose faces a frame is given.
enum class FaceTiming {
    Live,       ///< those of the frames before it, found meanwhile on a thread of its own: no frame waits
    EachFrame,  ///< its own, and it waits for them: for files and pictures. Faces of the first frame are there at once
};

/// What the picture pipeline gets from elsewhere.
struct VideoChainParts {
    using OnCode = std::function<void(Code, std::string)>;

    LoadOverlay loadOverlay{};  ///< reads `watermark`; empty: there is none
    /// Hears of Code::EffectsFellBack and EffectsFellBackAgain, each once, on the video thread or one of the chain's own.
    OnCode onCode{};
    FaceTiming timing = FaceTiming::Live;  ///< EachFrame: every frame waits for all that it is to have, however long
};

/// Every step of the picture pipeline, in its order: fit, faces found, skin, colours, faces warped, watermark. What comes out
/// has the target's size, stands upright and has square pixels. With FaceTiming::Live it keeps to the time there is from
/// frame to frame (Budget).
std::unique_ptr<VideoEffect> makeVideoChain(VideoChainParts parts = {});

/// The sound pipeline for one rate (a multiple of 100 Hz) and 1 or 2 channels.
std::unique_ptr<AudioChain> makeAudioChain(base::AudioFormat format);

std::unique_ptr<ClockMatcher> makeClockMatcher(base::AudioFormat format);

std::unique_ptr<TimeStretcher> makeTimeStretcher(base::AudioFormat format);

std::unique_ptr<SoundJoiner> makeSoundJoiner(base::AudioFormat format);

/// Whether any of the effects that need faces is on: customEffect with one of its four above 0.
bool wantsFaces(const Properties& properties);

/// Whether faces are of use: wantsFaces(), or skin is smoothed, which is found the better by them.
bool usesFaces(const Properties& properties);

/// Whether the effects that need faces can do what is asked: false where they are on and the build has none, or the face models
/// are not found; the message tells where they were looked for. Looks at files; [any-thread]
Result<void> checkFaceEffects(const Properties& properties);

/// Hears why there are no faces, once; may be empty.
using OnFailed = std::function<void(const std::string& why)>;

/// Looks for faces in frames and writes those of each into the mailbox; before anything has changed the picture. Where smoothing
/// alone would use them, every second frame does, and nothing is looked for without models. Models that can't be loaded are told
/// to the log and to `onFailed`, once; then there are no faces. It is called on the video thread or the chain's own.
std::unique_ptr<VideoEffect> makeFaceTracking(std::shared_ptr<FaceMailbox> mailbox, FaceTiming timing, OnFailed onFailed = {});

/// Smooths and brightens skin: beauty, beautyStyle, skinSmoothness, skinWhiteness. A fast guided filter on luma, in place:
/// edges stay, and what is no skin stays as it was to the bit. With all of them 0 a frame isn't touched.
/// `mailbox`: the frame's faces; null: there are never any.
std::unique_ptr<VideoEffect> makeSmoothing(std::shared_ptr<const FaceMailbox> mailbox = nullptr);

/// whiteness, filter, filterStrength and filterFile in one table, which is made on a thread of its own when one of them
/// changes and put in the old one's place over five frames. What the first frame wants is made at once, so that it has it.
/// With nothing set a frame isn't touched. A file that can't be used is told to the log, once, and left out. `waits`: every
/// frame waits for its table, so that the same frames always look the same.
std::unique_ptr<VideoEffect> makeColourTable(bool waits = false);

/// Changes the faces in the mailbox as faceThinness and eyeBigness say.
std::unique_ptr<VideoEffect> makeFaceWarp(std::shared_ptr<FaceMailbox> mailbox);

/// Lays `watermark` over the picture. The file is read on a thread of its own when the path changes; a changed place is
/// followed some frames later. The first frame waits for it, so that none goes out without. A file that can't be used is
/// told to the log, once, and left out. `waits`: every frame waits likewise.
std::unique_ptr<VideoEffect> makeWatermark(LoadOverlay load, bool waits = false);

}  // namespace livepusher::effects
