// SPDX-License-Identifier: MIT
#include "link_model.hpp"

#include <gtest/gtest.h>

namespace livepusher::testing {

namespace {

using Moments = std::vector<LinkModel::Moment>;

double longest(const Moments& moments, double from, double until) {
    double delay = 0;
    for (const auto& m : moments)
        if (m.at >= from && m.at < until) delay = std::max(delay, m.delay);
    return delay;
}

double percentile95(const Moments& moments, double from, double until) {
    std::vector<double> delays;
    for (const auto& m : moments)
        if (m.at >= from && m.at < until) delays.push_back(m.delay);
    std::ranges::sort(delays);
    return delays.at(delays.size() * 95 / 100);
}

/// The last moment of the range at which the delay was above the bound, or its begin.
double settled(const Moments& moments, double bound, double from, double until) {
    double at = from;
    for (const auto& m : moments)
        if (m.at >= from && m.at < until && m.delay > bound) at = m.at;
    return at;
}

double arrivedBetween(const Moments& moments, double from, double until) {
    const auto before = [&](double at) {
        double kbit = 0;
        for (const auto& m : moments)
            if (m.at <= at) kbit = m.arrived;
        return kbit;
    };
    return before(until) - before(from);
}

int changes(const Moments& moments, double from, double until) {
    int count = 0;
    for (std::size_t i = 1; i < moments.size(); ++i)
        count += moments[i].at >= from && moments[i].at < until && moments[i].bitrate != moments[i - 1].bitrate;
    return count;
}

constexpr auto kDropAndReturn = [](double at) { return at < 12 || at >= 37 ? 4000.0 : 1000.0; };

}  // namespace

TEST(RateController, FollowsADropAndTheReturn) {
    for (const double rtt : {0.01, 0.04, 0.1})
        for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
            SCOPED_TRACE("round trip " + std::to_string(rtt) + " s, seed " + std::to_string(seed));
            LinkModel model(kDropAndReturn, {.rtt = rtt, .seed = seed});
            const auto& moments = model.run(60);
            EXPECT_EQ(changes(moments, 0, 12), 0) << "nothing to change before";
            EXPECT_LE(longest(moments, 12, 37), 1.2);
            EXPECT_LE(settled(moments, 0.5 + rtt, 12, 37), 14);
            EXPECT_LE(percentile95(moments, 14, 37), 0.3);
            EXPECT_GE(arrivedBetween(moments, 17, 37), 0.85 * 20 * 1000);
            EXPECT_LE(longest(moments, 37, 60), 0.5);
            const auto back = std::ranges::find_if(moments, [](const auto& m) { return m.at > 37 && m.bitrate >= 3150; });
            ASSERT_NE(back, moments.end());
            EXPECT_LE(back->at, 37 + 15);
        }
}

TEST(RateController, ASteadyLinkChangesNothing) {
    for (const double burst : {1.0, 2.5, 4.0}) {
        LinkModel model([](double) { return 4000.0; }, {.burst = burst});
        const auto& moments = model.run(600);
        EXPECT_EQ(changes(moments, 0, 600), 0);
        EXPECT_LE(percentile95(moments, 2, 600), 0.15);
        EXPECT_EQ(model.skipped(), 0);
    }
}

TEST(RateController, ALinkThatWasNeverWideEnoughIsFilledWithoutDelay) {
    LinkModel model([](double) { return 1000.0; }, {});
    const auto& moments = model.run(60);
    EXPECT_LE(longest(moments, 3, 60), 0.5);
    EXPECT_GE(arrivedBetween(moments, 5, 60), 0.85 * 55 * 1000);
}

TEST(RateController, AfterAnInterruptionItGoesOnNearWhereItWas) {
    LinkModel model([](double at) { return at >= 12 && at < 18 ? 0.0 : 4000.0; }, {});
    const auto& moments = model.run(30);
    EXPECT_LE(settled(moments, 0.5, 18, 30), 21) << "what had queued is gone";
    for (const auto& m : moments) {
        if (m.at > 21) {
            EXPECT_GE(m.bitrate, 0.65 * 3500) << m.at;
        }
    }
    EXPECT_GT(model.skipped(), 100) << "pictures that nobody would see in time are not encoded";
}

TEST(RateController, IsNotRaisedBeyondWhatTheEncoderUses) {
    LinkModel model([](double at) { return at < 5 ? 300.0 : 4000.0; }, {.used = 0.3});
    const auto& moments = model.run(40);
    const int at10 = moments.at(99).bitrate;
    EXPECT_LT(at10, 3500);
    EXPECT_EQ(changes(moments, 10, 40), 0);
}

TEST(RateController, StaysWithinItsLimitsWhateverTheLinkDoes) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        std::vector<double> rates;
        for (int second = 0; second <= 60; ++second) rates.push_back(std::uniform_real_distribution<double>(0, 5000)(random));
        LinkModel model([&](double at) { return rates.at(static_cast<std::size_t>(at)); },
                        {.limits = {400, 3000, 96}, .rtt = 0.03, .seed = seed});
        for (const auto& m : model.run(60)) {
            ASSERT_GE(m.bitrate, 400);
            ASSERT_LE(m.bitrate, 3000);
        }
    }
}

TEST(RateController, OneValueOnlyStaysAndFramesAreSkippedInstead) {
    LinkModel model(kDropAndReturn, {.limits = {3500, 3500, 96}});
    const auto& moments = model.run(30);
    EXPECT_EQ(changes(moments, 0, 30), 0);
    EXPECT_GT(model.skipped(), 100);
    EXPECT_LE(longest(moments, 14, 30), 1.2);
}

TEST(RateController, ItsLimitsChangeAtAnyTime) {
    pipeline::RateController controller({200, 1000, 96});
    EXPECT_EQ(controller.bitrate(), 1000);
    controller.setLimits({200, 2000, 96});
    EXPECT_EQ(controller.bitrate(), 2000) << "it was at the top, so it stays there";
    controller.setLimits({200, 500, 96});
    EXPECT_EQ(controller.bitrate(), 500);
    controller.setLimits({800, 900, 96});
    EXPECT_EQ(controller.bitrate(), 900);
}

TEST(RateController, LooksThatComeLateMeasureTheRateAllTheSame) {
    using namespace std::chrono_literals;
    pipeline::RateController controller({200, 1000, 96});
    controller.connected();
    for (int look = 1; look <= 10; ++look) {
        const auto bytes = static_cast<std::uint64_t>(look) * 68'500;  // 1096 kbps for 500 ms
        const auto decision = controller.tick(
            {.at = pipeline::RateController::Time(look * 500ms), .acknowledged = bytes, .outstanding = 0, .encoded = bytes});
        if (look > 1) {
            EXPECT_EQ(decision.rate, 1096) << look;
        }
    }
}

TEST(RateController, BeginsAgainALittleBelowWhatTheLastConnectionCarried) {
    LinkModel model([](double) { return 4000.0; }, {});
    (void)model.run(10);
    model.controller().connected();
    EXPECT_EQ(model.controller().bitrate(), 2450) << "0.7 of 3500";
}

}  // namespace livepusher::testing
