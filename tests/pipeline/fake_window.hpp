// SPDX-License-Identifier: MIT
#pragma once

#include "display/window.hpp"
#include "fakes.hpp"

#include <utility>

namespace livepusher::testing {

/// What fake windows are told to do; what happens to them goes to the scene's journal.
struct Desktop {
    explicit Desktop(Scene& where) : scene(where) {}

    Scene& scene;
    Error openError;                                                     ///< with a code: open() fails with it
    Error formError;                                                     ///< with a code: setForm() fails with it
    std::atomic<display::Happened> happens{display::Happened::Nothing};  ///< told by poll() once
    std::atomic<int> wheel{0};                                           ///< notches that the user turns it
    std::function<void()> onShow{};                                      ///< may block, as a desktop may
    std::function<void()> onForm{};
};

class FakeWindow final : public display::Window {
public:
    explicit FakeWindow(std::shared_ptr<Desktop> desktop) : desktop_(std::move(desktop)) {}
    ~FakeWindow() override {
        if (open_) note("window gone");
    }

    Result<void> open(const PreviewWindow& wanted, int width, int height) override {
        if (desktop_->openError.code != Code::Ok) return desktop_->openError;
        open_ = true;
        note("window " + wanted.title + " " + std::to_string(width) + "x" + std::to_string(height));
        return {};
    }
    Result<void> setForm(display::Form form, Rotation /*turn*/) override {
        if (desktop_->onForm) desktop_->onForm();
        if (desktop_->formError.code != Code::Ok) return desktop_->formError;
        note(form == display::Form::Floating ? "window floats" : "window as before");
        return {};
    }
    void show(const VideoFrame& frame, const display::PictureLayout& /*layout*/) override {
        if (desktop_->onShow) desktop_->onShow();
        note("window shows " + std::to_string(frame.plane(0)[0]));
    }
    base::Rect seenOf(const VideoFrame& frame, const display::PictureLayout& /*layout*/) const override {
        return {0, 0, frame.width(), frame.height()};
    }
    int wheel() override { return desktop_->wheel.exchange(0); }
    display::Happened poll() override { return desktop_->happens.exchange(display::Happened::Nothing); }

private:
    void note(const std::string& what) { desktop_->scene.journal.note(what); }

    const std::shared_ptr<Desktop> desktop_;
    bool open_ = false;
};

/// The fakes, with a window.
inline pipeline::Stages stagesWithWindow(Scene& scene, std::shared_ptr<Desktop> desktop) {
    auto stages = fakeStages(scene);
    stages.window = [desktop] { return std::make_unique<FakeWindow>(desktop); };
    return stages;
}

/// The journal's options, with a window and what happens to picture-in-picture.
inline ContextOptions optionsWithWindow(Scene& scene, Properties properties = pushing()) {
    auto o = options(scene, std::move(properties));
    o.window = {.enabled = true, .title = "me", .width = 0, .height = 0};
    o.handlers.onEnterPictureInPicture = [&scene] { scene.journal.note("entered"); };
    o.handlers.onLeavePictureInPicture = [&scene] { scene.journal.note("left"); };
    return o;
}

}  // namespace livepusher::testing
