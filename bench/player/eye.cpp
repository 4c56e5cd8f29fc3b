// SPDX-License-Identifier: MIT
// player_eye [MONITOR]
// Looks at whatever player has its window on DISPLAY, and listens to a PulseAudio monitor if one is named, until stdin ends. It
// knows nothing of players: it reads the moment that bench/player/stamps.py has drawn into each picture. Moments are those of
// CLOCK_MONOTONIC in s. Prints
//   window MOMENT WIDTH HEIGHT X Y     the largest window is another, or elsewhere
//   seen MOMENT STAMP FLASH            a picture is there that was not the moment before; STAMP in ms
//   heard MOMENT                       a beep begins
#include <poll.h>
#include <pulse/error.h>
#include <pulse/simple.h>
#include <unistd.h>
#include <xcb/xcb.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLook = 3ms;  // between two looks at the picture
constexpr auto kLookForWindow = 50ms;
constexpr int kCells = 40, kStampBits = 32, kCheckBits = 5;  // as bench/player/stamps.py draws them
constexpr double kMiddle = 16.0 / 720;                       // of the picture's height: where the cells' middle is
constexpr int kRate = 48000, kFragment = kRate / 200;

double seconds(Clock::time_point moment) { return std::chrono::duration<double>(moment.time_since_epoch()).count(); }

std::mutex printing;
template <typename... Arguments>
void print(const char* format, Arguments... arguments) {
    std::lock_guard lock(printing);
    std::printf(format, arguments...);
    std::fflush(stdout);
}

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};
template <typename Reply>
using XReply = std::unique_ptr<Reply, Free>;

struct Place {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Place&) const = default;
};

struct Stamp {
    std::uint32_t moment = 0;
    bool flash = false;
    bool operator==(const Stamp&) const = default;
};

class Screen {
public:
    Screen() : connection_(xcb_connect(nullptr, nullptr)) {}
    ~Screen() { xcb_disconnect(connection_); }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    bool good() const { return xcb_connection_has_error(connection_) == 0; }

    /// Of the largest window that is shown, as far as it is on the screen.
    std::optional<Place> window() {
        const auto* screen = xcb_setup_roots_iterator(xcb_get_setup(connection_)).data;
        const XReply<xcb_query_tree_reply_t> tree(
            xcb_query_tree_reply(connection_, xcb_query_tree(connection_, screen->root), nullptr));
        if (!tree) return std::nullopt;
        std::optional<Place> largest;
        const auto* children = xcb_query_tree_children(tree.get());
        for (int i = 0; i < xcb_query_tree_children_length(tree.get()); ++i) {
            const auto asked = xcb_get_window_attributes(connection_, children[i]);
            const auto askedPlace = xcb_get_geometry(connection_, children[i]);
            const XReply<xcb_get_window_attributes_reply_t> shown(xcb_get_window_attributes_reply(connection_, asked, nullptr));
            const XReply<xcb_get_geometry_reply_t> place(xcb_get_geometry_reply(connection_, askedPlace, nullptr));
            if (!shown || !place || shown->map_state != XCB_MAP_STATE_VIEWABLE || shown->_class != XCB_WINDOW_CLASS_INPUT_OUTPUT)
                continue;
            const Place found{place->x, place->y, place->width, place->height};
            const bool inside = found.x >= 0 && found.y >= 0 && found.x + found.width <= screen->width_in_pixels &&
                                found.y + found.height <= screen->height_in_pixels;
            if (inside && (!largest || found.width * found.height > largest->width * largest->height)) largest = found;
        }
        root_ = screen->root;
        return largest;
    }

    /// What the cells in the picture there say; none: they make no sense.
    std::optional<Stamp> read(const Place& at) {
        if (at.width < 4 * kCells) return std::nullopt;
        const auto row = static_cast<std::int16_t>(at.y + static_cast<int>(kMiddle * at.height));
        const XReply<xcb_get_image_reply_t> image(
            xcb_get_image_reply(connection_,
                                xcb_get_image(connection_, XCB_IMAGE_FORMAT_Z_PIXMAP, root_, static_cast<std::int16_t>(at.x), row,
                                              static_cast<std::uint16_t>(at.width), 1, ~0U),
                                nullptr));
        constexpr int kPixel = 4;
        if (!image || xcb_get_image_data_length(image.get()) < at.width * kPixel) return std::nullopt;
        const auto* pixels = xcb_get_image_data(image.get());
        std::uint64_t bits = 0;
        for (int cell = 0; cell < kCells; ++cell) {
            const auto* pixel = pixels + static_cast<std::ptrdiff_t>((2 * cell + 1) * at.width / (2 * kCells)) * kPixel;
            bits = bits << 1U | (pixel[0] + pixel[1] + pixel[2] > 3 * 128 ? 1U : 0U);
        }
        constexpr std::uint64_t kMark = 2;  // white, black
        if (bits >> (kCells - 2) != kMark) return std::nullopt;
        const auto check = bits & ((1U << kCheckBits) - 1);
        const auto value = bits >> kCheckBits & ((1ULL << (kStampBits + 1)) - 1);
        if (value * 0x9E3779B97F4A7C15ULL >> (64 - kCheckBits) != check) return std::nullopt;
        return Stamp{static_cast<std::uint32_t>(value >> 1U), (value & 1U) != 0};
    }

private:
    xcb_connection_t* const connection_;
    xcb_window_t root_ = 0;
};

