// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace livepusher::capture {

enum class Track : std::size_t { Video = 0, Audio = 1 };
inline constexpr std::array kTracks{Track::Video, Track::Audio};
inline constexpr std::size_t index(Track track) { return static_cast<std::size_t>(track); }
inline constexpr Track other(Track track) { return track == Track::Video ? Track::Audio : Track::Video; }

/// Turns the times that a container gives its packets into media time: one count for both tracks that begins at zero and
/// goes on, whatever the container's clock does. Where that begins anew, by any step and in either direction, what comes
/// follows what came; where it stands still or is missing, packets are counted by their length. A hole that only one
/// track has, while the other goes on through it, is a hole and stays one. Packets come in the file's order.
/// Pure: knows no clock and no libav. Belongs to one thread.
class Timeline {
public:
    /// What the container says of a packet, in its own count.
    struct Stamps {
        std::optional<Timestamp> pts, dts;
        Timestamp duration{};  ///< zero: it doesn't say
    };
    /// Where the packet lies in media time.
    struct Place {
        std::optional<Timestamp> pts;  ///< empty: only the order of decoding is known
        Timestamp dts{};
        Timestamp duration{};  ///< never zero
    };

    /// A pass begins: the container's `base` is media time `at`. Without a base the first packet's time is it.
    void begin(std::optional<Timestamp> base, Timestamp at);
    /// How long a packet is that doesn't say so; 40 ms until this is called.
    void setUsualDuration(Track track, Timestamp duration);

    Place place(Track track, const Stamps& stamps);

    /// Where the latest packet of the track ends, over all passes; the pass's beginning where none has come in it.
    Timestamp end(Track track) const { return tracks_[index(track)].end; }
    /// Whether any packet of that track has come in this pass.
    bool any(Track track) const { return tracks_[index(track)].any; }
    int restarts() const { return restarts_; }    ///< times that a track's clock was found to have begun anew
    bool hasCounted() const { return counted_; }  ///< some packets had no time of their own

    /// A step back by more than this is a new count; less is disorder of the muxer.
    static constexpr Timestamp kBack{200'000};
    /// A step ahead by more than this that the other track doesn't take part in by going on is a new count...
    static constexpr Timestamp kGap{1'000'000};
    /// ... and by more than this where nothing can be said of the other track.
    static constexpr Timestamp kLongGap{10'000'000};

private:
    struct State {
        std::optional<Timestamp> offset;   ///< media time minus the container's
        std::optional<Timestamp> lastRaw;  ///< the latest stamp that was one
        Timestamp next{};                  ///< media time at which the next packet is expected
        Timestamp end{};
        Timestamp usual{40'000};
        Timestamp last{};      ///< the length of the last packet that had a time
        int count = 0;         ///< of clocks so far in this pass
        Timestamp standing{};  ///< of packets in a row with the same stamp or none
        bool any = false;
    };

    static bool isGap(const State& state, const State& beside, Timestamp at);
    void begin(State& state, const State& beside, Timestamp raw);
    void restart(State& state, const State& beside, Timestamp raw);
    static Timestamp rawOf(const Stamps& stamps);

    std::array<State, 2> tracks_;
    std::optional<Timestamp> base_;
    Timestamp at_{};
    int restarts_ = 0;
    bool counted_ = false;
};

}  // namespace livepusher::capture
