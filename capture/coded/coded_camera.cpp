// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "capture/coded/coded_track.hpp"
#include "capture/network/live_clock.hpp"
#include "capture/network/live_thread.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

/// From the camera's packets to the sink's.
class CodedStream final : public LiveTeller<CodedVideoSource::Sink> {
public:
    explicit CodedStream(std::string title) : LiveTeller(std::move(title)), packets_(title_) {}

    void begin() override {
        track_.reset();
        clock_.reset();
        hold_ = {};
        packets_.restart();
    }
    Result<bool> take(const LiveStream& stream, const AVPacket& packet) override;

    const std::string& first() const { return first_; }  ///< what it is; once start() has waited for it

private:
    void place(std::optional<Timestamp> told, Timestamp arrival);
    void deliver(CodedPackets::Taken taken);

    CodedPackets packets_;
    std::optional<CodedTrack> track_;
    LiveClock clock_;
    Timestamp pts_{}, dts_{};  ///< of the picture in hand
    Timestamp lastDts_{}, latest_{};
    Timestamp hold_{};  ///< how much later pictures are shown than told, so that none is shown before it is decoded
    std::string first_;
};

/// Gives the picture its times: dts always go on, pts never lie before them. The camera tells only when it is shown.
void CodedStream::place(std::optional<Timestamp> told, Timestamp arrival) {
    const auto shown = clock_.map(told, arrival);
    if (shown <= latest_ && latest_ - shown < LiveClock::kJump) {  // it is decoded after one that is shown later
        const auto decoded = std::max(arrival, lastDts_ + Timestamp(1));
        hold_ = std::max(hold_, decoded - shown);
    }
    latest_ = std::max(latest_, shown);
    pts_ = shown + hold_;
    dts_ = hold_ > Timestamp{} ? std::min(arrival, pts_) : pts_;
    dts_ = std::max(dts_, lastDts_ + Timestamp(1));
    pts_ = std::max(pts_, dts_);
}

Result<bool> CodedStream::take(const LiveStream& stream, const AVPacket& packet) {
    if (!track_) {
        auto opened = CodedTrack::open(stream.pictures(), title_, packets_);
        if (!opened) return Error{Code::CameraFailed, opened.error().message};
        track_.emplace(std::move(*opened));
    }
    std::optional<Timestamp> told;
    if (packet.pts != AV_NOPTS_VALUE) told = timestampOf(packet.pts, stream.pictures().time_base);
    place(told, now());
    auto taken = track_->take(packet, pts_, dts_, packets_);
    if (!taken) {  // joined between two key frames, or damaged on its way
        base::log(LogLevel::Debug, "passed over: " + taken.error().message);
        return false;
    }
    if (!taken->frame) return false;
    lastDts_ = dts_;
    deliver(std::move(*taken));
    return true;
}

void CodedStream::deliver(CodedPackets::Taken taken) {
    const auto description = title_ + " (" + packets_.describe() + ", as it is)";
    if (first_.empty()) first_ = description;
    const bool returned = std::exchange(away_, false);
    gate.call([&](CodedVideoSource::Sink& sink) {
        if (returned) {
            sink.code(Code::CameraReturned, title_ + ": is there again");
            sink.code(Code::CameraOpened, description);
        }
        if (taken.config) sink.packet(std::move(*taken.config));
        sink.packet(std::move(*taken.frame));
    });
}

struct CodedCamera final : LiveSource<CodedVideoSource, CodedStream> {
    using LiveSource::LiveSource;
    Result<std::string> start(Sink& sink) override {
        if (auto begun = begin(std::make_shared<CodedStream>(camera_.label), sink); !begun) return begun.error();
        return teller_->first();
    }
};

}  // namespace

std::unique_ptr<CodedVideoSource> makeCodedCamera(const std::string& url, const base::NetworkOptions& network) {
    return std::make_unique<CodedCamera>(
        LiveStream::Options{.url = url, .network = network, .label = "coded \"" + base::publicName(url) + "\""});
}

}  // namespace livepusher::capture
