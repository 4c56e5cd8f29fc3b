// SPDX-License-Identifier: MIT
#include "base/fd_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace livepusher::capture {
namespace {

Error failed(const std::string& path, int error) {
    const auto name = path == "-" ? std::string("stdin") : "\"" + path + "\"";
    const auto text = error == ENOENT ? "there is no such file" : std::generic_category().message(error);
    return {Code::SourceFailed, name + ": " + text, error};
}

}  // namespace

Result<void> FdReader::open(const std::string& path) {
    if (const auto woken = wake_.check(); !woken) return failed(path, woken.error().native);
    file_ = {};
    // Without O_NONBLOCK, opening a FIFO would wait for its writer and nothing could break that off.
    if (path != "-") file_ = base::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    fd_ = path == "-" ? STDIN_FILENO : file_.get();
    if (fd_ < 0) return failed(path, errno);
    struct stat info {};
    if (fstat(fd_, &info) != 0) return failed(path, errno);
    if (S_ISDIR(info.st_mode)) return failed(path, EISDIR);
    regular_ = S_ISREG(info.st_mode);
    // Fewer and longer reads; where the system's limit is lower the default size does.
    if (S_ISFIFO(info.st_mode)) fcntl(fd_, F_SETPIPE_SZ, 1 << 20);
    return {};
}

FdReader::Outcome FdReader::read(const iovec* parts, int count, const std::function<void()>& waiting) {
    constexpr int kSecond = 1000;
    for (;;) {
        std::array<pollfd, 2> wait{{{fd_, POLLIN, 0}, {wake_.fd(), POLLIN, 0}}};
        const int ready = poll(wait.data(), wait.size(), waiting ? kSecond : -1);
        if (ready < 0) {
            if (errno == EINTR) continue;
            return {Status::Failed, 0, errno};
        }
        if (ready == 0) {
            waiting();
            continue;
        }
        if (wait[1].revents != 0) return {Status::Cancelled};
        const auto bytes = readv(fd_, parts, count);
        if (bytes > 0) return {Status::Data, static_cast<std::size_t>(bytes)};
        if (bytes == 0) return {Status::Ended};
        if (errno != EINTR && errno != EAGAIN) return {Status::Failed, 0, errno};
    }
}

Result<void> FdReader::rewind() {
    if (lseek(fd_, 0, SEEK_SET) != 0)
        return Error{Code::SourceFailed, "can't loop: " + std::generic_category().message(errno), errno};
    return {};
}

bool FdReader::sleepUntil(Timestamp moment) {
    for (;;) {
        const auto left = std::max(moment - now(), Timestamp{});
        const timespec wait{left.count() / 1'000'000, left.count() % 1'000'000 * 1000};
        pollfd woken{wake_.fd(), POLLIN, 0};
        const int count = ppoll(&woken, 1, &wait, nullptr);
        if (count > 0) return false;
        if (count == 0) return true;
    }
}

}  // namespace livepusher::capture
