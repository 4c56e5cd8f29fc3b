// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/properties.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/avc_config.hpp"
#include "media/nal.hpp"
#include "media/orientation.hpp"
#include "media/packet.hpp"

namespace livepusher::capture {

/// Makes packets of access units as encoders give them: parameter sets go into Config packets, delimiters and filler are
/// left out, all else stays as it is. One thread at a time.
class CodedPackets {
public:
    /// `label` begins every error.
    explicit CodedPackets(std::string label) : label_(std::move(label)) {}

    struct Taken {
        std::optional<Packet> config;  ///< goes before the frame
        std::optional<Packet> frame;   ///< empty: it held no slice; what it held comes with the next frame
    };
    /// Copies what it needs. Errors: InvalidArgument, naming what is wrong; what follows can still be taken.
    Result<Taken> take(VideoCodec codec, std::span<const base::Nal> nals, Timestamp pts, Timestamp dts);
    /// Parameter sets that come by another way. Errors as above.
    Result<void> learn(VideoCodec codec, std::span<const base::Nal> nals);

    /// How the container has the pictures shown: warned of in the log, since it can't go out. SEI that say so are, too.
    void toldToTurn(base::Orientation orientation) {
        warnOfTurn(orientation, "its container asks", "what is coded already goes out as it lies");
    }

    /// What follows begins anew: with a Config and a key frame. Parameter sets are kept.
    void restart();
    /// For the Config of streams that don't tell theirs.
    void setRate(double fps) { rate_ = fps; }
    double rate() const;  ///< frames per second, as the SPS tells, else as setRate() does; 0: not known
    /// "H.264, 1280x720"; without a size as long as no SPS has come.
    std::string describe() const;

private:
    using Bytes = std::vector<std::uint8_t>;
    struct Set {
        int id = 0;
        Bytes bytes;
    };
    enum Kind : std::size_t { Vps, Sps, Pps };

    bool hevc() const { return codec_ == VideoCodec::hevc; }
    Error bad(const std::string& what) const;
    Result<void> use(VideoCodec codec);
    Result<void> check(std::span<const base::Nal> nals) const;
    std::optional<Kind> setKind(base::Nal nal) const;
    bool isSlice(base::Nal nal) const;
    bool isKey(base::Nal nal) const;
    bool isLeftOut(base::Nal nal) const;
    bool complete() const;
    Result<void> keep(Kind kind, base::Nal nal);
    base::SpsInfo info() const;
    Packet makeConfig() const;
    void warnOfTurn(base::Orientation orientation, const char* whose, const char* outcome);

    const std::string label_;
    VideoCodec codec_ = VideoCodec::h264;
    double rate_ = 0;
    std::array<std::vector<Set>, 3> sets_;
    bool changed_ = false;   ///< sets_, since the last Config
    bool begun_ = false;     ///< a key frame has come since the restart
    Bytes waiting_;          ///< NAL units that belong to the next frame
    bool turnTold_ = false;  ///< that its pictures are to be turned
};

}  // namespace livepusher::capture
