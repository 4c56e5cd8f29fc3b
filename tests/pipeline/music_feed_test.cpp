// SPDX-License-Identifier: MIT
#include "pipeline/music_feed.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace livepusher::testing {
namespace {

constexpr std::size_t kBlock = 480;

/// A tone on one channel that starts and ends at its peak, and gives as much at a time as it is told to.
class Tone final : public capture::Music {
public:
    explicit Tone(std::size_t frames) : frames_(frames) {}
    std::size_t read(std::span<float> samples) override {
        const auto count = std::min({samples.size(), frames_ - at, atMost});
        for (std::size_t i = 0; i < count; ++i, ++at)
            samples[i] = 0.5F * static_cast<float>(std::cos(2 * std::numbers::pi * 100 * static_cast<double>(at) / 48000));
        return count;
    }
    bool over() const override { return at == frames_; }
    Timestamp position() const override { return {}; }
    Timestamp duration() const override { return {}; }
    Result<void> seek(Timestamp to) override {
        if (fixed) return Error{Code::BgmFailed, "no"};
        at = std::min(frames_, static_cast<std::size_t>(to.count() * 48 / 1000));
        return {};
    }

    std::size_t at = 0;
    std::size_t atMost = 1U << 30;
    bool fixed = false;

private:
    const std::size_t frames_;
};

class MusicFeedTest : public ::testing::Test {
protected:
    MusicFeedTest() { feed.begin({48000, 1}); }

    /// Reads some blocks; true when any was music.
    bool run(std::size_t blocks) {
        bool any = false;
        for (std::size_t i = 0; i < blocks; ++i) {
            std::vector<float> block(kBlock, 9.0F);
            any |= feed.read(block);
            heard.insert(heard.end(), block.begin(), block.end());
        }
        return any;
    }
    void expectNoClick() const {
        const float own = 0.5F * 2 * 3.15F * 100 / 48000 + 0.5F / 479;  // the tone's and the fade's
        for (std::size_t i = 1; i < heard.size(); ++i) ASSERT_LT(std::abs(heard[i] - heard[i - 1]), own) << i;
    }

    pipeline::MusicFeed feed;
    std::vector<float> heard{0.0F};
};

}  // namespace

TEST_F(MusicFeedTest, WithoutMusicThereIsSilence) {
    EXPECT_FALSE(run(3));
    EXPECT_EQ(heard, std::vector<float>(3 * kBlock + 1, 0.0F));
}

TEST_F(MusicFeedTest, APieceIsHeardWholeBetweenTwoFades) {
    feed.play(std::make_shared<Tone>(kBlock * 10));
    EXPECT_FALSE(feed.progress().started);
    EXPECT_TRUE(run(5));
    EXPECT_TRUE(feed.progress().started);
    EXPECT_FALSE(feed.progress().over);
    EXPECT_NEAR(heard[1 + 3 * kBlock], 0.5F * std::cos(2 * 3.14159F * 100 * 2 * kBlock / 48000), 1e-4);
    run(20);
    EXPECT_TRUE(feed.progress().over);
    EXPECT_FALSE(run(1));
    expectNoClick();
}

TEST_F(MusicFeedTest, AnyAmountCanBeReadAtATime) {
    feed.play(std::make_shared<Tone>(kBlock * 40));
    std::vector<float> samples;
    for (const std::size_t count : {1U, 7U, 1024U, 480U, 479U, 2000U, 3U, 5000U}) {
        std::vector<float> part(count);
        feed.read(part);
        heard.insert(heard.end(), part.begin(), part.end());
    }
    expectNoClick();
    EXPECT_NEAR(heard[1 + 5 * kBlock], 0.5F * std::cos(2 * 3.14159F * 100 * 4 * kBlock / 48000), 1e-4);
}

TEST_F(MusicFeedTest, PauseHoldsItsPlace) {
    auto tone = std::make_shared<Tone>(kBlock * 100);
    feed.play(tone);
    run(5);
    feed.pause(true);
    run(5);
    const auto held = tone->at;
    EXPECT_FALSE(run(20));
    EXPECT_EQ(tone->at, held);
    feed.pause(false);
    EXPECT_TRUE(run(5));
    EXPECT_GT(tone->at, held);
    expectNoClick();
}

TEST_F(MusicFeedTest, AnotherPieceFollowsWithin50Milliseconds) {
    feed.play(std::make_shared<Tone>(kBlock * 100));
    run(10);
    heard.erase(heard.begin(), heard.end() - 1);
    feed.play(std::make_shared<Tone>(kBlock * 100));
    EXPECT_FALSE(feed.progress().started);
    run(10);
    EXPECT_TRUE(feed.progress().started);
    std::size_t longest = 0, silent = 0;
    for (const float sample : heard) {
        silent = std::abs(sample) < 0.01F ? silent + 1 : 0;
        longest = std::max(longest, silent);
    }
    EXPECT_LT(longest, 48U * 25);
    expectNoClick();
}

TEST_F(MusicFeedTest, ALateDecoderMakesAGapWithSoftEdges) {
    auto tone = std::make_shared<Tone>(kBlock * 100);
    feed.play(tone);
    run(5);
    tone->atMost = 100;
    run(1);
    tone->atMost = 0;
    EXPECT_TRUE(run(2));
    EXPECT_FALSE(run(2));
    EXPECT_FALSE(feed.progress().over);
    tone->atMost = 1U << 30;
    EXPECT_TRUE(run(3));
    expectNoClick();
}

TEST_F(MusicFeedTest, ASeekIsDoneAndTold) {
    auto tone = std::make_shared<Tone>(kBlock * 100);
    feed.play(tone);
    run(5);
    const auto number = feed.seek(std::chrono::milliseconds(500));
    EXPECT_NE(feed.progress().sought, number);
    run(3);
    EXPECT_EQ(feed.progress().sought, number);
    EXPECT_FALSE(feed.progress().error);
    EXPECT_GE(tone->at, 24000U);
    tone->fixed = true;
    feed.seek({});
    run(3);
    ASSERT_TRUE(feed.progress().error);
    EXPECT_EQ(feed.progress().error->code, Code::BgmFailed);
    EXPECT_TRUE(run(3)) << "it goes on";
    expectNoClick();
}

TEST_F(MusicFeedTest, InRandomOrderNothingClicks) {
    std::mt19937 random(11);
    for (int i = 0; i < 3000; ++i) {
        switch (random() % 6) {
            case 0: feed.play(std::make_shared<Tone>(kBlock * (random() % 30) + random() % 480)); break;
            case 1: feed.play(nullptr); break;
            case 2: feed.pause(true); break;
            case 3: feed.pause(false); break;
            case 4: feed.seek(std::chrono::milliseconds(random() % 400)); break;
            default: break;
        }
        run(random() % 6);
    }
    expectNoClick();
}

}  // namespace livepusher::testing
