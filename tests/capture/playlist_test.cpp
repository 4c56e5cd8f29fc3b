// SPDX-License-Identifier: MIT
#include "capture/playlist/playlist.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int fuzzPlaylist(const std::uint8_t* data, std::size_t size);

namespace livepusher::capture {
namespace {

using base::Place;
using namespace std::chrono_literals;

Place place(const std::string& text) { return *Place::parse(text); }

Result<Playlist> parse(const std::string& text, const std::string& list = "/dir/list") {
    const auto kind = playlistKind(std::string_view(text).substr(0, kPlaylistHead), list);
    return parsePlaylist(kind == PlaylistKind::None ? PlaylistKind::M3u : kind, text, place(list));
}

std::vector<std::string> names(const Result<Playlist>& list) {
    std::vector<std::string> out;
    if (!list) return {list.error().message};
    for (const auto& entry : list->entries) out.push_back(entry.place.text);
    return out;
}

using Names = std::vector<std::string>;

TEST(Playlist, IsKnownByItsBeginningAndM3uByItsNameToo) {
    using enum PlaylistKind;
    const struct {
        std::string head;
        const char* name;
        PlaylistKind kind;
    } cases[] = {{"#EXTM3U\na.mp4\n", "x", M3u},
                 {"\xEF\xBB\xBF#EXTM3U\r\na.mp4\r\n", "x.txt", M3u},
                 {"a.mp4\n", "x.m3u", M3u},
                 {"a.mp4\n", "X.M3U8", M3u},
                 {"a.mp4\n", "http://h/x.m3u?token=1", M3u},
                 {"a.mp4\n", "x.txt", None},
                 {"", "x.m3u", None},
                 {std::string("a\0b", 3), "x.m3u", None},
                 {"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n", "x.m3u8", None},
                 {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n", "x.m3u8", None},
                 {"#EXT-X-VERSION:3\na.ts\n", "x.m3u8", None},
                 {"ffconcat version 1.0\nfile a.mp4\n", "x", Ffconcat},
                 {"[playlist]\nFile1=a.mp4\n", "x", Pls},
                 {"[Playlist]\r\nFile1=a.mp4\r\n", "x", Pls},
                 {"ftypisom", "x.mp4", None}};
    for (const auto& c : cases) EXPECT_EQ(playlistKind(c.head, c.name), c.kind) << c.head << " " << c.name;
}

TEST(Playlist, OfM3uNamesItsClipsFromWhereItLies) {
    const auto list = parse(
        "\xEF\xBB\xBF#EXTM3U\r\n#EXTINF:12.5 tvg-id=\"a,b\",Title\r\none.mp4\r\n\r\n# a comment\r\n#EXTINF:-1,Two\r\n"
        "sub/two.mp4\r\n/three.mp4\r\nfile:///four%20clip.mp4\r\nhttp://h/five.mp4?x=%20\r\n../x%20y:%d.mp4\r\n-",
        "/dir/list.m3u");
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(names(list), (Names{"/dir/one.mp4", "/dir/sub/two.mp4", "/three.mp4", "/four clip.mp4", "http://h/five.mp4?x=%20",
                                  "/dir/../x%20y:%d.mp4", "/dir/-"}));
    EXPECT_EQ(list->entries[0].duration, 12'500ms);
    EXPECT_EQ(list->entries[1].duration, std::nullopt);
    EXPECT_EQ(list->entries[0].line, 3);
    EXPECT_EQ(list->entries[6].line, 12);
    EXPECT_TRUE(list->entries[4].place.isUrl());
    EXPECT_EQ(names(parse("a.mp4\n-\n", "list.m3u")), (Names{"a.mp4", "./-"}));
}

TEST(Playlist, FromTheNetworkNamesOnlyWhatIsThere) {
    const struct {
        const char *list, *entry, *url;
    } cases[] = {{"http://h/a/list.m3u?key=1/2", "one two.mp4", "http://h/a/one%20two.mp4"},
                 {"http://h/a/list.m3u", "/etc/passwd", "http://h/etc/passwd"},
                 {"http://h/a/list.m3u", "//g/x.mp4", "http://g/x.mp4"},
                 {"http://h/a/list.m3u", "?x=1", "http://h/a/list.m3u?x=1"},
                 {"http://h", "x.mp4", "http://h/x.mp4"},
                 {"http://h?y=/", "x.mp4", "http://h/x.mp4"},
                 {"https://u:p@h/a/list.m3u", "concat:x.mp4", "https://u:p@h/a/concat:x.mp4"},
                 {"https://h/list.m3u", "HTTPS://g/x.mp4", "HTTPS://g/x.mp4"},
                 {"http://h/list.m3u", "-", "http://h/-"}};
    for (const auto& c : cases) EXPECT_EQ(names(parse(std::string("#EXTM3U\n") + c.entry, c.list)), Names{c.url}) << c.entry;
    for (const auto* entry : {"file:///etc/passwd", "FILE:/etc/passwd", "file:x", "file://h/x"}) {
        const auto list = parse(std::string("#EXTM3U\n\n") + entry, "http://h/list.m3u");
        ASSERT_FALSE(list) << entry;
        EXPECT_TRUE(list.error().message.starts_with("line 3: ")) << list.error().message;
    }
    const auto other = parse("#EXTM3U\nrtsp://u:secret@h/x", "http://h/list.m3u");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().message, "line 2: scheme \"rtsp\": a list from the network can name http:// and https:// only");
}

TEST(Playlist, OfFfconcatHasQuotesTimesAndCutEnds) {
    const auto list = parse(
        "ffconcat version 1.0\n# a comment\nfile 'it'\\''s a %d.mp4'\n  duration 00:01:02.5\ninpoint 1500ms\noutpoint 4\n\n"
        "file a\\ b\\\\c.mp4\nstream\nexact_stream_id 0x1\nfile file:http:x.mp4\nfile 'file:///d%20e.mp4'\r\nduration 0:30\n");
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(names(list), (Names{"/dir/it's a %d.mp4", "/dir/a b\\c.mp4", "/dir/http:x.mp4", "/d e.mp4"}));
    EXPECT_EQ(list->entries[0].duration, 62'500ms);
    EXPECT_EQ(list->entries[0].inpoint, 1'500ms);
    EXPECT_EQ(list->entries[0].outpoint, 4s);
    EXPECT_EQ(list->entries[3].duration, 30s);
    EXPECT_EQ(list->warnings, (Names{"line 9: stream is passed over", "line 10: exact_stream_id is passed over"}));
}

TEST(Playlist, OfPlsTakesFilesAndLengths) {
    const auto list =
        parse("[playlist]\nLength2=7\nFile1=a.mp4\nTitle1=A=B\nFile2=http://h/b.mp4\nNumberOfEntries=2\nVersion=2\n");
    EXPECT_EQ(names(list), (Names{"/dir/a.mp4", "http://h/b.mp4"}));
    EXPECT_EQ(list->entries[0].duration, std::nullopt);
    EXPECT_EQ(list->entries[1].duration, 7s);
}

TEST(Playlist, SaysWhatIsWrongAndInWhichLine) {
    std::string many = "#EXTM3U\n";
    for (int i = 0; i < 10'001; ++i) many += "a\n";
    const struct {
        std::string text;
        const char* message;
    } cases[] = {
        {"#EXTM3U\n# nothing\n\n", "the list is empty: it names no clip"},
        {"ffconcat version 1.0\n", "the list is empty: it names no clip"},
        {"[playlist]\nNumberOfEntries=0\n", "the list is empty: it names no clip"},
        {"#EXTM3U\n" + std::string(kPlaylistHead, ' ') + "\n#EXT-X-ENDLIST\n",
         "line 3: is of HLS, which is one stream in pieces and no list of clips"},
        {"#EXTM3U\nother.m3u\n", "line 2: a list in a list: must be a clip"},
        {"#EXTM3U\nfile://host/x.mp4\n", "line 2: host \"host\": must be file:///PATH"},
        {"#EXTM3U\n" + std::string(9000, 'x'), "line 2: 9000 characters: must be at most 8192"},
        {many, "line 10002: more than 10000 clips"},
        {"#EXTM3U\n" + std::string(kMaxPlaylist, 'x'), "a list of 1048584 bytes: must be at most 1048576"},
        {"ffconcat version 2.0\nfile a\n", "line 1: must be \"ffconcat version 1.0\""},
        {"ffconcat version 1.0\nfile 'a\n", "line 2: a ' is not closed"},
        {"ffconcat version 1.0\nfile a b.mp4\n", "line 2: more than one word behind \"file\"; a name with a blank stands in '…'"},
        {"ffconcat version 1.0\nfile\n", "line 2: is empty: must be a path or a URL"},
        {"ffconcat version 1.0\nduration 3\n", "line 2: duration before the first file"},
        {"ffconcat version 1.0\nfile a\ninpoint -3\n", "line 3: inpoint \"-3\": must be seconds or [HH:]MM:SS, with decimals"},
        {"ffconcat version 1.0\nfile a\ninpoint nan\n", "line 3: inpoint \"nan\": must be seconds or [HH:]MM:SS, with decimals"},
        {"ffconcat version 1.0\nfile a\nduration 1:60\n",
         "line 3: duration \"1:60\": must be seconds or [HH:]MM:SS, with decimals"},
        {"ffconcat version 1.0\nfile a\ninpoint 3\noutpoint 3\n", "line 4: the outpoint must be behind the inpoint"},
        {"ffconcat version 1.0\nfile a\noption x y\n",
         "line 3: more than one word behind \"option\"; a name with a blank stands in '…'"},
        {"ffconcat version 1.0\nwhat a\n", "line 2: \"what\": must be file, inpoint, outpoint, duration or a comment"},
    };
    for (const auto& c : cases) {
        const auto list = parse(c.text);
        ASSERT_FALSE(list) << c.message;
        EXPECT_EQ(list.error().code, Code::SourceFailed);
        EXPECT_EQ(list.error().message, c.message);
    }
}

TEST(Playlist, TellsWhereTheClipStandsThatFails) {
    const auto list = parse("#EXTM3U\n\nnone.mp4\n");
    ASSERT_TRUE(list);
    const auto error = inPlaylist("list \"/dir/list\"", list->entries[0],
                                  {Code::SourceFailed, "file \"/dir/none.mp4\": there is no such file", 2});
    EXPECT_EQ(error.message, "list \"/dir/list\", line 3: file \"/dir/none.mp4\": there is no such file");
    EXPECT_EQ(error.native, 2);
}

TEST(Playlist, OfTheFuzzersCorpusPassesCutAnywhere) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LIVEPUSHER_CORPUS "/playlist")) {
        SCOPED_TRACE(entry.path().filename());
        std::ifstream in(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_EQ(fuzzPlaylist(cut.data(), cut.size()), 0);
        }
        ++files;
    }
    EXPECT_GE(files, 6);
}

}  // namespace
}  // namespace livepusher::capture
