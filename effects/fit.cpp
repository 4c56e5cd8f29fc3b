// SPDX-License-Identifier: MIT
#include "effects/fit.hpp"

#include "media/frame_pool.hpp"
#include "media/geometry.hpp"
#include "media/orientation.hpp"
#include "media/planes.hpp"

#include <utility>

namespace livepusher::effects {

namespace {

/// What is left to do besides scaling.
struct Turn : base::TurnPass {
    /// What the frame itself needs, and then what is asked of the upright picture.
    static Turn of(const VideoFrame& frame, bool remoteMirror) {
        return {base::passOf(base::then(base::orientationOf(frame), {Rotation::None, remoteMirror}))};
    }
    bool turned() const { return base::Orientation{rotation}.onItsSide(); }
    bool needsPass() const { return mirror || rotation != Rotation::None; }
    void pass(const Source& from, const Target& to) const {
        if (mirror)
            livepusher::effects::mirror(from, to);
        else
            rotate(from, to, rotation, flip);
    }
};

class Fit final : public VideoEffect {
public:
    void apply(VideoFrame& frame, const VideoTarget& target, const Properties& properties) override {
        const auto where = place(frame, target, properties.videoFit);
        const auto turn = Turn::of(frame, properties.remoteMirror);
        const bool bars = where.to != Rect{0, 0, target.width, target.height};
        const bool scaled = turn.turned() ? where.from.width != where.to.height || where.from.height != where.to.width
                                          : where.from.width != where.to.width || where.from.height != where.to.height;
        if (!turn.needsPass() && !turn.flip && !bars && !scaled && where.from == whole(frame)) {
            frame.sampleAspectNum = frame.sampleAspectDen = 1;
            frame.mirrored = false;  // which remoteMirror has taken back
            return;
        }
        VideoFrame out = frames_.take(target.width, target.height);
        out.pts = frame.pts;
        out.bt709 = frame.bt709;
        if (bars) drawBars(out, where.to);
        transfer(viewOf(frame, where.from), writableViewOf(out, where.to), turn, scaled);
        frame = std::move(out);
    }

private:
    void transfer(const Source& from, const Target& to, const Turn& turn, bool scaled) {
        if (!turn.needsPass()) return scaled ? scale(from, to, turn.flip) : copy(from, to, turn.flip);
        if (!scaled) return turn.pass(from, to);
        // Two passes, the turn at the smaller of the two sizes.
        const bool shrinks = static_cast<long>(to.width) * to.height < static_cast<long>(from.width) * from.height;
        const int width = shrinks ? to.width : from.width;
        const int height = shrinks ? to.height : from.height;
        // Before the turn the target's sides are exchanged, after it the frame's are.
        VideoFrame between = turn.turned() ? between_.take(height, width) : between_.take(width, height);
        const auto middle = viewOf(between, whole(between));
        const auto middleTarget = writableViewOf(between, whole(between));
        if (shrinks) {
            scale(from, middleTarget, false);
            turn.pass(middle, to);
        } else {
            turn.pass(from, middleTarget);
            scale(middle, to, false);
        }
    }

    static void drawBars(VideoFrame& out, const Rect& picture) {
        const int right = picture.x + picture.width;
        const int bottom = picture.y + picture.height;
        for (const Rect& bar :
             {Rect{0, 0, out.width(), picture.y}, Rect{0, bottom, out.width(), out.height() - bottom},
              Rect{0, picture.y, picture.x, picture.height}, Rect{right, picture.y, out.width() - right, picture.height}})
            black(writableViewOf(out, bar));
    }

    base::FramePool frames_;
    base::FramePool between_{1};
};

}  // namespace

std::unique_ptr<VideoEffect> makeFit() { return std::make_unique<Fit>(); }

}  // namespace livepusher::effects
