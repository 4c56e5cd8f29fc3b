// SPDX-License-Identifier: MIT
#include "camera_case.hpp"
#include "capture/test_counter.hpp"

namespace livepusher::capture {
namespace {

using What = CameraRequest::What;

class CameraSource : public CameraCase {};

TEST_F(CameraSource, GivesEveryFrameThatTheDriverHasInTheNativeMode) {
    for (const char* format : {"YUYV", "YU12", "MJPG", "YVYU", "GREY", "NV16", "BGR4", "XR24", "RGBP"}) {
        set("FAKE_CAMERA_FORMATS", format);
        CameraTape tape;
        const auto source = camera("0");
        const auto begun = now();
        const auto opened = source->start(wanted(1280, 720), tape.sink());
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(opened->width, 1280);
        EXPECT_EQ(opened->height, 720);
        EXPECT_EQ(opened->fps, 30);
        EXPECT_EQ(opened->description, "camera \"Fake camera 0 (/dev/video0)\", " + std::string(format) + " 1280x720 at 30 fps");
        ASSERT_TRUE(tape.waitFrames(20));
        source->stop();
        const auto frames = tape.frames();
        const auto modulo = std::string(format) == "MJPG" ? 8U : 1U << 31U;  // its pictures come again
        std::uint32_t missing = 0;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto number = readTestCounter(frames[i]);
            ASSERT_TRUE(number);
            EXPECT_GE(frames[i].pts, begun);
            EXPECT_LE(frames[i].pts, now());
            EXPECT_TRUE(numberOf(frames[i]) == 0 || std::string(format) == "GREY");
            if (i == 0) continue;
            EXPECT_GT(frames[i].pts, frames[i - 1].pts);
            missing += (*number + modulo - *readTestCounter(frames[i - 1]) - 1) % modulo;
        }
        // A machine that is busy elsewhere may leave a camera without a buffer; every other frame comes.
        const auto told = log();
        const auto end = told.rfind(" lost"), begin = told.rfind(' ', end - 1);
        EXPECT_LE(missing, std::stoul(told.substr(begin, end - begin))) << told;
    }
}

TEST_F(CameraSource, JpegsOfAnotherSizeThanAgreedAreTakenFromTheStartAndInMidStream) {
    set("FAKE_CAMERA_FORMATS", "MJPG");
    control("0 padded");
    const auto source = camera("0");
    const auto opened = source->start(wanted(640, 360), tape_.sink());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->height, 360);
    ASSERT_TRUE(tape_.waitFrames(3));
    const auto padded = tape_.frames();
    EXPECT_EQ(padded.back().height(), 360);
    EXPECT_TRUE(readTestCounter(padded.back())) << "it was not cut below";
    control("0 half");
    const auto height = [&](int is) {
        return tape_.wait([&](const auto& all) {
            return !all.empty() && all.back().frame && all.back().frame->height() == is && readTestCounter(*all.back().frame);
        });
    };
    EXPECT_TRUE(height(180));
    control("0 ok");
    EXPECT_TRUE(height(360));
    source->stop();
    EXPECT_TRUE(said(tape_, {})) << "it was taken for lost";
    int told = 0;
    std::vector<std::pair<int, int>> heights;
    for (const auto& entry : tape_.entries()) {
        if (entry.format) told = entry.format->height;
        if (entry.frame && told != 0) heights.emplace_back(entry.frame->height(), told);
    }
    EXPECT_EQ(told, 360);
    for (const auto& [is, said] : heights) EXPECT_EQ(is, said);
}

TEST_F(CameraSource, IsFoundByNumberPathIdAndName) {
    for (const char* id : {"1", "/dev/video1", "platform:fake_camera-1-Fake_camera_1-index0", "Fake camera 1"}) {
        CameraTape tape;
        const auto source = camera(id);
        ASSERT_TRUE(source->start(wanted(), tape.sink())) << id;
        ASSERT_TRUE(tape.waitFrames(1));
        source->stop();
        EXPECT_EQ(numberOf(tape.frames().front()), 1) << id;
    }
}

