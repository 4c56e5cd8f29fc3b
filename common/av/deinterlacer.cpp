// SPDX-License-Identifier: MIT
#include "av/deinterlacer.hpp"

#include <utility>

#include "base/log.hpp"
#include "media/picture_size.hpp"

namespace livepusher::capture {
namespace {

Error failed(const std::string& what, int error) { return {Code::SourceFailed, what + ": " + avText(error), error}; }

}  // namespace

/// Sets the flags by which the filter goes. What is seen outweighs what is told.
void Deinterlacer::judge(AVFrame& frame) {
    using Opinion = InterlaceDetector::Opinion;
    detector_.look(frame);
    const auto opinion = detector_.opinion();
    if (opinion == Opinion::None) return;
    frame.interlaced_frame = opinion != Opinion::Progressive;
    if (frame.interlaced_frame) frame.top_field_first = opinion == Opinion::TopFirst;
}

bool Deinterlacer::fits(const AVFrame& frame) const {
    return frame.format == format_ && frame.width == width_ && frame.height == height_;
}

Result<void> Deinterlacer::open(const AVFrame& frame) {
    if (auto loaded = loadAvfilter(); !loaded) return loaded;
    const auto& av = avfilter();
    graph_.reset(av.avfilter_graph_alloc());
    if (!graph_) return failed("deinterlacing", AVERROR(ENOMEM));
    graph_->nb_threads = 1;
    // Times are passed on, whatever their unit is.
    const auto size = "video_size=" + base::sizeText(frame.width, frame.height) + ":pix_fmt=" + std::to_string(frame.format) +
                      ":time_base=1/1000000";
    const auto add = [&](AVFilterContext*& made, const char* kind, const char* options) {
        return av.avfilter_graph_create_filter(&made, av.avfilter_get_by_name(kind), kind, options, nullptr, graph_.get());
    };
    AVFilterContext* bwdif = nullptr;
    int error = add(source_, "buffer", size.c_str());
    if (error >= 0) error = add(bwdif, "bwdif", "mode=send_frame:parity=auto:deint=interlaced");
    if (error >= 0) error = add(sink_, "buffersink", nullptr);
    if (error >= 0) error = av.avfilter_link(source_, 0, bwdif, 0);
    if (error >= 0) error = av.avfilter_link(bwdif, 0, sink_, 0);
    if (error >= 0) error = av.avfilter_graph_config(graph_.get(), nullptr);
    if (error < 0) return failed("bwdif for " + size, error);
    format_ = frame.format;
    width_ = frame.width;
    height_ = frame.height;
    return {};
}

/// Null: the end of what goes in.
Result<void> Deinterlacer::filter(AVFrame* frame) {
    const auto& av = avfilter();
    if (const int error = av.av_buffersrc_add_frame_flags(source_, frame, 0); error < 0) return failed("bwdif", error);
    for (;;) {
        FramePtr done(av_frame_alloc());
        if (!done) return failed("bwdif", AVERROR(ENOMEM));
        const int error = av.av_buffersink_get_frame(sink_, done.get());
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return {};
        if (error < 0) return failed("bwdif", error);
        if (done->pts != AV_NOPTS_VALUE) done->pts /= 2;  // its time base has halves, for two pictures a frame
        ready_.push_back(std::move(done));
    }
}

void Deinterlacer::close() {
    graph_.reset();
    source_ = sink_ = nullptr;
}

void Deinterlacer::giveUp(const Error& why) {
    base::log(LogLevel::Warning, name_ + ": is interlaced and can't be deinterlaced, it will show combs: " + why.message);
    failed_ = true;
    close();
}

void Deinterlacer::passOn(AVFrame& frame) {
    FramePtr same(av_frame_alloc());
    if (!same) {
        base::log(LogLevel::Error, name_ + ": out of memory, a picture is left out");
        return av_frame_unref(&frame);
    }
    av_frame_move_ref(same.get(), &frame);
    ready_.push_back(std::move(same));
}

void Deinterlacer::put(AVFrame& frame) {
    if (!on_ || failed_ || frame.hw_frames_ctx) return passOn(frame);
    judge(frame);
    if (graph_ && !fits(frame)) drain();
    if (!graph_ && !frame.interlaced_frame) return passOn(frame);
    if (!graph_) {
        if (auto opened = open(frame); !opened) {
            giveUp(opened.error());
            return passOn(frame);
        }
        if (!std::exchange(told_, true)) base::log(LogLevel::Info, name_ + ": is interlaced; it is deinterlaced");
    }
    if (auto filtered = filter(&frame); !filtered) {
        giveUp(filtered.error());
        if (frame.buf[0]) passOn(frame);  // else the filter has it
    }
}

bool Deinterlacer::take(AVFrame& frame) {
    if (ready_.empty()) return false;
    av_frame_unref(&frame);
    av_frame_move_ref(&frame, ready_.front().get());
    ready_.pop_front();
    return true;
}

void Deinterlacer::drain() {
    if (!graph_) return;
    if (auto filtered = filter(nullptr); !filtered)
        base::log(LogLevel::Warning, name_ + ": the last picture is left out: " + filtered.error().message);
    close();
}

void Deinterlacer::reset() {
    close();
    ready_.clear();
    detector_.forget();
}

}  // namespace livepusher::capture
