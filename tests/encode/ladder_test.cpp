// SPDX-License-Identifier: MIT
#include "encode/ladder.hpp"

#include "decode.hpp"
#include "encode/encoders.hpp"
#include "encode/packet_list.hpp"
#include "fake_clock.hpp"
#include "faulty_encoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <thread>

namespace livepusher::encode {
namespace {

using namespace std::chrono_literals;
using test::Faults;
using test::FaultyEncoder;

// A loaded machine must not look like a driver that hangs; where one does hang, nobody wants to wait long.
constexpr GuardLimits kPatient{.hang = 60s, .slice = 60s, .ending = 60s};
constexpr GuardLimits kQuick{.hang = 1s, .slice = 20ms, .ending = 50ms};

/// Hardware "gpu" and "gpu2" with faults of choice, each opening of which takes the next; software is x264.
struct LadderTest : testing::Test, LadderEncoders {
    const FakeClock clock_;
    FoundHardware found;
    std::map<std::string, Faults> faults{{"gpu", {}}, {"gpu2", {}}};
    bool realHardware = false;
    std::vector<std::pair<Code, std::string>> told;
    std::vector<std::string> made;
    std::vector<std::chrono::milliseconds> waits;
    PacketList sink;
    std::vector<Packet>& packets = sink.packets;
    std::unique_ptr<VideoEncoder> ladder;
    VideoEncoderSettings settings{.width = 128, .height = 96, .preset = "ultrafast"};
    int number = 0;