TEST_F(CameraSource, FrontAndBackAreTheFirstAndTheSecondOrAsConfiguredOrAsTheDriversSay) {
    const auto shown = [&](DevicePosition position, const CameraIds& ids = {}) {
        CameraTape tape;
        const auto source = camera("", ids);
        auto want = wanted();
        want.position = position;
        if (auto opened = source->start(want, tape.sink()); !opened) return opened.error().message;
        EXPECT_TRUE(tape.waitFrames(1));
        source->stop();
        return std::to_string(numberOf(tape.frames().front()));
    };
    EXPECT_EQ(shown(DevicePosition::front), "0");
    EXPECT_EQ(shown(DevicePosition::back), "1");
    EXPECT_EQ(shown(DevicePosition::front, {.front = "Fake camera 1", .back = "0"}), "1");
    EXPECT_EQ(shown(DevicePosition::back, {.front = "Fake camera 1", .back = "0"}), "0");
    EXPECT_NE(shown(DevicePosition::front, {.front = "gone"}).find("\"gone\": is not there"), std::string::npos);
    set("FAKE_CAMERA_SIDES", "10");
    EXPECT_EQ(shown(DevicePosition::front), "1");
    EXPECT_EQ(shown(DevicePosition::back), "0");
    set("FAKE_CAMERAS", "1");
    set("FAKE_CAMERA_SIDES", "");
    EXPECT_EQ(shown(DevicePosition::back), "0") << "the only one";
}

TEST_F(CameraSource, EachFailureOfAStartHasItsCode) {
    const auto failure = [&](const std::string& state, const std::string& id) {
        control(state);
        const auto opened = camera(id)->start(wanted(), tape_.sink());
        return opened ? Error{Code::Ok, "it started"} : opened.error();
    };
    const auto denied = failure("0 deny", "0");
    EXPECT_EQ(denied.code, Code::CameraDenied);
    EXPECT_NE(denied.message.find("group \"video\""), std::string::npos) << denied.message;
    EXPECT_EQ(failure("0 deny\n1 deny", "").code, Code::CameraDenied);
    const auto busy = failure("0 busy", "0");
    EXPECT_EQ(busy.code, Code::CameraFailed);
    EXPECT_NE(busy.message.find("\"Fake camera 0 (/dev/video0)\": is in use"), std::string::npos) << busy.message;
    const auto missing = failure("0 unplug", "0");
    EXPECT_EQ(missing.code, Code::CameraFailed);
    EXPECT_NE(missing.message.find("\"/dev/video0\": is not there"), std::string::npos) << missing.message;
    const auto unknown = failure("0 ok", "some camera");
    EXPECT_NE(unknown.message.find("\"some camera\": is not there"), std::string::npos) << unknown.message;
    const auto none = failure("0 unplug\n1 unplug", "");
    EXPECT_EQ(none.code, Code::CameraFailed);
    EXPECT_NE(none.message.find("there is no camera"), std::string::npos) << none.message;
    EXPECT_EQ(failure("0 ok", "/dev/null").code, Code::CameraFailed);
    set("FAKE_CAMERA_FORMATS", "none");
    const auto formats = failure("0 ok", "0");
    EXPECT_EQ(formats.code, Code::CameraFailed);
    EXPECT_NE(formats.message.find("no format"), std::string::npos) << formats.message;
    EXPECT_NE(formats.message.find("it has none"), std::string::npos) << formats.message;
    set("FAKE_CAMERA_FORMATS", "H264");
    const auto coded = failure("0 ok", "0");
    EXPECT_NE(coded.message.find("it has H264; must be one of YU12, "), std::string::npos) << coded.message;
    EXPECT_TRUE(tape_.entries().empty());
}

TEST_F(CameraSource, AStartIsTriedAgainWhileTheCameraIsBusySilentOrNotThere) {
    for (const char* trouble : {"busy", "unplug", "eio", "mute"}) {
        control(std::string("0 ") + trouble);
        CameraTape tape;
        const auto source = camera("0");
        auto want = wanted();
        want.patience = std::chrono::seconds(30);
        auto start = std::async(std::launch::async, [&] { return source->start(want, tape.sink()); });
        ASSERT_TRUE(tape.waitCode(-1301)) << trouble;
        EXPECT_NE(tape.textOf(-1301).find("tried again"), std::string::npos) << tape.textOf(-1301);
        control("0 ok");
        const auto opened = start.get();
        ASSERT_TRUE(opened) << trouble << ": " << opened.error().message;
        EXPECT_TRUE(tape.waitFrames(3)) << trouble;
        source->stop();
        EXPECT_TRUE(said(tape, {-1301})) << trouble;
    }
}

