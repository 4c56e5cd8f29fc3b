// SPDX-License-Identifier: MIT
#include "parsed.hpp"

namespace livepusher {
namespace {

using testing::keys;
using testing::parsed;
using Words = std::vector<std::string>;

}  // namespace

TEST(EventJson, HasTheDocumentsKeysAndTheTimeLast) {
    EXPECT_EQ(keys(toJson(StateChangeEvent{1002, "m"})), (Words{"event", "code", "message", "time"}));
    EXPECT_EQ(keys(toJson(ErrorEvent{"m", 10003})), (Words{"event", "errCode", "errMsg", "time"}));
    EXPECT_EQ(keys(toJson(BgmProgressEvent{1, 2})), (Words{"event", "progress", "duration", "time"}));
    EXPECT_EQ(keys(audioVolumeJson(7)), (Words{"event", "level", "time"}));
    EXPECT_EQ(keys(plainEventJson("bgmstart")), (Words{"event", "time"}));
    EXPECT_EQ(keys(toJson("start", MethodResult{})), (Words{"event", "method", "ok", "errCode", "errMsg", "time"}));
    EXPECT_EQ(keys(toJson("snapshot", SnapshotResult{})),
              (Words{"event", "method", "ok", "errCode", "errMsg", "tempImagePath", "width", "height", "time"}));
}

TEST(EventJson, ListsAreMadeOfWhatWasFound) {
    EXPECT_EQ(keys(toJson("getMaxZoom", MaxZoomResult{})),
              (Words{"event", "method", "ok", "errCode", "errMsg", "maxZoom", "time"}));
    DeviceList devices;
    devices.cameras.push_back({.id = "usb-1",
                               .name = "Camera",
                               .path = "/dev/video0",
                               .position = DevicePosition::back,
                               .modes = {{"YUYV", 640, 480, 29.97}},
                               .controls = {{"Focus", 0, 10, 1, 5, 7}}});
    devices.cameras.push_back({.problem = "denied"});
    devices.microphones.push_back({.id = "mic", .server = "pulse", .isDefault = true});
    devices.screens.push_back({.id = ":0", .width = 1920, .height = 1080});
    devices.notes = {"nothing else"};
    const auto made = parsed(toJson(devices));
    EXPECT_EQ(made["cameras"][0]["position"], "back");
    EXPECT_TRUE(made["cameras"][1]["position"].is_null()) << "not told";
    EXPECT_EQ(made["cameras"][0]["modes"][0]["fps"], 29.97);
    EXPECT_EQ(made["cameras"][0]["controls"][0]["value"], 7);
    EXPECT_EQ(made["cameras"][1]["problem"], "denied");
    EXPECT_EQ(made["microphones"][0]["isDefault"], true);
    EXPECT_EQ(made["screens"][0]["height"], 1080);
    EXPECT_EQ(made["notes"][0], "nothing else");
    const std::vector<EncoderInfo> encoders{{VideoCodec::hevc, "hevc_vaapi", true, false, "no GPU", 0.5}};
    const auto list = parsed(toJson(encoders));
    EXPECT_EQ(list[0]["codec"], "hevc");
    EXPECT_EQ(list[0]["problem"], "no GPU");
}

TEST(EventJson, AResultTellsWhetherItWentWell) {
    EXPECT_EQ(parsed(toJson("start", MethodResult{0, "start:ok"}))["ok"], true);
    const auto failed = parsed(toJson("start", MethodResult{3002, "start:fail no route"}));
    EXPECT_EQ(failed["ok"], false);
    EXPECT_EQ(failed["errCode"], 3002);
    EXPECT_EQ(failed["errMsg"], "start:fail no route");
}

TEST(EventJson, NetStatusHasEveryFigureOfTheContract) {
    NetStatus status;
    status.videoFPS = 14.98765;
    status.serverIp = "192.0.2.1";
    const auto info = parsed(toJson(status));
    for (const char* name :
         {"videoBitrate", "audioBitrate", "videoFPS",   "videoGOP",   "netSpeed",  "netJitter",  "netQualityLevel",
          "videoWidth",   "videoHeight",  "videoCache", "audioCache", "videoDrop", "audioDrop",  "serverIp",
          "cpuUsage",     "queueDelay",   "rtt",        "reconnects", "bytesSent", "encodeLoad", "videoPreset"})
        EXPECT_TRUE(info.contains(name)) << name;
    EXPECT_EQ(info["videoFPS"], 14.988);
    EXPECT_EQ(parsed(toJson(NetStatusEvent{status}))["info"], info);
}

TEST(EventJson, IsOneLineWhateverTheText) {
    const auto line = toJson(ErrorEvent{"two\nlines \xff\xfe \"quoted\"", 1});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(parsed(line)["errMsg"], "two\nlines \xef\xbf\xbd\xef\xbf\xbd \"quoted\"");
}

TEST(EventJson, HandlersHandEveryEventOnUnderItsName) {
    Words names;
    Words events;
    int codes = 0;
    const auto handlers = jsonHandlers([&](std::string_view event, int code, const std::string& json) {
        codes += code;
        names.emplace_back(event);
        events.push_back(parsed(json)["event"]);
    });
    handlers.onStateChange({1002, "m"});
    handlers.onNetStatus({});
    handlers.onError({"m", 10003});
    handlers.onBgmStart();
    handlers.onBgmProgress({});
    handlers.onBgmComplete();
    handlers.onAudioVolumeNotify(1);
    handlers.onAttached();
    handlers.onEnterPictureInPicture();
    handlers.onLeavePictureInPicture();
    EXPECT_EQ(names, (Words{"statechange", "netstatus", "error", "bgmstart", "bgmprogress", "bgmcomplete", "audiovolumenotify",
                            "attached", "enterpictureinpicture", "leavepictureinpicture"}));
    EXPECT_EQ(events, names);
    EXPECT_EQ(codes, 1002 + 10003);
}

}  // namespace livepusher
