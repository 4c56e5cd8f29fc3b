// SPDX-License-Identifier: MIT
#include "capture/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/place.hpp"
#include "capture/http_get.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kPlaces = "must be a path or a file://, http:// or https:// URL";

Error failed(std::string what, int native = 0) { return {Code::SourceFailed, std::move(what), native}; }

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

std::string publicPlace(std::string_view place) {
    const auto name = base::schemeOf(place);
    if (name.empty() || name == "file") return std::string(place);
    auto host = place.substr(name.size() + 3);
    host = host.substr(0, host.find_first_of("/?#\\"));
    if (const auto at = host.rfind('@'); at != std::string_view::npos) host = host.substr(at + 1);
    return name + "://" + std::string(host) + "/…";
}

Result<std::vector<std::uint8_t>> fetch(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    if (cancelled) return Error{Code::Cancelled, "cancelled"};
    const auto place = base::Place::parse(request.place);
    if (!place) return failed(place.error().message);
    if (place->isHttp()) return httpGet(request, cancelled);
    if (place->isUrl()) return failed("scheme \"" + place->scheme + "\": " + std::string(kPlaces));
    return readFile(place->text, request.maxBytes);
}

}  // namespace livepusher::capture