TEST_F(CameraSource, AStartThatHasNoHopeIsNotTriedAgain) {
    auto want = wanted();
    want.patience = std::chrono::hours(1);
    control("0 deny");
    EXPECT_EQ(camera("0")->start(want, tape_.sink()).error().code, Code::CameraDenied);
    control("0 ok");
    EXPECT_EQ(camera("/dev/null")->start(want, tape_.sink()).error().native, EINVAL);
    set("FAKE_CAMERA_FORMATS", "H264");
    EXPECT_EQ(camera("0")->start(want, tape_.sink()).error().native, EINVAL);
    EXPECT_TRUE(said(tape_, {}));
}

TEST_F(CameraSource, ACameraThatIsWaitedForComesWhenItIsThere) {
    control("0 unplug");
    const auto source = camera("0");
    auto want = wanted();
    want.waits = true;
    const auto opened = source->start(want, tape_.sink());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->description, "");
    EXPECT_EQ(opened->width, 640);
    EXPECT_TRUE(tape_.waitCode(-1301));
    for (const auto what : {What::MaxZoom, What::Torch, What::Switch}) {
        const auto asked = ask(*source, what);
        ASSERT_FALSE(asked);
        EXPECT_NE(asked.error().message.find("is not there at the moment"), std::string::npos) << asked.error().message;
    }
    control("0 ok");
    ASSERT_TRUE(tape_.waitCode(1003));
    ASSERT_TRUE(tape_.waitFrames(3));
    EXPECT_NE(tape_.textOf(1003).find("YUYV 640x360"), std::string::npos) << tape_.textOf(1003);
    control("0 unplug");
    EXPECT_TRUE(tape_.waitCode(1009));
    source->stop();
    control("0 busy");
    ASSERT_TRUE(source->start(want, tape_.sink()));
    source->stop();  // while it waits
}

TEST_F(CameraSource, ACameraThatGivesNoFrameIsGivenUpAfterFiveSeconds) {
    control("0 stall");
    const auto opened = camera("0")->start(wanted(), tape_.sink());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::CameraFailed);
    EXPECT_NE(opened.error().message.find("gives no picture"), std::string::npos) << opened.error().message;
}

TEST_F(CameraSource, AnInterruptEndsAStartThatWaitsAndAllFurtherOnes) {
    control("0 hang");
    const auto source = camera("0");
    auto start = std::async(std::launch::async, [&] { return source->start(wanted(), tape_.sink()); });
    source->interrupt();
    const auto opened = start.get();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::Cancelled);
    control("0 ok");
    EXPECT_FALSE(source->start(wanted(), tape_.sink()));
}

TEST_F(CameraSource, ADriverThatHangsDoesNotHoldStop) {
    const auto source = camera("0");
    ASSERT_TRUE(source->start(wanted(), tape_.sink()));
    ASSERT_TRUE(tape_.waitFrames(1));
    control("0 hang");
    const auto asked = std::make_shared<std::promise<Result<double>>>();
    auto answer = asked->get_future();
    source->request(
        {.what = What::MaxZoom, .zoom = 1, .reply = [asked](Result<double> result) { asked->set_value(std::move(result)); }});
    const auto begun = now();
    source->stop();
    std::printf("stop() with a driver that hangs: %.0f ms\n", static_cast<double>((now() - begun).count()) / 1000);
    ASSERT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready) << "every request has its answer after stop()";
    EXPECT_FALSE(tape_.frames().empty());
    control("0 ok");
    while (log().find("close 0") == std::string::npos) std::this_thread::yield();  // what was left behind ends
}

