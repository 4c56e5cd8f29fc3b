// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <future>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "capture/source_makers.hpp"
#include "fake_clock.hpp"
#include "temp_folder.hpp"

namespace livepusher::capture {

/// What a camera gave, in the order in which it came.
class CameraTape : VideoSource::Sink {
public:
    struct Entry {
        std::optional<VideoFrame> frame{};
        std::optional<VideoSourceFormat> format{};
        int code = 0;
        std::string text{};
        Timestamp at{};
    };

    VideoSource::Sink& sink() { return *this; }

    /// Long enough for the slowest machine under a sanitizer; a test that works never waits so long.
    template <typename Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return condition(entries_); });
    }
    bool waitFrames(std::size_t more) {
        const auto before = frames().size();
        return wait([&](const auto& all) { return count(all) >= before + more; });
    }
    bool waitCode(int code) {
        return wait([&](const auto& all) { return std::ranges::any_of(all, [&](const Entry& e) { return e.code == code; }); });
    }

    std::vector<Entry> entries() const {
        std::lock_guard lock(mutex_);
        return entries_;
    }
    std::vector<VideoFrame> frames() const {
        std::vector<VideoFrame> found;
        for (auto& entry : entries())
            if (entry.frame) found.push_back(*entry.frame);
        return found;
    }
    std::vector<int> codes() const {
        std::vector<int> found;
        for (const auto& entry : entries())
            if (entry.code != 0) found.push_back(entry.code);
        return found;
    }
    std::string textOf(int code) const {
        for (const auto& entry : entries())
            if (entry.code == code) return entry.text;
        return "no code " + std::to_string(code);
    }
    /// Between two frames that follow each other.
    double longestGapMs() const {
        Timestamp longest{}, last{};
        for (const auto& entry : entries())
            if (entry.frame) {
                if (last.count() > 0) longest = std::max(longest, entry.at - last);
                last = entry.at;
            }
        return static_cast<double>(longest.count()) / 1000;
    }

private:
    void frame(VideoFrame frame) override { add({.frame = std::move(frame), .at = now()}); }
    void formatChanged(VideoSourceFormat format) override { add({.format = std::move(format), .at = now()}); }
    void code(Code code, std::string text) override {
        add({.code = static_cast<int>(code), .text = std::move(text), .at = now()});
    }
    void failed(Error why) override { add({.code = static_cast<int>(why.code), .text = "fatal", .at = now()}); }

    static std::size_t count(const std::vector<Entry>& all) {
        return static_cast<std::size_t>(std::ranges::count_if(all, [](const Entry& e) { return e.frame.has_value(); }));
    }
    void add(Entry entry) {
        {
            std::lock_guard lock(mutex_);
            entries_.push_back(std::move(entry));
        }
        changed_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Entry> entries_;
};

/// Cameras of tests/integration/devices/fake_camera.c, which this program is linked with.
class CameraCase : public ::testing::Test {
    const FakeClock clock_;

protected:
    void SetUp() override {
        set("FAKE_CAMERAS", "2");
        set("FAKE_CAMERA_FORMATS", "YUYV");
        set("FAKE_CAMERA_RICH", "");
        set("FAKE_CAMERA_SIDES", "");
        set("FAKE_CAMERA_CONTROL", folder_.file("control"));
        set("FAKE_CAMERA_LOG", folder_.file("log"));
        unsetenv("FAKE_CAMERA_ONE_BUS");  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
    }
    static void set(const char* variable, const std::string& value) {
        setenv(variable, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before any camera is opened
    }
    /// "0 unplug": what is wrong with a camera from now on.
    void control(const std::string& lines) {
        const auto next = folder_.write("next", lines + "\n");
        std::filesystem::rename(next, folder_.file("control"));
    }
    std::string log() const {
        std::ostringstream text;
        text << std::ifstream(folder_.file("log")).rdbuf();
        return text.str();
    }

    static std::unique_ptr<VideoSource> camera(const std::string& id = {}, const CameraIds& ids = {}) {
        Spec spec;
        spec.kind = SourceKind::Camera;
        spec.target = id;
        return makeCamera(spec, ids);
    }
    static WantedVideo wanted(int width = 640, int height = 360) { return {.width = width, .height = height, .fps = 30}; }

    static Result<double> ask(VideoSource& source, CameraRequest::What what, double zoom = 1) {
        auto answer = std::make_shared<std::promise<Result<double>>>();
        auto future = answer->get_future();
        source.request(
            {.what = what, .zoom = zoom, .reply = [answer](Result<double> result) { answer->set_value(std::move(result)); }});
        if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            return Error{Code::InternalFailure, "no answer"};
        return future.get();
    }
    /// Which camera a frame is of: each has another colour.
    static int numberOf(const VideoFrame& frame) { return frame.plane(1)[0] < 130 ? 0 : 1; }

    TempFolder folder_;
    CameraTape tape_;
};

/// What a sequence of codes should be, and a failure that tells all of them.
inline testing::AssertionResult said(const CameraTape& tape, const std::vector<int>& codes) {
    if (tape.codes() == codes) return testing::AssertionSuccess();
    auto result = testing::AssertionFailure();
    for (const auto& entry : tape.entries())
        if (entry.code != 0) result << entry.code << ": " << entry.text << "\n";
    return result;
}

}  // namespace livepusher::capture
