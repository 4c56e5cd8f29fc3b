// SPDX-License-Identifier: MIT
// Pushes a media file to an RTMP server:  push_file FILE rtmp://HOST/APP/KEY
// Exit code: 0 the whole file was pushed, 1 it was not, 2 wrong usage.
#include <livepusher/livepusher.hpp>

#include <cstdio>
#include <future>

using namespace livepusher;

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s FILE rtmp://HOST/APP/KEY\n", argv[0]);
        return 2;
    }

    // Any of the library's handlers may decide how this ends; they run one at a time on its event thread.
    std::promise<int> ended;
    bool decided = false;
    const auto end = [&](int exitCode) {
        if (!decided) ended.set_value(exitCode);
        decided = true;
    };

    ContextOptions options;
    options.properties.mode = Mode::HD;
    options.properties.orientation = Orientation::horizontal;
    if (const auto set = setProperty(options.properties, "url", argv[2]); !set) {
        std::fprintf(stderr, "%s\n", set.error().message.c_str());
        return 2;
    }
    options.sources.video = options.sources.audio = std::string("file:") + argv[1];
    options.onSourceEnded = [&] { end(0); };
    options.handlers.onStateChange = [&](const StateChangeEvent& event) {
        std::printf("%d %s\n", event.code, event.message.c_str());
        if (event.code == static_cast<int>(Code::ConnectionGivenUp)) end(1);
    };
    options.handlers.onError = [&](const ErrorEvent& event) {
        std::fprintf(stderr, "error %d: %s\n", event.errCode, event.errMsg.c_str());
        if (event.errCode == static_cast<int>(Code::SourceFailed)) end(1);
    };
    options.handlers.onNetStatus = [](const NetStatusEvent& event) {
        std::printf("%d kbps, %.1f fps, %llu frames\n", event.info.netSpeed, event.info.videoFPS,
                    static_cast<unsigned long long>(event.info.videoFrames));
    };

    LivePusherContext pusher(std::move(options));
    pusher.start({.fail = [&](const MethodResult& result) {
        std::fprintf(stderr, "%s\n", result.errMsg.c_str());
        end(1);
    }});
    const int exitCode = ended.get_future().get();

    // stop() sends what is still queued; the context's destructor would not wait for that.
    std::promise<void> stopped;
    pusher.stop({.complete = [&](const MethodResult&) { stopped.set_value(); }});
    stopped.get_future().wait();
    return exitCode;
}
