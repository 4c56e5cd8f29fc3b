// SPDX-License-Identifier: MIT
// Everybody at once: pictures, methods, the user and the desktop.

#include "play_view_case.hpp"

#include <atomic>
#include <random>
#include <thread>
#include <vector>

namespace livepusher::playback {
namespace {

class PlayViewStress : public PlayViewCase {
protected:
    /// Any of them, with random arguments. [control]
    void anything(std::minstd_rand& random) {
        const auto count = [this] {
            ++asked_;
            return [this](const Result<void>&) { ++answered_; };
        };
        PlayerProperties p;
        switch (random() % 10) {
            case 0: return view_->open();
            case 1: return view_->close(random() % 2 == 0);
            case 2: return view_->enterPictureInPicture(count());
            case 3: return view_->exitPictureInPicture(count());
            case 4: return view_->requestFullScreen(static_cast<int>(random() % 3) * 90 - 90, count());
            case 5: return view_->exitFullScreen(count());
            case 6: return view_->tell(PlayerState::Playing, {});
            case 7:
                p.orientation = random() % 2 == 0 ? Orientation::horizontal : Orientation::vertical;
                p.objectFit = random() % 2 == 0 ? ObjectFit::fillCrop : ObjectFit::contain;
                p.debug = random() % 2 == 0;
                return view_->follow(p);
            case 8: desktop_->press(random() % 2 == 0 ? display::Key::F : display::Key::Escape); return;
            default: desktop_->happens = random() % 4 == 0 ? display::Happened::Lost : display::Happened::Closed; return;
        }
    }

    std::atomic<int> asked_{0}, answered_{0};
};

TEST_F(PlayViewStress, EachRequestIsAnsweredOnceAndEachFormIsLeftThatWasEntered) {
    auto h = withFrames();
    std::atomic<int> floats{0}, fills{0}, wrong{0};
    h.onEnterPictureInPicture = [&] { wrong += floats.exchange(1) != 0 ? 1 : 0; };
    h.onLeavePictureInPicture = [&] { wrong += floats.exchange(0) != 1 ? 1 : 0; };
    h.onFullScreenChange = [&](const FullScreenChangeEvent& e) {
        const int was = fills.exchange(e.fullScreen ? 1 : 0);
        if (!e.fullScreen && was == 0) ++wrong;
        if (floats != 0) ++wrong;
    };
    make(std::move(h));
    constexpr int kCalls = 3000;
    std::atomic<bool> over{false};
    std::thread shows([&] {
        for (std::uint8_t n = 0; !over; ++n) {
            view_->show(n % 7 == 0 ? picture(n, 180, 320) : picture(n));
            std::this_thread::yield();
        }
    });
    std::thread asks([&] {  // as a snapshot does
        while (!over) {
            if (const auto last = view_->lastShown()) (void)view_->turned(last);
            std::this_thread::yield();
        }
    });
    std::minstd_rand random(7);
    for (int i = 0; i < kCalls; ++i) {
        on([&] { anything(random); });
        if (i % 16 == 0) std::this_thread::yield();
    }
    over = true;
    shows.join();
    asks.join();
    end();
    EXPECT_EQ(answered_, asked_);
    EXPECT_GT(asked_, kCalls / 4);
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(floats, 0);
    EXPECT_EQ(fills, 0);
    EXPECT_GT(journal_.holding("window shows"), 0U);
    EXPECT_GT(journal_.holding("window fills"), 0U);
    EXPECT_GT(journal_.holding("window floats"), 0U);
}

}  // namespace
}  // namespace livepusher::playback
