// SPDX-License-Identifier: MIT
// x264 and FFmpeg's AAC with nothing around them, paced like a live stream: the floor that a push is measured
// against. Reads raw I420 and s16 samples from memory-mapped files, over and over, and throws the packets away.
// AUDIO "-": no sound.
// codecs_alone VIDEO WIDTHxHEIGHT FPS KBPS AUDIO RATE CHANNELS KBPS SECONDS THREADS CODER PRESET
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <x264.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

namespace {

[[noreturn]] void fail(const std::string& text) {
    std::cerr << "codecs_alone: " << text << '\n';
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): no other thread runs
}

struct Mapped {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;

    explicit Mapped(const char* path) {
        const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
        struct stat info {};
        if (fd < 0 || ::fstat(fd, &info) != 0) fail(std::string("can't read ") + path);
        size = static_cast<std::size_t>(info.st_size);
        void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
        ::close(fd);
        if (memory == MAP_FAILED) fail(std::string("can't map ") + path);
        data = static_cast<const std::uint8_t*>(memory);
    }
};

struct Video {
    x264_t* encoder = nullptr;
    int width = 0, height = 0;
    std::int64_t count = 0;
    std::size_t bytes = 0;

    Video(int w, int h, int fps, int kbps, int threads, const char* preset) : width(w), height(h) {
        x264_param_t param;
        if (x264_param_default_preset(&param, preset, "zerolatency") < 0) fail(std::string("no preset ") + preset);
        param.i_log_level = X264_LOG_ERROR;
        param.i_csp = X264_CSP_I420;
        param.i_width = w;
        param.i_height = h;
        param.i_fps_num = static_cast<std::uint32_t>(fps);
        param.i_fps_den = 1;
        param.i_keyint_max = 2 * fps;
        param.i_scenecut_threshold = 0;
        param.b_repeat_headers = 0;
        param.b_annexb = 0;
        param.rc.i_rc_method = X264_RC_ABR;
        param.rc.i_bitrate = param.rc.i_vbv_max_bitrate = kbps;
        param.rc.i_vbv_buffer_size = kbps / 2;
        if (threads > 0) param.i_threads = threads;
        encoder = x264_encoder_open(&param);
        if (!encoder) fail("x264 could not be opened");
    }

    void encode(const std::uint8_t* frame) {
        x264_picture_t in, out;
        x264_picture_init(&in);
        in.img.i_csp = X264_CSP_I420;
        in.img.i_plane = 3;
        const std::size_t luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
        const std::size_t offsets[] = {0, luma, luma + luma / 4};
        for (int i = 0; i < 3; ++i) {
            in.img.plane[i] = const_cast<std::uint8_t*>(frame + offsets[i]);
            in.img.i_stride[i] = i == 0 ? width : width / 2;
        }
        in.i_pts = count++;
        x264_nal_t* nals = nullptr;
        int number = 0;
        const int size = x264_encoder_encode(encoder, &nals, &number, &in, &out);
        if (size < 0) fail("x264 refused a frame");
        bytes += static_cast<std::size_t>(size);
    }
};

struct Audio {
    AVCodecContext* context = nullptr;
    AVFrame* frame = av_frame_alloc();
    AVPacket* packet = av_packet_alloc();
    std::size_t bytes = 0;

    Audio(int rate, int channels, int kbps, const char* coder) {
        const AVCodec* codec = avcodec_find_encoder_by_name("aac");
        context = avcodec_alloc_context3(codec);
        context->log_level_offset = AV_LOG_DEBUG - AV_LOG_INFO;
        context->sample_rate = rate;
        context->sample_fmt = AV_SAMPLE_FMT_FLTP;
        context->bit_rate = std::int64_t{kbps} * 1000;
        context->time_base = {1, rate};
        av_channel_layout_default(&context->ch_layout, channels);
        av_opt_set(context->priv_data, "aac_coder", coder, 0);
        if (avcodec_open2(context, codec, nullptr) < 0) fail("AAC could not be opened");
        frame->nb_samples = context->frame_size;
        frame->format = context->sample_fmt;
        frame->sample_rate = rate;
        av_channel_layout_copy(&frame->ch_layout, &context->ch_layout);
        if (av_frame_get_buffer(frame, 0) < 0) fail("no memory");
        frame->pts = 0;
    }

    void encode(const std::int16_t* samples) {
        av_frame_make_writable(frame);
        const int channels = context->ch_layout.nb_channels;
        for (int c = 0; c < channels; ++c) {
            auto* to = reinterpret_cast<float*>(frame->data[c]);
            for (int i = 0; i < context->frame_size; ++i) to[i] = static_cast<float>(samples[i * channels + c]) / 32768.0F;
        }
        if (avcodec_send_frame(context, frame) < 0) fail("AAC refused a block");
        frame->pts += context->frame_size;
        while (avcodec_receive_packet(context, packet) == 0) {
            bytes += static_cast<std::size_t>(packet->size);
            av_packet_unref(packet);
        }
    }
};

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 13) fail("VIDEO WIDTHxHEIGHT FPS KBPS AUDIO RATE CHANNELS KBPS SECONDS THREADS CODER PRESET");
    const std::string size = argv[2];
    const auto cross = size.find('x');
    if (cross == std::string::npos) fail("size " + size + ": must be WIDTHxHEIGHT");
    const int width = std::atoi(size.c_str()), height = std::atoi(size.c_str() + cross + 1), fps = std::atoi(argv[3]);
    const int rate = std::atoi(argv[6]), channels = std::atoi(argv[7]);
    const double seconds = std::atof(argv[9]);
    const bool heard = std::string(argv[5]) != "-";
    const Mapped pictures(argv[1]), sound(heard ? argv[5] : argv[1]);
    Video video(width, height, fps, std::atoi(argv[4]), std::atoi(argv[10]), argv[12]);
    Audio audio(rate, channels, std::atoi(argv[8]), argv[11]);

    const auto frameBytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2;
    const auto blockBytes = static_cast<std::size_t>(audio.context->frame_size * channels) * 2;
    if (pictures.size < frameBytes || sound.size < blockBytes) fail("the files are too short");
    const std::size_t frames = pictures.size / frameBytes, blocks = sound.size / blockBytes;

    const auto begin = std::chrono::steady_clock::now();
    const double before = cpuSeconds();
    std::size_t frame = 0, block = 0;
    for (;;) {
        const double frameTime = static_cast<double>(frame) / fps;
        const double blockTime =
            heard ? static_cast<double>((block + 1) * static_cast<std::size_t>(audio.context->frame_size)) / rate
                  : 2 * seconds + 1;
        const double next = std::min(frameTime, blockTime);
        if (next > seconds) break;
        std::this_thread::sleep_until(begin + std::chrono::duration<double>(next));
        if (frameTime <= blockTime)
            video.encode(pictures.data + frame++ % frames * frameBytes);
        else
            audio.encode(reinterpret_cast<const std::int16_t*>(sound.data + block++ % blocks * blockBytes));
    }
    std::printf("{\"cpu\": %.4f, \"seconds\": %.3f, \"frames\": %zu, \"videoKbps\": %.0f, \"audioKbps\": %.0f}\n",
                cpuSeconds() - before, seconds, frame, static_cast<double>(video.bytes) * 8 / 1000 / seconds,
                static_cast<double>(audio.bytes) * 8 / 1000 / seconds);
    return 0;
}
