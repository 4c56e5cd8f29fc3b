// SPDX-License-Identifier: MIT
#include "capture/file_source.hpp"

#include <utility>

#include "capture/file_reader.hpp"

namespace livepusher::capture {
namespace {

class FileVideo final : public VideoSource {
public:
    explicit FileVideo(std::shared_ptr<FileReader> reader) : reader_(std::move(reader)) {}
    ~FileVideo() override { FileVideo::stop(); }
    // Every picture of the file is delivered in its own size: scaling and thinning out are the lane's.
    Result<VideoSourceFormat> start(const WantedVideo&, Sink sink) override { return reader_->startVideo(std::move(sink)); }
    void stop() override { reader_->stop(Track::Video); }
    void interrupt() override { reader_->interrupt(Track::Video); }

private:
    std::shared_ptr<FileReader> reader_;
};

class FileAudio final : public AudioSource {
public:
    explicit FileAudio(std::shared_ptr<FileReader> reader) : reader_(std::move(reader)) {}
    ~FileAudio() override { FileAudio::stop(); }
    Result<void> start(const WantedAudio& wanted, Sink sink) override { return reader_->startAudio(wanted, std::move(sink)); }
    void stop() override { reader_->stop(Track::Audio); }
    void interrupt() override { reader_->interrupt(Track::Audio); }

private:
    std::shared_ptr<FileReader> reader_;
};

}  // namespace

FileEnds makeFileEnds(const std::string& target, bool loop, bool video, bool audio) {
    auto reader = std::make_shared<FileReader>(FileReader::Options{.target = target, .loop = loop, .ends = {video, audio}});
    FileEnds ends;
    if (video) ends.video = std::make_unique<FileVideo>(reader);
    if (audio) ends.audio = std::make_unique<FileAudio>(reader);
    return ends;
}

}  // namespace livepusher::capture
