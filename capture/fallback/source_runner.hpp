// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "capture/source.hpp"

namespace livepusher::capture {

/// Which of two sources something comes of: the one that is to go out, or the one that stands in for it.
enum class Side { Main, Standby };

/// Hears what a SourceRunner's source gives and what becomes of it. On the source's threads and the runner's own; never after the
/// runner is gone.
class RunnerObserver {
public:
    virtual void frame(Side side, VideoFrame frame) = 0;
    virtual void samples(Side side, const float* samples, std::size_t frames, Timestamp pts) = 0;
    virtual void formatChanged(Side side, VideoSourceFormat format) = 0;
    virtual void code(Side side, Code code, std::string what) = 0;
    /// It has been opened, or why not. True: it is to be tried again. [runner]
    virtual bool pictureStarted(Side side, const Result<VideoSourceFormat>& format) = 0;
    virtual bool soundStarted(Side side, const Result<void>& started) = 0;
    /// Of one end, of which nothing follows; `all`: no other runs any more. True: the source is to be opened again.
    virtual bool ended(Side side, bool picture, bool all) = 0;
    virtual bool failed(Side side, bool picture, const Error& why) = 0;

protected:
    ~RunnerObserver() = default;
};

/// Keeps a source running on a thread of its own, which may wait where others must not: opens the ends that are wanted, and makes
/// the source anew, after a pause, where it has failed.
class SourceRunner {
public:
    using Make = std::function<Result<SourcePair>()>;
    struct Options {
        Side side{};
        Make make;
        bool oneSource = false;  ///< its two ends are one, and fail together
        const char* thread = "";
    };
    struct Ends {
        std::optional<WantedVideo> picture{};
        std::optional<WantedAudio> sound{};
        unsigned pictureRun = 0, soundRun = 0;  ///< another number: it is stopped and started again
    };

    SourceRunner(Options options, RunnerObserver& observer) : options_(std::move(options)), observer_(observer) {}
    ~SourceRunner();
    SourceRunner(const SourceRunner&) = delete;
    SourceRunner& operator=(const SourceRunner&) = delete;

    /// From now on; never waits. Errors: the system has no thread to give. [any-thread]
    Result<void> want(Ends ends);
    void interrupt();                                ///< as the sources' interrupt(). [any-thread]
    void request(CameraRequest request);             ///< as the sources' own. [any-thread]
    Result<void> push(const VideoFrameView& frame);  ///< likewise
    Result<void> push(const AudioBlockView& block);  ///< likewise

private:
    enum class End { Off, On, Over };  ///< Over: it is wanted, and is not started any more

    struct Picture final : VideoSource::Sink {
        explicit Picture(SourceRunner& runner) : to(runner) {}
        void frame(VideoFrame frame) override;
        void formatChanged(VideoSourceFormat format) override;
        void code(Code code, std::string what) override;
        void ended() override { to.endedHere(true); }
        void failed(Error why) override { to.failedHere(true, why); }
        SourceRunner& to;
    };
    struct Sound final : AudioSource::Sink {
        explicit Sound(SourceRunner& runner) : to(runner) {}
        void samples(const float* samples, std::size_t frames, Timestamp pts) override;
        void code(Code code, std::string what) override;
        void ended() override { to.endedHere(false); }
        void failed(Error why) override { to.failedHere(false, why); }
        SourceRunner& to;
    };

    void run();
    bool make();
    void apply(const Ends& ends);
    void applyPicture(const Ends& ends);
    void applySound(const Ends& ends);
    void close();
    bool pause();
    void endedHere(bool picture);
    void failedHere(bool picture, const Error& why);
    void reopen();
    std::shared_ptr<SourcePair> pair() const;

    const Options options_;
    RunnerObserver& observer_;
    Picture pictureSink_{*this};
    Sound soundSink_{*this};

    mutable std::mutex mutex_;  ///< of what follows, up to the thread's own
    std::condition_variable changed_;
    Ends wanted_;
    std::shared_ptr<SourcePair> pair_;
    bool dirty_ = false, reopen_ = false, quit_ = false, interrupted_ = false;
    bool pictureEnded_ = false, soundEnded_ = false;

    // The thread's own:
    End picture_ = End::Off, sound_ = End::Off;
    Ends as_;                  ///< they were started, or told, so
    std::size_t attempt_ = 0;  ///< at opening it again
    Timestamp opened_{};       ///< when it was; zero: it isn't

    std::thread thread_;
};

}  // namespace livepusher::capture
