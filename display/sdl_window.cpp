// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "display/geometry.hpp"
#include "display/sdl.hpp"
#include "display/sdl_video.hpp"
#include "display/windows.hpp"
#include "display/x11_connection.hpp"
#include "media/fit.hpp"
#include "media/frame_pool.hpp"

namespace livepusher::display {

namespace {

struct Destroy {
    void operator()(SDL_Window* w) const { sdl().SDL_DestroyWindow(w); }
    void operator()(SDL_Renderer* r) const { sdl().SDL_DestroyRenderer(r); }
    void operator()(SDL_Texture* t) const { sdl().SDL_DestroyTexture(t); }
};
template <typename T>
using Handle = std::unique_ptr<T, Destroy>;

constexpr Uint32 kNormalFlags = SDL_WINDOW_RESIZABLE;
constexpr Uint32 kFullScreenFlags = SDL_WINDOW_FULLSCREEN_DESKTOP;  // no other mode of the monitor
constexpr Uint32 kFloatingFlags = SDL_WINDOW_BORDERLESS | SDL_WINDOW_ALWAYS_ON_TOP | SDL_WINDOW_SKIP_TASKBAR | SDL_WINDOW_UTILITY;

constexpr Uint32 flagsOf(Form form) {
    switch (form) {
        case Form::Floating: return kFloatingFlags;
        case Form::FullScreen: return kFullScreenFlags;
        case Form::Normal: break;
    }
    return kNormalFlags;
}

Error failed(const char* what) { return {Code::NotAvailable, std::string(what) + ": " + sdl().SDL_GetError()}; }

/// What one form of the window is made of; destroyed in reverse order.
struct Pane {
    Handle<SDL_Window> window;
    Handle<SDL_Renderer> renderer;
    Handle<SDL_Texture> texture;
    base::PictureSize textureSize;
    bool textureBt709 = false;
};

bool fits(const Pane& pane, const VideoFrame& frame) {
    return pane.texture && pane.textureSize == base::sizeOf(frame) && pane.textureBt709 == frame.bt709;
}

class SdlWindow final : public Window {
public:
    ~SdlWindow() override {
        if (!connection_.lost()) return;
        // What belongs to a lost connection can't be given back: once in the life of a process it is left where it is.
        static_cast<void>(pane_.texture.release());
        static_cast<void>(pane_.renderer.release());
        static_cast<void>(pane_.window.release());
        video_.leave();
    }

    Result<void> open(const PreviewWindow& wanted, int pictureWidth, int pictureHeight) override {
        if (auto opened = video_.open(); !opened) return opened;
        title_ = wanted.title;
        seen_ = {pictureWidth, pictureHeight};
        const auto screen = usableScreen();
        const auto size = normalSize({wanted.width, wanted.height}, seen_, {screen.width, screen.height});
        const int centred = static_cast<int>(SDL_WINDOWPOS_CENTERED);
        return make({centred, centred, size.width, size.height}, Form::Normal);
    }

    Result<void> setForm(Form form, Rotation turn) override {
        if (form != form_) {
            if (form_ == Form::Normal) rememberPlace();
            // Another window, not the old one changed: many window managers take these wishes only when a window first appears.
            if (auto made = make(placeOf(form), form); !made) return made;
        } else if (turn == turn_) {
            return {};
        }
        turn_ = turn;
        if (last_) show(std::exchange(last_, {}), layout_);
        return {};
    }

    void show(const VideoFrame& frame, const PictureLayout& layout) override {
        const auto orientation = seenBy(frame, layout.turn, turn_);
        const auto seen = seenSize(frame, orientation);
        if (std::exchange(seen_, seen) != seen && form_ == Form::Floating) place(placeOf(form_));
        // Turned here, as SDL without a graphics card takes two to three times as long for it.
        const auto upright = base::turned(frame, orientation, turned_);
        if (!fits(pane_, upright) && !makeTexture(upright)) return;
        sdl().SDL_UpdateYUVTexture(pane_.texture.get(), nullptr, upright.plane(0), upright.stride(0), upright.plane(1),
                                   upright.stride(1), upright.plane(2), upright.stride(2));
        last_ = frame;
        layout_ = layout;
        draw();
    }

