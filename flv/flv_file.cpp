// SPDX-License-Identifier: MIT
#include "flv/flv_file.hpp"

#include <algorithm>
#include <utility>

#include "flv/flv_stream.hpp"
#include "flv/publishers.hpp"

namespace livepusher::rtmp {

namespace {

/// A disk that takes longer to say whether the file can be written may say it later.
constexpr FlvWriter::Milliseconds kLook{500};

}  // namespace

FlvFile::~FlvFile() { close(); }

Result<void> FlvFile::open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) {
    if (url.scheme() != base::Url::Scheme::FlvFile)
        return Error{Code::InvalidArgument, "not the path of a .flv file: " + url.redacted()};
    if (cancelled_) return Error{Code::Cancelled, "cancelled"};
    path_ = url.path();
    closeTimeout_ = settings.closeTimeout;
    if (auto possible = writer_.start(path_, settings.file, kLook); !possible) return fail(possible.error());
    const auto header = flvHeader(kFlvHasVideo | kFlvHasAudio);
    tags_.assign(header.begin(), header.end());
    size_ = tags_.size();
    if (onConnected) onConnected();
    return {};
}

Result<void> FlvFile::write(const Packet& packet) {
    if (auto error = failed()) return *error;
    if (cancelled_) return Error{Code::Cancelled, "cancelled"};
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
    if (error.code == Code::Cancelled) return error;
    std::lock_guard lock(mutex_);
    if (!failed_) failed_ = error;
    return error;
}

void FlvFile::close() {
    if (!writer_.started()) return;
    if (auto whole = writer_.finish(closeTimeout_); !whole) (void)fail(whole.error());
}

std::optional<Error> FlvFile::failed() const {
    {
        std::lock_guard lock(mutex_);
        if (failed_) return failed_;
    }
    return writer_.failed();
}

// A file fails while it is written: the next write() tells it, and failed() after close() that of the last ones.
void FlvFile::onFailed(std::function<void()>) {}

void FlvFile::cancel() {
    cancelled_ = true;
    writer_.cancel();
}

LinkStatistics FlvFile::statistics() const {
    LinkStatistics out;
    out.bytesSent = writer_.written();
    return out;
}

std::unique_ptr<Publisher> makeFlvFilePublisher() { return std::make_unique<FlvFile>(); }

}  // namespace livepusher::rtmp
