// SPDX-License-Identifier: MIT
#include "encode/ladder.hpp"

#include "base/log.hpp"
#include "encode/known_encoders.hpp"
#include "encode/probe.hpp"
#include "encode/trial.hpp"

#include <deque>
#include <set>
#include <utility>

namespace livepusher::encode {

namespace {

using namespace std::chrono_literals;

class Ladder final : public VideoEncoder {
public:
    Ladder(VideoEncoderChoice choice, LadderEncoders& encoders, GuardLimits limits)
        : choice_(std::move(choice)), encoders_(encoders), limits_(limits) {}

    Result<std::string> open(const VideoEncoderSettings& settings, PacketSink& sink) override {
        close();
        if (choice_.type != VideoEncoderType::software) {
            if (auto opened = openHardware(settings, sink); !opened.empty()) return opened;
        }
        hardware_.reset();
        if (!software_) software_ = encoders_.software(choice_.codec);
        auto opened = software_->open(settings, sink);
        if (opened && !problem_.empty())
            tell(Code::HardwareEncoderFailed, std::exchange(problem_, {}) + "; " + *opened + " takes over");
        return opened;
    }

    void addMessage(std::string text) override {
        if (auto* encoder = current()) encoder->addMessage(std::move(text));
    }

    Result<bool> encode(const VideoFrame& frame, bool forceKey) override {
        auto* encoder = current();
        if (!encoder) return Error{Code::VideoEncodeFailed, "a frame was given before open()"};
        return judged(encoder->encode(frame, forceKey));
    }

    Result<void> setBitrate(int kbps) override {
        auto* encoder = current();
        if (!encoder) return Error{Code::VideoEncodeFailed, "a bitrate was given before open()"};
        return judged(encoder->setBitrate(kbps));
    }

    void close() override {
        if (auto* encoder = current()) encoder->close();
        if (hardware_ && !hardware_->broken().empty()) giveUp(hardware_->broken());
    }

    bool canBeFaster() override {
        if (choice_.type == VideoEncoderType::software || hardware_) return false;
        for (const auto& name : encoders_.find(choice_.codec, 0ms).working) {
            if (!givenUp_.contains(name)) return faster_ = true;
        }
        return false;
    }

private:
    static constexpr std::size_t kMostFailures = 2;
    static constexpr auto kFailureWindow = 10s;
    static constexpr auto kProbeWait = 2s;

    VideoEncoder* current() const { return hardware_ ? hardware_.get() : software_.get(); }

    /// What open() answers; empty: no hardware, problem_ has why where somebody should hear of it.
    std::string openHardware(const VideoEncoderSettings& settings, PacketSink& sink) {
        const bool wanted = choice_.type == VideoEncoderType::hardware;
        const auto found = encoders_.find(choice_.codec, wanted && !waited_ ? kProbeWait : 0s);
        waited_ = true;
        for (const auto& name : found.working) {
            if (givenUp_.contains(name)) continue;
            if (!hardware_ || name_ != name) {
                software_.reset();
                hardware_ = std::make_unique<GuardedEncoder>(encoders_.hardware(name), limits_);
                name_ = name;
                failures_.clear();
            }
            auto opened = hardware_->open(settings, sink);
            if (opened) {
                problem_.clear();
                if (std::exchange(faster_, false)) tell(Code::SwitchedToHardware, *opened + " takes over: software was too slow");
                return *opened;
            }
            giveUp(opened.error().message);
        }
        if (wanted && found.working.empty() && !std::exchange(toldOfNone_, true))
            problem_ = found.problem.empty() ? "the trial of hardware encoders is not done yet" : found.problem;
        return {};
    }

    /// Counts what hardware does wrong.
    template <typename T>
    Result<T> judged(Result<T> result) {
        if (result || !hardware_) return result;
        const auto error = result.error();
        if (!hardware_->broken().empty()) {
            giveUp(hardware_->broken());
            return error;
        }
        const auto now = std::chrono::steady_clock::now();
        failures_.push_back(now);
        while (now - failures_.front() > kFailureWindow) failures_.pop_front();
        if (failures_.size() >= kMostFailures) giveUp(error.message);
        return error;
    }

    void giveUp(const std::string& why) {
        givenUp_.insert(name_);
        problem_ = why.starts_with(name_) ? why : name_ + ": " + why;
        base::log(LogLevel::Info, "the hardware encoder is not used any more: " + problem_);
        hardware_.reset();
    }

    void tell(Code code, std::string text) const {
        if (choice_.onCode) choice_.onCode(code, std::move(text));
    }

    const VideoEncoderChoice choice_;
    LadderEncoders& encoders_;
    const GuardLimits limits_;
    std::unique_ptr<GuardedEncoder> hardware_;  ///< that runs; else software_ does
    std::unique_ptr<VideoEncoder> software_;
    std::string name_;  ///< of the hardware that runs, or did last
    std::set<std::string> givenUp_;
    std::deque<std::chrono::steady_clock::time_point> failures_;
    std::string problem_;  ///< what HardwareEncoderFailed has to tell when software is open
    bool waited_ = false;  ///< for the trial, once
    bool toldOfNone_ = false;
    bool faster_ = false;  ///< canBeFaster() was true: the next open() is for hardware's sake
};

struct ThisMachine final : LadderEncoders {
    FoundHardware find(VideoCodec codec, std::chrono::milliseconds wait) override { return findHardware(codec, wait); }
    std::unique_ptr<VideoEncoder> hardware(const std::string& name) override { return makeEncoder(*findEncoder(name)); }
    std::unique_ptr<VideoEncoder> software(VideoCodec codec) override { return makeEncoder(softwareEncoder(codec)); }
};

}  // namespace

std::unique_ptr<VideoEncoder> makeLadder(VideoEncoderChoice choice, LadderEncoders& encoders, GuardLimits limits) {
    return std::make_unique<Ladder>(std::move(choice), encoders, limits);
}

std::unique_ptr<VideoEncoder> makeVideoEncoder(VideoEncoderChoice choice) {
    static ThisMachine machine;  // holds nothing
    return makeLadder(std::move(choice), machine);
}

}  // namespace livepusher::encode
