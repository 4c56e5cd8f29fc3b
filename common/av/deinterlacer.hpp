// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <string>

#include "av/av.hpp"
#include "av/avfilter.hpp"
#include "av/interlace_detector.hpp"

namespace livepusher::capture {

/// Makes whole pictures of interlaced and telecined frames, one of each, by libavfilter's bwdif: where the frames' flags tell
/// it, or what moves in them. Frames pass through untouched and at once until the first interlaced one; from then on each
/// comes out with the one after it. Belongs to one thread.
class Deinterlacer {
public:
    /// `name` begins messages in the log. Not `on`: everything passes through.
    Deinterlacer(std::string name, bool on) : name_(std::move(name)), on_(on) {}

    /// Takes a decoded frame, which is left empty. Where deinterlacing fails the log tells it, and frames stay as they are.
    void put(AVFrame& frame);
    /// The next one that is done, in `frame`, its times as they came. False: none before the next put() or drain().
    bool take(AVFrame& frame);
    /// At the end of the stream: gives out what was held back.
    void drain();
    /// After a seek, and where frames don't follow those before: forgets what is held back.
    void reset();

private:
    struct Deleter {
        void operator()(AVFilterGraph* graph) const { avfilter().avfilter_graph_free(&graph); }
    };
    void judge(AVFrame& frame);
    bool fits(const AVFrame& frame) const;
    Result<void> open(const AVFrame& frame);
    Result<void> filter(AVFrame* frame);
    void close();
    void giveUp(const Error& why);
    void passOn(AVFrame& frame);

    const std::string name_;
    const bool on_;
    bool failed_ = false, told_ = false;
    InterlaceDetector detector_;
    std::unique_ptr<AVFilterGraph, Deleter> graph_;  ///< null: no interlaced frame has come yet
    AVFilterContext* source_ = nullptr;
    AVFilterContext* sink_ = nullptr;
    int format_ = -1, width_ = 0, height_ = 0;  ///< of what goes into the graph
    std::deque<FramePtr> ready_;
};

}  // namespace livepusher::capture
