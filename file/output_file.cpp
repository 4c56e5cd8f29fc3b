// SPDX-License-Identifier: MIT
#include "file/output_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/answer_within.hpp"
#include "base/file_identity.hpp"

namespace livepusher::file {

namespace {

using namespace std::chrono_literals;

constexpr const char* kCantOpen = "can't be opened for writing";
constexpr const char* kCantWrite = "can't be written";
/// That an input's disk has to say which file it is: long where a file is emptied, which can't be undone.
constexpr auto kAnswer = 150ms, kAnswerBeforeOverwriting = 1500ms;
constexpr int kLastName = 9999;
constexpr std::size_t kPart = std::size_t{256} * 1024;

/// "a/b.flv" -> "a/b-2.flv"
std::string numbered(const std::string& path, int number) {
    std::filesystem::path name(path);
    const auto extension = name.extension().string();
    return path.substr(0, path.size() - extension.size()) + "-" + std::to_string(number) + extension;
}

std::string folderOf(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

bool isLink(const std::string& path) {
    struct stat link {};
    return lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
}

/// Why this can't be written to as a file is; null: it can.
const char* unfit(mode_t mode) {
    if (S_ISDIR(mode)) return "is a directory: name a file in it";
    if (S_ISBLK(mode)) return "is a whole disk: name a file on one";
    if (S_ISSOCK(mode)) return "is a socket: name a file";
    return nullptr;
}

}  // namespace

OutputFile::OutputFile(std::string path, rtmp::FileSettings settings, const std::atomic<bool>& stopped)
    : path_(std::move(path)), settings_(std::move(settings)), stopped_(stopped), name_(path_) {}

Error OutputFile::fail(const char* what, int number) const {
    const auto why = number == ENOENT ? "there is no such directory" : std::generic_category().message(number);
    return {Code::FileFailed, name_ + ": " + what + ": " + why, number};
}

Result<void> OutputFile::refuseInput(const struct stat& there) const {
    const auto me = base::FileIdentity::of(there);
    if (!me || !settings_.inputs) return {};
    // What doesn't answer lies on another disk than this file, which does.
    const auto most = settings_.overwrite ? kAnswerBeforeOverwriting : kAnswer;
    for (const auto& input : base::answerWithin(most, settings_.inputs).value_or(std::vector<std::string>())) {
        const auto its = base::answerWithin(most, [input] { return base::FileIdentity::of(input); });
        if (its && *its == me)
            return Error{Code::InvalidArgument, name_ + " would be written over while it is read" +
                                                    (input == name_ ? "" : ", as " + input) + ": name another file to write"};
    }
    return {};
}

Result<void> OutputFile::check() const {
    struct stat there {};
    if (stat(path_.c_str(), &there) != 0) {
        if (errno != ENOENT) return fail(kCantOpen, errno);
        if (!isLink(path_) && access(folderOf(path_).c_str(), W_OK | X_OK) != 0) return fail(kCantOpen, errno);
        return {};
    }
    if (const auto* why = unfit(there.st_mode)) return Error{Code::FileFailed, path_ + ": " + why};
    if (auto safe = refuseInput(there); !safe) return safe;
    const bool another = S_ISREG(there.st_mode) && !settings_.overwrite && there.st_size > 0;
    if (access(another ? folderOf(path_).c_str() : path_.c_str(), W_OK) != 0) return fail(kCantOpen, errno);
    return {};
}

Result<void> OutputFile::open() {
    for (int number = 1; number <= kLastName; ++number) {
        name_ = number == 1 ? path_ : numbered(path_, number);
        const auto taken = take(number == 1);
        if (!taken) return taken.error();
        if (*taken == Taken::Yes) return {};
    }
    name_ = path_;
    return Error{Code::FileFailed, path_ + ": exists already, and so do all names up to " + numbered(path_, kLastName)};
}

/// What is there is not even opened where it stays: others may wait for its being closed.
Result<OutputFile::Taken> OutputFile::take(bool asked) {
    struct stat before {};
    if (stat(name_.c_str(), &before) == 0) {
        return asked ? begin(before) : Taken::No;
    }
    if (errno != ENOENT) return fail(kCantOpen, errno);
    const int alone = isLink(name_) ? 0 : O_EXCL;  // a link to what is not there yet
    base::Descriptor opened(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | alone, 0666));
    if (!opened && errno == EEXIST) return Taken::No;
    if (!opened) return fail(kCantOpen, errno);
    (void)flock(opened.get(), LOCK_EX | LOCK_NB);  // who finds the file still empty sees that it is taken
    struct stat made {};
    if (alone == 0 && (fstat(opened.get(), &made) != 0 || !S_ISREG(made.st_mode) || made.st_size > 0))
        return Taken::No;  // somebody else has made it
    fd_ = std::move(opened);
    file_ = true;
    return Taken::Yes;
}

Result<OutputFile::Taken> OutputFile::begin(const struct stat& before) {
    if (const auto* why = unfit(before.st_mode)) return Error{Code::FileFailed, name_ + ": " + why};
    if (auto safe = refuseInput(before); !safe) return safe.error();
    const bool file = S_ISREG(before.st_mode);
    if (file && !settings_.overwrite && before.st_size > 0) return Taken::No;
    base::Descriptor opened(::open(name_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | (file ? 0 : O_NONBLOCK)));
    if (!opened && errno == ENXIO && S_ISFIFO(before.st_mode))
        return Error{Code::FileFailed, name_ + ": nobody has opened it for reading", kNobodyReads};
    if (!opened) return fail(kCantOpen, errno);
    if (!file) {
        fd_ = std::move(opened);
        return Taken::Yes;
    }

    struct stat there {};
    if (fstat(opened.get(), &there) != 0) return fail(kCantOpen, errno);
    auto safe = refuseInput(there);  // it may be another since
    const bool others = flock(opened.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    const bool stays = others || (!settings_.overwrite && there.st_size > 0);
    if (safe && !stays && ftruncate(opened.get(), 0) != 0) safe = fail(kCantOpen, errno);
    if (!safe) return safe.error();
    if (!stays) {
        fd_ = std::move(opened);
        file_ = true;
        return Taken::Yes;
    }
    if (settings_.overwrite) return Error{Code::FileFailed, name_ + ": is being written by another program"};
    return Taken::No;
}

Result<void> OutputFile::awaitRoom() const {
    constexpr int kLook = 50;  // ms
    while (!stopped_) {
        pollfd entry{fd_.get(), POLLOUT, 0};
        const int ready = poll(&entry, 1, kLook);
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return fail(kCantWrite, errno);
    }
    return Error{Code::Cancelled, name_ + ": cancelled"};
}

Result<void> OutputFile::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        if (!file_)
            if (auto room = awaitRoom(); !room) return room;
        // A pipe with room takes so much at once, also where others share the descriptor's flags.
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), file_ ? kPart : PIPE_BUF));
        const auto written = ::write(fd_.get(), part.data(), part.size());
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (written < 0) return fail(kCantWrite, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> OutputFile::patch(std::uint64_t at, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto written = pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail("can't be completed", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<void> OutputFile::cutTo(std::uint64_t size) {
    if (ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return fail("can't be completed", errno);
    return {};
}

Result<void> OutputFile::close() {
    if (fd_ && ::close(fd_.release()) != 0) return fail("can't be closed", errno);
    return {};
}

}  // namespace livepusher::file
