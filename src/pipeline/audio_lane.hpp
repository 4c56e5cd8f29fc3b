// SPDX-License-Identifier: MIT
#pragma once

#include "base/latest.hpp"
#include "capture/source.hpp"
#include "encode/encoder.hpp"
#include "pipeline/audio_ring.hpp"
#include "pipeline/audio_timeline.hpp"
#include "pipeline/lane.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace livepusher::pipeline {

/// Source to coded packets: capture thread -> ring -> audio thread (timeline, mute, encode). The track never
/// has a hole: silence stands in for a source that is closed, muted or late.
class AudioLane {
public:
    struct Output {
        encode::PacketSink packets;
        std::function<void()> onOpened;
        std::function<void()> onEnded;
        std::function<void(Error)> onSourceFailed;
        std::function<void(std::string)> onEncoderStarted;
        std::function<void(Error)> onEncoderFailed;
    };

    AudioLane(std::unique_ptr<capture::AudioSource> source, std::unique_ptr<encode::AudioEncoder> encoder,
              const base::Latest<Orders>& orders, Output output);
    ~AudioLane();  ///< [control]
    AudioLane(const AudioLane&) = delete;
    AudioLane& operator=(const AudioLane&) = delete;

    void ordersChanged() { ring_.wake(); }                                           ///< [any-thread]
    Result<void> push(const AudioBlockView& block) { return source_->push(block); }  ///< [any-thread]
    const LaneCounters& counters() const { return counters_; }
    std::uint64_t dropped() const { return ring_.dropped(); }

private:
    void run();
    void followOrders();
    void openSource();
    void closeSource();
    void take(const AudioRing::Block& block);
    void appendSilence(std::size_t frames);
    void append(const float* samples, std::size_t frames);
    void encodeReady();

    const std::unique_ptr<capture::AudioSource> source_;
    const std::unique_ptr<encode::AudioEncoder> encoder_;
    base::Latest<Orders>::Reader orders_;
    const Output output_;
    const int sampleRate_;
    const int channels_;
    LaneCounters counters_;
    AudioRing ring_;
    std::atomic<bool> closing_{false};

    // The audio thread's own:
    AudioTimeline timeline_;
    std::vector<float> pending_;  // samples not yet encoded, below one encoder frame after encodeReady()
    bool sourceOpen_ = false;
    bool sourceFailed_ = false;
    bool pushing_ = false;
    bool begun_ = false;
    bool failed_ = false;

    std::thread thread_;
};

}  // namespace livepusher::pipeline
