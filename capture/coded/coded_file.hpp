// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "av/demuxer.hpp"
#include "capture/coded/coded_packets.hpp"
#include "capture/coded/coded_times.hpp"
#include "capture/coded/coded_track.hpp"
#include "capture/sink_gate.hpp"
#include "capture/source.hpp"
#include "capture/stood_still.hpp"
#include "net/http_stream.hpp"

namespace livepusher::capture {

/// The H.264 or HEVC of a file, in real time and as it is.
class CodedFile final : public CodedVideoSource {
public:
    CodedFile(const std::string& target, bool loop, const base::NetworkOptions& network);
    ~CodedFile() override { CodedFile::stop(); }

    Result<std::string> start(Sink& sink) override;
    void stop() override;
    void interrupt() override;

private:
    /// The file while it is open; of what is in a network, from one start() to the next stop().
    struct Input {
        Input(const std::string& target, const std::string& label, const base::NetworkOptions& network,
              const std::atomic<bool>* cancel);
        std::optional<HttpStream> http;
        Demuxer demuxer;
        std::optional<CodedTrack> track;
        std::optional<CodedTimes> times;
    };
    enum class Next { Frame, Nothing, Ended, Stop };

    void run();
    Result<void> prepare();
    Result<void> open(Input& input);
    void goOn();
    Next next(CodedPackets::Taken& taken);
    bool again();
    void deliver(CodedPackets::Taken taken);
    bool waitUntil(Timestamp due);
    void cancel();
    void fail(const std::string& what, int native);

    const std::string target_;
    const bool loop_;
    const base::NetworkOptions network_;
    const std::string label_;
    const bool url_;
    SinkGate<Sink> gate_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> quit_{false};
    bool interrupted_ = false;
    std::optional<Result<void>> opened_;
    std::shared_ptr<Input> shared_;  ///< input_, for cancel()

    // The thread's own, and between threads nobody's.
    std::shared_ptr<Input> input_;
    CodedPackets packets_;
    Timestamp base_{};               ///< the file's dts at which this pass began
    Timestamp passStart_{};          ///< and what it is in the time that goes on over passes
    Timestamp dts_{};                ///< of the last packet, the file's
    std::optional<Timestamp> zero_;  ///< the moment of time 0; empty: of the next frame's
    StoodStill stoodStill_;
    bool ended_ = false;
    bool any_ = false;       ///< a packet has come in this pass
    bool reopened_ = false;  ///< because a rewind gave nothing
    std::string description_;

    std::thread thread_;
};

}  // namespace livepusher::capture