TEST_F(CameraSource, BrokenFramesAreLeftOut) {
    for (const char* format : {"YUYV", "MJPG"}) {
        set("FAKE_CAMERA_FORMATS", format);
        control("0 ok");
        CameraTape tape;
        const auto source = camera("0");
        ASSERT_TRUE(source->start(wanted(), tape.sink()));
        ASSERT_TRUE(tape.waitFrames(2));
        control("0 corrupt");
        const auto broken = [this] {
            const auto text = log();
            int count = 0;
            for (auto at = text.find("broken 0"); at != std::string::npos; at = text.find("broken 0", at + 1)) ++count;
            return count;
        };
        const int before = broken();
        while (broken() < before + 5) std::this_thread::yield();
        control("0 ok");
        ASSERT_TRUE(tape.waitFrames(3));
        source->stop();
        EXPECT_TRUE(tape.codes().empty());
        for (const auto& frame : tape.frames()) EXPECT_TRUE(readTestCounter(frame));
    }
}

TEST_F(CameraSource, AnUnpluggedCameraIsToldAndComesBackAlsoAtAnotherNode) {
    const auto source = camera("0");
    ASSERT_TRUE(source->start(wanted(), tape_.sink()));
    ASSERT_TRUE(tape_.waitFrames(2));
    control("0 unplug");
    ASSERT_TRUE(tape_.waitCode(-1301));
    EXPECT_TRUE(said(tape_, {1009, -1301}));
    EXPECT_NE(tape_.textOf(1009).find("Fake camera 0"), std::string::npos);
    EXPECT_NE(tape_.textOf(-1301).find("is not there"), std::string::npos) << tape_.textOf(-1301);
    const auto zoom = ask(*source, What::Zoom, 2);
    ASSERT_FALSE(zoom);
    EXPECT_NE(zoom.error().message.find("gone"), std::string::npos);
    control("0 ok 5");
    ASSERT_TRUE(tape_.waitCode(1003));
    EXPECT_TRUE(said(tape_, {1009, -1301, 1010, 1003}));
    ASSERT_TRUE(tape_.waitFrames(2));
    source->stop();
    EXPECT_NE(tape_.textOf(1003).find("(/dev/video5)"), std::string::npos);
    EXPECT_EQ(numberOf(tape_.frames().back()), 0);
    const auto entries = tape_.entries();
    const auto returned = std::ranges::find_if(entries, [](const auto& e) { return e.code == 1010; });
    ASSERT_TRUE(returned + 1 != entries.end() && (returned + 1)->format) << "the format comes before the frames";
}

TEST_F(CameraSource, OneThatFailsOrFallsSilentIsOpenedAnew) {
    for (const char* fault : {"0 eio", "0 stall"}) {
        control("0 ok");
        CameraTape tape;
        const auto source = camera("0");
        ASSERT_TRUE(source->start(wanted(), tape.sink()));
        ASSERT_TRUE(tape.waitFrames(2));
        control(fault);
        ASSERT_TRUE(tape.waitCode(-1301));
        control("0 ok");
        ASSERT_TRUE(tape.waitCode(1003));
        ASSERT_TRUE(tape.waitFrames(2));
        source->stop();
        EXPECT_TRUE(said(tape, {1009, -1301, 1010, 1003})) << fault;
    }
}

TEST_F(CameraSource, StopsAtOnceWhileALostCameraIsLookedFor) {
    const auto source = camera("0");
    ASSERT_TRUE(source->start(wanted(), tape_.sink()));
    ASSERT_TRUE(tape_.waitFrames(1));
    control("0 unplug");
    ASSERT_TRUE(tape_.waitCode(-1301));
    const auto begun = now();
    source->stop();
    std::printf("stop() while the camera is gone: %.1f ms\n", static_cast<double>((now() - begun).count()) / 1000);
    control("0 ok");
    CameraTape again;
    EXPECT_TRUE(source->start(wanted(), again.sink()));
    EXPECT_TRUE(again.waitFrames(1));
    source->stop();
}

TEST_F(CameraSource, MayBeStartedAgain) {
    const auto source = camera("0");
    for (int i = 0; i < 3; ++i) {
        CameraTape tape;
        ASSERT_TRUE(source->start(wanted(), tape.sink()));
        ASSERT_TRUE(tape.waitFrames(2));
        source->stop();
        source->stop();
    }
}

}  // namespace
}  // namespace livepusher::capture
