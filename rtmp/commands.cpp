// SPDX-License-Identifier: MIT
#include "rtmp/commands.hpp"

#include "base/big_endian.hpp"
#include "flv/amf_writer.hpp"
#include "rtmp/conversation.hpp"

#include <algorithm>

namespace livepusher::rtmp {

namespace {

constexpr double kCanDecode = 0x01, kCanEncode = 0x02;

constexpr int kNoAnswer = 0;  // RTMP 1.0 §7.2.2.3: transaction 0 wants none

std::vector<std::uint8_t> withKey(const char* name, int transaction, const std::string& streamKey) {
    return AmfWriter().string(name).number(transaction).null().string(streamKey).bytes();
}

// Of Enhanced RTMP v2, "Enhancing NetConnection connect Command": what is really done here, and nothing else. H.264 and AAC
// travel in the tags of old, which every server knows, so an answer that names neither changes nothing; H.265, AV1 and
// Opus go only to a server that names them. No bit says "decode" or "forward": a publisher gets no media. fourCcList is the first
// version's way to say it.
void addCapabilities(AmfWriter& out) {
    out.key("fourCcList").beginStrictArray(5).string(kAvc).string(kHevc).string(kAv1).string(kAac).string(kOpus);
    out.key("videoFourCcInfoMap").beginObject();
    out.member(kAvc, kCanEncode).member(kHevc, kCanEncode).member(kAv1, kCanEncode).endObject();
    out.key("audioFourCcInfoMap").beginObject().member(kAac, kCanEncode).member(kOpus, kCanEncode).endObject();
    out.member("capsEx", static_cast<double>(kCapsReconnect));
}

// Of what is left out no bit is set: a server may then choose another form of the stream.
void addCapabilities(AmfWriter& out, const Decodable& decodable) {
    std::vector<const char*> video{kAvc}, audio{kAac};
    if (decodable.hevc) video.push_back(kHevc);
    if (decodable.av1) video.push_back(kAv1);
    if (decodable.opus) audio.push_back(kOpus);
    out.key("fourCcList").beginStrictArray(static_cast<std::uint32_t>(video.size() + audio.size()));
    for (const auto* list : {&video, &audio})
        for (const auto* fourCc : *list) out.string(fourCc);
    const auto addMap = [&](const char* name, const std::vector<const char*>& fourCcs) {
        out.key(name).beginObject();
        for (const auto* fourCc : fourCcs) out.member(fourCc, kCanDecode);
        out.endObject();
    };
    addMap("videoFourCcInfoMap", video);
    addMap("audioFourCcInfoMap", audio);
    out.member("capsEx", static_cast<double>(kCapsReconnect));
}

}  // namespace

std::vector<std::uint8_t> connectCommand(const base::Url& url, bool enhanced) {
    AmfWriter out;
    out.string("connect").number(kConnect).beginObject();
    out.member("app", url.app()).member("type", "nonprivate");
    out.member("flashVer", "FMLE/3.0 (compatible; livepusher " LIVEPUSHER_VERSION ")");  // servers look for "FMLE" in a publisher
    out.member("tcUrl", url.tcUrl());
    if (enhanced) addCapabilities(out);
    return out.endObject().bytes();
}

std::vector<std::uint8_t> releaseStreamCommand(const std::string& key) { return withKey("releaseStream", kReleaseStream, key); }

std::vector<std::uint8_t> fcPublishCommand(const std::string& key) { return withKey("FCPublish", kFcPublish, key); }

std::vector<std::uint8_t> createStreamCommand() {
    return AmfWriter().string("createStream").number(kCreateStream).null().bytes();
}

std::vector<std::uint8_t> publishCommand(const std::string& key) {
    return AmfWriter().string("publish").number(kPublish).null().string(key).string("live").bytes();
}

std::vector<std::uint8_t> fcUnpublishCommand(const std::string& key) { return withKey("FCUnpublish", kNoAnswer, key); }

std::vector<std::uint8_t> deleteStreamCommand(std::uint32_t streamId) {
    return AmfWriter().string("deleteStream").number(kNoAnswer).null().number(streamId).bytes();
}

std::vector<std::uint8_t> playingConnectCommand(const base::Url& url, const Decodable* decodable) {
    // RTMP 1.0 §7.2.1.1: SUPPORT_SND_* and SUPPORT_VID_* of what is decoded in tags of old.
    constexpr double kMp3G711AndAac = 0x0004 | 0x0080 | 0x0100 | 0x0400, kH264 = 0x0080;
    AmfWriter out;
    out.string("connect").number(kConnect).beginObject();
    out.member("app", url.app());
    out.member("flashVer", "LNX 9,0,124,2 (compatible; livepusher " LIVEPUSHER_VERSION ")");  // not "FMLE", a publisher's
    out.member("tcUrl", url.tcUrl()).flag("fpad", false).member("capabilities", 15.0);
    out.member("audioCodecs", kMp3G711AndAac).member("videoCodecs", kH264).member("videoFunction", 1.0);
    if (decodable) addCapabilities(out, *decodable);
    return out.endObject().bytes();
}

std::vector<std::uint8_t> playCommand(const std::string& key) {
    constexpr double kLiveOnly = -1000;  // as librtmp sends it, which servers know; -2000 hangs where there is no such stream
    return AmfWriter().string("play").number(kPlay).null().string(key).number(kLiveOnly).bytes();
}

std::array<std::uint8_t, 10> setBufferLength(std::uint32_t streamId, std::chrono::milliseconds length) {
    constexpr std::uint64_t kSetBufferLength = 3;
    std::array<std::uint8_t, 10> out{};
    std::ranges::copy(base::bigBytes<2>(kSetBufferLength), out.begin());
    std::ranges::copy(base::bigBytes<4>(streamId), out.begin() + 2);
    std::ranges::copy(base::bigBytes<4>(static_cast<std::uint64_t>(length.count())), out.begin() + 6);
    return out;
}

}  // namespace livepusher::rtmp
