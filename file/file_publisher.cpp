// SPDX-License-Identifier: MIT
#include <poll.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "file/dated_name.hpp"
#include "file/file_writer.hpp"
#include "file/publishers.hpp"

namespace livepusher::file {

namespace {

using rtmp::EndReason;
using rtmp::LinkStatistics;
using Track = Packet::Track;
using Kind = Packet::Kind;

/// A disk that takes longer to say whether the file can be written may say it later.
constexpr FileWriter::Milliseconds kLook{500};
/// How much later than the pictures beside it sound may come, by what the queue before lets it.
constexpr Timestamp kLateSound{500'000};

/// Writes a stream into a file, which is made when there is the first picture or sound, and into others after it, each from a key
/// frame and time zero on. What an orderly end has is filled in at close(); without it (a crash) a file plays all the same.
/// cancel() ends write(), but close() still completes the files, as far as their disk answers.
class FilePublisher final : public rtmp::Publisher {
public:
    explicit FilePublisher(MakeContainer make) : make_(std::move(make)) {}
    ~FilePublisher() override { (void)close(EndReason::Ended); }

    Result<void> open(const base::Url& url, const rtmp::PublisherSettings& settings, rtmp::PublisherObserver& observer) override {
        if (!url.isFile()) return Error{Code::InvalidArgument, "not the path of a file: " + url.redacted()};
        if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
        if (cancelled_.fd() == -1) return fail({Code::FileFailed, url.path() + ": out of file descriptors"});
        if (url.scheme() == base::Url::Scheme::TsFile && settings.videoCodec == VideoCodec::av1)
            return fail({Code::InvalidArgument, url.path() + ": MPEG-TS holds no AV1: name a .mp4 or .mkv file"});
        path_ = url.path();
        closeTimeout_ = settings.closeTimeout;
        settings_ = settings.file;
        if (auto possible = startPart(1, kLook); !possible) return fail(possible.error());
        observer.transportConnected();
        return {};
    }

    Result<void> begin() override { return {}; }

    Result<void> write(const Packet& packet) override {
        if (auto good = failed(); !good) return good;
        if (!part_.container) return Error{Code::InvalidState, "write() needs an open file"};
        if (packet.kind == Kind::Config) {
            auto& config = configs_.at(static_cast<std::size_t>(packet.track));
            config = packet;
            if (part_.container->takes(packet)) return add(packet, part_);
            (packet.track == Track::Video ? videoWaits_ : audioWaits_) = true;  // for another file
            return {};
        }
        if (mayBeginPart(packet) && (videoWaits_ || audioWaits_ || isDue(packet)))
            if (auto next = nextPart(); !next) return fail(next.error());
        if (packet.track == Track::Video ? videoWaits_ : audioWaits_) return {};
        if (before_.container) {
            const bool belongs = packet.track == Track::Audio && part_.begun && packet.pts < *part_.begun;
            if (belongs) return add(packet, before_);
            if (part_.begun && (packet.track == Track::Audio || packet.pts - *part_.begun > kLateSound))
                if (auto ended = end(before_); !ended) return fail(ended.error());
        }
        return add(packet, part_);
    }

    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        std::array<pollfd, 2> fds{{{wake.fd(), POLLIN, 0}, {cancelled_.fd(), POLLIN, 0}}};
        poll(fds.data(), fds.size(), base::pollTimeout(until));
        return failed();
    }

    // However it came to its end: what is there is a file.
    Result<void> close(EndReason) override {
        for (auto* part : {&before_, &part_})
            if (part->container && failed())
                if (auto ended = end(*part); !ended) (void)fail(ended.error());
        before_.container.reset();
        part_.container.reset();
        for (const auto& writer : writers_)
            if (writer->started())
                if (auto whole = writer->finish(closeTimeout_); !whole) (void)fail(whole.error());
        if (failed_) return *failed_;
        return {};
    }

    void cancel() override {
        cancelled_.signal();
        std::lock_guard lock(mutex_);
        for (const auto& writer : writers_) writer->cancel();
    }

    LinkStatistics statistics() const override {
        LinkStatistics out;
        std::lock_guard lock(mutex_);
        out.bytesSent = writtenBefore_;
        for (const auto& writer : writers_) out.bytesSent += writer->written();
        return out;
    }

private:
    struct Part {
        int number = 0;
        std::string name;
        FileWriter* writer = nullptr;
        std::unique_ptr<Container> container;
        std::optional<Timestamp> begun;  // on the stream's clock
        Timestamp zero{};
    };

    Result<void> startPart(int number, FileWriter::Milliseconds patience) {
        auto settings = settings_;
        if (number > 1) settings.overwrite = false;  // not what was written before
        Part part;
        part.number = number;
        part.name = datedName(path_, std::time(nullptr));
        part.container = make_();
        {
            std::lock_guard lock(mutex_);
            part.writer = writers_.emplace_back(std::make_unique<FileWriter>()).get();
            if (cancelled_.signalled()) part.writer->cancel();
        }
        if (auto started = part.writer->start(part.name, std::move(settings), patience, before_.writer); !started) return started;
        part_ = std::move(part);
        return {};
    }

    /// Where a file can begin: with a picture that needs none before it.
    bool mayBeginPart(const Packet& packet) const {
        const bool pictures = configs_[static_cast<std::size_t>(Track::Video)].has_value();
        return packet.kind == Kind::Key && (packet.track == Track::Video || !pictures);
    }
    bool isDue(const Packet& packet) const {
        return settings_.split > Timestamp::zero() && part_.begun && packet.pts - *part_.begun >= settings_.split;
    }

    /// The one before gets the sound that is still to come of its time.
    Result<void> nextPart() {
        if (before_.container)
            if (auto ended = end(before_); !ended) return ended;
        if (auto whole = reap(); !whole) return whole;
        before_ = std::move(part_);
        if (auto started = startPart(before_.number + 1, FileWriter::Milliseconds(0)); !started) return started;
        videoWaits_ = audioWaits_ = false;
        for (const auto& config : configs_)
            if (config)
                if (auto added = add(*config, part_); !added) return added;
        return {};
    }

    /// It is completed meanwhile.
    Result<void> end(Part& part) {
        FileBytes rest;
        auto done = ofThis(part, part.container->finish(rest));
        part.container.reset();
        if (done) done = part.writer->put(std::move(rest));
        part.writer->end();
        return done;
    }

    /// Forgets the files that are whole.
    Result<void> reap() {
        std::vector<std::unique_ptr<FileWriter>> over;
        {
            std::lock_guard lock(mutex_);
            for (auto& writer : writers_)
                if (writer->done()) {
                    writtenBefore_ += writer->written();
                    over.push_back(std::move(writer));
                }
            std::erase(writers_, nullptr);
        }
        for (const auto& writer : over)
            if (auto whole = writer->finish(FileWriter::Milliseconds(0)); !whole) return whole;
        return {};
    }

    Result<void> add(const Packet& packet, Part& part) {
        FileBytes more;
        if (packet.kind != Kind::Config && !part.begun) {
            part.begun = packet.pts;
            // The first file's times are the stream's.
            if (part.number > 1) part.zero = std::min(packet.pts, packet.dts);
        }
        if (auto made = ofThis(part, part.container->write(fromZero(packet, part), more)); !made) return fail(made.error());
        if (auto put = part.writer->put(std::move(more)); !put) return fail(put.error());
        return {};
    }

    static Packet fromZero(Packet packet, const Part& part) {
        packet.pts -= part.zero;
        packet.dts -= part.zero;
        return packet;
    }

    static Result<void> ofThis(const Part& part, Result<void> done) {
        if (done) return done;
        return Error{done.error().code, part.name + ": " + done.error().message, done.error().native};
    }

    Result<void> failed() {
        if (failed_) return *failed_;
        for (const auto* part : {&before_, &part_})
            if (part->container)
                if (const auto error = part->writer->failed()) return *error;
        if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
        return {};
    }

    Error fail(const Error& error) {
        if (error.code != Code::Cancelled && !failed_) failed_ = error;
        return error;
    }

    const MakeContainer make_;
    FileWriter::Milliseconds closeTimeout_{};
    rtmp::FileSettings settings_;
    std::string path_;
    std::array<std::optional<Packet>, 2> configs_;
    bool videoWaits_ = false, audioWaits_ = false;  // the track goes on in the next file
    Part before_, part_;                            // that is still to be completed, and the present one
    mutable std::mutex mutex_;                      // of who reaches the writers from another thread
    std::vector<std::unique_ptr<FileWriter>> writers_;
    std::uint64_t writtenBefore_ = 0;
    const base::EventFd cancelled_;
    std::optional<Error> failed_;
};

}  // namespace

std::unique_ptr<rtmp::Publisher> makeFilePublisher(MakeContainer make) {
    return std::make_unique<FilePublisher>(std::move(make));
}

}  // namespace livepusher::file
