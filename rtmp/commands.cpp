// SPDX-License-Identifier: MIT
#include "rtmp/commands.hpp"

#include "flv/amf_writer.hpp"
#include "rtmp/conversation.hpp"

namespace livepusher::rtmp {

namespace {

constexpr double kCanEncode = 0x02;

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

}  // namespace livepusher::rtmp