    void make(VideoEncoderType type, GuardLimits limits = kPatient) {
        VideoEncoderChoice choice{.type = type, .onCode = [this](Code code, std::string text) { told.emplace_back(code, text); }};
        ladder = makeLadder(choice, *this, limits);
    }
    FoundHardware find(VideoCodec, std::chrono::milliseconds wait) override {
        waits.push_back(wait);
        return found;
    }
    std::unique_ptr<VideoEncoder> hardware(const std::string& name) override {
        made.push_back(name);
        return std::make_unique<FaultyEncoder>(faults[name], realHardware ? makeX264Encoder() : nullptr);
    }
    std::unique_ptr<VideoEncoder> software(VideoCodec) override { return makeX264Encoder(); }
    ~LadderTest() override {
        for (auto& [name, each] : faults) each.gate->open();
    }
    std::string open() {
        const auto opened = ladder->open(settings, sink);
        return opened ? *opened : "failed: " + opened.error().message;
    }
    std::string give() {
        auto frame = test::texture(settings.width, settings.height, number);
        frame.pts = Timestamp(number++ * 33'333);
        const auto coded = ladder->encode(frame, false);
        return coded ? "" : coded.error().message;
    }
    /// What the pipeline does when a frame fails.
    std::string reopen() {
        ladder->close();
        return open();
    }
    /// Frames until one fails; what it says.
    std::string giveUntilItFails() {
        for (int i = 0; i < 5000; ++i) {
            if (auto problem = give(); !problem.empty()) return problem;
            std::this_thread::sleep_for(2ms);  // a source's pace
        }
        return "";
    }
    /// Of the only thing told.
    std::string onlyTold(Code code) const {
        if (told.size() != 1 || told[0].first != code) return "told " + std::to_string(told.size()) + " things";
        return told[0].second;
    }
};

TEST_F(LadderTest, AutomaticWithoutHardwareIsSoftwareAtOnceAndSaysNothing) {
    found.problem = "none here";
    make(VideoEncoderType::automatic);
    EXPECT_EQ(open(), "H.264 x264 ultrafast");
    EXPECT_EQ(give(), "");
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(waits, (std::vector{0ms})) << "it never waits for the trial";
    EXPECT_FALSE(ladder->canBeFaster());
}

TEST_F(LadderTest, AutomaticTakesHardwareThatWorks) {
    found.working = {"gpu", "gpu2"};
    make(VideoEncoderType::automatic);
    EXPECT_EQ(open(), "faulty");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(give(), "");
    EXPECT_EQ(packets.size(), 6U);
    EXPECT_EQ(made, (std::vector<std::string>{"gpu"}));
    EXPECT_TRUE(told.empty());
    EXPECT_FALSE(ladder->canBeFaster());
}

TEST_F(LadderTest, HardwareThatIsNotThereIsTold1103OnceAndSoftwareGoesOn) {
    found.problem = "no hardware encoder of H.264 works here (gpu: no node)";
    make(VideoEncoderType::hardware);
    EXPECT_EQ(open(), "H.264 x264 ultrafast");
    EXPECT_EQ(onlyTold(Code::HardwareEncoderFailed),
              "no hardware encoder of H.264 works here (gpu: no node); H.264 x264 ultrafast takes over");
    EXPECT_EQ(give(), "");
    settings.width = 160;
    EXPECT_EQ(reopen(), "H.264 x264 ultrafast");
    EXPECT_EQ(told.size(), 1U);
    EXPECT_EQ(waits, (std::vector<std::chrono::milliseconds>{2s, 0ms})) << "it waits for the trial once";
}

TEST_F(LadderTest, SoftwareNeverAsksForHardware) {
    found.working = {"gpu"};
    make(VideoEncoderType::software);
    EXPECT_EQ(open(), "H.264 x264 ultrafast");
    EXPECT_FALSE(ladder->canBeFaster());
    EXPECT_TRUE(made.empty());
    EXPECT_TRUE(waits.empty());
}

TEST_F(LadderTest, HardwareThatCantBeOpenedGivesWayToTheNextAndThenToSoftware) {
    found.working = {"gpu", "gpu2"};
    faults["gpu"].open = true;
    make(VideoEncoderType::automatic);
    EXPECT_EQ(open(), "faulty");
    EXPECT_EQ(made, (std::vector<std::string>{"gpu", "gpu2"}));
    EXPECT_TRUE(told.empty()) << "hardware encodes";

    faults["gpu2"].open = true;
    make(VideoEncoderType::automatic);
    EXPECT_EQ(open(), "H.264 x264 ultrafast");
    EXPECT_EQ(onlyTold(Code::HardwareEncoderFailed), "gpu2: faulty: the device is gone; H.264 x264 ultrafast takes over");
    reopen();
    EXPECT_EQ(made.size(), 4U) << "given up for the rest of the push";
    EXPECT_EQ(told.size(), 1U);
}

TEST_F(LadderTest, TwoFailedFramesWithin10sAreTheEndOfHardware) {
    found.working = {"gpu"};
    faults["gpu"].frame = 3;
    make(VideoEncoderType::automatic);
    open();
    EXPECT_EQ(giveUntilItFails(), "faulty: a frame failed");
    EXPECT_EQ(reopen(), "faulty") << "one failure is no reason";
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(giveUntilItFails(), "faulty: a frame failed");
    EXPECT_EQ(reopen(), "H.264 x264 ultrafast");
    EXPECT_EQ(onlyTold(Code::HardwareEncoderFailed), "gpu: faulty: a frame failed; H.264 x264 ultrafast takes over");
    EXPECT_EQ(give(), "");
}

TEST_F(LadderTest, HardwareThatHangsOrPutsOutNonsenseIsGivenUpAtOnce) {
    const struct {
        const char* what;
        void (*make)(Faults&);
        const char* words;
        bool hangs = false;
    } cases[] = {
        {"hangs in open", [](Faults& f) { f.hangInOpen = true; }, "gpu: it hung when it was opened", true},
        {"no Config", [](Faults& f) { f.noConfig = true; }, "gpu: it gave no decoder configuration"},
        {"another size", [](Faults& f) { f.otherSize = true; }, "gpu: its pictures are of 64x96, not 128x96"},
        {"hangs in a frame", [](Faults& f) { f.hangInFrame = 4; }, "gpu: it hung in a frame", true},
        {"nothing comes out", [](Faults& f) { f.swallow = 2; }, "gave no picture back", true},
        {"empty packets", [](Faults& f) { f.emptyFrom = 1; }, "gpu: it gave an empty packet"},
        {"no NAL units", [](Faults& f) { f.nonsenseFrom = 1; }, "gpu: it gave a packet that holds no picture"},
        {"no key frame", [](Faults& f) { f.noKey = true; }, "gpu: its first picture is no key frame"},
    };
    for (const auto& c : cases) {
        for (const bool real : {false, true}) {
            if (real && c.hangs) continue;
            SCOPED_TRACE(c.what);
            found.working = {"gpu"};
            realHardware = real;
            faults["gpu"] = {};
            c.make(faults["gpu"]);
            told.clear();
            packets.clear();
            make(VideoEncoderType::automatic, c.hangs ? kQuick : kPatient);
            if (open() != "H.264 x264 ultrafast") {
                EXPECT_NE(giveUntilItFails(), "");
                EXPECT_EQ(reopen(), "H.264 x264 ultrafast");
            }
            EXPECT_NE(onlyTold(Code::HardwareEncoderFailed).find(c.words), std::string::npos)
                << onlyTold(Code::HardwareEncoderFailed);
            const auto before = packets.size();
            EXPECT_EQ(give(), "");
            ASSERT_EQ(packets.size(), before + 1);
            EXPECT_EQ(packets.back().kind, Packet::Kind::Key);
            faults["gpu"].gate->open();
            ladder.reset();
        }
    }
}

TEST_F(LadderTest, ADriverThatHangsAtTheEndHoldsNobodyUp) {
    found.working = {"gpu"};
    faults["gpu"].hangInClose = true;
    make(VideoEncoderType::automatic, kQuick);
    open();
    EXPECT_EQ(give(), "");
    EXPECT_EQ(reopen(), "H.264 x264 ultrafast");
    EXPECT_EQ(onlyTold(Code::HardwareEncoderFailed), "gpu: it hung when it was opened; H.264 x264 ultrafast takes over");
    ladder.reset();
}

TEST_F(LadderTest, ADriverThatTakesItsTimeAtTheEndIsOpenedAgain) {
    found.working = {"gpu"};
    faults["gpu"].hangInClose = true;
    make(VideoEncoderType::automatic, {.hang = 60s, .slice = 60s, .ending = 20ms});
    open();
    EXPECT_EQ(give(), "");
    ladder->close();
    faults["gpu"].gate->open();
    EXPECT_EQ(open(), "faulty");
    EXPECT_EQ(give(), "");
    EXPECT_TRUE(told.empty());
}

TEST_F(LadderTest, ASourceThatPausesIsNoHang) {
    found.working = {"gpu"};
    faults["gpu"].swallow = 2;
    make(VideoEncoderType::automatic, kQuick);
    open();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(give(), "");
        std::this_thread::sleep_for(600ms);  // the pause is what is tried: two are longer than the limit
    }
}

TEST_F(LadderTest, SoftwareThatIsTooSlowGivesWayToHardwareThatTheTrialHasFound) {
    make(VideoEncoderType::automatic);
    EXPECT_EQ(open(), "H.264 x264 ultrafast") << "the trial is not done";
    EXPECT_FALSE(ladder->canBeFaster());
    found.working = {"gpu"};
    EXPECT_TRUE(ladder->canBeFaster());
    EXPECT_EQ(reopen(), "faulty");
    EXPECT_EQ(onlyTold(Code::SwitchedToHardware), "faulty takes over: software was too slow");
    EXPECT_FALSE(ladder->canBeFaster());
}

TEST_F(LadderTest, PicturesOfStandInsForHardwareDecodeAndFollowWhatTheyAreTold) {
    found.working = {"gpu"};
    realHardware = true;
    make(VideoEncoderType::hardware);
    EXPECT_EQ(open(), "faulty H.264 x264 ultrafast");
    for (int i = 0; i < 10; ++i) {
        if (i == 3) ladder->addMessage("hello");
        if (i == 5) {
            EXPECT_TRUE(ladder->setBitrate(300));
        }
        EXPECT_EQ(give(), "");
    }
    settings.width = 192;
    EXPECT_EQ(reopen(), "faulty H.264 x264 ultrafast");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(give(), "");
    ladder->close();
    const auto decoded = test::decodeVideo(packets);
    EXPECT_EQ(decoded.errors, 0);
    ASSERT_EQ(decoded.frames.size(), 15U);
    EXPECT_EQ(decoded.messages[3].size(), 1U);
    EXPECT_EQ(decoded.frames[14].width(), 192);
    EXPECT_TRUE(told.empty());
    for (int i = 0; i < 15; ++i) EXPECT_EQ(decoded.frames[static_cast<std::size_t>(i)].pts, Timestamp(i * 33'333));
}

TEST_F(LadderTest, RefusesFramesBeforeOpen) {
    make(VideoEncoderType::automatic);
    EXPECT_NE(give(), "");
    EXPECT_FALSE(ladder->setBitrate(300));
    ladder->addMessage("nobody hears it");
    ladder->close();
}

}  // namespace
}  // namespace livepusher::encode
