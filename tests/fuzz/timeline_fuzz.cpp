// SPDX-License-Identifier: MIT
// Any stamps at all become a media time that does not run away: no packet is placed further from the one before than a hole
// may be long, and passes never overlap.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "av/timeline.hpp"

using livepusher::Timestamp;
using livepusher::capture::Timeline;
using livepusher::capture::Track;

namespace {

class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
    bool any() const { return left_ > 0; }
    template <typename T>
    T take() {
        T value{};
        const auto count = std::min(left_, sizeof value);
        std::memcpy(&value, data_, count);
        data_ += count;
        left_ -= count;
        return value;
    }

private:
    const std::uint8_t* data_;
    std::size_t left_;
};

void require(bool good) {
    if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // As libav's stamps are after it has dealt with what overflows.
    constexpr std::int64_t kFar = std::int64_t{1} << 52;
    Bytes bytes(data, size);
    Timeline timeline;
    timeline.setUsualDuration(Track::Video, Timestamp(33'333));
    timeline.setUsualDuration(Track::Audio, Timestamp(21'333));
    timeline.begin(std::nullopt, {});
    std::array<Timestamp, 2> next{};  // where each track's next packet is expected
    while (bytes.any()) {
        const auto control = bytes.take<std::uint8_t>();
        const auto track = (control & 1U) != 0 ? Track::Audio : Track::Video;
        const auto stamp = [&] {
            const auto step =
                (control & 8U) != 0 ? bytes.take<std::int64_t>() % kFar : std::int64_t{bytes.take<std::int16_t>()} * 1000;
            return Timestamp(step);
        };
        Timeline::Stamps stamps;
        if ((control & 2U) != 0) stamps.dts = stamp();
        if ((control & 4U) != 0) stamps.pts = stamp();
        stamps.duration = Timestamp(bytes.take<std::uint16_t>());
        const bool any = timeline.any(track);
        const auto before = timeline.end(track);
        const auto expected = next[index(track)], beside = next[index(livepusher::capture::other(track))];
        const auto place = timeline.place(track, stamps);
        require(place.duration > Timestamp{});
        // A hole is at most twice as long as another track shows it to be, or as one that nothing is known of may be.
        require(!any || place.dts - expected <= std::max(Timeline::kLongGap, 2 * (beside - expected)));
        require(timeline.end(track) >= before);
        next[index(track)] = place.dts + place.duration;
        if ((control & 0xF0U) == 0xF0U) {
            const auto at = std::max(timeline.end(Track::Video), timeline.end(Track::Audio));
            timeline.begin(std::nullopt, at);
            require(timeline.end(Track::Video) >= at);
            next = {at, at};
        }
    }
    return 0;
}
