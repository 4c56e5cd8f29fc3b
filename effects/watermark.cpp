// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "base/log.hpp"
#include "effects/builder.hpp"
#include "effects/overlay_picture.hpp"
#include "media/frame_pool.hpp"
#include "media/writable.hpp"

#include <optional>
#include <utility>

namespace livepusher::effects {

namespace {

struct MarkOrder {
    std::string path;
    OverlayPlace place;
    bool operator==(const MarkOrder&) const = default;
};

/// Makes pictures that fit; keeps the file that it read last. Used by one thread at a time.
class PictureMaker {
public:
    explicit PictureMaker(LoadOverlay load) : load_(std::move(load)) {}

    /// Null: there is none.
    std::shared_ptr<const OverlayPicture> operator()(const MarkOrder& order) {
        if (order.path != path_) read(order.path);
        return picture_ ? std::make_shared<OverlayPicture>(*picture_, order.place) : nullptr;
    }

private:
    void read(const std::string& path) {
        path_ = path;
        picture_.reset();
        if (path.empty() || !load_) return;
        auto picture = load_(path);
        if (picture)
            picture_ = std::move(*picture);
        else
            base::log(LogLevel::Warning, "watermark \"" + path + "\": " + picture.error().message + "; left out");
    }

    LoadOverlay load_;
    std::string path_;
    std::optional<base::ArgbPicture> picture_;
};

class Watermark final : public VideoEffect {
public:
    Watermark(LoadOverlay load, bool waits)
        : waits_(waits), builder_(PictureMaker(std::move(load)), waits ? Maker::Patience() : Maker::kPatience) {}

    void apply(VideoFrame& frame, base::PictureSize, const Properties& properties) override {
        follow({properties.watermark,
                {frame.width(), frame.height(), properties.watermarkX, properties.watermarkY, properties.watermarkWidth,
                 frame.bt709}});
        if (!shown_ || !shown_->visible()) return;
        base::ensureWritable(frame, frames_);
        shown_->draw(frame);
    }

private:
    using Maker = Builder<MarkOrder, OverlayPicture>;

    void follow(MarkOrder order) {
        if (order.path.empty()) {                             // nothing to make, and at once: what shall not be seen is not seen
            if (!order_.path.empty()) builder_.order(order);  // forgets one that is being made, and the file
            order_ = std::move(order);
            shown_.reset();
            return;
        }
        const auto sizeOf = [](const MarkOrder& o) { return std::pair(o.place.frameWidth, o.place.frameHeight); };
        const bool unfit = sizeOf(order) != sizeOf(order_) || order.place.bt709 != order_.place.bt709;
        if (waits_ ? order != order_ : unfit) {
            shown_.reset();
            if (const auto made = builder_.now(order))
                shown_ = *made;
            else
                base::log(LogLevel::Warning, "watermark \"" + order.path +
                                                 "\": its disk does not answer; the picture goes out without it until it does");
        } else {
            if (order != order_) builder_.order(order);
            if (auto made = builder_.done()) shown_ = std::move(*made);
        }
        order_ = std::move(order);
    }

    const bool waits_;
    MarkOrder order_;
    std::shared_ptr<const OverlayPicture> shown_;
    base::FramePool frames_;
    Maker builder_;
};

}  // namespace

std::unique_ptr<VideoEffect> makeWatermark(LoadOverlay load, bool waits) {
    return std::make_unique<Watermark>(std::move(load), waits);
}

}  // namespace livepusher::effects
