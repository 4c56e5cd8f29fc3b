// SPDX-License-Identifier: MIT
#include <livepusher/player_properties.hpp>

#include "effects/effect.hpp"
#include "net/reconnect_spec.hpp"
#include "properties/network.hpp"
#include "properties/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace livepusher {
namespace {

/// A value of each property that is not its default.
const std::map<std::string_view, std::string> kOtherOfPlayer{{"playUrl", "rtmp://host/app/stream"},
                                                             {"mode", "RTC"},
                                                             {"minCache", "0.5"},
                                                             {"maxCache", "2.5"},
                                                             {"orientation", "horizontal"},
                                                             {"objectFit", "fillCrop"},
                                                             {"soundMode", "ear"},
                                                             {"pictureInPictureMode", "push,pop"},
                                                             {"volume", "0.25"},
                                                             {"videoDecoder", "hardware"},
                                                             {"minSpeed", "0.9"},
                                                             {"maxSpeed", "1.2"},
                                                             {"stutterThreshold", "800"},
                                                             {"endLinger", "0"},
                                                             {"dataTimeout", "30"},
                                                             {"audioDevice", "none"},
                                                             {"reconnect", "vendor"},
                                                             {"caFile", "ca.pem"},
                                                             {"proxy", "socks5://user:secret@proxy.example:1080"},
                                                             {"networkInterface", "eth1"},
                                                             {"netStatusInterval", "0.5"},
                                                             {"audioVolumeInterval", "100"},
                                                             {"clockOffset", "-0.25"},
                                                             {"snapshotDirectory", "pictures"}};

const PropertyInfo& info(std::string_view name) { return *std::ranges::find(allPlayerProperties(), name, &PropertyInfo::name); }

std::string whyNotSet(std::string_view name, std::string_view value) {
    PlayerProperties p;
    const auto set = setProperty(p, name, value);
    EXPECT_EQ(p == PlayerProperties{}, !set || value.empty()) << name;
    if (set) return "";
    EXPECT_EQ(set.error().code, Code::InvalidArgument);
    return set.error().message;
}

}  // namespace

TEST(PlayerProperties, EachTakesAValueUnderEachOfItsNamesAndGivesItBack) {
    for (const auto& each : allPlayerProperties()) {
        const auto other = each.type == "bool" ? std::string(each.defaultValue == "true" ? "false" : "true")
                           : each.account      ? "theirs"
                                               : kOtherOfPlayer.at(each.name);
        std::vector<std::string> names{std::string(each.name), each.kebabName};
        names.insert(names.end(), each.aliases.begin(), each.aliases.end());
        for (const auto& name : names) {
            PlayerProperties p;
            ASSERT_TRUE(setProperty(p, name, other)) << name;
            EXPECT_EQ(*formatProperty(p, name), other);
            EXPECT_NE(p, PlayerProperties{}) << name;
            EXPECT_TRUE(validate(p)) << name;
            ASSERT_TRUE(setProperty(p, name, each.defaultValue)) << name;
            EXPECT_EQ(p, PlayerProperties{}) << name;
        }
    }
}

TEST(PlayerProperties, NamesAreDistinctInEverySpelling) {
    std::set<std::string> names;
    for (const auto& each : allPlayerProperties()) {
        EXPECT_TRUE(names.insert(std::string(each.name)).second) << each.name;
        if (each.kebabName != each.name) {
            EXPECT_TRUE(names.insert(each.kebabName).second) << each.kebabName;
        }
        for (const auto alias : each.aliases) EXPECT_TRUE(names.insert(std::string(alias)).second) << alias;
    }
}

TEST(PlayerProperties, TheDefaultsAreValidAndWhatTheyAreSaidToBe) {
    EXPECT_TRUE(validate(PlayerProperties{}));
    EXPECT_EQ(info("mode").defaultValue, "live");
    EXPECT_EQ(info("minCache").whenUnset, "1, or 0.2 in mode RTC");
    EXPECT_EQ(info("maxCache").whenUnset, "3, or 0.8 in mode RTC");
    EXPECT_EQ(info("backgroundMute").defaultValue, "true");
    EXPECT_TRUE(base::ReconnectSpec::parse(PlayerProperties{}.reconnect));
}

TEST(PlayerProperties, UrlAndProxyAreSecretsAndNoOthers) {
    std::set<std::string_view> secrets;
    for (const auto& each : allPlayerProperties())
        if (each.secret) secrets.insert(each.name);
    EXPECT_EQ(secrets, (std::set<std::string_view>{"playUrl", "proxy"}));
}

TEST(PlayerProperties, WhatThePushersTableHasTooIsTheSameThere) {
    int shared = 0;
    for (const auto& row : properties::table<PlayerProperties>()) {
        const auto* pushers = properties::find<Properties>(row.name);
        if (!pushers) continue;
        ++shared;
        EXPECT_EQ(pushers->kebabName, row.kebabName);
        if (row.name == "mode" || row.name == "enhancedRtmp") continue;  // of another type
        EXPECT_EQ(pushers->type, row.type) << row.name;
        EXPECT_EQ(pushers->allowed, row.allowed) << row.name;
        EXPECT_EQ(pushers->secret, row.secret) << row.name;
        EXPECT_EQ(pushers->group, row.group) << row.name;
    }
    EXPECT_GE(shared, 14);
}

