// SPDX-License-Identifier: MIT
#include "rtmp/commands.hpp"

#include "rtmp/amf_writer.hpp"
#include "rtmp/conversation.hpp"

namespace livepusher::rtmp {

namespace {

constexpr int kNoAnswer = 0;  // RTMP 1.0 §7.2.2.3: transaction 0 wants none

std::vector<std::uint8_t> withKey(const char* name, int transaction, const std::string& streamKey) {
    return AmfWriter().string(name).number(transaction).null().string(streamKey).bytes();
}

}  // namespace

std::vector<std::uint8_t> connectCommand(const base::Url& url) {
    AmfWriter out;
    out.string("connect").number(kConnect).beginObject();
    out.member("app", url.app()).member("type", "nonprivate");
    out.member("flashVer", "FMLE/3.0 (compatible; livepusher " LIVEPUSHER_VERSION ")");  // servers look for "FMLE" in a publisher
    out.member("tcUrl", url.tcUrl()).endObject();
    return out.bytes();
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
