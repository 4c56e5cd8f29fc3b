// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "media/packet.hpp"

namespace livepusher::capture {

enum class MuxerFormat {
    MpegTs,    ///< ISO/IEC 13818-1: H.264, HEVC; AAC, Opus. Times go on as the packets have them
    Mp4,       ///< ISO/IEC 14496-12, in fragments of half a second; all codecs. Begins at time zero
    Matroska,  ///< in clusters of half a second; all codecs. Begins at time zero
};

/// Turns packets into the bytes of a container, by libavformat. Does no I/O but the calls of its sink, from within write() and
/// finish(); what it has been given leaves it at once (MPEG-TS) or within half a second of media. The tracks are those whose
/// Config has come before the first media. Belongs to one thread.
class Muxer {
public:
    /// Gets bytes, which live as long as the call, and where in the container they stand: behind those before, but for what
    /// Options::patches allows.
    using Sink = std::function<void(std::uint64_t at, std::span<const std::uint8_t> bytes)>;

    struct Options {
        MuxerFormat format = MuxerFormat::MpegTs;
        /// finish() may change what stands before: duration, index. Else bytes are only added.
        bool patches = false;
    };

    Muxer(Options options, Sink sink);
    ~Muxer();  ///< without finish(): what is not out yet is lost
    Muxer(const Muxer&) = delete;
    Muxer& operator=(const Muxer&) = delete;

    /// Whether it can go on after this Config: with other pictures of the same codec, whose parameter sets stand before each key
    /// frame, yes; with another codec, other sound or one more track only before the first media.
    bool takes(const Packet& config) const;

    /// Configs first, as takes() allows. Media of a track without Config is left out: a track that joins later needs another
    /// Muxer. Errors: NotAvailable, libavformat is missing; InvalidArgument, the container can't hold that; TransferFailed.
    Result<void> write(const Packet& packet);

    /// The rest, once; nothing where no media came. Errors: TransferFailed.
    Result<void> finish();

    bool begun() const;  ///< media has come: the container is more than nothing

private:
    struct Output;
    struct Stream {
        std::optional<Packet> config;
        int index = -1;  ///< in the container; negative: none
        std::int64_t lastDts = 0;
        bool written = false;
        Timestamp before{};  ///< dts of the packet before
    };

    Stream& streamOf(Packet::Track track) { return streams_.at(static_cast<std::size_t>(track)); }
    const Stream& streamOf(Packet::Track track) const { return streams_.at(static_cast<std::size_t>(track)); }
    Result<void> begin(const Packet& first);
    Result<void> add(Packet::Track track);
    Result<void> writeMedia(const Packet& packet);
    std::int64_t durationOf(const Packet& packet, const Stream& stream) const;

    const Options options_;
    const Sink sink_;
    std::array<Stream, 2> streams_;
    std::unique_ptr<Output> output_;
    Timestamp zero_{};
};

}  // namespace livepusher::capture
