// SPDX-License-Identifier: MIT
#include "capture/fallback/fallback_decider.hpp"

#include <gtest/gtest.h>

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using enum FallbackOn;

constexpr Timestamp kFrame = 40ms;
constexpr PictureLook kMoves{}, kStands{.same = true}, kBlack{.black = true}, kBlackStands{.black = true, .same = true};

/// A source by a clock of its own: what comes of it, and what is then wrong with it.
class FallbackDeciderTest : public testing::Test {
protected:
    void use(std::vector<FallbackOn> on, Timestamp after = 2s, bool sound = false) {
        decider_.emplace(FallbackRules{std::move(on), after});
        decider_->begin(at_, true, sound);
    }
    /// Pictures for so long, each of that look; the fault after the last.
    std::optional<FallbackOn> pictures(Timestamp length, PictureLook look = kMoves) {
        std::optional<FallbackOn> fault;
        for (const auto end = at_ + length; at_ < end; at_ += kFrame) {
            decider_->picture(at_, look);
            fault = decider_->judge(at_);
        }
        return fault;
    }
    std::optional<FallbackOn> nothing(Timestamp length) { return decider_->judge(at_ += length); }
    /// How long good pictures have to come until the source goes out.
    Timestamp untilGood(PictureLook look = kMoves) {
        const auto from = at_;
        while (at_ - from < 10s && pictures(kFrame, look)) continue;
        return at_ - from;
    }

    std::optional<FallbackDecider> decider_;
    Timestamp at_ = 100s;
};

TEST_F(FallbackDeciderTest, ASourceThatGivesNothingIsLostAfterTheTime) {
    use({lost});
    EXPECT_EQ(nothing(1999ms), std::nullopt);
    EXPECT_EQ(nothing(1ms), lost);
}

TEST_F(FallbackDeciderTest, OneThatGaveIsLostSoLongAfterItsLastPicture) {
    use({lost});
    EXPECT_EQ(pictures(5s), std::nullopt);
    EXPECT_EQ(nothing(1900ms), std::nullopt);
    EXPECT_EQ(nothing(100ms), lost);
}

TEST_F(FallbackDeciderTest, DueTellsWhenThatIs) {
    use({lost, black});
    pictures(1s);
    const auto last = at_ - kFrame;
    ASSERT_TRUE(decider_->due());
    EXPECT_EQ(*decider_->due(), last + 2s);
    at_ = *decider_->due();
    EXPECT_EQ(nothing(0s), lost);
    EXPECT_EQ(decider_->due(), std::nullopt) << "what ends it comes by itself";
}

TEST_F(FallbackDeciderTest, ASlowSourceIsNotLostBetweenTwoPictures) {
    use({lost}, 500ms);
    decider_->setInterval(1s);
    for (int i = 0; i < 5; ++i) {
        decider_->picture(at_);
        EXPECT_EQ(nothing(1s), std::nullopt);
    }
    EXPECT_EQ(nothing(1s), lost);
}

TEST_F(FallbackDeciderTest, ItIsBackWithinASecondAndNotByOnePicture) {
    use({lost});
    EXPECT_EQ(nothing(2s), lost);
    EXPECT_EQ(pictures(kFrame), lost);
    EXPECT_EQ(nothing(1s), lost);
    const auto took = untilGood();
    EXPECT_GE(took, 300ms);
    EXPECT_LT(took, 500ms);
}

TEST_F(FallbackDeciderTest, ASourceThatComesAndGoesStaysAway) {
    use({lost});
    EXPECT_EQ(nothing(2s), lost);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(pictures(200ms), lost);
        EXPECT_EQ(nothing(300ms), lost);
    }
}

TEST_F(FallbackDeciderTest, AnEndIsAFaultAtOnceAndOverWithWhatFollows) {
    use({ended});
    pictures(1s);
    decider_->end();
    EXPECT_EQ(nothing(0s), ended);
    EXPECT_EQ(nothing(1h), ended);
    EXPECT_LT(untilGood(), 500ms);
}

