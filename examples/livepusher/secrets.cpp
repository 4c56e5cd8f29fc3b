// SPDX-License-Identifier: MIT
#include "secrets.hpp"

#include "errors.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace program {

namespace {

constexpr auto kNone = std::string_view::npos;

bool isFile(std::string_view url) {
    const auto ends = [url](std::string_view ending) { return url.ends_with(ending); };
    return url.starts_with("file://") ||
           (url.find("://") == kNone && (ends(".flv") || ends(".mp4") || ends(".mkv") || ends(".ts")));
}

/// Where the parts of a URL lie: [user, host) is "user:password@", [key, end) is what follows the app.
struct Parts {
    std::size_t user = 0, host = 0, key = 0;
};

bool isRtmp(std::string_view url) {
    constexpr std::string_view kScheme = "rtmp";
    const auto same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); };
    return url.size() > kScheme.size() && std::ranges::equal(url.substr(0, kScheme.size()), kScheme, same);
}

/// Where in rtmp://… what people may see ends: behind the app's folders, as far as they hold no query, when a key follows them.
/// The library's own rule where the app ends is finer; this one hides no less.
std::size_t shownRtmp(std::string_view url, std::size_t first) {
    const auto clean = url.substr(0, std::min(url.find('?', first), url.size()));
    const auto second = clean.find('/', first), third = second == kNone ? kNone : clean.find('/', second + 1);
    const bool oneFolder = third == kNone || clean.find(':', second) < third;
    return second == kNone ? first : oneFolder ? second + 1 : third + 1;
}

Parts split(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == kNone) return {};  // no URL at all: all of it may be a key
    Parts parts;
    parts.user = scheme + 3;
    const std::size_t slash = std::min(url.find_first_of("/?", parts.user), url.size());
    const std::size_t at = url.substr(0, slash).rfind('@');
    parts.host = at == kNone || at < parts.user ? parts.user : at + 1;
    const std::size_t query = std::min(url.find('?', parts.user), url.size());
    const std::size_t last = url.substr(0, query).rfind('/');
    parts.key = last == kNone || last < parts.user ? slash : last + 1;
    if (isRtmp(url) && slash < url.size() && url[slash] == '/') parts.key = shownRtmp(url, slash + 1);
    return parts;
}

/// Length of the URL that `text` begins with: as far as one can go in a sentence.
std::size_t lengthOf(std::string_view text) { return std::min(text.find_first_of(" \t\r\n\"'"), text.size()); }

/// Where in `text` a URL that one can push to begins: rtmp, rtmps, srt, or http and https to a path that ends in .flv.
std::size_t findTarget(std::string_view text) {
    std::size_t found = std::min({text.find("rtmp://"), text.find("rtmps://"), text.find("srt://")});
    for (const std::string_view scheme : {"http://", "https://"}) {
        for (std::size_t at = text.find(scheme); at < found; at = text.find(scheme, at + 1)) {
            const std::string_view url = text.substr(at, lengthOf(text.substr(at)));
            if (url.substr(0, url.find('?')).find(".flv") != kNone) found = at;
        }
    }
    return found;
}

void maskUser(std::span<char> text) {
    const Parts parts = split({text.data(), text.size()});
    if (parts.host > parts.user) std::ranges::fill(text.subspan(parts.user, parts.host - parts.user - 1), '*');
}

/// The key in "--stream-key=KEY", in either spelling; `follows`: it is the next argument. Null: none here.
char* streamKeyOf(char* argument, bool& follows) {
    constexpr std::string_view kOfTarget = ".streamKey=";
    if (const auto at = std::string_view(argument).find(kOfTarget); at != kNone) return argument + at + kOfTarget.size();
    for (const std::string_view flag : {"--stream-key", "--streamKey"}) {
        if (!std::string_view(argument).starts_with(flag)) continue;
        if (argument[flag.size()] == '=') return argument + flag.size() + 1;
        follows = argument[flag.size()] == '\0';
    }
    return nullptr;
}

}  // namespace

std::string redactUrl(std::string_view url, bool keyApart) {
    if (url.empty() || isFile(url)) return std::string(url);
    if (keyApart) {  // its first folder is an app, for the key stands elsewhere
        const auto app = std::min(url.find('/', split(url).host), url.size() - 1) + 1;
        return redactUrl(std::string(url.substr(0, url.find_first_of("/?", app))) + "/***");
    }
    const Parts parts = split(url);
    std::string text(url.substr(0, parts.user));
    text += url.substr(parts.host, parts.key - parts.host);
    return parts.key < url.size() ? text + "***" : text;
}

std::string scrub(std::string_view text) {
    std::string clean;
    while (!text.empty()) {
        const std::size_t start = std::min(findTarget(text), text.size());
        clean += text.substr(0, start);
        text.remove_prefix(start);
        const std::size_t length = lengthOf(text);
        clean += redactUrl(text.substr(0, length));
        text.remove_prefix(length);
    }
    return clean;
}

void maskUrl(std::span<char> url) {
    const std::string_view text(url.data(), url.size());
    if (isFile(text)) return;
    maskUser(url);
    std::ranges::fill(url.subspan(split(text).key), '*');
}

std::string hidePassword(std::string text) {
    maskUser(text);
    return text;
}

void maskArguments(std::span<char*> arguments, std::string_view url) {
    bool keyFollows = false;
    for (char* argument : arguments) {
        if (char* key = std::exchange(keyFollows, false) ? argument : streamKeyOf(argument, keyFollows)) {
            std::fill_n(key, std::strlen(key), '*');
            continue;
        }
        const std::string_view text(argument);
        std::size_t at = url.empty() ? kNone : text.find(url);
        if (at == kNone) at = findTarget(text);  // also one that a later flag overruled
        if (at != kNone) {
            maskUrl({argument + at, text.size() - at});
        } else {
            maskUser({argument, text.size()});
        }
    }
}

std::string takeFromEnvironment(const char* name) {
    char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    if (value == nullptr) return {};
    std::string taken(value);
    std::fill(value, value + taken.size(), '*');
    unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
    return taken;
}

livepusher::Result<std::string> readFirstLine(const std::string& path, bool alone) {
    const auto wrong = [&path](const std::string& what) { return invalid(path + ": " + what); };
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) return invalid("can't read " + path + ": " + readProblem());
    if (text.empty()) return wrong("is empty, or no file");
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return wrong("is UTF-16: save it as UTF-8");
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    const std::string line = text.substr(0, text.find_first_of("\r\n"));
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) return wrong("the first line is empty");
    if (alone && text.find_first_not_of(" \t\r\n", line.size()) != std::string::npos)
        return wrong("holds more than one line: must be the stream key alone");
    return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

}  // namespace program
