// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "display/geometry.hpp"
#include "display/sdl.hpp"
#include "display/sdl_video.hpp"
#include "display/windows.hpp"
#include "display/x11_connection.hpp"

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
constexpr Uint32 kFloatingFlags = SDL_WINDOW_BORDERLESS | SDL_WINDOW_ALWAYS_ON_TOP | SDL_WINDOW_SKIP_TASKBAR | SDL_WINDOW_UTILITY;

Error failed(const char* what) { return {Code::NotAvailable, std::string(what) + ": " + sdl().SDL_GetError()}; }

/// What one form of the window is made of; destroyed in reverse order.
struct Pane {
    Handle<SDL_Window> window;
    Handle<SDL_Renderer> renderer;
    Handle<SDL_Texture> texture;
};

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
        picture_ = {pictureWidth, pictureHeight};
        const auto screen = usableScreen();
        const auto size = normalSize({wanted.width, wanted.height}, picture_, {screen.width, screen.height});
        const int centred = static_cast<int>(SDL_WINDOWPOS_CENTERED);
        return make({centred, centred, size.width, size.height}, Form::Normal);
    }

    Result<void> setForm(Form form) override {
        if (form == form_) return {};
        if (form == Form::Floating) {
            sdl().SDL_GetWindowPosition(pane_.window.get(), &normal_.x, &normal_.y);
            sdl().SDL_GetWindowSize(pane_.window.get(), &normal_.width, &normal_.height);
            int top = 0, left = 0;  // a window is asked for where its frame is to be, and found where its picture is
            if (sdl().SDL_GetWindowBordersSize(pane_.window.get(), &top, &left, nullptr, nullptr) == 0) {
                normal_.x -= left;
                normal_.y -= top;
            }
        }
        // Another window, not the old one changed: many window managers take these wishes only when a window first appears.
        auto made = make(form == Form::Floating ? floatingPlace(picture_, usableScreen()) : normal_, form);
        if (made && last_) show(std::exchange(last_, {}));
        return made;
    }

    void show(const VideoFrame& frame) override {
        const base::PictureSize size{frame.width(), frame.height()};
        if (!pane_.texture || !last_ || size != picture_ || last_.bt709 != frame.bt709) {
            const bool turned = std::exchange(picture_, size) != size;
            if (turned && form_ == Form::Floating) place(floatingPlace(picture_, usableScreen()));
            if (!makeTexture(frame)) return;
        }
        sdl().SDL_UpdateYUVTexture(pane_.texture.get(), nullptr, frame.plane(0), frame.stride(0), frame.plane(1), frame.stride(1),
                                   frame.plane(2), frame.stride(2));
        last_ = frame;
        draw();
    }

    Happened poll() override {
        sdl().SDL_PumpEvents();
        if (connection_.lost()) return Happened::Lost;
        auto happened = Happened::Nothing;
        bool redraw = false;
        SDL_Event event;
        // SDL has one queue: events of devices and the application's own stay in it.
        while (sdl().SDL_PeepEvents(&event, 1, SDL_GETEVENT, SDL_FIRSTEVENT, SDL_JOYAXISMOTION - 1) > 0) {
            if (event.type == SDL_MOUSEWHEEL && event.wheel.windowID == sdl().SDL_GetWindowID(pane_.window.get()))
                wheel_ += event.wheel.direction == SDL_MOUSEWHEEL_FLIPPED ? -event.wheel.y : event.wheel.y;
            if (event.type != SDL_WINDOWEVENT || event.window.windowID != sdl().SDL_GetWindowID(pane_.window.get())) continue;
            if (event.window.event == SDL_WINDOWEVENT_CLOSE) happened = Happened::Closed;
            redraw |= event.window.event == SDL_WINDOWEVENT_EXPOSED || event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED;
        }
        sdl().SDL_FlushEvents(SDL_FINGERDOWN, SDL_DROPCOMPLETE);
        if (redraw && last_) draw();
        return connection_.lost() ? Happened::Lost : happened;
    }
    int wheel() override { return std::exchange(wheel_, 0); }

private:
    base::Rect usableScreen() const {
        const int index = pane_.window ? std::max(sdl().SDL_GetWindowDisplayIndex(pane_.window.get()), 0) : 0;
        SDL_Rect r{0, 0, 1280, 720};
        if (sdl().SDL_GetDisplayUsableBounds(index, &r) != 0)
            base::log(LogLevel::Debug, std::string("screen: ") + sdl().SDL_GetError());
        return {r.x, r.y, r.w, r.h};
    }

    /// Takes the place of the pane there is once it stands; an error leaves that one.
    Result<void> make(const base::Rect& at, Form form) {
        const auto flags = form == Form::Floating ? kFloatingFlags : kNormalFlags;
        Pane pane;
        pane.window.reset(sdl().SDL_CreateWindow(title_.c_str(), at.x, at.y, at.width, at.height, flags));
        if (!pane.window) return failed("no window");
        connection_.watch(pane.window.get());
        pane.renderer.reset(sdl().SDL_CreateRenderer(pane.window.get(), -1, SDL_RENDERER_SOFTWARE));
        if (!pane.renderer) return failed("no renderer for the window");
        if (form == Form::Floating) {  // without a title bar it is moved by its picture
            sdl().SDL_SetWindowHitTest(
                pane.window.get(), [](SDL_Window*, const SDL_Point*, void*) { return SDL_HITTEST_DRAGGABLE; }, nullptr);
            sdl().SDL_RaiseWindow(pane.window.get());
        } else {
            sdl().SDL_SetWindowMinimumSize(pane.window.get(), 64, 64);
        }
        std::swap(pane_, pane);
        form_ = form;
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
            base::log(LogLevel::Warning, std::string("preview window: no picture: ") + sdl().SDL_GetError());
            return false;
        }
        sdl().SDL_SetTextureScaleMode(pane_.texture.get(), SDL_ScaleModeLinear);
        return true;
    }

    void draw() {
        auto* renderer = pane_.renderer.get();
        sdl().SDL_SetRenderDrawColor(renderer, 0, 0, 0, SDL_ALPHA_OPAQUE);
        sdl().SDL_RenderClear(renderer);
        if (pane_.texture) {
            int width = 0, height = 0;
            sdl().SDL_GetRendererOutputSize(renderer, &width, &height);
            const auto fit = fitInto(picture_, {0, 0, width, height});
            const SDL_Rect target{fit.x, fit.y, fit.width, fit.height};
            sdl().SDL_RenderCopy(renderer, pane_.texture.get(), nullptr, &target);
        }
        sdl().SDL_RenderPresent(renderer);
    }

    X11Connection connection_;  // watches till the very end
    SdlVideo video_;            // the first to come, the last to go
    std::string title_;
    Form form_ = Form::Normal;
    base::PictureSize picture_;
    base::Rect normal_;  // where the window stood before it floated
    VideoFrame last_;    // in the texture
    int wheel_ = 0;
    Pane pane_;
};

}  // namespace

std::unique_ptr<Window> makeSdlWindow() { return std::make_unique<SdlWindow>(); }

}  // namespace livepusher::display
