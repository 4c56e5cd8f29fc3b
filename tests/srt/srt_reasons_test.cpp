// SPDX-License-Identifier: MIT
#include "srt/reasons.hpp"

#include <gtest/gtest.h>

#include <srt/access_control.h>
#include <srt/srt.h>

#include "endpoint/publisher.hpp"

namespace livepusher::srt {
namespace {

TEST(SrtReasons, AreToldInWordsWithTheirCodeAndWhetherTheSameCanHelpAgain) {
    const struct {
        int reason;
        Code code;
        bool permanent;
        const char* words;
    } cases[] = {
        {SRT_REJ_TIMEOUT, Code::TcpFailed, false,
         "h:1 does not answer: check host and port, and that UDP is let through; a wrong mode, caller or listener, is met by "
         "silence too"},
        {SRT_REJ_BADSECRET, Code::HandshakeFailed, true, "h:1 has another passphrase: check the url's"},
        {SRT_REJ_VERSION, Code::HandshakeFailed, true, "h:1 wants another version of SRT"},
        {SRT_REJ_MESSAGEAPI, Code::HandshakeFailed, true, "h:1 transfers files and takes no live stream"},
        {SRT_REJ_ROGUE, Code::HandshakeFailed, false, "h:1 refused the connection without a reason, or speaks no SRT"},
        {SRT_REJ_BACKLOG, Code::ServerClosed, false, "h:1 has as many connections waiting as it takes"},
        {SRT_REJ_PEER, Code::ServerClosed, true, "h:1 refused the connection without a reason"},
        {SRT_REJX_FALLBACK, Code::ServerClosed, true, "h:1 refused the connection without a reason; check the streamid (1000)"},
        {SRT_REJX_BAD_REQUEST, Code::ServerClosed, true, "h:1 refused the streamid: bad request (1400)"},
        {SRT_REJX_UNAUTHORIZED, Code::ServerClosed, true,
         "h:1 refused the streamid: unauthorized, its user or key is not accepted (1401)"},
        {SRT_REJX_OVERLOAD, Code::ServerClosed, false, "h:1 refused the stream: overloaded, or a limit is used up (1402)"},
        {SRT_REJX_FORBIDDEN, Code::ServerClosed, true, "h:1 refused the streamid: forbidden (1403)"},
        {SRT_REJX_NOTFOUND, Code::ServerClosed, true, "h:1 refused the streamid: not found (1404)"},
        {SRT_REJX_CONFLICT, Code::ServerClosed, false, "h:1 refused the stream: its name is in use (1409)"},
        {SRT_REJX_ISE, Code::ServerClosed, false, "h:1 refused the stream: an error inside the server (1500)"},
        {SRT_REJX_DOWN, Code::ServerClosed, false, "h:1 refused the stream: out of service (1503)"},
        {2042, Code::ServerClosed, true, "h:1 refused the stream for a reason of its own (2042)"},
        {SRT_REJ_UNKNOWN, Code::HandshakeFailed, false, "h:1 could not be connected to, for a reason that libsrt does not tell"},
        {SRT_REJ_E_SIZE, Code::HandshakeFailed, false, "h:1 could not be connected to, for a reason that libsrt does not tell"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.words);
        const auto error = refusal(c.reason, "h:1", true);
        EXPECT_EQ(error.code, c.code);
        EXPECT_EQ(error.permanent, c.permanent);
        EXPECT_EQ(error.message, c.words);
    }
    EXPECT_EQ(refusal(SRT_REJX_CONFLICT, "h:1", false).native, rtmp::kNameInUse) << "so that a ghost of ours is waited for";
}

TEST(SrtReasons, KnowEveryOneOfLibsrts) {
    for (int reason = SRT_REJ_UNKNOWN + 1; reason < SRT_REJ_E_SIZE; ++reason)
        EXPECT_EQ(refusal(reason, "h:1", false).message.find("does not tell"), std::string::npos) << reason;
}

TEST(SrtReasons, SayWhichSideLacksThePassphrase) {
    const auto theirs = refusal(SRT_REJ_UNSECURE, "h:1", false), ours = refusal(SRT_REJ_UNSECURE, "h:1", true);
    EXPECT_EQ(theirs.message, "h:1 wants a passphrase: give it in the url, as passphrase=…");
    EXPECT_EQ(ours.message, "h:1 has no passphrase: set it there too, or leave it out of the url");
    EXPECT_TRUE(theirs.permanent && ours.permanent);
}

}  // namespace
}  // namespace livepusher::srt