    base::Rect seenOf(const VideoFrame& frame, const PictureLayout& layout) const override {
        return drawnIn(view(), frame, seenBy(frame, layout.turn, turn_), layout.fit).from;
    }

    Happened poll() override {
        sdl().SDL_PumpEvents();
        if (connection_.lost()) return Happened::Lost;
        auto happened = Happened::Nothing;
        bool redraw = false;
        SDL_Event event;
        // SDL has one queue: events of devices and the application's own stay in it.
        while (sdl().SDL_PeepEvents(&event, 1, SDL_GETEVENT, SDL_FIRSTEVENT, SDL_JOYAXISMOTION - 1) > 0) {
            const auto window = sdl().SDL_GetWindowID(pane_.window.get());
            if (event.type == SDL_MOUSEWHEEL && event.wheel.windowID == window)
                wheel_ += event.wheel.direction == SDL_MOUSEWHEEL_FLIPPED ? -event.wheel.y : event.wheel.y;
            if (event.type == SDL_KEYDOWN && event.key.windowID == window) press(event.key);
            if (event.type != SDL_WINDOWEVENT || event.window.windowID != window) continue;
            if (event.window.event == SDL_WINDOWEVENT_CLOSE) happened = Happened::Closed;
            redraw |= event.window.event == SDL_WINDOWEVENT_EXPOSED || event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED;
        }
        sdl().SDL_FlushEvents(SDL_FINGERDOWN, SDL_DROPCOMPLETE);
        if (redraw && last_) draw();
        return connection_.lost() ? Happened::Lost : happened;
    }
    int wheel() override { return std::exchange(wheel_, 0); }
    std::vector<Key> keys() override { return std::exchange(keys_, {}); }

private:
    void press(const SDL_KeyboardEvent& key) {
        if (key.repeat != 0 || (key.keysym.mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI)) != 0) return;
        if (key.keysym.sym == SDLK_ESCAPE) keys_.push_back(Key::Escape);
        if (key.keysym.sym == SDLK_f) keys_.push_back(Key::F);
    }

    void rememberPlace() {
        sdl().SDL_GetWindowPosition(pane_.window.get(), &normal_.x, &normal_.y);
        sdl().SDL_GetWindowSize(pane_.window.get(), &normal_.width, &normal_.height);
        int top = 0, left = 0;  // a window is asked for where its frame is to be, and found where its picture is
        if (sdl().SDL_GetWindowBordersSize(pane_.window.get(), &top, &left, nullptr, nullptr) == 0) {
            normal_.x -= left;
            normal_.y -= top;
        }
    }

    base::Rect placeOf(Form form) const {
        if (form == Form::Floating) return floatingPlace(seen_, usableScreen());
        return form == Form::FullScreen ? wholeScreen() : normal_;
    }

    /// Said to SDL too: where there is no window manager nobody else does it.
    base::Rect wholeScreen() const {
        SDL_Rect r{normal_.x, normal_.y, normal_.width, normal_.height};
        if (sdl().SDL_GetDisplayBounds(screenIndex(), &r) != 0)
            base::log(LogLevel::Debug, std::string("screen: ") + sdl().SDL_GetError());
        return {r.x, r.y, r.w, r.h};
    }

    int screenIndex() const { return pane_.window ? std::max(sdl().SDL_GetWindowDisplayIndex(pane_.window.get()), 0) : 0; }

    base::Rect usableScreen() const {
        SDL_Rect r{0, 0, 1280, 720};
        if (sdl().SDL_GetDisplayUsableBounds(screenIndex(), &r) != 0)
            base::log(LogLevel::Debug, std::string("screen: ") + sdl().SDL_GetError());
        return {r.x, r.y, r.w, r.h};
    }

