// SPDX-License-Identifier: MIT
// From a decoder's frame to the pipeline's: each kind of pixels, HDR, interlaced; milliseconds a 1080p frame on one thread.
#include <benchmark/benchmark.h>

#include "av/deinterlacer.hpp"
#include "av/frame_converter.hpp"

#include <cstdint>

namespace {

using namespace livepusher;
using namespace livepusher::capture;

/// 1920x1080 with a slope and some grain in each plane, small enough for all depths of 8 and more bits.
FramePtr texture(AVPixelFormat format) {
    FramePtr frame(av_frame_alloc());
    frame->format = format;
    frame->width = 1920;
    frame->height = 1080;
    if (av_frame_get_buffer(frame.get(), 0) < 0) return nullptr;
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; ++i) {
        auto* values = reinterpret_cast<std::uint16_t*>(frame->buf[i]->data);
        const auto stride = static_cast<std::size_t>(frame->linesize[i]) / 2;
        std::uint32_t noise = 1;
        for (std::size_t at = 0; at < frame->buf[i]->size / 2; ++at) {
            noise = noise * 1664525U + 1013904223U;
            values[at] = static_cast<std::uint16_t>(300 + at % stride / 8 + (noise >> 28));
        }
    }
    return frame;
}

void BM_FromDecoder(benchmark::State& state, AVPixelFormat format, AVColorTransferCharacteristic transfer) {
    const auto frame = texture(format);
    if (!frame) return state.SkipWithError("out of memory");
    frame->color_trc = transfer;
    frame->colorspace = transfer == AVCOL_TRC_BT709 ? AVCOL_SPC_BT709 : AVCOL_SPC_BT2020_NCL;
    FrameConverter converter;
    for ([[maybe_unused]] auto _ : state) {
        const auto made = converter.convert(*frame);
        if (!made) return state.SkipWithError(made.error().message.c_str());
        benchmark::DoNotOptimize(made->plane(0));
    }
}
#define LIVEPUSHER_BENCH(name, format, transfer) \
    BENCHMARK_CAPTURE(BM_FromDecoder, name, format, transfer)->Unit(benchmark::kMillisecond)
LIVEPUSHER_BENCH(yuv420p, AV_PIX_FMT_YUV420P, AVCOL_TRC_BT709);
LIVEPUSHER_BENCH(yuv420p10, AV_PIX_FMT_YUV420P10LE, AVCOL_TRC_BT709);
LIVEPUSHER_BENCH(rgba, AV_PIX_FMT_RGBA, AVCOL_TRC_BT709);
LIVEPUSHER_BENCH(yuv422p12_by_swscale, AV_PIX_FMT_YUV422P12LE, AVCOL_TRC_BT709);
LIVEPUSHER_BENCH(yuva444p12_by_swscale, AV_PIX_FMT_YUVA444P12LE, AVCOL_TRC_BT709);
LIVEPUSHER_BENCH(rgb48, AV_PIX_FMT_RGB48LE, AVCOL_TRC_BT709);
LIVEPUSHER_BENCH(yuv420p10_pq, AV_PIX_FMT_YUV420P10LE, AVCOL_TRC_SMPTE2084);
LIVEPUSHER_BENCH(p010_hlg, AV_PIX_FMT_P010LE, AVCOL_TRC_ARIB_STD_B67);
LIVEPUSHER_BENCH(yuv422p10_pq, AV_PIX_FMT_YUV422P10LE, AVCOL_TRC_SMPTE2084);

void BM_Deinterlace(benchmark::State& state, bool interlaced) {
    const auto original = texture(AV_PIX_FMT_YUV420P);
    const FramePtr frame(av_frame_alloc());
    if (!original || !frame) return state.SkipWithError("out of memory");
    Deinterlacer deinterlacer("bench", true);
    for ([[maybe_unused]] auto _ : state) {
        if (av_frame_ref(frame.get(), original.get()) < 0) return state.SkipWithError("out of memory");
        frame->interlaced_frame = frame->top_field_first = interlaced;
        deinterlacer.put(*frame);
        while (deinterlacer.take(*frame)) benchmark::DoNotOptimize(frame->data[0]);
        av_frame_unref(frame.get());
    }
}
BENCHMARK_CAPTURE(BM_Deinterlace, interlaced_1080, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Deinterlace, progressive_1080, false)->Unit(benchmark::kMillisecond);

}  // namespace
