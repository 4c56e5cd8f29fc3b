// SPDX-License-Identifier: MIT
#include "base/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/descriptor.hpp"
#include "base/place.hpp"

namespace livepusher::base {
namespace {

Error failed(std::string what, int native) { return {Code::SourceFailed, std::move(what), native}; }
Error failed(int error) {
    return failed(error == ENOENT ? "there is no such file" : std::generic_category().message(error), error);
}

template <typename Bytes>
Result<Bytes> readUpTo(const std::string& path, std::size_t most) {
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return failed(errno);
    struct stat info {};
    if (fstat(file.get(), &info) != 0) return failed(errno);
    if (S_ISDIR(info.st_mode)) return failed("a directory: must be a file", EISDIR);
    if (!S_ISREG(info.st_mode)) return failed("a device, pipe or socket: must be a file", EINVAL);
    Bytes bytes;
    while (bytes.size() < most) {
        constexpr std::size_t kStep = 1U << 18U;
        const auto had = bytes.size();
        const auto step = std::min(kStep, most - had);
        bytes.resize(had + step);
        const auto got = ::read(file.get(), bytes.data() + had, step);
        if (got < 0 && errno != EINTR) return failed(errno);
        bytes.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got == 0) break;
    }
    return bytes;
}

}  // namespace

Result<std::vector<std::uint8_t>> readFile(const std::string& path, std::size_t maxBytes) {
    auto bytes = readUpTo<std::vector<std::uint8_t>>(path, maxBytes + 1);
    if (!bytes || bytes->size() <= maxBytes) return bytes;
    const auto limit = std::to_string(maxBytes >> 20U) + " MiB";
    return failed("more than " + limit + ": must be at most " + limit, EFBIG);
}

Result<std::string> readBeginning(const std::string& path, std::size_t most) { return readUpTo<std::string>(path, most); }

Result<std::vector<std::uint8_t>> readFileWithin(const std::string& path, std::size_t maxBytes,
                                                 std::chrono::milliseconds within) {
    using Read = Result<std::vector<std::uint8_t>>;
    const auto read = std::make_shared<std::optional<Read>>();
    AbandonableThread thread;
    if (auto started = thread.start("file", [read, path, maxBytes] { *read = readFile(path, maxBytes); }); !started)
        return started.error();
    if (thread.end(within)) return *read ? std::move(**read) : failed(ENOMEM);
    return failed("its disk does not answer", ETIMEDOUT);
}

Result<std::vector<std::uint8_t>> readCertificates(const std::string& caFile) {
    constexpr std::size_t kMost = std::size_t{16} << 20U;  // Debian's whole list has 0.2 MiB
    constexpr std::chrono::milliseconds kWithin{1000};
    auto bytes = readFileWithin(checkedPath(caFile), kMost, kWithin);
    if (bytes) return bytes;
    return Error{Code::HandshakeFailed, "caFile \"" + caFile + "\": " + bytes.error().message, bytes.error().native,
                 bytes.error().native != ETIMEDOUT};
}

}  // namespace livepusher::base
