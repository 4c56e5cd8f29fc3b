// SPDX-License-Identifier: MIT
#include "file/publishers.hpp"

#include <utility>

#include "av/muxer.hpp"

namespace livepusher::file {

namespace {

using capture::Muxer;
using capture::MuxerFormat;

/// A file by libavformat.
class MuxedContainer final : public Container {
public:
    explicit MuxedContainer(MuxerFormat format)
        : muxer_({.format = format, .patches = true},
                 [this](std::uint64_t at, std::span<const std::uint8_t> bytes) { take(at, bytes); }) {}

    bool takes(const Packet& config) const override { return muxer_.takes(config); }
    Result<void> write(const Packet& packet, FileBytes& out) override {
        out_ = &out;
        return ofFile(muxer_.write(packet));
    }
    Result<void> finish(FileBytes& out) override {
        out_ = &out;
        return ofFile(muxer_.finish());
    }

private:
    void take(std::uint64_t at, std::span<const std::uint8_t> bytes) {
        if (at < size_) return out_->patches.push_back({at, {bytes.begin(), bytes.end()}});
        out_->bytes.insert(out_->bytes.end(), bytes.begin(), bytes.end());
        size_ += bytes.size();
    }
    static Result<void> ofFile(Result<void> done) {
        if (done || done.error().code != Code::TransferFailed) return done;
        return Error{Code::FileFailed, done.error().message, done.error().native};
    }

    FileBytes* out_ = nullptr;  // of the call that is going on
    std::uint64_t size_ = 0;
    Muxer muxer_;
};

MuxerFormat formatOf(base::Url::Scheme scheme) {
    if (scheme == base::Url::Scheme::Mp4File) return MuxerFormat::Mp4;
    if (scheme == base::Url::Scheme::TsFile) return MuxerFormat::MpegTs;
    return MuxerFormat::Matroska;
}

}  // namespace

std::unique_ptr<rtmp::Publisher> makeMuxedFilePublisher(base::Url::Scheme scheme) {
    return makeFilePublisher([format = formatOf(scheme)] { return std::make_unique<MuxedContainer>(format); });
}

}  // namespace livepusher::file
