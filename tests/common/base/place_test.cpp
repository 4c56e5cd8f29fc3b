// SPDX-License-Identifier: MIT
#include "base/place.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace livepusher::base {
namespace {

using Kind = Place::Kind;

TEST(Place, OfHttpIsWhatBeginsWithItsSchemeInAnyCase) {
    for (const auto* text : {"http://h/x", "https://h/x", "HTTP://h/x", "hTTps://h"}) EXPECT_TRUE(isHttp(text)) << text;
    for (const auto* text : {"", "http", "http:/h", "rtsp://h", "httpx://h", "/dir/http://x", "file:///http://x"})
        EXPECT_FALSE(isHttp(text)) << text;
}

TEST(Place, IsALocalPathWhateverSignsItsNameHolds) {
    const std::vector<std::string> names{"clip.mp4",
                                         "/a/b.mp4",
                                         "a:b.mp4",
                                         "concat:x.mp4|y.mp4",
                                         "data:text/plain,x",
                                         "http:foo",
                                         "rtmp:/x",
                                         "subfile,,:x.mp4",
                                         "x%d.png",
                                         "100%25.mp4",
                                         "x*.png",
                                         "/dir/http://x.mp4",
                                         "./-",
                                         "-x.mp4",
                                         "1a://x",
                                         "://x",
                                         "a b://x",
                                         " http://x",
                                         "trailing ",
                                         "new\nline",
                                         "\xFF\xFE.mp4",
                                         "file:x.mp4",
                                         "file:%41",
                                         "FILE:x",
                                         "crypto:/x",
                                         "pipe:0",
                                         "?*[]#.mp4",
                                         std::string(4095, 'x')};
    for (const auto& name : names) {
        SCOPED_TRACE(name);
        const auto place = Place::parse(name);
        ASSERT_TRUE(place) << place.error().message;
        EXPECT_EQ(*place, (Place{Kind::Path, {}, name}));
        EXPECT_EQ(*localPath(name), name);
    }
}

TEST(Place, IsAUrlWhenASchemeAndTwoSlashesBeginIt) {
    const struct {
        const char *text, *scheme;
    } cases[] = {{"http://h/x%20y", "http"}, {"HTTPS://h", "https"}, {"rtsp://u:p@h/x", "rtsp"}, {"a+b-c.1://", "a+b-c.1"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto place = Place::parse(c.text);
        ASSERT_TRUE(place);
        EXPECT_EQ(*place, (Place{Kind::Url, c.scheme, c.text}));
        EXPECT_EQ(place->isHttp(), place->scheme.starts_with("http"));
        const auto path = localPath(c.text);
        ASSERT_FALSE(path);
        EXPECT_EQ(path.error().message, "scheme \"" + std::string(c.scheme) + "\": must be a path or a file:// URL");
    }
}

TEST(Place, OfAFileUrlIsThePathThatItMeans) {
    const struct {
        const char *text, *path;
    } cases[] = {{"file:///a/b.mp4", "/a/b.mp4"},
                 {"file://localhost/a", "/a"},
                 {"FILE://LOCALHOST/a", "/a"},
                 {"file:/a%20b", "/a b"},
                 {"file:///a%20b%2Fc%C3%BC", "/a b/c\xC3\xBC"},
                 {"file:///a%3F?b#c", "/a??b#c"},
                 {"file:///100%", "/100%"},
                 {"file:///x%d.png", "/x%d.png"},
                 {"file:///%4", "/%4"},
                 {"file:///%+1%-1% 1", "/%+1%-1% 1"},
                 {"file:///a://b", "/a://b"},
                 {"file:////a", "//a"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto place = Place::parse(c.text);
        ASSERT_TRUE(place) << place.error().message;
        EXPECT_EQ(*place, (Place{Kind::Path, {}, c.path}));
        EXPECT_EQ(Place::parse(place->text)->text, c.path);  // a path stays what it is when it is read again
    }
}

TEST(Place, RefusesWhatNamesNoFileAndRepeatsNoneOfIt) {
    const struct {
        std::string text, message;
    } cases[] = {{"", "is empty: must be a path or a URL"},
                 {"file://host/a", "host \"host\": must be file:///PATH"},
                 {"file://a", "no path: must be file:///PATH"},
                 {"file:///a%00b", "holds a NUL character, which no path can"},
                 {std::string("a\0b", 3), "holds a NUL character, which no path can"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto place = Place::parse(c.text);
        ASSERT_FALSE(place);
        EXPECT_EQ(place.error().code, Code::InvalidArgument);
        EXPECT_EQ(place.error().message, c.message);
    }
    EXPECT_EQ(*localPath(""), "");
}

TEST(Place, ADashAloneIsStandardInput) {
    EXPECT_EQ(Place::parse("-")->kind, Kind::StandardInput);
    EXPECT_EQ(*localPath("-"), "-");
}

}  // namespace
}  // namespace livepusher::base