TEST(PlayerProperties, RangesAreTheContracts) {
    const std::map<std::string_view, std::string> ranges{
        {"minCache", "0.05..10"},           {"maxCache", "0.1..30"},          {"volume", "0..1"},
        {"stutterThreshold", "100..60000"}, {"endLinger", "0..60"},           {"dataTimeout", "1..300"},
        {"clockOffset", "-86400..86400"},   {"netStatusInterval", "0.5..10"}, {"audioVolumeInterval", "100..10000"}};
    for (const auto& [name, range] : ranges) EXPECT_EQ(info(name).allowed, range) << name;
    EXPECT_EQ(whyNotSet("minSpeed", std::to_string(effects::TimeStretcher::kSlowest)), "");
    EXPECT_EQ(whyNotSet("minSpeed", std::to_string(effects::TimeStretcher::kSlowest - 0.01)),
              "minSpeed \"0.790000\": must be 0.8..1");
    EXPECT_EQ(whyNotSet("maxSpeed", std::to_string(effects::TimeStretcher::kFastest)), "");
    EXPECT_EQ(whyNotSet("maxSpeed", std::to_string(effects::TimeStretcher::kFastest + 0.01)),
              "maxSpeed \"1.260000\": must be 1..1.25");
}

TEST(PlayerProperties, ABadValueIsRefusedWithItsNameTheValueAndWhatIsAllowed) {
    EXPECT_EQ(whyNotSet("min-cache", "0.04"), "minCache \"0.04\": must be 0.05..10");
    EXPECT_EQ(whyNotSet("maxCache", "nan"), "maxCache \"nan\": must be 0.1..30");
    EXPECT_EQ(whyNotSet("mode", "rtc"), "mode \"rtc\": must be live, RTC");
    EXPECT_EQ(whyNotSet("orientation", ""), "orientation \"\": must be vertical, horizontal");
    EXPECT_EQ(whyNotSet("volume", "1.5"), "volume \"1.5\": must be 0..1");
    EXPECT_EQ(whyNotSet("proxy", "ftp://user:s3cret@proxy"),
              "proxy \"***\": must be socks5://, socks5h:// or http://[user:password@]host:port");
    EXPECT_EQ(whyNotSet("fps", "20"), "unknown property \"fps\"");
    EXPECT_EQ(whyNotSet("playurl", "a.flv"), "unknown property \"playurl\": did you mean playUrl?");
    EXPECT_EQ(formatProperty(PlayerProperties{}, "maxCach").error().message,
              "unknown property \"maxCach\": did you mean maxCache?");
}

TEST(PlayerProperties, ValuesSetPastTheParserAreCheckedToo) {
    PlayerProperties p;
    p.dataTimeout = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(validate(p).error().message, "dataTimeout \"nan\": must be 1..300");
    p = {};
    p.mode = static_cast<PlayMode>(7);
    EXPECT_EQ(validate(p).error().message, "mode \"7\": must be live, RTC");
    p = {};
    p.playUrl = "rtmp://host/s3cret?";
    EXPECT_TRUE(validate(p));
    p.playUrl = "srt://host:9000?streamid=s3cret";
    EXPECT_EQ(validate(p).error().message.find("s3cret"), std::string::npos);
}

TEST(PlayerProperties, WhatIsNotSetIsTheModes) {
    PlayerProperties p;
    EXPECT_EQ(resolve(p).minCache, 1.0);
    EXPECT_EQ(resolve(p).maxCache, 3.0);
    p.mode = PlayMode::RTC;
    EXPECT_EQ(resolve(p).minCache, 0.2);
    EXPECT_EQ(resolve(p).maxCache, 0.8);
    p.maxCache = 5;
    EXPECT_EQ(resolve(p).maxCache, 5.0);
    EXPECT_TRUE(validate(p));
}

TEST(PlayerProperties, MinCacheIsNotAboveMaxCacheWhereverTheyComeFrom) {
    PlayerProperties p;
    p.minCache = p.maxCache = 2;
    EXPECT_TRUE(validate(p));
    p.maxCache = 1.5;
    EXPECT_EQ(validate(p).error().message, "minCache 2: must not be above maxCache 1.5");
    p = {};
    p.minCache = 5;
    EXPECT_EQ(validate(p).error().message, "minCache 5: must not be above maxCache 3 of mode live: set maxCache too");
    p.maxCache = 5;
    EXPECT_TRUE(validate(p));
    p = {};
    p.maxCache = 0.5;
    EXPECT_EQ(validate(p).error().message, "maxCache 0.5: must not be below minCache 1 of mode live: set minCache too");
    p.mode = PlayMode::RTC;
    EXPECT_TRUE(validate(p));
    p.minCache = 0.9;
    p.maxCache.reset();
    EXPECT_EQ(validate(p).error().message, "minCache 0.9: must not be above maxCache 0.8 of mode RTC: set maxCache too");
}

TEST(PlayerProperties, WhatItSaysOfEveryConnectionIsTaken) {
    PlayerProperties p;
    p.caFile = "ca.pem";
    p.proxy = "http://proxy:8080";
    p.networkInterface = "lo";
    EXPECT_EQ(properties::networkOf(p), (base::NetworkOptions{"ca.pem", "http://proxy:8080", "lo"}));
}

TEST(PlayerProperties, TheFirstThatCanOnlyChangeBeforeStartIsFound) {
    PlayerProperties before, after;
    EXPECT_EQ(properties::changedForSession(before, after), nullptr);
    after.muted = true;
    after.mode = PlayMode::RTC;
    EXPECT_EQ(properties::changedForSession(before, after), nullptr);
    after.dataTimeout = 5;
    after.audioDevice = "none";
    ASSERT_NE(properties::changedForSession(before, after), nullptr);
    EXPECT_EQ(properties::changedForSession(before, after)->name, "dataTimeout");
}

}  // namespace livepusher
