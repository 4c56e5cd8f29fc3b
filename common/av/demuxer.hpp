// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "av/av.hpp"
#include "av/media_io.hpp"
#include "av/timeline.hpp"

namespace livepusher::capture {

class HttpStream;

/// Reads one file or URL and hands its packets out in the order in which they stand there. Belongs to one thread.
class Demuxer {
public:
    struct Options {
        std::string target;                         ///< path, or URL with "://"; "-": stdin
        std::array<bool, 2> tracks{};               ///< which are wanted at all
        const std::atomic<bool>* cancel = nullptr;  ///< true: give up waiting for the network
        std::string label{};                        ///< what messages call it; empty: file "…"
        HttpStream* http = nullptr;                 ///< what the target is read through; null: what its name says
        base::NetworkOptions network{};
        std::function<void()> waiting{};  ///< as MediaIo has it
    };
    explicit Demuxer(Options options);
    ~Demuxer();

    /// At its beginning, also again. Errors: SourceFailed, in one line with the file's name.
    Result<void> open();
    void close();
    /// Null when the file has no such track, or none that can be decoded.
    AVStream* stream(Track track) const;
    AVFormatContext* context() const { return format_.get(); }
    /// Whether it comes as it is made, at its sender's pace.
    enum class Kind {
        File,     ///< can be read as fast as it is wanted
        Live,     ///< comes when it comes: what isn't read is lost or late
        Unknown,  ///< a pipe or an answer without length may be either
    };
    Kind kind() const { return kind_; }
    bool isPipe() const { return pipe_; }
    bool comesInPieces() const { return pieces_; }  ///< some seconds at a time, as HLS does

    /// 0 and the next packet of a wanted track, with the file's own times, or an AVERROR.
    int read(PacketPtr& packet, Track& track);
    /// Why the last read failed, for people.
    Error readError(int error) const;
    /// For who reads one track: its next packet, its times mended where the file's clock begins anew.
    int next(Track track, PacketPtr& packet);

    /// Begins again at the beginning.
    Result<void> rewind();
    /// Goes to the last place at or before `position` (µs of the file's time) where `track` can be joined. False: it
    /// can't, and what next() gives is not known.
    bool seek(Track track, std::int64_t position);

    /// Makes what waits, and all that follows, return. Sticky. [any-thread]
    void cancel();
    /// Breaks off, or lets go on, what waits for a FIFO or stdin. [any-thread]
    void cancelRead() { io_.cancelPipe(); }
    void clearCancel() { io_.clearPipe(); }
    /// What waits longer than until then is given up; zero: waits for ever. [demuxer]
    void setDeadline(Timestamp at) { deadline_ = at; }

private:
    Error failed(const std::string& what, int native) const;
    bool interrupted() const;
    Result<void> openIo();
    Result<void> openLocal(const std::string& path);
    Result<void> openInput();
    Result<const AVInputFormat*> probe();
    Result<void> openFormat(const AVInputFormat* kind);
    Error openError(int error) const;
    void findKind();
    void chooseStreams();
    int choose(Track track, int related);

    const Options options_;
    const std::string label_;
    std::string path_;  ///< of a local file
    bool url_ = false;  ///< read through libav's own protocols
    bool pipe_ = false;
    bool pieces_ = false;
    Kind kind_ = Kind::File;
    std::atomic<bool> cancelled_{false};
    Timestamp deadline_{};
    MediaIo io_;
    FormatPtr format_;
    std::array<int, 2> streams_{-1, -1};
    Timeline timeline_;  ///< of next()
    bool begun_ = false;
    int unreadable_ = 0;  ///< places in a row that the demuxer could not read
    std::string warned_;  ///< of the tracks that were passed over
};

}  // namespace livepusher::capture
