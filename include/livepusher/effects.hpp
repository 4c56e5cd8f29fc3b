// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/export.hpp>
#include <livepusher/media.hpp>
#include <livepusher/properties.hpp>

#include <memory>

namespace livepusher {

/// What an EffectChain does when something is not ready for a frame: a face still looked for, a colour table still made.
enum class EffectPace {
    eachFrame,  ///< the frame waits: each has all of its effects. For pictures and files
    live,       ///< it does without: the effect follows some frames later, and where all take too long they do less. For cameras
};

/// The picture effects alone, for applications that bring their own frames and send none: beauty, whiteness, filters, the
/// face effects, watermark. A LivePusherContext has its own; with it none of this is needed.
///
///     livepusher::EffectChain effects;
///     livepusher::Properties look;
///     look.beauty = 5;
///     look.filter = livepusher::Filter::romantic;
///     if (auto set = effects.setProperties(look); !set) return set.error();
///     auto done = effects.apply(std::move(frame));
///
/// Frames go in one after another, as of one video: faces are followed, changes fade in. For another video take another
/// chain. Every call of one chain from one thread at a time; chains know nothing of each other.
class LIVEPUSHER_API EffectChain {
public:
    explicit EffectChain(EffectPace pace = EffectPace::eachFrame);  ///< with default properties: it changes nothing
    ~EffectChain();                                                 ///< joins its threads
    EffectChain(EffectChain&&) noexcept;                            ///< the other may then only be destroyed or assigned to
    EffectChain& operator=(EffectChain&&) noexcept;                 ///< as the constructor

    /// What holds from the next frame on. Of all properties these count: the effects', fps (live: how much time there is),
    /// videoWidth and videoHeight (both: the size that frames come out with; else their own), videoFit, remoteMirror.
    /// Errors: InvalidArgument as of validate(), or what a face effect lacks; the old ones hold on. A watermark or filterFile
    /// that can't be read is told to the log when a frame needs it, and left out.
    Result<void> setProperties(const Properties& properties);

    /// The frame with its effects: upright, of square pixels. One that needs no change comes back as it is, its pixels not
    /// copied. Pixels that others share are never written; give up your own (std::move) and no copy is made.
    /// Errors: InvalidArgument for a frame without a picture.
    Result<VideoFrame> apply(VideoFrame frame);

    /// The same for pixels in the application's memory, copied once. Errors: InvalidArgument, naming the field.
    Result<VideoFrame> apply(const VideoFrameView& view);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace livepusher
