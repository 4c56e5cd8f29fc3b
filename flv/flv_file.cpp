// SPDX-License-Identifier: MIT
#include "flv/publishers.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "flv/flv_stream.hpp"
#include "flv/flv_writer.hpp"

namespace livepusher::rtmp {

namespace {

/// A disk that takes longer to say whether the file can be written may say it later.
constexpr FlvWriter::Milliseconds kLook{500};

/// Writes the stream into a .flv file, which is made when there is the first picture or sound. Duration, size and the
/// tracks in the header are filled in at close(); without it (a crash) the file plays all the same. cancel() ends
/// write(), but close() still completes the file, as far as its disk answers.
class FlvFile final : public Publisher {
public:
    ~FlvFile() override { (void)close(EndReason::Ended); }

    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override {
        if (url.scheme() != base::Url::Scheme::FlvFile)
            return Error{Code::InvalidArgument, "not the path of a .flv file: " + url.redacted()};
        if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
        if (cancelled_.fd() == -1) return fail({Code::FileFailed, url.path() + ": out of file descriptors"});
        path_ = url.path();
        closeTimeout_ = settings.closeTimeout;
        if (auto possible = writer_.start(path_, settings.file, kLook); !possible) return fail(possible.error());
        const auto header = flvHeader(kFlvHasVideo | kFlvHasAudio);
        tags_.assign(header.begin(), header.end());
        size_ = tags_.size();
        observer.transportConnected();
        return {};
    }

    Result<void> begin() override { return {}; }

    Result<void> write(const Packet& packet) override {
        if (auto good = failed(); !good) return good;
        if (!writer_.started()) return Error{Code::InvalidState, "write() needs an open file"};
        auto made = packetizer_.write(packet, [this](const FlvTag& tag) { return addTag(tag); });
        if (!made) return fail(made.error());
        if (summary_.tracks == 0) return {};  // nothing but what the file begins with
        if (auto put = writer_.put(std::exchange(tags_, {}), summary_); !put) return fail(put.error());
        return {};
    }

    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        std::array<pollfd, 2> fds{{{wake.fd(), POLLIN, 0}, {cancelled_.fd(), POLLIN, 0}}};
        poll(fds.data(), fds.size(), base::pollTimeout(until));
        return failed();
    }

    // However it came to its end: what is there is a file.
    Result<void> close(EndReason) override {
        if (writer_.started())
            if (auto whole = writer_.finish(closeTimeout_); !whole) (void)fail(whole.error());
        if (failed_) return *failed_;
        return {};
    }

    void cancel() override {
        cancelled_.signal();
        writer_.cancel();
    }

    LinkStatistics statistics() const override {
        LinkStatistics out;
        out.bytesSent = writer_.written();
        return out;
    }

private:
    Result<void> addTag(const FlvTag& tag) {
        if (auto done = writeFlvTag(tag, tag_); !done) return Error{Code::FileFailed, path_ + ": " + done.error().message};
        if (tag.type == FlvTagType::Script && summary_.metadataAt == 0) summary_.metadataAt = size_ + kFlvTagHeader;
        if (tag.type == FlvTagType::Video) summary_.tracks |= kFlvHasVideo;
        if (tag.type == FlvTagType::Audio) summary_.tracks |= kFlvHasAudio;
        summary_.lastTimestamp = std::max(summary_.lastTimestamp, tag.timestamp);
        tags_.insert(tags_.end(), tag_.begin(), tag_.end());
        size_ += tag_.size();
        return {};
    }

    Result<void> failed() const {
        if (failed_) return *failed_;
        if (const auto error = writer_.failed()) return *error;
        if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
        return {};
    }

    Error fail(const Error& error) {
        if (error.code != Code::Cancelled && !failed_) failed_ = error;
        return error;
    }

    FlvWriter writer_;
    FlvWriter::Milliseconds closeTimeout_{};
    FlvPacketizer packetizer_{true};
    std::string path_;
    std::vector<std::uint8_t> tag_, tags_;  ///< of one packet
    FlvSummary summary_;
    std::uint64_t size_ = 0;
    const base::EventFd cancelled_;
    std::optional<Error> failed_;
};

}  // namespace

std::unique_ptr<Publisher> makeFlvFilePublisher() { return std::make_unique<FlvFile>(); }

}  // namespace livepusher::rtmp
