// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <utility>

#include "capture/file/playback.hpp"

namespace livepusher::capture {
namespace {

template <typename Source, Track track>
class FileEnd : public Source {
public:
    explicit FileEnd(std::shared_ptr<Playback> playback) : playback_(std::move(playback)) {}
    ~FileEnd() override { FileEnd::stop(); }
    void stop() override { playback_->stop(track); }
    void interrupt() override { playback_->interrupt(track); }

protected:
    const std::shared_ptr<Playback> playback_;
};

struct FileVideo final : FileEnd<VideoSource, Track::Video> {
    using FileEnd::FileEnd;
    // Every picture of the file is delivered in its own size: scaling and thinning out are the lane's.
    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override { return playback_->startVideo(sink); }
};

struct FileAudio final : FileEnd<AudioSource, Track::Audio> {
    using FileEnd::FileEnd;
    Result<void> start(const WantedAudio& wanted, Sink& sink) override { return playback_->startAudio(wanted, sink); }
};

}  // namespace

FileEnds makeFileEnds(const std::string& target, bool loop, bool video, bool audio, const SourceOptions& options,
                      const std::vector<std::string>& next) {
    auto playback = std::make_shared<Playback>(Playback::Options{.target = target,
                                                                 .next = next,
                                                                 .loop = loop,
                                                                 .ends = {video, audio},
                                                                 .network = options.network,
                                                                 .deinterlace = options.deinterlace,
                                                                 .retryWithin = options.retryWithin,
                                                                 .time = options.time});
    FileEnds ends;
    if (video) ends.video = std::make_unique<FileVideo>(playback);
    if (audio) ends.audio = std::make_unique<FileAudio>(playback);
    return ends;
}

}  // namespace livepusher::capture
