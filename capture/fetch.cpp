// SPDX-License-Identifier: MIT
#include "capture/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <optional>
#include <system_error>

#include "capture/http_get.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kPlaces = "must be a path or a file://, http:// or https:// URL";

Error failed(std::string what, int native = 0) { return {Code::SourceFailed, std::move(what), native}; }

std::optional<int> digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return fd_; }

private:
    const int fd_;
};

Result<std::vector<std::uint8_t>> readFile(const std::string& path, std::size_t maxBytes) {
    const auto told = [](int code) {
        return failed(code == ENOENT ? "there is no such file" : std::generic_category().message(code), code);
    };
    if (path.find('\0') != std::string::npos) return told(ENOENT);
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file < 0) return told(errno);
    struct stat info {};
    if (fstat(file, &info) != 0) return told(errno);
    if (!S_ISREG(info.st_mode))
        return failed(S_ISDIR(info.st_mode) ? "a directory: must be a file" : "a device, pipe or socket: must be a file");
    std::vector<std::uint8_t> bytes;
    for (;;) {
        constexpr std::size_t kStep = 1U << 18U;
        const auto had = bytes.size();
        bytes.resize(had + kStep);
        const auto got = ::read(file, bytes.data() + had, kStep);
        if (got < 0 && errno != EINTR) return told(errno);
        bytes.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (bytes.size() > maxBytes) return tooLarge(maxBytes);
        if (got == 0) return bytes;
    }
}

}  // namespace

std::string placeScheme(std::string_view place) {
    const auto end = place.find("://");
    if (end == std::string_view::npos || end == 0 || std::isalpha(static_cast<unsigned char>(place[0])) == 0) return {};
    std::string name;
    for (const char letter : place.substr(0, end)) {
        const auto c = static_cast<unsigned char>(letter);
        if (std::isalnum(c) == 0 && c != '+' && c != '-' && c != '.') return {};
        name += static_cast<char>(std::tolower(c));
    }
    return name;
}

Result<std::string> pathOfFileUrl(std::string_view url) {
    auto rest = url.substr(std::string_view("file://").size());
    const auto slash = rest.find('/');
    const auto host = rest.substr(0, slash);
    if (slash == std::string_view::npos) return failed("no path: must be file:///PATH");
    if (!host.empty() && host != "localhost") return failed("host \"" + std::string(host) + "\": must be file:///PATH");
    rest = rest.substr(slash);
    std::string path;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const auto high = rest[i] == '%' && i + 2 < rest.size() ? digit(rest[i + 1]) : std::nullopt;
        const auto low = high ? digit(rest[i + 2]) : std::nullopt;
        if (low) {
            path += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            path += rest[i];
        }
    }
    return path;
}

std::string publicPlace(std::string_view place) {
    const auto name = placeScheme(place);
    if (name.empty() || name == "file") return std::string(place);
    auto host = place.substr(name.size() + 3);
    host = host.substr(0, host.find_first_of("/?#\\"));
    if (const auto at = host.rfind('@'); at != std::string_view::npos) host = host.substr(at + 1);
    return name + "://" + std::string(host) + "/…";
}

Result<std::vector<std::uint8_t>> fetch(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    if (cancelled) return Error{Code::Cancelled, "cancelled"};
    const auto name = placeScheme(request.place);
    if (name == "http" || name == "https") return httpGet(request, cancelled);
    if (name.empty()) return readFile(request.place, request.maxBytes);
    if (name != "file") return failed("scheme \"" + name + "\": " + std::string(kPlaces));
    auto path = pathOfFileUrl(request.place);
    if (!path) return path.error();
    return readFile(*path, request.maxBytes);
}

}  // namespace livepusher::capture
