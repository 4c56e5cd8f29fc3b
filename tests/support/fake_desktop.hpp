// SPDX-License-Identifier: MIT
#pragma once

#include "display/window.hpp"
#include "journal.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::testing {

/// What fake windows are told to do; what happens to them goes to the journal.
struct Desktop {
    explicit Desktop(Journal& where) : journal(where) {}

    Journal& journal;
    Error openError;                                                     ///< with a code: open() fails with it
    Error formError;                                                     ///< with a code: setForm() fails with it
    std::atomic<display::Happened> happens{display::Happened::Nothing};  ///< told by poll() once
    std::atomic<int> wheel{0};                                           ///< notches that the user turns it
    std::function<void()> onShow{};                                      ///< may block, as a desktop may
    std::function<void()> onForm{};
    base::Rect seen{};  ///< what seenOf() says; empty: all of it

    void press(display::Key key) {
        const std::lock_guard lock(mutex_);
        keys_.push_back(key);
    }
    std::vector<display::Key> pressed() {
        const std::lock_guard lock(mutex_);
        return std::exchange(keys_, {});
    }

    /// The last picture that a window was given, and how.
    struct Shown {
        VideoFrame frame;
        display::PictureLayout layout;
    };
    Shown shown() const {
        const std::lock_guard lock(mutex_);
        return shown_;
    }
    void keep(const VideoFrame& frame, const display::PictureLayout& layout) {
        const std::lock_guard lock(mutex_);
        shown_ = {frame, layout};
    }

private:
    mutable std::mutex mutex_;
    std::vector<display::Key> keys_;
    Shown shown_;
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
    Result<void> setForm(display::Form form, Rotation turn) override {
        if (desktop_->onForm) desktop_->onForm();
        if (desktop_->formError.code != Code::Ok) return desktop_->formError;
        switch (form) {
            case display::Form::Normal: note("window as before"); break;
            case display::Form::Floating: note("window floats"); break;
            case display::Form::FullScreen: note("window fills the screen " + std::to_string(static_cast<int>(turn))); break;
        }
        return {};
    }
    void show(const VideoFrame& frame, const display::PictureLayout& layout) override {
        if (desktop_->onShow) desktop_->onShow();
        desktop_->keep(frame, layout);
        note("window shows " + std::to_string(frame.plane(0)[0]));
    }
    base::Rect seenOf(const VideoFrame& frame, const display::PictureLayout& /*layout*/) const override {
        return desktop_->seen == base::Rect{} ? base::Rect{0, 0, frame.width(), frame.height()} : desktop_->seen;
    }
    int wheel() override { return desktop_->wheel.exchange(0); }
    std::vector<display::Key> keys() override { return desktop_->pressed(); }
    display::Happened poll() override { return desktop_->happens.exchange(display::Happened::Nothing); }

private:
    void note(const std::string& what) { desktop_->journal.note(what); }

    const std::shared_ptr<Desktop> desktop_;
    bool open_ = false;
};

inline display::WindowFactory windowsOn(std::shared_ptr<Desktop> desktop) {
    return [desktop = std::move(desktop)] { return std::make_unique<FakeWindow>(desktop); };
}

}  // namespace livepusher::testing
