// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "capture/av.hpp"
#include "capture/fd_reader.hpp"

namespace livepusher::capture {

class HttpStream;

enum class Track : std::size_t { Video = 0, Audio = 1 };
inline constexpr std::array kTracks{Track::Video, Track::Audio};
inline constexpr std::size_t index(Track track) { return static_cast<std::size_t>(track); }

/// Reads one file or URL and hands its packets out by track. Packets of a track that nobody reads at the moment are
/// kept as far back as is needed to join in: from the last key frame. Belongs to one thread.
class Demuxer {
public:
    struct Options {
        std::string target;                         ///< path or URL; "-": stdin
        std::array<bool, 2> tracks{};               ///< which are wanted at all
        const std::atomic<bool>* cancel = nullptr;  ///< true: give up waiting for the network
        std::string label{};                        ///< what messages call it; empty: file "…"
        HttpStream* http = nullptr;                 ///< what the target is read through; null: libav's own protocols
    };
    explicit Demuxer(Options options);
    ~Demuxer();

    /// Errors: SourceFailed, in one line with the file's name.
    Result<void> open();
    /// Null when the file has no such track.
    AVStream* stream(Track track) const;
    AVFormatContext* context() const { return format_.get(); }

    /// 0 and the next packet, or an AVERROR.
    int next(Track track, PacketPtr& packet);
    /// Whether a track is read now.
    void setActive(Track track, bool active) { queues_[index(track)].active = active; }
    /// True once after packets of `track` were dropped: its decoder must begin afresh.
    bool takeBroken(Track track) { return std::exchange(queues_[index(track)].broken, false); }

    /// Begins again at the beginning.
    Result<void> rewind();
    /// Goes to the last place at or before `position` (µs of the file's time) where `track` can be joined. False: it
    /// can't, and what next() gives is not known.
    bool seek(Track track, std::int64_t position);
    /// Breaks off or lets go on what waits for a FIFO or stdin. [any-thread]
    void cancelRead() { fd_.cancel(); }
    void clearCancel() { fd_.clearCancel(); }
    /// Whether a network read was broken off: what follows needs reopen().
    bool needsReopen() const { return needsReopen_; }
    /// Opens it anew and goes to `position` (µs of the file's time; empty: its beginning). False in the value: it
    /// could not be gone to (a live stream), what comes is what is sent now.
    Result<bool> reopen(std::optional<std::int64_t> position);

private:
    struct Queue {
        int stream = -1;
        std::deque<PacketPtr> packets;
        std::size_t bytes = 0;
        bool active = false;
        bool needKey = false;
        bool broken = false;
        std::int64_t lastDts = AV_NOPTS_VALUE;  ///< microseconds, corrected
    };
    void close();
    int readOne();
    void mendTime(Queue& queue, AVPacket& packet);
    void keep(Track track, PacketPtr packet);
    void clear(Queue& queue);
    void forget();
    static int interrupted(void* self);
    Error failed(const std::string& what, int native) const;
    Result<void> openInput();
    Result<void> openFile();
    Result<void> openHttp();
    static int readFd(void* self, std::uint8_t* data, int size);
    static int readHttp(void* self, std::uint8_t* data, int size);
    static std::int64_t seekHttp(void* self, std::int64_t offset, int whence);
    static int refuseOther(AVFormatContext* context, AVIOContext** io, const char* url, int flags, AVDictionary** settings);

    const Options options_;
    const std::string label_;
    bool network_ = false;
    bool pipe_ = false;  ///< read through fd_
    FdReader fd_;
    FormatPtr format_;
    AVIOContext* io_ = nullptr;  ///< ours, when pipe_ or read through HttpStream
    std::int64_t openDeadline_ = 0;
    std::array<Queue, 2> queues_;
    bool needsReopen_ = false;
    std::int64_t shift_ = 0;  ///< microseconds added to every time stamp, after jumps
};

}  // namespace livepusher::capture
