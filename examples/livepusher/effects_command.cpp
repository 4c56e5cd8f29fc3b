// SPDX-License-Identifier: MIT
#include "effects_command.hpp"

#include "av/picture_writer.hpp"
#include "effects_progress.hpp"
#include "media_reader.hpp"
#include "output_kind.hpp"
#include "partial_file.hpp"
#include "secrets.hpp"
#include "video_writer.hpp"

#include <livepusher/effects.hpp>
#include <livepusher/log.hpp>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <span>

namespace program {

namespace {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;
using livepusher::SnapshotQuality;
using livepusher::VideoFrame;

/// The first warning of the library: an effect that it had to leave out. What lacks one is no result.
class Complaints {
public:
    Complaints() {
        livepusher::setLogLevel(livepusher::LogLevel::Warning);
        livepusher::setLogHandler([this](livepusher::LogLevel, std::string_view text) {
            const std::scoped_lock lock(mutex_);
            if (first_.empty()) first_ = text.substr(0, text.find("; left out"));
        });
    }
    ~Complaints() { livepusher::setLogHandler({}); }
    Complaints(const Complaints&) = delete;
    Complaints& operator=(const Complaints&) = delete;

    Result<void> none() {
        const std::scoped_lock lock(mutex_);
        if (first_.empty()) return {};
        return Error{Code::InvalidArgument, first_};
    }

private:
    std::mutex mutex_;
    std::string first_;
};

std::string sizeOf(const VideoFrame& frame) { return std::to_string(frame.width()) + "x" + std::to_string(frame.height()); }

Error unwritten(const std::string& path, const std::string& why) {
    return {Code::FileFailed, "can't write " + path + ": " + why};
}

std::span<const std::uint8_t> profileOf(const AVFrame& frame) {
    const auto* profile = av_frame_get_side_data(&frame, AV_FRAME_DATA_ICC_PROFILE);
    return profile == nullptr ? std::span<const std::uint8_t>() : std::span<const std::uint8_t>(profile->data, profile->size);
}

/// Writes one picture, as PNG or JPEG by `path`'s ending, whole or not at all, and tells the name that it has got: with
/// `overwrite` always `path`. `source` may bring a colour profile (ICC). Errors: FileFailed.
Result<std::string> writePicture(const std::string& path, const VideoFrame& picture, const AVFrame& source, bool overwrite) {
    const auto quality = outputKind(path) == OutputKind::Png ? SnapshotQuality::raw : SnapshotQuality::compressed;
    const auto bytes = livepusher::capture::compressPicture(picture, quality, {.thorough = true, .profile = profileOf(source)});
    if (!bytes) return unwritten(path, bytes.error().message);

    PartialFile file;
    if (auto opened = file.open(path, overwrite); !opened) return opened.error();
    std::FILE* out = std::fopen(file.path().c_str(), "wb");
    if (out == nullptr) return unwritten(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    const bool written = std::fwrite(bytes->data(), 1, bytes->size(), out) == bytes->size();
    const int reason = errno;
    const bool closed = std::fclose(out) == 0;
    if (!written || !closed) return unwritten(path, std::strerror(written ? errno : reason));  // NOLINT(concurrency-mt-unsafe)
    return file.finish();
}

class Work {
public:
    explicit Work(const EffectsArguments& arguments) : arguments_(arguments) {}

    Result<void> run() {
        if (auto set = effects_.setProperties(arguments_.properties); !set) return set;  // before anything is read
        auto opened = MediaReader::open(arguments_.in);
        if (!opened) return opened.error();
        reader_ = std::move(*opened);
        pixels_ = FrameReader(reader_->isPicture());
        const bool toPicture = isPicture(outputKind(arguments_.out));
        if (reader_->isPicture() && !toPicture)
            return Error{Code::InvalidArgument, arguments_.in + " is a picture: OUT must end in .png or .jpg"};
        return toPicture ? picture() : video();
    }

private:
    void note(const std::string& text) const {
        if (!arguments_.quiet) tell("note: " + text);
    }
    /// How what was written is called: "out-2.png (out.png is there already): "
    std::string named(const std::string& written) const {
        return written + (written == arguments_.out ? "" : " (" + arguments_.out + " is there already)") + ": ";
    }
    static Error interruption() { return {Code::Cancelled, "interrupted; nothing was written"}; }
    Error undecodable() const { return {Code::SourceFailed, scrub(arguments_.in) + ": its picture can't be decoded"}; }

    /// What the first frame decides for all.
    Result<void> settle(const AVFrame& frame, const VideoFrame& read) {
        if (frame.width % 2 != 0 || frame.height % 2 != 0) {
            note(std::to_string(frame.width) + "x" + std::to_string(frame.height) + " is cut to " + sizeOf(read) +
                 ": pictures are made of pairs of pixels");
        }
        auto upright = original_.apply(read);
        if (!upright) return upright.error();
        double width = upright->width(), height = upright->height();
        const auto& wanted = arguments_.properties;  // one of them: the other by the picture's shape
        if (wanted.videoWidth && wanted.videoHeight) {
            width = *wanted.videoWidth, height = *wanted.videoHeight;
        } else if (wanted.videoWidth) {
            height *= *wanted.videoWidth / width, width = *wanted.videoWidth;
        } else if (wanted.videoHeight) {
            width *= *wanted.videoHeight / height, height = *wanted.videoHeight;
        }
        return size(width, height);
    }

    /// Both pictures at that size, where one is wanted; else each has its own.
    Result<void> size(double width, double height) {
        auto properties = arguments_.properties;
        if (properties.videoWidth || properties.videoHeight) {
            properties.videoWidth = static_cast<int>(std::lround(width / 2)) * 2;
            properties.videoHeight = static_cast<int>(std::lround(height / 2)) * 2;
        }
        constexpr int kWidest = 8192;
        if (arguments_.sideBySide && width * 2 > kWidest)
            return Error{Code::InvalidArgument,
                         "--side-by-side is twice as wide as the picture, at most 8192: give --video-width 4096 or less"};
        livepusher::Properties plain;
        plain.videoWidth = properties.videoWidth;
        plain.videoHeight = properties.videoHeight;
        plain.videoFit = properties.videoFit;
        if (auto set = original_.setProperties(plain); !set) return set;
        return effects_.setProperties(properties);
    }

    /// A frame as it goes into the file.
    Result<VideoFrame> done(const AVFrame& frame) {
        auto read = pixels_.read(frame, reader_->turn(frame));
        if (!read) return Error{read.error().code, scrub(arguments_.in) + ": " + read.error().message};
        if (!settled_) {
            if (auto settled = settle(frame, *read); !settled) return settled.error();
            settled_ = true;
        }
        constexpr double kMicroseconds = 1e6;
        read->pts = livepusher::Timestamp(std::llround(seconds(frame) * kMicroseconds));
        const VideoFrame original = arguments_.sideBySide ? *read : VideoFrame();
        auto right = effects_.apply(std::move(*read));
        if (!right) return right;
        if (auto complete = complaints_.none(); !complete) return complete.error();
        if (!arguments_.sideBySide) return right;
        auto left = original_.apply(original);
        if (!left) return left;
        return sideBySide(*left, *right);
    }

    double seconds(const AVFrame& frame) const { return static_cast<double>(frame.pts) * av_q2d(reader_->video().time_base); }

    Result<void> picture() {
        for (;;) {
            auto item = reader_->next();
            if (!item) return item.error();
            if (interrupted()) return interruption();
            if (item->sound) continue;
            if (!item->frame) return undecodable();
            if (!reader_->isPicture()) note(arguments_.in + " is a video: its first frame");
            auto result = done(*item->frame);
            if (!result) return result.error();
            const auto written = writePicture(arguments_.out, *result, *item->frame, arguments_.properties.overwrite);
            if (!written) return written.error();
            if (!arguments_.quiet) tell(named(*written) + sizeOf(*result));
            return {};
        }
    }

    Result<void> video() {
        if (reader_->leavesOut()) note("subtitles, data and further pictures of " + arguments_.in + " are left out");
        EffectsProgress progress(arguments_.quiet, reader_->duration());
        std::unique_ptr<VideoWriter> writer;
        std::vector<PacketPtr> early;  // sound before the first frame
        std::string size;              // of all frames
        for (;;) {
            auto item = reader_->next();
            if (!item) return item.error();
            if (interrupted()) return interruption();
            if (item->sound) {
                if (!writer)
                    early.push_back(std::move(item->sound));
                else if (auto written = writer->write(std::move(item->sound)); !written)
                    return written;
                continue;
            }
            if (!item->frame) break;
            auto frame = done(*item->frame);
            if (!frame) return frame.error();
            if (writer && sizeOf(*frame) != size) {
                return Error{Code::SourceFailed, scrub(arguments_.in) + ": changes from " + size + " to " + sizeOf(*frame) +
                                                     " in the middle; --video-width and --video-height make all one size"};
            }
            if (!writer) {
                auto opened = VideoWriter::open(arguments_.out, *reader_, *item->frame, *frame, arguments_.properties.overwrite);
                if (!opened) return opened.error();
                writer = std::move(*opened);
                size = sizeOf(*frame);
                for (auto& packet : early) {
                    if (auto written = writer->write(std::move(packet)); !written) return written;
                }
            }
            if (auto written = writer->write(std::move(*frame), *item->frame); !written) return written;
            progress.frame(seconds(*item->frame));
        }
        if (!writer) return undecodable();
        const auto finished = writer->finish();
        if (!finished) return finished.error();
        if (reader_->broken() > 0)
            note(std::to_string(reader_->broken()) + " broken frames of " + arguments_.in + " could not be decoded");
        progress.finish(named(*finished) + size);
        return {};
    }

    const EffectsArguments& arguments_;
    Complaints complaints_;
    livepusher::EffectChain effects_;
    livepusher::EffectChain original_;  ///< only of the same size
    std::unique_ptr<MediaReader> reader_;
    FrameReader pixels_{true};
    bool settled_ = false;
};

}  // namespace

ExitCode applyEffects(const EffectsArguments& arguments) {
    av_log_set_level(AV_LOG_QUIET);  // what fails is told in this program's own words
    watchForInterrupts();
    const auto done = Work(arguments).run();
    if (done) return kDone;
    tell(scrub(done.error().message));
    return exitCodeFor(static_cast<int>(done.error().code));
}

}  // namespace program