    /// Takes the place of the pane there is once it stands; an error leaves that one.
    Result<void> make(const base::Rect& at, Form form) {
        Pane pane;
        pane.window.reset(sdl().SDL_CreateWindow(title_.c_str(), at.x, at.y, at.width, at.height, flagsOf(form)));
        if (!pane.window) return failed("no window");
        connection_.watch(pane.window.get());
        pane.renderer.reset(sdl().SDL_CreateRenderer(pane.window.get(), -1, SDL_RENDERER_SOFTWARE));
        if (!pane.renderer) return failed("no renderer for the window");
        if (form == Form::Floating) {  // without a title bar it is moved by its picture
            sdl().SDL_SetWindowHitTest(
                pane.window.get(), [](SDL_Window*, const SDL_Point*, void*) { return SDL_HITTEST_DRAGGABLE; }, nullptr);
            sdl().SDL_RaiseWindow(pane.window.get());
        } else if (form == Form::Normal) {
            sdl().SDL_SetWindowMinimumSize(pane.window.get(), 64, 64);
        }
        std::swap(pane_, pane);
        form_ = form;
        sdl().SDL_ShowCursor(form == Form::FullScreen ? SDL_DISABLE : SDL_ENABLE);
        draw();
        return {};
    }

    void place(const base::Rect& at) {
        sdl().SDL_SetWindowSize(pane_.window.get(), at.width, at.height);
        sdl().SDL_SetWindowPosition(pane_.window.get(), at.x, at.y);
    }

    bool makeTexture(const VideoFrame& frame) {
        // One setting for the process, read when a texture is made and each time it is drawn.
        sdl().SDL_SetYUVConversionMode(frame.bt709 ? SDL_YUV_CONVERSION_BT709 : SDL_YUV_CONVERSION_BT601);
        pane_.texture.reset(sdl().SDL_CreateTexture(pane_.renderer.get(), SDL_PIXELFORMAT_IYUV, SDL_TEXTUREACCESS_STREAMING,
                                                    frame.width(), frame.height()));
        if (!pane_.texture) {
            base::log(LogLevel::Warning, std::string("window: no picture: ") + sdl().SDL_GetError());
            return false;
        }
        sdl().SDL_SetTextureScaleMode(pane_.texture.get(), SDL_ScaleModeLinear);
        pane_.textureSize = base::sizeOf(frame);
        pane_.textureBt709 = frame.bt709;
        return true;
    }

    base::PictureSize view() const {
        base::PictureSize size;
        sdl().SDL_GetRendererOutputSize(pane_.renderer.get(), &size.width, &size.height);
        return {std::max(size.width, 1), std::max(size.height, 1)};
    }

    void draw() {
        auto* renderer = pane_.renderer.get();
        sdl().SDL_SetRenderDrawColor(renderer, 0, 0, 0, SDL_ALPHA_OPAQUE);
        sdl().SDL_RenderClear(renderer);
        if (pane_.texture && last_) {
            const auto orientation = seenBy(last_, layout_.turn, turn_);
            const auto drawn = drawnIn(view(), last_, orientation, layout_.fit);
            const auto& [x, y, width, height] = drawn.from;  // as it lies in memory: in the texture it is turned
            const SDL_Rect from = orientation.onItsSide() ? SDL_Rect{y, x, height, width} : SDL_Rect{x, y, width, height};
            const SDL_Rect to{drawn.to.x, drawn.to.y, drawn.to.width, drawn.to.height};
            sdl().SDL_RenderCopy(renderer, pane_.texture.get(), &from, &to);
        }
        sdl().SDL_RenderPresent(renderer);
    }

    X11Connection connection_;  // watches till the very end
    SdlVideo video_;            // the first to come, the last to go
    std::string title_;
    Form form_ = Form::Normal;
    Rotation turn_ = Rotation::None;  // of all that is shown
    base::PictureSize seen_;          // of the last picture
    base::Rect normal_;               // where the window stood before it had another form
    base::FramePool turned_;
    VideoFrame last_;       // in the texture
    PictureLayout layout_;  // its
    int wheel_ = 0;
    std::vector<Key> keys_;
    Pane pane_;
};

}  // namespace

std::unique_ptr<Window> makeSdlWindow() { return std::make_unique<SdlWindow>(); }

}  // namespace livepusher::display
