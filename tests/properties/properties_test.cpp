// SPDX-License-Identifier: MIT
#include <livepusher/json.hpp>
#include <livepusher/properties.hpp>

#include "net/reconnect_spec.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace livepusher {
namespace {

/// A value of each property that is not its default.
const std::map<std::string_view, std::string> kOther{{"url", "rtmp://host/app/key"},
                                                     {"streamKey", "a b/c?d"},
                                                     {"targets", "second=rtmp://host/app/key"},
                                                     {"steer", "all"},
                                                     {"profile", "liveRoomPush"},
                                                     {"mode", "HD"},
                                                     {"devicePosition", "back"},
                                                     {"orientation", "horizontal"},
                                                     {"aspect", "3:4"},
                                                     {"videoWidth", "640"},
                                                     {"videoHeight", "480"},
                                                     {"fps", "30"},
                                                     {"minBitrate", "300"},
                                                     {"maxBitrate", "900"},
                                                     {"audioQuality", "low"},
                                                     {"audioVolumeType", "media"},
                                                     {"waitingImage", "a.png"},
                                                     {"waitingImageHash", "00112233445566778899aabbccddeeff"},
                                                     {"beauty", "9"},
                                                     {"beautyStyle", "nature"},
                                                     {"whiteness", "3"},
                                                     {"filter", "cerisered"},
                                                     {"skinWhiteness", "0.5"},
                                                     {"skinSmoothness", "1"},
                                                     {"faceThinness", "0.25"},
                                                     {"eyeBigness", "0.75"},
                                                     {"localMirror", "disable"},
                                                     {"audioReverbType", "7"},
                                                     {"voiceChangerType", "11"},
                                                     {"pictureInPictureMode", "push,pop"},
                                                     {"gop", "3.5"},
                                                     {"videoFit", "contain"},
                                                     {"videoPreset", "ultrafast"},
                                                     {"audioBitrate", "128"},
                                                     {"filterStrength", "0.5"},
                                                     {"filterFile", "film.cube"},
                                                     {"watermark", "logo.png"},
                                                     {"watermarkX", "0.5"},
                                                     {"watermarkY", "0.25"},
                                                     {"watermarkWidth", "0.5"},
                                                     {"faceModels", "models"},
                                                     {"audioCodec", "opus"},
                                                     {"micChannels", "left"},
                                                     {"videoCodec", "hevc"},
                                                     {"videoEncoder", "hardware"},
                                                     {"fallbackOn", "lost,black"},
                                                     {"fallbackAfter", "0.5"},
                                                     {"focus", "0.5"},
                                                     {"insetPosition", "topLeft"},
                                                     {"insetWidth", "0.4"},
                                                     {"pauseTimeout", "0"},
                                                     {"netStatusInterval", "0.5"},
                                                     {"audioVolumeInterval", "100"},
                                                     {"reconnect", "5x2"},
                                                     {"enhancedRtmp", "assume"},
                                                     {"adaptation", "rtc"},
                                                     {"proxy", "socks5://user:secret@proxy.example:1080"},
                                                     {"networkInterface", "eth1"},
                                                     {"recordSplit", "600"},
                                                     {"replaySeconds", "30"},
                                                     {"caFile", "ca.pem"},
                                                     {"snapshotDirectory", "pictures"}};

}  // namespace

TEST(Properties, EachTakesAValueUnderEachOfItsNamesAndGivesItBack) {
    for (const auto& info : allProperties()) {
        const auto other = info.type == "bool" ? std::string(info.defaultValue == "true" ? "false" : "true")
                           : info.account      ? "theirs"
                                               : kOther.at(info.name);
        std::vector<std::string> names{std::string(info.name), info.kebabName};
        names.insert(names.end(), info.aliases.begin(), info.aliases.end());
        for (const auto& name : names) {
            Properties p;
            ASSERT_TRUE(setProperty(p, name, other)) << name;
            EXPECT_EQ(*formatProperty(p, name), other);
            EXPECT_NE(p, Properties{}) << name;
            ASSERT_TRUE(setProperty(p, name, info.defaultValue)) << name;
            EXPECT_EQ(p, Properties{}) << name;
        }
    }
}

TEST(Properties, NamesAreDistinctInEverySpelling) {
    std::set<std::string> names;
    for (const auto& info : allProperties()) {
        EXPECT_TRUE(names.insert(std::string(info.name)).second) << info.name;
        if (info.kebabName != info.name) {
            EXPECT_TRUE(names.insert(info.kebabName).second) << info.kebabName;
        }
    }
}

TEST(Properties, TheDefaultsAreValid) { EXPECT_TRUE(validate(Properties{})); }

struct Bad {
    const char* name;
    const char* value;
    const char* message;
};

