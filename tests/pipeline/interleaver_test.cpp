// SPDX-License-Identifier: MIT
#include "pipeline/interleaver.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;
using Kind = Packet::Kind;
using Track = Packet::Track;

Packet sound(Timestamp dts) { return {Track::Audio, Kind::Key, dts, dts, nullptr, nullptr}; }
Packet picture(Timestamp dts, Kind kind = Kind::Delta) { return {Track::Video, kind, dts, dts, nullptr, nullptr}; }
Packet config(Track track, Timestamp dts = {}) { return {track, Kind::Config, dts, dts, nullptr, nullptr}; }

/// "v40 a20": what comes out at `now`, in order.
std::string out(Interleaver& interleaver, Timestamp now) {
    std::string all;
    while (const auto packet = interleaver.next(now)) {
        if (!all.empty()) all += ' ';
        if (packet->kind == Kind::Config) all += "config ";
        all += packet->track == Track::Video ? 'v' : 'a';
        all += std::to_string(packet->dts.count() / 1000);
    }
    return all;
}

/// Both tracks have begun and hold nothing.
Interleaver begun() {
    Interleaver interleaver;
    interleaver.add(picture(0ms, Kind::Key), 0ms);
    interleaver.add(sound(0ms), 0ms);
    out(interleaver, 0ms);
    return interleaver;
}

TEST(Interleaver, SoundWaitsForThePictureThatIsBeforeIt) {
    auto interleaver = begun();
    interleaver.add(sound(20ms), 20ms);
    interleaver.add(sound(40ms), 40ms);
    EXPECT_EQ(out(interleaver, 40ms), "");
    interleaver.add(picture(33ms), 60ms);
    EXPECT_EQ(out(interleaver, 60ms), "a20 v33");
    interleaver.add(picture(66ms), 70ms);
    EXPECT_EQ(out(interleaver, 70ms), "a40");
}

TEST(Interleaver, APictureWaitsForSoundJustSo) {
    auto interleaver = begun();
    interleaver.add(picture(33ms), 33ms);
    EXPECT_EQ(out(interleaver, 50ms), "");
    interleaver.add(sound(21ms), 50ms);
    interleaver.add(sound(42ms), 70ms);
    EXPECT_EQ(out(interleaver, 70ms), "a21 v33");
}

TEST(Interleaver, NothingWaitsLongerThanItsPatience) {
    auto interleaver = begun();
    interleaver.add(sound(20ms), 20ms);
    EXPECT_EQ(interleaver.due(), 80ms);
    EXPECT_EQ(out(interleaver, 79ms), "");
    EXPECT_EQ(out(interleaver, 80ms), "a20");
    EXPECT_EQ(interleaver.due(), std::nullopt);
}

TEST(Interleaver, ATrackThatIsAloneWaitsForNothing) {
    Interleaver interleaver;
    interleaver.add(sound(20ms), 20ms);
    EXPECT_EQ(out(interleaver, 20ms), "a20");
    interleaver.add(config(Track::Video), 30ms);
    interleaver.add(sound(40ms), 40ms);
    EXPECT_EQ(out(interleaver, 40ms), "a40") << "it has not begun";
}

TEST(Interleaver, ATrackThatHasGoneQuietIsNotWaitedFor) {
    auto interleaver = begun();
    interleaver.add(sound(400ms), 470ms);
    EXPECT_EQ(interleaver.due(), 500ms);
    EXPECT_EQ(out(interleaver, 500ms), "a400");
    interleaver.add(sound(480ms), 501ms);
    EXPECT_EQ(out(interleaver, 501ms), "a480");
    interleaver.add(picture(490ms), 510ms);
    EXPECT_EQ(out(interleaver, 510ms), "") << "it is there again, and ahead of the sound";
}

TEST(Interleaver, AConfigOfPicturesWaitsForItsKeyFrameAndOneOfSoundForNothing) {
    Interleaver interleaver;
    interleaver.add(config(Track::Audio), 0ms);
    EXPECT_EQ(out(interleaver, 0ms), "config a0");
    interleaver.add(config(Track::Video, 100ms), 10ms);
    EXPECT_EQ(interleaver.due(), 70ms);
    EXPECT_EQ(out(interleaver, 10ms), "");
    interleaver.add(picture(40ms, Kind::Key), 11ms);
    EXPECT_EQ(out(interleaver, 11ms), "config v100 v40");
}

TEST(Interleaver, AConfigStaysBeforeWhatItGoverns) {
    auto interleaver = begun();
    interleaver.add(picture(33ms), 33ms);
    interleaver.add(config(Track::Video, 66ms), 66ms);
    interleaver.add(picture(66ms, Kind::Key), 66ms);
    EXPECT_EQ(out(interleaver, 66ms), "");
    interleaver.add(sound(70ms), 80ms);
    EXPECT_EQ(out(interleaver, 80ms), "v33 config v66 v66");
}

TEST(Interleaver, WhatIsHeldComesOutInOrderAtTheEnd) {
    auto interleaver = begun();
    interleaver.add(sound(20ms), 20ms);
    interleaver.add(sound(40ms), 40ms);
    std::vector<Timestamp> times;
    interleaver.add(picture(33ms), 41ms);
    while (const auto packet = interleaver.next(Timestamp::max())) times.push_back(packet->dts);
    EXPECT_EQ(times, (std::vector<Timestamp>{20ms, 33ms, 40ms}));
}

TEST(Interleaver, WhateverComesEachTrackKeepsItsOrderAndNothingIsLostOrHeldTooLong) {
    std::mt19937 random(1);
    for (int run = 0; run < 200; ++run) {
        Interleaver interleaver;
        std::array<std::vector<Timestamp>, 2> added, seen;
        std::array<Timestamp, 2> next{};
        for (Timestamp now = 0ms; now < 3s; now += Timestamp(1000 * (1 + random() % 20))) {
            if (random() % 3) {
                const auto track = random() % 2 ? Track::Video : Track::Audio;
                auto& dts = next[static_cast<std::size_t>(track)];
                dts += Timestamp(random() % 60'000);
                interleaver.add({track, Kind::Key, now, dts, nullptr, nullptr}, now);  // pts: when it was added
                added[static_cast<std::size_t>(track)].push_back(dts);
            }
            while (const auto packet = interleaver.next(now))
                seen[static_cast<std::size_t>(packet->track)].push_back(packet->dts);
            if (const auto due = interleaver.due()) {
                EXPECT_GT(*due, now);
                EXPECT_LE(*due, now + Interleaver::kPatience);
            }
        }
        while (const auto packet = interleaver.next(Timestamp::max()))
            seen[static_cast<std::size_t>(packet->track)].push_back(packet->dts);
        EXPECT_EQ(seen, added) << "run " << run;
    }
}

}  // namespace
}  // namespace livepusher::pipeline
