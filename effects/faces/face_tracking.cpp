// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "effects/effects.hpp"
#include "effects/faces/face_fade.hpp"
#include "effects/faces/tracking_thread.hpp"
#include "media/frame_pool.hpp"

namespace livepusher::effects {

namespace {

using namespace faces;

/// What both timings share: when to look, and how what was found becomes shapes.
class FaceTracking : public VideoEffect {
public:
    FaceTracking(std::shared_ptr<FaceMailbox> mailbox, OnFailed onFailed)
        : onFailed_(std::move(onFailed)), mailbox_(std::move(mailbox)) {}

    void apply(VideoFrame& frame, base::PictureSize, const Properties& properties) final {
        const bool wanted = wantsFaces(properties);
        if (!wanted && !(usesFaces(properties) && modelsAreThere(properties.faceModels))) {
            if (frames_ > 0) fade_.clear();
            frames_ = 0;
            mailbox_->faces.clear();
            return;
        }
        const bool first = frames_ == 0;
        if (first) since_ = frame.pts;
        const int every = std::max(mailbox_->trackEvery, 1) * (wanted ? 1 : 2);
        if (frames_++ % static_cast<unsigned>(every) == 0) {
            if (auto small = downsample(frame, pool_); small.frame) look(std::move(small), first, properties.faceModels);
        }
        const auto* found = latest();
        if (found != nullptr && found->moment < since_) found = nullptr;  // of before it was switched off
        fade_.step(found, frame.width(), frame.height(), frame.pts, first && atOnce(), mailbox_->faces);
    }

protected:
    const OnFailed onFailed_;

private:
    /// Looked at once for each directory.
    bool modelsAreThere(const std::string& directory) {
        if (directory == lookedInto_) return there_;
        lookedInto_ = directory;
        const auto found = findModels(directory);
        if (!found) base::log(LogLevel::Info, "skin is found by its colour alone, not by faces: " + found.error().message);
        return there_ = found.has_value();
    }

    virtual void look(SmallPicture picture, bool first, const std::string& modelDirectory) = 0;
    /// Valid until the next look.
    virtual const TrackedFaces* latest() = 0;
    virtual bool atOnce() const = 0;

    std::shared_ptr<FaceMailbox> mailbox_;
    base::FramePool pool_;
    FaceFade fade_;
    Timestamp since_{};
    unsigned frames_ = 0;  ///< since faces are wanted
    std::optional<std::string> lookedInto_;
    bool there_ = false;
};

class LiveTracking final : public FaceTracking {
public:
    using FaceTracking::FaceTracking;

private:
    void look(SmallPicture picture, bool, const std::string& modelDirectory) override {
        if (!thread_) thread_.emplace(modelDirectory, onFailed_);
        thread_->offer(std::move(picture));
    }
    const TrackedFaces* latest() override {
        if (thread_) latest_ = thread_->latest();
        return latest_.get();
    }
    bool atOnce() const override { return false; }

    std::shared_ptr<const TrackedFaces> latest_;
    std::optional<TrackingThread> thread_;
};

class FrameTracking final : public FaceTracking {
public:
    using FaceTracking::FaceTracking;

private:
    void look(SmallPicture picture, bool first, const std::string& modelDirectory) override {
        if (!tried_) {
            tried_ = true;
            if (auto models = loadModels(modelDirectory))
                tracker_.emplace(std::move(*models));
            else
                fail("faces are not found: ", models.error(), onFailed_);
        }
        if (!tracker_) return;
        if (const auto looked = tracker_->look(picture, first ? Tracker::Search::All : Tracker::Search::Spread); !looked) {
            fail("faces are not found any more: ", looked.error(), onFailed_);
            tracker_.reset();
        }
    }
    const TrackedFaces* latest() override { return tracker_ ? &tracker_->faces() : nullptr; }
    bool atOnce() const override { return true; }

    std::optional<Tracker> tracker_;
    bool tried_ = false;
};

}  // namespace

Result<void> checkFaceEffects(const Properties& properties) {
    if (!wantsFaces(properties)) return {};
    if (const auto found = findModels(properties.faceModels); !found) return found.error();
    return {};
}

std::unique_ptr<VideoEffect> makeFaceTracking(std::shared_ptr<FaceMailbox> mailbox, FaceTiming timing, OnFailed onFailed) {
    if (timing == FaceTiming::Live) return std::make_unique<LiveTracking>(std::move(mailbox), std::move(onFailed));
    return std::make_unique<FrameTracking>(std::move(mailbox), std::move(onFailed));
}

}  // namespace livepusher::effects
