// SPDX-License-Identifier: MIT
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/number_text.hpp"
#include "capture/coded/coded_packets.hpp"
#include "capture/sink_gate.hpp"
#include "capture/source_makers.hpp"
#include "media/nal.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kOtherClock{60'000'000};
constexpr const char* kCall = "pushCodedVideo";

Error bad(const std::string& what) { return {Code::InvalidArgument, std::string(kCall) + ": " + what}; }

std::string inSeconds(Timestamp time) { return base::decimalText(static_cast<double>(time.count()) / 1e6, 3) + " s"; }

class AppCoded final : public CodedVideoSource {
public:
    ~AppCoded() override { AppCoded::stop(); }

    Result<std::string> start(Sink& sink) override {
        AppCoded::stop();
        {
            std::lock_guard lock(mutex_);
            packets_.restart();
            last_.reset();
        }
        gate_.open(sink);
        return std::string("pictures coded by the application");
    }
    void stop() override { gate_.close(); }

    Result<void> push(const CodedVideoView& view) override;

private:
    Result<CodedPackets::Taken> take(const CodedVideoView& view);
    Result<void> learn(const CodedVideoView& view);

    SinkGate<Sink> gate_;
    std::mutex mutex_;  ///< of what follows
    CodedPackets packets_{kCall};
    std::optional<Timestamp> last_;  ///< dts of the last frame
};

Result<std::vector<base::Nal>> nalsOf(const CodedVideoView& view) {
    if (view.data.empty()) return bad("data is empty: must be the NAL units of one picture");
    auto nals = base::splitNals(view.data);
    if (nals.empty())
        return bad(
            "data begins with neither a start code (00 00 01) nor the 4-byte length of a NAL unit, or a length reaches "
            "beyond its end");
    return nals;
}

Result<CodedPackets::Taken> AppCoded::take(const CodedVideoView& view) {
    const auto nals = nalsOf(view);
    if (!nals) return nals.error();
    const auto moment = now();
    const auto pts = view.pts == Timestamp{} ? moment : view.pts;
    const auto dts = view.dts == Timestamp{} ? pts : view.dts;
    if (pts < dts) return bad("pts " + inSeconds(pts) + ": must not be before dts " + inSeconds(dts));
    if (dts - moment > kOtherClock || moment - dts > kOtherClock)
        return bad("dts " + inSeconds(dts) + ": must be near " + inSeconds(moment) + ", the time of livepusher::now()");
    std::lock_guard lock(mutex_);
    if (last_ && dts <= *last_) return bad("dts " + inSeconds(dts) + ": must be after the one before, " + inSeconds(*last_));
    auto taken = packets_.take(view.codec, *nals, pts, dts);
    if (taken && taken->frame) last_ = dts;
    return taken;
}

/// Encoders tell some parameter sets only once: those that come at a wrong moment are kept.
Result<void> AppCoded::learn(const CodedVideoView& view) {
    const auto nals = nalsOf(view);
    if (!nals) return nals.error();
    std::lock_guard lock(mutex_);
    if (auto learned = packets_.learn(view.codec, *nals); !learned) return learned;
    return Error{Code::InvalidState, std::string(kCall) +
                                         ": the source is not running; push between start and stop, and not while paused "
                                         "(parameter sets are kept)"};
}

Result<void> AppCoded::push(const CodedVideoView& view) {
    Result<void> done;
    const bool running = gate_.call([&](Sink& sink) {
        auto taken = take(view);
        if (!taken) {
            done = taken.error();
            return;
        }
        if (taken->config) sink.packet(std::move(*taken->config));
        if (taken->frame) sink.packet(std::move(*taken->frame));
    });
    return running ? done : learn(view);
}

}  // namespace

std::unique_ptr<CodedVideoSource> makeAppCoded() { return std::make_unique<AppCoded>(); }

}  // namespace livepusher::capture
