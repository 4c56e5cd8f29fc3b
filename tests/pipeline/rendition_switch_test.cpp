// SPDX-License-Identifier: MIT
#include "pipeline/rendition_switch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace livepusher::testing {

using namespace std::chrono_literals;
using pipeline::RenditionSwitch;

namespace {

constexpr int kKeyEvery = 5;

/// Pictures of two renditions, a key frame in kKeyEvery, 100 ms apart, each as "NUMBER:TIME" with a K before a key frame.
class Streams {
public:
    explicit Streams(RenditionSwitch& chosen) : chosen_(chosen) {}

    void config(int rendition) { pass({Packet::Track::Video, Packet::Kind::Config, {}, {}, nullptr, nullptr, rendition}); }
    void picture(int rendition, int number) {
        const auto kind = number % kKeyEvery == 0 ? Packet::Kind::Key : Packet::Kind::Delta;
        pass({Packet::Track::Video, kind, number * 100ms, number * 100ms, nullptr, nullptr, rendition});
    }
    const std::string& got() const { return got_; }
    const std::vector<Packet>& packets() const { return packets_; }

private:
    void pass(Packet packet) {
        for (auto& each : chosen_.take(std::move(packet))) {
            const char* kind = each.kind == Packet::Kind::Config ? "C" : each.kind == Packet::Kind::Key ? "K" : "";
            got_ += (got_.empty() ? "" : " ") + std::string(kind) + std::to_string(each.rendition) + ":" +
                    std::to_string(each.pts / 100ms);
            packets_.push_back(std::move(each));
        }
    }

    RenditionSwitch& chosen_;
    std::string got_;
    std::vector<Packet> packets_;
};

}  // namespace

TEST(RenditionSwitch, PassesOneRenditionAlone) {
    RenditionSwitch chosen(1);
    Streams streams(chosen);
    streams.config(0);
    streams.config(1);
    for (int i = 0; i < 3; ++i)
        for (int rendition : {0, 1, 2}) streams.picture(rendition, i);
    EXPECT_EQ(streams.got(), "C1:0 K1:0 1:1 1:2");
}

TEST(RenditionSwitch, GoesOverAtAKeyFrameOfBoth) {
    RenditionSwitch chosen(0);
    Streams streams(chosen);
    for (int i = 0; i < 8; ++i) {
        if (i == 2) chosen.want(1, std::nullopt);
        streams.picture(0, i);
        if (i == 3) streams.config(1);
        if (i >= 5) streams.picture(1, i);
    }
    EXPECT_EQ(streams.got(), "K0:0 0:1 0:2 0:3 0:4 C1:5 K1:5 1:6 1:7");
    EXPECT_EQ(chosen.current(), 1);
}

TEST(RenditionSwitch, WaitsForTheOneThatIsBehind) {
    RenditionSwitch chosen(0);
    chosen.want(1, Packet{Packet::Track::Video, Packet::Kind::Config, {}, {}, nullptr, nullptr, 1});
    Streams streams(chosen);
    for (int i = 1; i < 8; ++i) streams.picture(0, i);  // two pictures ahead
    EXPECT_EQ(streams.got(), "0:1 0:2 0:3 0:4");
    for (int i = 3; i < 8; ++i) streams.picture(1, i);
    streams.picture(0, 8);
    EXPECT_EQ(streams.got(), "0:1 0:2 0:3 0:4 C1:5 K1:5 1:6 1:7");
}

TEST(RenditionSwitch, TheOneThatIsAheadWaits) {
    RenditionSwitch chosen(0);
    chosen.want(1, std::nullopt);
    Streams streams(chosen);
    for (int i = 1; i < 8; ++i) streams.picture(1, i);
    for (int i = 1; i < 6; ++i) streams.picture(0, i);
    streams.picture(1, 8);
    EXPECT_EQ(streams.got(), "0:1 0:2 0:3 0:4 K1:5 1:6 1:7 1:8");
}

TEST(RenditionSwitch, NothingWaitsForOneThatDoesNotCome) {
    RenditionSwitch chosen(0);
    chosen.want(1, std::nullopt);
    Streams streams(chosen);
    for (int i = 5; i < 15; ++i) streams.picture(0, i);  // 5 to 9 are held, until the next key frame at the latest
    EXPECT_NE(streams.got().find("K0:5 0:6 0:7 0:8 0:9"), std::string::npos);
    for (int i = 10; i < 15; ++i) streams.picture(1, i);
    EXPECT_EQ(streams.got(), "K0:5 0:6 0:7 0:8 0:9 K1:10 1:11 1:12 1:13 1:14");
}

TEST(RenditionSwitch, StaysWhereItIsWhenThatIsWantedAgain) {
    RenditionSwitch chosen(0);
    chosen.want(1, std::nullopt);
    Streams streams(chosen);
    for (int i = 5; i < 7; ++i) streams.picture(0, i);
    chosen.want(0, std::nullopt);
    streams.picture(1, 5);
    streams.picture(0, 7);
    EXPECT_EQ(streams.got(), "K0:5 0:6 0:7");
}

TEST(RenditionSwitch, TimeNeverGoesBack) {
    RenditionSwitch chosen(0);
    chosen.want(1, std::nullopt);
    std::vector<Packet> all;
    const auto pass = [&](int rendition, Packet::Kind kind, Timestamp pts, Timestamp dts) {
        for (auto& each : chosen.take({Packet::Track::Video, kind, pts, dts, nullptr, nullptr, rendition}))
            all.push_back(std::move(each));
    };
    pass(0, Packet::Kind::Delta, 480ms, 460ms);
    pass(1, Packet::Kind::Key, 500ms, 430ms);  // with pictures between others of a slower pace
    pass(0, Packet::Kind::Key, 500ms, 480ms);
    pass(1, Packet::Kind::Delta, 600ms, 500ms);
    ASSERT_EQ(all.size(), 3U);
    for (std::size_t i = 1; i < all.size(); ++i) {
        EXPECT_GT(all[i].dts, all[i - 1].dts);
        EXPECT_GE(all[i].pts, all[i].dts);
    }
}

TEST(RenditionSwitch, OneThatFailsLeavesTheOther) {
    RenditionSwitch chosen(0);
    Streams streams(chosen);
    streams.picture(0, 0);
    chosen.want(1, std::nullopt);
    chosen.lose(1);
    EXPECT_EQ(chosen.wanted(), 0);
    streams.picture(0, 5);
    chosen.want(2, std::nullopt);
    chosen.lose(0);
    streams.picture(2, 6);
    streams.config(2);
    streams.picture(2, 10);
    streams.picture(2, 11);
    EXPECT_EQ(streams.got(), "K0:0 K0:5 C2:10 K2:10 2:11");
}

}  // namespace livepusher::testing
