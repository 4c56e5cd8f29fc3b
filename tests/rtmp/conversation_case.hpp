// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "bytes.hpp"
#include "flv/amf_writer.hpp"
#include "rtmp/publishing_conversation.hpp"

namespace livepusher::rtmp {

using test::be;
using test::Bytes;
using test::operator+;
using Step = Conversation::Step;

inline std::optional<Error> say(Conversation& to, const Bytes& body, MessageType type = MessageType::Command) {
    return to.take({type, 0, 0, body});
}

inline Bytes info(const char* command, int transaction, const char* level, const char* code, const char* description) {
    AmfWriter out;
    out.string(command).number(transaction).null().beginObject();
    if (level) out.member("level", level);
    if (code) out.member("code", code);
    if (description) out.member("description", description);
    return out.endObject().bytes();
}

inline const Bytes kConnected = info("_result", 1, "status", "NetConnection.Connect.Success", "ok");
inline const Bytes kCreated = AmfWriter().string("_result").number(4).null().number(7).bytes();
inline const Bytes kStarted = info("onStatus", 0, "status", "NetStream.Publish.Start", "go");

/// One that has come so far.
inline PublishingConversation at(Step step) {
    PublishingConversation out({"k3y-of-mine?token=t0ken"});
    if (step >= Step::Creating) {
        EXPECT_FALSE(say(out, kConnected));
    }
    if (step >= Step::Asking) {
        EXPECT_FALSE(say(out, kCreated));
    }
    if (step >= Step::Accepted) {
        EXPECT_FALSE(say(out, kStarted));
    }
    EXPECT_EQ(out.step(), step);
    return out;
}

}  // namespace livepusher::rtmp