TEST_F(FallbackDeciderTest, WhatNoRuleNamesIsNoFault) {
    use({});
    decider_->end();
    EXPECT_EQ(nothing(1h), std::nullopt);
    EXPECT_EQ(pictures(10s, kBlackStands), std::nullopt);
    EXPECT_EQ(decider_->due(), std::nullopt);
}

TEST_F(FallbackDeciderTest, BlackHasToLast) {
    use({black});
    pictures(1s);
    EXPECT_EQ(pictures(1900ms, kBlack), std::nullopt);
    pictures(kFrame);
    EXPECT_EQ(pictures(1900ms, kBlack), std::nullopt);
    EXPECT_EQ(pictures(200ms, kBlack), black);
    const auto took = untilGood();
    EXPECT_GE(took, 600ms);
    EXPECT_LT(took, 1s);
}

TEST_F(FallbackDeciderTest, AFrozenPictureIsAFaultThoughACodecRefreshesIt) {
    use({frozen});
    pictures(2s);
    EXPECT_EQ(pictures(1s, kStands), std::nullopt);
    pictures(kFrame);  // a key frame differs from the picture before, and the next is like it again
    EXPECT_EQ(pictures(1200ms, kStands), frozen);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(pictures(2 * kFrame), frozen);
        EXPECT_EQ(pictures(1s, kStands), frozen);
    }
    const auto took = untilGood();
    EXPECT_GE(took, 600ms);
    EXPECT_LT(took, 1s);
}

TEST_F(FallbackDeciderTest, WhatMovesSlowlyIsNotFrozen) {
    use({frozen});
    for (int i = 0; i < 40; ++i) {
        pictures(kFrame);
        EXPECT_EQ(pictures(320ms, kStands), std::nullopt);
    }
}

TEST_F(FallbackDeciderTest, SilenceHasToLast) {
    use({silent}, 2s, true);
    const auto sound = [&](Timestamp length, bool loud) {
        std::optional<FallbackOn> fault;
        for (const auto end = at_ + length; at_ < end; at_ += 10ms) {
            decider_->sound(at_, loud);
            if (at_.count() % 40'000 == 0) decider_->picture(at_);
            fault = decider_->judge(at_);
        }
        return fault;
    };
    EXPECT_EQ(sound(3s, true), std::nullopt);
    EXPECT_EQ(sound(1900ms, false), std::nullopt) << "a speaker draws breath";
    EXPECT_EQ(sound(200ms, false), silent);
    EXPECT_EQ(sound(100ms, true), silent) << "a click";
    EXPECT_EQ(sound(1s, false), silent);
    EXPECT_EQ(sound(900ms, true), std::nullopt);
}

TEST_F(FallbackDeciderTest, WithoutAPictureTheSoundLeads) {
    decider_.emplace(FallbackRules{{lost}, 2s});
    decider_->begin(at_, false, true);
    decider_->sound(at_);
    EXPECT_EQ(nothing(1900ms), std::nullopt);
    EXPECT_EQ(nothing(100ms), lost);
}

TEST_F(FallbackDeciderTest, AfterALossTheRestIsJudgedAnew) {
    use({lost, frozen, silent}, 1s, true);
    EXPECT_EQ(nothing(30s), lost);
    EXPECT_LT(untilGood(), 500ms) << "though it has not been heard for 30 s";
}

TEST_F(FallbackDeciderTest, AStoppedSourceHasNoFault) {
    use({lost});
    EXPECT_EQ(nothing(2s), lost);
    decider_->stop();
    EXPECT_EQ(nothing(1h), std::nullopt);
    decider_->begin(at_, true, false);
    EXPECT_EQ(nothing(1900ms), std::nullopt);
    EXPECT_EQ(nothing(100ms), lost);
}

TEST_F(FallbackDeciderTest, PeopleAreToldWhatIsWrong) {
    EXPECT_EQ(describeFault(lost, true, 2s), "no picture for 2.0 s");
    EXPECT_EQ(describeFault(lost, false, 500ms), "no sound for 0.5 s");
    EXPECT_EQ(describeFault(ended, true, 2s), "it has ended");
    EXPECT_EQ(describeFault(black, true, 12s), "a black picture for 12.0 s");
}

}  // namespace
}  // namespace livepusher::capture
