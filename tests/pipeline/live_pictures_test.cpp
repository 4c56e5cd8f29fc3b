// SPDX-License-Identifier: MIT
// The picture lane with the real effects under changes that never stop: each frame has one setting, whole.
#include "session_case.hpp"
#include "wiring.hpp"

#include <cstdlib>
#include <future>
#include <random>

namespace livepusher::testing {
namespace {

/// Takes frames of one colour, and remembers when one has two.
class OneColour final : public encode::VideoEncoder {
public:
    struct Seen {
        std::atomic<int> frames{0}, torn{0}, colours{0};
    };
    explicit OneColour(Seen& seen) : seen_(seen) {}

    Result<std::string> open(const encode::VideoEncoderSettings&, encode::PacketSink& sink) override {
        sink_ = &sink;
        sink_->take({Packet::Track::Video, Packet::Kind::Config, {}, {}, nullptr, nullptr});
        return std::string("eye");
    }
    void addMessage(std::string) override {}
    Result<bool> encode(const VideoFrame& frame, bool) override {
        int least = 255, most = 0;
        for (int y = 0; y < frame.height(); ++y) {
            const auto* row = frame.plane(0) + static_cast<std::ptrdiff_t>(y) * frame.stride(0);
            const auto [low, high] = std::minmax_element(row, row + frame.width());
            least = std::min<int>(least, *low);
            most = std::max<int>(most, *high);
        }
        ++seen_.frames;
        if (most - least > 1) ++seen_.torn;  // the table's dither of a rounding at most
        if (std::exchange(last_, most) != most) ++seen_.colours;
        sink_->take({Packet::Track::Video, Packet::Kind::Key, frame.pts, frame.pts, nullptr, nullptr});
        return true;
    }
    Result<void> setBitrate(int) override { return {}; }
    void close() override { sink_ = nullptr; }

private:
    Seen& seen_;
    encode::PacketSink* sink_ = nullptr;
    int last_ = -1;
};

}  // namespace

class LivePicturesTest : public SessionTest {};

TEST_F(LivePicturesTest, PropertiesSweptTenTimesASecondNeverTearAFrame) {
    const char* wanted = std::getenv("LIVEPUSHER_SWEEP_SECONDS");
    const std::chrono::seconds length(wanted ? std::atoi(wanted) : 3);
    OneColour::Seen seen;
    auto stages = fakeStages(scene_);
    stages.videoEffects = realStages().videoEffects;
    stages.videoEncoder = [&](const encode::VideoEncoderChoice&) { return std::make_unique<OneColour>(seen); };
    auto p = pushing();
    p.fps = 30;
    LivePusherContext context(options(scene_, p), stages);
    start(context);
    std::mt19937 random(31);
    const auto pick = [&](unsigned below) { return random() % below; };
    int changes = 0;
    for (const auto end = std::chrono::steady_clock::now() + length; std::chrono::steady_clock::now() < end; ++changes) {
        std::promise<int> told;
        context.update(
            [&](Properties& q) {
                q.beauty = static_cast<int>(pick(10));
                q.beautyStyle = pick(2) ? BeautyStyle::smooth : BeautyStyle::nature;
                q.whiteness = static_cast<int>(pick(10));
                q.filter = static_cast<Filter>(pick(11));
                q.filterStrength = static_cast<double>(pick(11)) / 10;
                q.remoteMirror = pick(2) == 0;
            },
            {.complete = [&](const MethodResult& r) { told.set_value(r.errCode); }});
        EXPECT_EQ(told.get_future().get(), 0);
        // Most changes come while the one before may still be on its way; each fourth is waited for until it is seen, on
        // however slow a machine. 30 frames: it may have been to the same colour.
        const int frames = seen.frames, colours = seen.colours;
        const bool awaited = changes % 4 == 3;
        const auto next = std::chrono::steady_clock::now() + (awaited ? 10'000ms : 100ms);
        while (seen.frames < frames + (awaited ? 30 : 3) && !(awaited && seen.colours > colours) &&
               std::chrono::steady_clock::now() < next)
            std::this_thread::sleep_for(2ms);
    }
    std::printf("    %d changes, %d frames, %d of another colour than the one before\n", changes, seen.frames.load(),
                seen.colours.load());
    EXPECT_EQ(seen.torn, 0);
    EXPECT_GT(seen.colours, changes / 8) << "changes are seen";
}

}  // namespace livepusher::testing