/// When a sample was heard, by when those around it came. The null sink renders a block at the moment that its first sample is
/// heard, so of the latest blocks those that came latest beside their place tell it.
class HeardLine {
public:
    void add(double arrived, std::int64_t frame) {
        offsets_.push_back(arrived - static_cast<double>(frame) / kRate);
        if (offsets_.size() > kWindow) offsets_.pop_front();
    }
    double at(std::int64_t frame) const {
        std::vector<double> sorted(offsets_.begin(), offsets_.end());
        const auto high = static_cast<std::ptrdiff_t>(sorted.size() * 8 / 10);
        std::nth_element(sorted.begin(), sorted.begin() + high, sorted.end());
        return sorted[static_cast<std::size_t>(high)] + static_cast<double>(frame) / kRate;
    }

private:
    static constexpr std::size_t kWindow = 2 * kRate / kFragment;
    std::deque<double> offsets_;
};

/// Until the process ends.
void listen(const std::string& monitor) {
    const pa_sample_spec form{PA_SAMPLE_FLOAT32NE, kRate, 1};
    constexpr std::size_t kBytes = kFragment * sizeof(float);
    const pa_buffer_attr buffer{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, kBytes};
    int error = 0;
    auto* stream = pa_simple_new(nullptr, "eye", PA_STREAM_RECORD, monitor.c_str(), "eye", &form, nullptr, &buffer, &error);
    if (!stream) {
        std::fprintf(stderr, "player_eye: %s can't be heard: %s\n", monitor.c_str(), pa_strerror(error));
        std::_Exit(1);
    }
    HeardLine line;
    std::array<float, kFragment> samples{};
    std::int64_t frame = 0, quiet = 0;
    while (pa_simple_read(stream, samples.data(), kBytes, &error) >= 0) {
        line.add(seconds(Clock::now()), frame);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const bool loud = std::abs(samples[i]) > 0.1F;
            if (loud && quiet > kRate / 5) print("heard %.6f\n", line.at(frame + static_cast<std::int64_t>(i)));
            quiet = loud ? 0 : quiet + 1;
        }
        frame += kFragment;
    }
    std::fprintf(stderr, "player_eye: %s is gone: %s\n", monitor.c_str(), pa_strerror(error));
}

bool stdinEnded() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 0) <= 0) return false;
    char byte = 0;
    return read(STDIN_FILENO, &byte, 1) <= 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2) {
        std::fputs("player_eye [MONITOR]\n", stderr);
        return 2;
    }
    Screen screen;
    if (!screen.good()) {
        std::fputs("player_eye: there is no display: set DISPLAY\n", stderr);
        return 1;
    }
    if (argc == 2) std::thread(listen, std::string(argv[1])).detach();
    std::optional<Place> place;
    std::optional<Stamp> last;
    auto lookForWindow = Clock::now();
    for (auto next = Clock::now(); screen.good() && !stdinEnded(); std::this_thread::sleep_until(next)) {
        next = std::max(next + kLook, Clock::now());
        if (Clock::now() >= lookForWindow) {
            lookForWindow = Clock::now() + (place ? kLookForWindow : kLook);
            if (const auto found = screen.window(); found != place) {
                place = found;
                const auto told = place.value_or(Place{});
                print("window %.6f %d %d %d %d\n", seconds(Clock::now()), told.width, told.height, told.x, told.y);
            }
        }
        if (!place) continue;
        const auto stamp = screen.read(*place);
        if (!stamp || stamp == last) continue;
        last = stamp;
        print("seen %.6f %u %d\n", seconds(Clock::now()), stamp->moment, stamp->flash ? 1 : 0);
    }
    std::fflush(stdout);
    std::_Exit(0);  // the listening thread waits for sound
}
