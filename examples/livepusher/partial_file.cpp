// SPDX-License-Identifier: MIT
#include "partial_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace program {

namespace {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;

std::atomic<bool> asked{false};
std::array<char, PATH_MAX> toRemove{};  // for the signal's handler, which may call nothing that takes memory
std::atomic<bool> removes{false};

void onSignal(int) {
    if (!asked.exchange(true)) return;
    if (removes) unlink(toRemove.data());
    constexpr int kInterrupted = 130;
    _exit(kInterrupted);
}

Error cannot(const std::string& path, int reason) {
    return {Code::FileFailed, "can't write " + path + ": " + std::strerror(reason), reason};  // NOLINT(concurrency-mt-unsafe)
}

/// "a/b.mp4" and 2: "a/b-2.mp4", the name that is taken where the one asked for has something already.
std::string numberedName(const std::string& path, int number) {
    const auto extension = std::filesystem::path(path).extension().string();
    return path.substr(0, path.size() - extension.size()) + "-" + std::to_string(number) + extension;
}

}  // namespace

PartialFile::~PartialFile() {
    if (partial_.empty()) return;
    unlink(partial_.c_str());
    removes = false;
}

Result<void> PartialFile::open(const std::string& path, bool overwrite) {
    path_ = path;
    overwrite_ = overwrite;
    std::error_code none;
    final_ = std::filesystem::weakly_canonical(path, none).string();  // through a link, which stays one
    if (none) final_ = path;
    struct stat there {};
    if (stat(final_.c_str(), &there) == 0) {
        if (!S_ISREG(there.st_mode)) return Error{Code::FileFailed, "can't write " + path + ": it exists and is not a file"};
        if (overwrite && access(final_.c_str(), W_OK) != 0) return cannot(path, errno);
    }
    const std::filesystem::path whole(final_);
    std::string partial = (whole.parent_path() / ("." + whole.filename().string() + ".XXXXXX")).string();
    const int fd = partial.size() < toRemove.size() ? mkostemp(partial.data(), O_CLOEXEC) : -1;
    if (fd < 0) return cannot(path, partial.size() < toRemove.size() ? errno : ENAMETOOLONG);
    const mode_t hidden = umask(0);
    umask(hidden);
    constexpr mode_t kReadableAndWritable = 0666;
    fchmod(fd, kReadableAndWritable & ~hidden);
    close(fd);
    partial_ = partial;
    std::copy_n(partial_.c_str(), partial_.size() + 1, toRemove.begin());
    removes = true;
    return {};
}

/// False: there is something already.
Result<bool> PartialFile::moveTo(const std::string& name, bool first) const {
    struct stat there {};
    const bool isThere = stat(name.c_str(), &there) == 0;
    if (first && (overwrite_ || (isThere && there.st_size == 0))) {  // an empty one is mktemp's
        if (std::rename(partial_.c_str(), name.c_str()) != 0) return cannot(name, errno);
        return true;
    }
    if (isThere) return false;
    // Neither replaces what has come there meanwhile; not every file system has the first.
    if (renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno == EEXIST) return false;
    if (errno != EINVAL && errno != ENOSYS) return cannot(name, errno);
    if (link(partial_.c_str(), name.c_str()) == 0) {
        unlink(partial_.c_str());
        return true;
    }
    if (errno == EEXIST) return false;
    return cannot(name, errno);
}

Result<std::string> PartialFile::finish() {
    constexpr int kLastName = 9999;
    for (int number = 1; number <= kLastName; ++number) {
        const auto moved = moveTo(number == 1 ? final_ : numberedName(final_, number), number == 1);
        if (!moved) return moved.error();
        if (!*moved) continue;
        removes = false;
        partial_.clear();
        return number == 1 ? path_ : numberedName(path_, number);
    }
    return cannot(path_, EEXIST);
}

void watchForInterrupts() {
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);  // ignored: nohup started us
    }
}

bool interrupted() { return asked; }

}  // namespace program