TEST(Properties, ABadValueIsRefusedWithItsNameTheValueAndWhatIsAllowed) {
    const Bad bad[]{
        {"fps", "90", "fps \"90\": must be 1..60"},
        {"filterFile", "file://elsewhere/x.cube", "filterFile \"file://elsewhere/x.cube\": must be path of a .cube file"},
        {"fps", "abc", "fps \"abc\": must be 1..60"},
        {"fps", "", "fps \"\": must be 1..60"},
        {"beauty", "10", "beauty \"10\": must be 0..9"},
        {"beauty", "-1", "beauty \"-1\": must be 0..9"},
        {"video-width", "361", "videoWidth \"361\": must be 64..4096, even"},
        {"voiceChangerType", "5", "voiceChangerType \"5\": must be 0..4, 6..11 (there is no 5)"},
        {"mode", "hd", "mode \"hd\": must be QVGA, HVGA, SD, HD, FHD, RTC"},
        {"muted", "perhaps", "muted \"perhaps\": must be true, false"},
        {"eyeBigness", "nan", "eyeBigness \"nan\": must be 0..1"},
        {"gop", "0.1", "gop \"0.1\": must be 0.5..10"},
        {"waiting-image-md5", "xyz", "waitingImageHash \"xyz\": must be an MD5 in hex, 32 digits"},
        {"reconnect", "often", "reconnect \"often\": must be default, vendor (3x3), off, or COUNTxSECONDS such as 5x2"},
        {"bitrat", "1", "unknown property \"bitrat\""},
        {"max-bitrat", "1", "unknown property \"max-bitrat\": did you mean maxBitrate?"},
    };
    for (const auto& b : bad) {
        Properties p;
        const auto set = setProperty(p, b.name, b.value);
        ASSERT_FALSE(set) << b.name;
        EXPECT_EQ(set.error().message, b.message);
        EXPECT_EQ(set.error().code, Code::InvalidArgument);
        EXPECT_EQ(p, Properties{});
    }
}

TEST(Properties, ABadUrlIsRefusedWithoutRepeatingItsKey) {
    Properties p;
    const auto set = setProperty(p, "url", "ftp://host/app/s3cret-key");
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().message.find("s3cret"), std::string::npos) << set.error().message;
    EXPECT_NE(set.error().message.find("rtmp://"), std::string::npos) << set.error().message;
}

TEST(Properties, ValuesSetPastTheParserAreCheckedToo) {
    Properties p;
    p.fps = 0;
    const auto valid = validate(p);
    ASSERT_FALSE(valid);
    EXPECT_EQ(valid.error().message, "fps \"0\": must be 1..60");
}

TEST(Properties, RulesBetweenPropertiesAreKept) {
    Properties p;
    p.minBitrate = 900;
    p.maxBitrate = 800;
    EXPECT_EQ(validate(p).error().message, "minBitrate 900: must not be above maxBitrate 800");
    p = {};
    p.eyeBigness = 0.5;
    EXPECT_EQ(validate(p).error().message, "eyeBigness 0.5: needs customEffect=true before start");
    p.customEffect = true;
    EXPECT_TRUE(validate(p));
}

TEST(Properties, OpusGoesWhereverItIsCarried) {
    const struct {
        const char* url;
        bool asked, carried;
    } cases[] = {
        {"", false, true},
        {"out.flv", false, true},
        {"http://host/live/key.flv", false, true},
        {"rtmp://host/live/s3cret-key", false, false},
        {"rtmps://host/live/s3cret-key", false, false},
        {"rtmp://host/live/s3cret-key", true, true},
        {"rtmps://host/live/s3cret-key", true, true},
    };
    for (const auto& c : cases) {
        Properties p;
        p.url = c.url;
        p.enhancedRtmp = c.asked ? EnhancedRtmp::automatic : EnhancedRtmp::off;
        EXPECT_TRUE(validate(p)) << c.url;
        p.audioCodec = AudioCodec::opus;
        const auto valid = validate(p);
        EXPECT_EQ(valid.has_value(), c.carried) << c.url;
        if (valid) continue;
        EXPECT_EQ(valid.error().code, Code::InvalidArgument);
        EXPECT_EQ(
            valid.error().message,
            "audioCodec opus: an rtmp or rtmps url takes it only by Enhanced RTMP, and enhancedRtmp is off: set auto, require "
            "or assume, or audioCodec=aac");
    }
}

TEST(Properties, EnhancedRtmpIsSpelledAsTheSwitchThatItWasToo) {
    const std::pair<const char*, EnhancedRtmp> spellings[]{
        {"off", EnhancedRtmp::off},        {"false", EnhancedRtmp::off},       {"0", EnhancedRtmp::off},
        {"auto", EnhancedRtmp::automatic}, {"require", EnhancedRtmp::require}, {"true", EnhancedRtmp::require},
        {"on", EnhancedRtmp::require},     {"1", EnhancedRtmp::require},       {"assume", EnhancedRtmp::assume},
    };
    for (const auto& [text, meant] : spellings) {
        Properties p;
        ASSERT_TRUE(setProperty(p, "enhancedRtmp", text)) << text;
        EXPECT_EQ(p.enhancedRtmp, meant) << text;
    }
    Properties p;
    EXPECT_EQ(setProperty(p, "enhancedRtmp", "yes").error().message, "enhancedRtmp \"yes\": must be off, auto, require, assume");
    for (const bool on : {true, false}) {
        ASSERT_TRUE(setProperties(p, *propertyTexts(on ? R"({"enhancedRtmp":true})" : R"({"enhancedRtmp":false})")));
        EXPECT_EQ(p.enhancedRtmp, on ? EnhancedRtmp::require : EnhancedRtmp::off);
    }
    EXPECT_FALSE(propertyTexts(R"({"enhancedRtmp":1})"));
}

TEST(ReconnectSpec, NamesAndNumbersAreRead) {
    using namespace std::chrono_literals;
    EXPECT_EQ(base::ReconnectSpec::parse("vendor")->delays, (std::vector<std::chrono::milliseconds>{3s, 3s, 3s}));
    EXPECT_TRUE(base::ReconnectSpec::parse("off")->delays.empty());
    EXPECT_EQ(base::ReconnectSpec::parse("2x0.5")->delays, (std::vector<std::chrono::milliseconds>{500ms, 500ms}));
    for (const auto* bad : {"", "x", "3x", "x3", "0x1", "3x0", "3x1s", "-1x1"})
        EXPECT_FALSE(base::ReconnectSpec::parse(bad)) << bad;
}

}  // namespace livepusher
