// SPDX-License-Identifier: MIT
#include "rtmp/flv_file.hpp"

#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/log.hpp"
#include "rtmp/flv_stream.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher::rtmp {

namespace {

std::array<std::uint8_t, 8> bigEndian(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    std::array<std::uint8_t, 8> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    return out;
}

}  // namespace

FlvFile::~FlvFile() { close(); }

Result<void> FlvFile::open(const base::Url& url, const PublisherSettings&, std::function<void()> onConnected) {
    if (url.scheme() != base::Url::Scheme::FlvFile)
        return Error{Code::InvalidArgument, "not the path of a .flv file: " + url.redacted()};
    if (cancelled_) return Error{Code::Cancelled, "cancelled"};
    path_ = url.path();
    file_ = std::fopen(path_.c_str(), "wbe");
    if (!file_) return fail("can't be opened for writing");
    if (onConnected) onConnected();
    return put(flvHeader(kFlvHasVideo | kFlvHasAudio));
}

Result<void> FlvFile::write(const Packet& packet) {
    if (auto error = failed()) return *error;
    if (cancelled_) return Error{Code::Cancelled, "cancelled"};
    if (!file_) return Error{Code::InvalidState, "write() needs an open file"};
    return packetizer_.write(packet, [this](const FlvTag& tag) { return writeTag(tag); });
}

Result<void> FlvFile::writeTag(const FlvTag& tag) {
    if (auto done = writeFlvTag(tag, buffer_); !done) return Error{Code::FileFailed, path_ + ": " + done.error().message};
    if (tag.type == FlvTagType::Script && metadataAt_ == 0) metadataAt_ = size_ + kFlvTagHeader;
    if (tag.type == FlvTagType::Video) tracks_ |= kFlvHasVideo;
    if (tag.type == FlvTagType::Audio) tracks_ |= kFlvHasAudio;
    lastTimestamp_ = std::max(lastTimestamp_, tag.timestamp);
    return put(buffer_);
}

Result<void> FlvFile::put(std::span<const std::uint8_t> bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return fail("can't be written");
    size_ += bytes.size();
    written_ = size_;
    return {};
}

Error FlvFile::fail(const char* what) {
    const int number = errno;
    Error error{Code::FileFailed, path_ + ": " + what + ": " + std::generic_category().message(number), number};
    std::lock_guard lock(mutex_);
    if (!failed_) failed_ = error;
    return error;
}

Result<void> FlvFile::complete() {
    const auto patch = [this](std::uint64_t at, std::span<const std::uint8_t> bytes) {
        return std::fseek(file_, static_cast<long>(at), SEEK_SET) == 0 &&
               std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size();
    };
    bool good = tracks_ == 0 || patch(kFlvFlagsOffset, {&tracks_, 1});
    if (metadataAt_ != 0) {
        good = good && patch(metadataAt_ + kDurationOffset, bigEndian(static_cast<double>(lastTimestamp_) / 1000));
        good = good && patch(metadataAt_ + kFileSizeOffset, bigEndian(static_cast<double>(size_)));
    }
    if (!good || std::fflush(file_) != 0) return fail("can't be completed");
    return {};
}

void FlvFile::close() {
    if (!file_) return;
    std::optional<Error> error = failed();
    if (!error)
        if (auto done = complete(); !done) error = done.error();
    if (std::fclose(file_) != 0 && !error) error = fail("can't be closed");
    file_ = nullptr;
    if (error) base::log(LogLevel::Error, error->message);
}

std::optional<Error> FlvFile::failed() const {
    std::lock_guard lock(mutex_);
    return failed_;
}

void FlvFile::onFailed(std::function<void()>) {}  // a file fails in open() and write() only, and their result tells it

void FlvFile::cancel() { cancelled_ = true; }

LinkStatistics FlvFile::statistics() const {
    LinkStatistics out;
    out.bytesSent = written_;
    return out;
}

std::unique_ptr<Publisher> makeFlvFilePublisher() { return std::make_unique<FlvFile>(); }

}  // namespace livepusher::rtmp
