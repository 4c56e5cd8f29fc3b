// SPDX-License-Identifier: MIT
// Pushes the test picture and tone for a second:  consumer FILE.flv
// Exit code: 0 pushing began and stop() succeeded, else 1.
#include <livepusher/livepusher.hpp>

#include <chrono>
#include <cstdio>
#include <future>
#include <thread>

int main(int argc, char** argv) {
    using namespace livepusher;
    if (argc != 2) return 1;
    std::promise<void> began;
    ContextOptions options;
    options.properties.url = argv[1];
    options.properties.mode = Mode::QVGA;
    options.sources = {.video = "test", .audio = "test"};
    options.handlers.onStateChange = [&](const StateChangeEvent& event) {
        std::printf("%d %s\n", event.code, event.message.c_str());
        if (event.code == static_cast<int>(Code::PushBegan)) began.set_value();
    };
    LivePusherContext pusher(std::move(options));
    pusher.start();
    if (began.get_future().wait_for(std::chrono::seconds(10)) != std::future_status::ready) return 1;

    // The length of the push, which is what this program is for; it waits for nothing here.
    std::this_thread::sleep_for(std::chrono::seconds(1));

    std::promise<int> stopped;
    pusher.stop({.complete = [&](const MethodResult& result) { stopped.set_value(result.errCode); }});
    return stopped.get_future().get() == 0 ? 0 : 1;
}
