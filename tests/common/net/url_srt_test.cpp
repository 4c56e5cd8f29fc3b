// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "net/url.hpp"

namespace livepusher::base {
namespace {

using Mode = SrtOptions::Mode;
using namespace std::chrono_literals;

struct GoodSrtUrl {
    const char* text;
    const char* host;
    int port;
    const char* streamId;
    const char* passphrase;
    int latency;
    int keyLength;
    Mode mode;
    const char* redacted;
};

TEST(SrtUrl, IsTakenApart) {
    const GoodSrtUrl cases[] = {
        {"srt://host:9000", "host", 9000, "", "", 120, 0, Mode::Caller, "srt://host:9000"},
        {"SRT://host:9000/", "host", 9000, "", "", 120, 0, Mode::Caller, "srt://host:9000"},
        {"srt://h:1?streamid=live/cam&latency=300", "h", 1, "live/cam", "", 300, 0, Mode::Caller, "srt://h:1?***"},
        {"srt://h:1?streamid=#!::r=live/x,m=publish", "h", 1, "#!::r=live/x,m=publish", "", 120, 0, Mode::Caller,
         "srt://h:1?***"},
        {"srt://h:1?streamid=%23%21%3A%3Ar%3Dk%26y%2Cm%3Dpublish", "h", 1, "#!::r=k&y,m=publish", "", 120, 0, Mode::Caller,
         "srt://h:1?***"},
        {"srt://h:1?streamid=a+b?c", "h", 1, "a+b?c", "", 120, 0, Mode::Caller, "srt://h:1?***"},
        {"srt://h:1?passphrase=0123%20456789&pbkeylen=32", "h", 1, "", "0123 456789", 120, 32, Mode::Caller, "srt://h:1?***"},
        {"srt://[2001:db8::1]:9000?mode=rendezvous", "2001:db8::1", 9000, "", "", 120, 0, Mode::Rendezvous,
         "srt://[2001:db8::1]:9000?mode=rendezvous"},
        {"srt://:9000?mode=listener", "", 9000, "", "", 120, 0, Mode::Listener, "srt://:9000?mode=listener"},
        {"srt://127.0.0.1:9000?mode=listener&streamid=only-me", "127.0.0.1", 9000, "only-me", "", 120, 0, Mode::Listener,
         "srt://127.0.0.1:9000?mode=listener&***"},
        {" \"srt://h:1?mode=caller&&latency=20\" ", "h", 1, "", "", 20, 0, Mode::Caller, "srt://h:1"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto url = Url::parse(c.text);
        ASSERT_TRUE(url) << url.error().message;
        EXPECT_EQ(url->scheme(), Url::Scheme::Srt);
        EXPECT_EQ(url->host(), c.host);
        EXPECT_EQ(url->port(), c.port);
        EXPECT_EQ(url->streamKey(), c.streamId);
        EXPECT_EQ(url->srt().passphrase, c.passphrase);
        EXPECT_EQ(url->srt().latency, std::chrono::milliseconds(c.latency));
        EXPECT_EQ(url->srt().keyLength, c.keyLength);
        EXPECT_EQ(url->srt().mode, c.mode);
        EXPECT_EQ(url->redacted(), c.redacted);
    }
}

TEST(SrtUrl, IsRefusedWithWhatIsAllowedAndNothingOfItsSecrets) {
    const struct {
        const char *text, *words;
    } cases[] = {
        {"srt://", "the host is missing"},
        {"srt://:9000?streamid=s3cr3t", "srt://:port?mode=listener"},
        {"srt://:9000?mode=rendezvous", "the host is missing"},
        {"srt://h?streamid=s3cr3t", "the port is missing"},
        {"srt://h:0?streamid=s3cr3t", "the port must be a number, 1..65535"},
        {"srt://?mode=listener", "the port is missing"},
        {"srt://h:1/live/s3cr3t", "it has no path"},
        {"srt://s3cr3t:s3cr3t@h:1", "it has no user and password"},
        {"srt://2001:db8::1:9000?streamid=s3cr3t", "an IPv6 host stands in brackets"},
        {"srt://h:1?s3cr3t=1", "streamid, passphrase, pbkeylen, latency and mode"},
        {"srt://h:1?streamid=a&s3cr3t", "an \"&\" of a streamid or passphrase is written %26"},
        {"srt://h:1?streamid=s3cr3t&streamid=s3cr3t", "streamid stands twice"},
        {"srt://h:1?streamid=s3cr3t%2", "in streamid \"%\" begins a code of two hexadecimal digits"},
        {"srt://h:1?streamid=s3cr3t%00", "control characters are not allowed"},
        {"srt://h:1?streamid=s3cr3t&latency=19", "latency must be 20..10000, in milliseconds"},
        {"srt://h:1?latency=200000", "in milliseconds, not microseconds"},
        {"srt://h:1?latency=1e2", "latency must be 20..10000"},
        {"srt://h:1?passphrase=s3cr3t", "passphrase must be 10 to 79 bytes"},
        {"srt://h:1?passphrase=", "passphrase must be 10 to 79 bytes"},
        {"srt://h:1?pbkeylen=20&passphrase=s3cr3ts3cr3t", "pbkeylen must be 16, 24 or 32"},
        {"srt://h:1?pbkeylen=32", "give a passphrase too"},
        {"srt://h:1?mode=s3cr3t", "mode must be caller, listener or rendezvous"},
        {"srt://h:1?mode=rendezvous&streamid=s3cr3t", "a rendezvous has no streamid"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto url = Url::parse(c.text);
        ASSERT_FALSE(url);
        EXPECT_EQ(url.error().code, Code::InvalidArgument);
        EXPECT_NE(url.error().message.find(c.words), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("s3cr3t"), std::string::npos) << url.error().message;
        EXPECT_TRUE(url.error().message.starts_with("url \"srt://…\": ")) << url.error().message;
    }
    const auto longest = "srt://h:1?streamid=" + std::string(512, 'x');
    EXPECT_TRUE(Url::parse(longest));
    EXPECT_FALSE(Url::parse(longest + "x"));
    EXPECT_TRUE(Url::parse("srt://h:1?passphrase=" + std::string(79, 'x')));
    EXPECT_FALSE(Url::parse("srt://h:1?passphrase=" + std::string(80, 'x')));
}

TEST(SrtUrl, HasItsStreamIdAsStreamKeyToo) {
    const auto apart = Url::parse("srt://h:1?latency=200", "#!::r=key,m=publish");
    ASSERT_TRUE(apart) << apart.error().message;
    EXPECT_EQ(apart->streamKey(), "#!::r=key,m=publish");
    EXPECT_EQ(apart->redacted(), "srt://h:1?***");

    const struct {
        const char *url, *words;
        std::string key;
    } refused[] = {
        {"srt://h:1?streamid=s3cr3t", "has a streamid already", "s3cr3t"},
        {"srt://h:1", "at most 512 bytes", "s3cr3t" + std::string(512, 'x')},
        {"srt://h:1?mode=rendezvous", "a rendezvous has no streamid", "s3cr3t"},
    };
    for (const auto& c : refused) {
        SCOPED_TRACE(c.words);
        const auto url = Url::parse(c.url, c.key);
        ASSERT_FALSE(url);
        EXPECT_NE(url.error().message.find(c.words), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("s3cr3t"), std::string::npos) << url.error().message;
    }
}

}  // namespace
}  // namespace livepusher::base
