// SPDX-License-Identifier: MIT
#include "flv/flv_file.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "flv/flv_stream.hpp"
#include "flv/publishers.hpp"

namespace livepusher::rtmp {

namespace {

/// A disk that takes longer to say whether the file can be written may say it later.
constexpr FlvWriter::Milliseconds kLook{500};

}  // namespace

FlvFile::~FlvFile() { (void)close(EndReason::Ended); }

Result<void> FlvFile::open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) {
    if (url.scheme() != base::Url::Scheme::FlvFile)
        return Error{Code::InvalidArgument, "not the path of a .flv file: " + url.redacted()};
    if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
    if (cancelled_.descriptor() == -1) return fail({Code::FileFailed, url.path() + ": out of file descriptors"});
    path_ = url.path();
    closeTimeout_ = settings.closeTimeout;
    if (auto possible = writer_.start(path_, settings.file, kLook); !possible) return fail(possible.error());
    const auto header = flvHeader(kFlvHasVideo | kFlvHasAudio);
    tags_.assign(header.begin(), header.end());
    size_ = tags_.size();
    observer.transportConnected();
    return {};
}

Result<void> FlvFile::write(const Packet& packet) {
    if (auto good = failed(); !good) return good;
    if (!writer_.started()) return Error{Code::InvalidState, "write() needs an open file"};
    auto made = packetizer_.write(packet, [this](const FlvTag& tag) { return addTag(tag); });
    if (!made) return fail(made.error());
    if (summary_.tracks == 0) return {};  // nothing but what the file begins with
    if (auto put = writer_.put(std::exchange(tags_, {}), summary_); !put) return fail(put.error());
    return {};
}

Result<void> FlvFile::addTag(const FlvTag& tag) {
    if (auto done = writeFlvTag(tag, tag_); !done) return Error{Code::FileFailed, path_ + ": " + done.error().message};
    if (tag.type == FlvTagType::Script && summary_.metadataAt == 0) summary_.metadataAt = size_ + kFlvTagHeader;
    if (tag.type == FlvTagType::Video) summary_.tracks |= kFlvHasVideo;
    if (tag.type == FlvTagType::Audio) summary_.tracks |= kFlvHasAudio;
    summary_.lastTimestamp = std::max(summary_.lastTimestamp, tag.timestamp);
    tags_.insert(tags_.end(), tag_.begin(), tag_.end());
    size_ += tag_.size();
    return {};
}

Error FlvFile::fail(const Error& error) {
    if (error.code != Code::Cancelled && !failed_) failed_ = error;
    return error;
}

Result<void> FlvFile::idle(Clock::time_point until, const Wake& wake) {
    std::array<pollfd, 2> fds{{{wake.descriptor(), POLLIN, 0}, {cancelled_.descriptor(), POLLIN, 0}}};
    poll(fds.data(), fds.size(), pollTimeout(until));
    return failed();
}

// However it came to its end: what is there is a file.
Result<void> FlvFile::close(EndReason) {
    if (writer_.started())
        if (auto whole = writer_.finish(closeTimeout_); !whole) (void)fail(whole.error());
    if (failed_) return *failed_;
    return {};
}

Result<void> FlvFile::failed() const {
    if (failed_) return *failed_;
    if (const auto error = writer_.failed()) return *error;
    if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
    return {};
}

void FlvFile::cancel() {
    cancelled_.signal();
    writer_.cancel();
}

LinkStatistics FlvFile::statistics() const {
    LinkStatistics out;
    out.bytesSent = writer_.written();
    return out;
}

std::unique_ptr<Publisher> makeFlvFilePublisher() { return std::make_unique<FlvFile>(); }

}  // namespace livepusher::rtmp
