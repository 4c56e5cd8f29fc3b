// SPDX-License-Identifier: MIT
#include "effects/effects.hpp"

#include "base/log.hpp"
#include "effects/builder.hpp"
#include "effects/colour_kernels.hpp"
#include "effects/colour_lattice.hpp"
#include "effects/colour_look.hpp"
#include "media/frame_pool.hpp"
#include "media/writable.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace livepusher::effects {

namespace {

using kernels::ColourCells;

struct Order {
    ColourLook look;
    bool bt709 = true;
    bool operator==(const Order&) const = default;
};

struct Tables {
    std::shared_ptr<const ColourCells> wanted;    ///< null: nothing is to change
    std::shared_ptr<const ColourCells> identity;  ///< what null stands for, to fade from and to
};

/// Makes tables; keeps the file that it read last. Used by one thread at a time.
class TableMaker {
public:
    std::shared_ptr<const Tables> operator()(const Order& order) {
        auto look = order.look;
        if (look.file != path_) read(look.file);
        if (!cube_) look.file.clear();
        if (!identity_) identity_ = colourCells([](const Yuv& yuv) { return yuv; });
        auto made = std::make_shared<Tables>();
        made->identity = identity_;
        if (!look.nothing())
            made->wanted =
                colourCells([&](const Yuv& yuv) { return recoloured(yuv, look, cube_ ? &*cube_ : nullptr, order.bt709); });
        return made;
    }

private:
    void read(const std::string& path) {
        path_ = path;
        cube_.reset();
        if (path.empty()) return;
        auto cube = Cube::load(path);
        if (cube)
            cube_ = std::move(*cube);
        else
            base::log(LogLevel::Warning, "filterFile " + cube.error().message + "; left out");
    }

    std::string path_;
    std::optional<Cube> cube_;
    std::shared_ptr<const ColourCells> identity_;
};

class ColourTable final : public VideoEffect {
public:
    explicit ColourTable(bool waits) : waits_(waits), builder_(TableMaker(), waits ? Maker::Patience() : Maker::kPatience) {}

    void apply(VideoFrame& frame, base::PictureSize, const Properties& properties) override {
        follow({colourLook(properties), frame.bt709});
        if (stepsLeft_ > 0) step();
        const auto* cells = stepsLeft_ > 0 ? shown_.get() : wanted_.get();
        if (!cells) return;
        base::ensureWritable(frame, frames_);
        kernels::Picture picture{.width = frame.width(), .height = frame.height()};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto plane = static_cast<int>(i);
            picture.from[i] = picture.to[i] = frame.mutablePlane(plane);
            picture.fromStride[i] = picture.toStride[i] = frame.stride(plane);
        }
        kernels::applyColours(*cells, picture);
    }

private:
    using Maker = Builder<Order, Tables>;
    static constexpr int kFadeFrames = 5;

    void follow(const Order& order) {
        if (!order_ || order.bt709 != order_->bt709) {
            // The first frame, or one of another matrix: the table at hand is none for it.
            order_ = order;
            wanted_.reset();
            stepsLeft_ = 0;
            if (order.look.nothing()) return;
            if (const auto made = builder_.now(order))
                wanted_ = (*made)->wanted;
            else if (!order.look.file.empty())
                base::log(LogLevel::Warning, "filterFile \"" + order.look.file +
                                                 "\": its disk does not answer; the picture goes out without it until it does");
            return;
        }
        if (order != *order_) {
            order_ = order;
            if (!waits_)
                builder_.order(order);
            else if (const auto made = builder_.now(order))
                fadeTo(**made);
        }
        if (const auto made = builder_.done()) fadeTo(**made);
    }

    void fadeTo(const Tables& next) {
        identity_ = next.identity;
        if (stepsLeft_ == 0) {  // else `shown_` stands somewhere between two already
            if (!shown_) shown_ = std::make_unique<ColourCells>();
            shown_->values() = orIdentity(wanted_);
        }
        wanted_ = next.wanted;
        stepsLeft_ = kFadeFrames;
    }

    /// The last one ends at exactly what is wanted.
    void step() {
        if (--stepsLeft_ > 0) kernels::approach(shown_->values(), orIdentity(wanted_), 65536 / (stepsLeft_ + 1));
    }

    const std::vector<std::int16_t>& orIdentity(const std::shared_ptr<const ColourCells>& cells) const {
        return (cells ? cells : identity_)->values();
    }

    const bool waits_;
    std::optional<Order> order_;
    std::shared_ptr<const ColourCells> wanted_;  // null: nothing is to change
    std::unique_ptr<ColourCells> shown_;         // while fading: what stands between
    std::shared_ptr<const ColourCells> identity_;
    int stepsLeft_ = 0;
    base::FramePool frames_;
    Maker builder_;
};

}  // namespace

std::unique_ptr<VideoEffect> makeColourTable(bool waits) { return std::make_unique<ColourTable>(waits); }

}  // namespace livepusher::effects
