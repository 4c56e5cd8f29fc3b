// SPDX-License-Identifier: MIT
#include "capture/file_source.hpp"

#include <utility>

#include "capture/file/playback.hpp"

namespace livepusher::capture {
namespace {

class FileVideo final : public VideoSource {
public:
    explicit FileVideo(std::shared_ptr<Playback> playback) : playback_(std::move(playback)) {}
    ~FileVideo() override { FileVideo::stop(); }
    // Every picture of the file is delivered in its own size: scaling and thinning out are the lane's.
    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override { return playback_->startVideo(sink); }
    void stop() override { playback_->stop(Track::Video); }
    void interrupt() override { playback_->interrupt(Track::Video); }

private:
    std::shared_ptr<Playback> playback_;
};

class FileAudio final : public AudioSource {
public:
    explicit FileAudio(std::shared_ptr<Playback> playback) : playback_(std::move(playback)) {}
    ~FileAudio() override { FileAudio::stop(); }
    Result<void> start(const WantedAudio& wanted, Sink& sink) override { return playback_->startAudio(wanted, sink); }
    void stop() override { playback_->stop(Track::Audio); }
    void interrupt() override { playback_->interrupt(Track::Audio); }

private:
    std::shared_ptr<Playback> playback_;
};

}  // namespace

FileEnds makeFileEnds(const std::string& target, bool loop, bool video, bool audio, const SourceOptions& options) {
    auto playback = std::make_shared<Playback>(Playback::Options{.target = target,
                                                                 .loop = loop,
                                                                 .ends = {video, audio},
                                                                 .network = options.network,
                                                                 .deinterlace = options.deinterlace,
                                                                 .time = options.time});
    FileEnds ends;
    if (video) ends.video = std::make_unique<FileVideo>(playback);
    if (audio) ends.audio = std::make_unique<FileAudio>(playback);
    return ends;
}

}  // namespace livepusher::capture
