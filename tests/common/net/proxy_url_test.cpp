// SPDX-License-Identifier: MIT
#include "net/proxy_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace livepusher::base {
namespace {

TEST(ProxyUrl, TakesAProxyApart) {
    struct Good {
        const char* text;
        const char* scheme;
        const char* host;
        int port;
        bool hasUser;
        const char* user;
        const char* password;
        const char* redacted;
    };
    const Good cases[] = {
        {"socks5://proxy.example:1080", "socks5", "proxy.example", 1080, false, "", "", "socks5://proxy.example:1080"},
        {"socks5h://10.0.0.1:9050/", "socks5h", "10.0.0.1", 9050, false, "", "", "socks5h://10.0.0.1:9050"},
        {"http://me:pass@proxy.example:3128", "http", "proxy.example", 3128, true, "me", "pass", "http://proxy.example:3128"},
        {"http://me:p%40ss%3Aw%2Frd@h:1", "http", "h", 1, true, "me", "p@ss:w/rd", "http://h:1"},
        {"http://me@h:65535", "http", "h", 65535, true, "me", "", "http://h:65535"},
        {"socks5://a:b@[2001:db8::1]:1080", "socks5", "2001:db8::1", 1080, true, "a", "b", "socks5://[2001:db8::1]:1080"},
    };
    for (const auto& good : cases) {
        SCOPED_TRACE(good.text);
        const auto proxy = ProxyUrl::parse(good.text);
        ASSERT_TRUE(proxy);
        EXPECT_EQ(proxy->scheme, good.scheme);
        EXPECT_EQ(proxy->authority.host, good.host);
        EXPECT_EQ(proxy->authority.port, good.port);
        EXPECT_EQ(proxy->authority.hasUser, good.hasUser);
        EXPECT_EQ(proxy->authority.user, good.user);
        EXPECT_EQ(proxy->authority.password, good.password);
        EXPECT_EQ(proxy->redacted(), good.redacted);
    }
}

TEST(ProxyUrl, TakesNothingElse) {
    for (const char* text : {"",
                             "proxy.example:1080",
                             "https://h:1",
                             "socks4://h:1",
                             "SOCKS5://h:1",
                             "socks5://h",
                             "socks5://h:0",
                             "socks5://h:65536",
                             "socks5://h:1x",
                             "socks5://:1080",
                             "http://h:1/path",
                             "http://h:1?q",
                             "http://h:1#f",
                             "http://@h:1",
                             "http://:pass@h:1",
                             "http://us%3Aer:pass@h:1",
                             "http://me:100%@h:1",
                             "http://me:a%0Ab@h:1",
                             "socks5://::1:1080",
                             "socks5://[::1]",
                             "http://h h:1"})
        EXPECT_FALSE(ProxyUrl::parse(text)) << text;
}

}  // namespace
}  // namespace livepusher::base
