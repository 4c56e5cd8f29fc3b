// SPDX-License-Identifier: MIT
#include "net/url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace livepusher::base {
namespace {

struct Good {
    const char* text;
    Url::Scheme scheme;
    const char* host;
    int port;
    const char* app;
    const char* key;
    const char* tcUrl;
    const char* redacted;
};

TEST(Url, TakesAnRtmpUrlApart) {
    using enum Url::Scheme;
    const Good cases[] = {
        {"rtmp://host/live/key", Rtmp, "host", 1935, "live", "key", "rtmp://host/live", "rtmp://host:1935/live/***"},
        {"RTMP://Host:80/live/key", Rtmp, "Host", 80, "live", "key", "rtmp://Host:80/live", "rtmp://Host:80/live/***"},
        {"rtmps://h.example/app/inst/key", Rtmps, "h.example", 443, "app/inst", "key", "rtmps://h.example/app/inst",
         "rtmps://h.example:443/app/inst/***"},
        {"rtmp://[::1]/live/key", Rtmp, "::1", 1935, "live", "key", "rtmp://[::1]/live", "rtmp://[::1]:1935/live/***"},
        {"rtmps://[2001:db8::2]:444/a/k", Rtmps, "2001:db8::2", 444, "a", "k", "rtmps://[2001:db8::2]:444/a",
         "rtmps://[2001:db8::2]:444/a/***"},
        {"rtmp://h/live/key?txSecret=a%2Fb&txTime=5", Rtmp, "h", 1935, "live", "key?txSecret=a%2Fb&txTime=5", "rtmp://h/live",
         "rtmp://h:1935/live/***"},
        {"rtmp://h/live/key?next=/a/b@c:1", Rtmp, "h", 1935, "live", "key?next=/a/b@c:1", "rtmp://h/live",
         "rtmp://h:1935/live/***"},
        {"rtmp://h/live/k%20y#x", Rtmp, "h", 1935, "live", "k%20y#x", "rtmp://h/live", "rtmp://h:1935/live/***"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto url = Url::parse(c.text);
        ASSERT_TRUE(url) << url.error().message;
        EXPECT_EQ(url->scheme(), c.scheme);
        EXPECT_EQ(url->host(), c.host);
        EXPECT_EQ(url->port(), c.port);
        EXPECT_EQ(url->app(), c.app);
        EXPECT_EQ(url->streamKey(), c.key);
        EXPECT_EQ(url->tcUrl(), c.tcUrl);
        EXPECT_EQ(url->redacted(), c.redacted);
    }
}

// The examples of Enhanced RTMP v2, and RFC 3986 §5.4 as far as it reaches.
TEST(Url, FollowsAServerThatSendsThePushElsewhere) {
    const struct {
        const char *from, *reference, *tcUrl;
    } cases[] = {
        {"rtmp://h/live/key", "", "rtmp://h/live"},
        {"rtmp://h/live/key", "#there", "rtmp://h/live"},
        {"rtmp://h/live/key", "rtmp://foo.mydomain.com:1935/realtimeapp", "rtmp://foo.mydomain.com/realtimeapp"},
        {"rtmp://h:77/live/key", "RTMP://127.0.0.1/realtimeapp", "rtmp://127.0.0.1/realtimeapp"},
        {"rtmp://h/live/key", "//192.0.2.0/realtimeapp", "rtmp://192.0.2.0/realtimeapp"},
        {"rtmps://h:444/live/key", "//[2001:db8::1]:445/a", "rtmps://[2001:db8::1]:445/a"},
        {"rtmps://h:444/live/key", "//other/a", "rtmps://other/a"},
        {"rtmps://h:444/live/key", "/realtimeapp", "rtmps://h:444/realtimeapp"},
        {"rtmp://h/live/key", "rtmps://h/live", "rtmps://h/live"},
        {"rtmp://h/a/b/key", "c", "rtmp://h/a/c"},
        {"rtmp://h/a/key", "c/d", "rtmp://h/c/d"},
        {"rtmp://h/a/b/key", "../c/./d/", "rtmp://h/c/d"},
        {"rtmp://h/a/key", "../../c", "rtmp://h/c"},
        {"rtmp://h/a/key", "?token=x/y", "rtmp://h/a?token=x/y"},
        {"rtmp://h/a/key", "rtmp://i/b?token=x", "rtmp://i/b?token=x"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.reference);
        const auto from = Url::parse(c.from);
        const auto to = from->redirected(c.reference);
        ASSERT_TRUE(to) << to.error().message;
        EXPECT_EQ(to->tcUrl(), c.tcUrl);
        EXPECT_EQ(to->streamKey(), "key");
        EXPECT_EQ(to->secure(), to->tcUrl().starts_with("rtmps"));
        const auto twice = to->redirected("");
        EXPECT_EQ(twice->tcUrl(), c.tcUrl);
    }
}

TEST(Url, FollowsNoServerToWhereNoPushCanGo) {
    const struct {
        const char *from, *reference, *why;
    } cases[] = {
        {"rtmps://h/live/key", "rtmp://h/live", "from rtmps to rtmp"},
        {"rtmp://h/live/key", "http://h/live", "neither rtmp nor rtmps"},
        {"rtmp://h/live/key", "other:1935/live", "neither rtmp nor rtmps"},
        {"rtmp://h/live/key", "rtmp:live", "the host is missing"},
        {"rtmp://h/live/key", "rtmp:///live", "host or port"},
        {"rtmp://h/live/key", "//user:s3cr3t@h/live", "host or port"},
        {"rtmp://h/live/key", "rtmp://h:0/live", "host or port"},
        {"rtmp://h/live/key", "rtmp://h", "the app is missing"},
        {"rtmp://h/live/key", "rtmp://h/", "the app is missing"},
        {"rtmp://h/live/key", "/..", "the app is missing"},
        {"rtmp://h/live/key", "/a b", "a space"},
        {"rtmp://h/live/key", "/a\r\nb", "a space"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.reference);
        const auto to = Url::parse(c.from)->redirected(c.reference);
        ASSERT_FALSE(to);
        EXPECT_EQ(to.error().code, Code::InvalidArgument);
        EXPECT_NE(to.error().message.find(c.why), std::string::npos) << to.error().message;
        EXPECT_EQ(to.error().message.find("s3cr3t"), std::string::npos);
    }
    EXPECT_FALSE(Url::parse("rtmp://h/live/key")->redirected("/" + std::string(5000, 'a')));
}

TEST(Url, ShowsNothingSecretOfAServersChoice) {
    const auto from = Url::parse("rtmp://h/live/s3cr3t?sign=t0ken");
    EXPECT_EQ(from->redirected("rtmp://i/app?pass=t0ken")->redacted(), "rtmp://i:1935/app/***");
    EXPECT_EQ(from->redirected("rtmp://i/app/s3cr3t")->redacted(), "rtmp://i:1935/app/***/***");
}

TEST(Url, TakesAnHttpUrlApart) {
    struct {
        const char *text, *host;
        int port;
        bool secure;
        const char *app, *key, *request, *redacted;
    } const cases[] = {
        {"http://host/live/key.flv", "host", 80, false, "live", "key.flv", "http://host:80/live/key.flv",
         "http://host:80/live/***"},
        {"HTTPS://h.example/a/b/key.FLV?sign=a%2F/b@c:1", "h.example", 443, true, "a/b", "key.FLV?sign=a%2F/b@c:1",
         "https://h.example:443/a/b/key.FLV?sign=a%2F/b@c:1", "https://h.example:443/a/b/***"},
        {"http://[::1]:8080/key.flv", "::1", 8080, false, "", "key.flv", "http://[::1]:8080/key.flv", "http://[::1]:8080/***"},
        {"http://h/l/a b.flv", "h", 80, false, "l", "a b.flv", "http://h:80/l/a%20b.flv", "http://h:80/l/***"},
        {"http://h/l/ä.flv", "h", 80, false, "l", "ä.flv", "http://h:80/l/%C3%A4.flv", "http://h:80/l/***"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto url = Url::parse(c.text);
        ASSERT_TRUE(url) << url.error().message;
        EXPECT_EQ(url->scheme(), Url::Scheme::HttpFlv);
        EXPECT_EQ(url->host(), c.host);
        EXPECT_EQ(url->port(), c.port);
        EXPECT_EQ(url->secure(), c.secure);
        EXPECT_EQ(url->app(), c.app);
        EXPECT_EQ(url->streamKey(), c.key);
        EXPECT_EQ(url->user(), "");
        EXPECT_EQ(url->requestUrl(), c.request);
        EXPECT_EQ(url->redacted(), c.redacted);
    }
}

TEST(Url, KeepsTheUserOfAnHttpUrlOutOfEverythingElse) {
    const auto url = Url::parse("https://us%40er:p:ass%2Fw@ord@host:444/live/key.flv");
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->user(), "us@er");
    EXPECT_EQ(url->password(), "p:ass/w@ord");
    EXPECT_EQ(url->host(), "host");
    EXPECT_EQ(url->requestUrl(), "https://host:444/live/key.flv");
    EXPECT_EQ(url->redacted(), "https://host:444/live/***");
    EXPECT_EQ(Url::parse("http://me@h/a.flv")->password(), "");
}

TEST(Url, KeepsTheUserOfAnRtmpUrlForALogin) {
    const auto url = Url::parse("rtmp://us%40er:p:a%2Fss@host/live?t=1/key");
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->user(), "us@er");
    EXPECT_EQ(url->password(), "p:a/ss");
    EXPECT_EQ(url->tcUrl(), "rtmp://host/live?t=1");
    EXPECT_EQ(url->redacted(), "rtmp://host:1935/live/***");
    EXPECT_EQ(Url::parse("rtmp://other/live/key")->withUserOf(*url).password(), "p:a/ss");
    EXPECT_EQ(url->redirected("//other/live")->user(), "us@er");
    EXPECT_EQ(url->withAppQuery("user=me").tcUrl(), "rtmp://host/live?t=1&user=me");
    EXPECT_EQ(Url::parse("rtmp://host/live/key")->withAppQuery("user=me").app(), "live?user=me");
}

TEST(Url, TakesThePathOfAnFlvFile) {
    const char* cases[][2] = {{"/a b/c.flv", "/a b/c.flv"},      {"rel.FLV", "rel.FLV"},
                              {"file:///x/y.flv", "/x/y.flv"},   {"./a?b.flv", "./a?b.flv"},
                              {"file:///x%20y.flv", "/x y.flv"}, {"file://localhost/x.flv", "/x.flv"},
                              {"file:/x.flv", "/x.flv"},         {"concat:x.flv", "concat:x.flv"},
                              {"a%20b:%d.flv", "a%20b:%d.flv"},  {"http:x.flv", "http:x.flv"}};
    for (const auto& [text, path] : cases) {
        const auto url = Url::parse(text);
        ASSERT_TRUE(url) << text << ": " << url.error().message;
        EXPECT_EQ(url->scheme(), Url::Scheme::FlvFile);
        EXPECT_EQ(url->path(), path);
        EXPECT_EQ(url->redacted(), path);
    }
}

TEST(Url, SaysWhatIsWrongWithoutRepeatingTheKey) {
    const char* cases[][2] = {
        {"", "is empty"},
        {"udp://h:1/s3cr3t", "url \"udp://…\": must begin with rtmp://, rtmps:// or srt://"},
        {"s3cr3t",
         "must begin with rtmp://, rtmps:// or srt://, be an http(s) URL whose path ends in .flv, or name a .flv, .mp4, .mkv or "
         ".ts "
         "file"},
        {"http://h/live/s3cr3t",
         "url \"http://…\": over HTTP a push is FLV, to a path that ends in .flv; after \"http://\" comes host/path/key.flv"},
        {"https://h/live/s3cr3t.mp4?x=.flv", "after \"https://\" comes host/path/key.flv"},
        {"http://h/live/.flv", "a path that ends in .flv"},
        {"http://h", "the path is missing; after \"http://\" comes host/path/key.flv"},
        {"http://h?s3cr3t/a.flv", "the path is missing"},
        {"http://h//s3cr3t.flv", "begins with two \"/\""},
        {"https://h/live/s3cr3t.flv#s3cr3t", "write it as %23"},
        {"http:///live/s3cr3t.flv", "the host is missing"},
        {"http://user:12/s3cr3t@h/live/key.flv", "a \"/\" of a password as %2F"},
        {"http://user:s3cr3t%4@h/live/key.flv", "two hexadecimal digits"},
        {"http://user:s3cr3t%0A@h/live/key.flv", "control characters"},
        {"http://:s3cr3t@h/live/key.flv", "the user before the \"@\" is missing"},
        {"http://s3%3Acr3t:s3cr3t@h/live/key.flv", "can't hold a \":\""},
        {"s3cr3t.mov", ".flv"},
        {"file:///s3cr3t.avi", ".flv"},
        {"file://elsewhere/s3cr3t.flv", "elsewhere"},
        {".flv", ".flv"},
        {"rtmp:///live/s3cr3t", "the host is missing"},
        {"rtmp://h", "app and stream key are missing"},
        {"rtmp://h?s3cr3t", "app and stream key are missing"},
        {"rtmp://h?a/s3cr3t", "app and stream key are missing"},
        {"rtmp://h//s3cr3t", "the app is missing"},
        {"rtmp://h/", "the app is missing"},
        {"rtmp://h/?s3cr3t", "the app is missing"},
        {"rtmp://h s3cr3t/live/key", "no host name has"},
        {"rtmp://h/live/s3cr3t\ns3cr3t", "holds a line end"},
        {"rtmp://h:0/live/s3cr3t", "1..65535"},
        {"rtmp://h:65536/live/s3cr3t", "1..65535"},
        {"rtmp://h:/live/s3cr3t", "1..65535"},
        {"rtmp://h:s3cr3t/live/s3cr3t", "1..65535"},
        {"rtmp://::1/live/s3cr3t", "brackets"},
        {"rtmp://[::1/live/s3cr3t", "\"]\""},
        {"rtmp://[::1]x/live/s3cr3t", "\"]\""},
        {"rtmp://[s3cr3t]/live/s3cr3t", "not an IPv6 address"},
        {"rtmp://h\\s3cr3t/live/s3cr3t", "no host name has"},
        {"rtmp://user:s3cr3t%4@h/live/s3cr3t", "two hexadecimal digits"},
    };
    for (const auto& [text, message] : cases) {
        SCOPED_TRACE(text);
        const auto url = Url::parse(text);
        ASSERT_FALSE(url);
        EXPECT_EQ(url.error().code, Code::InvalidArgument);
        EXPECT_NE(url.error().message.find(message), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("s3cr3t"), std::string::npos) << url.error().message;
    }
}

TEST(Url, RefusesWhatNoUrlHolds) {
    EXPECT_FALSE(Url::parse(std::string("rtmp://h/live/k\0y", 17)));
    EXPECT_FALSE(Url::parse("rtmp://h/live/" + std::string(5000, 'k')));
}

}  // namespace
}  // namespace livepusher::base
