// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include "base/latest.hpp"
#include "decode/decoder.hpp"
#include "media/picture_size.hpp"
#include "playback/jitter_buffer.hpp"
#include "playback/lane_orders.hpp"
#include "playback/play_clock.hpp"
#include "playback/presenter.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace livepusher::playback {

// By value: who overrides what does nothing here keeps what it is told.
// NOLINTBEGIN(performance-unnecessary-value-param)

/// Hears of the pictures, on the picture thread.
class PictureObserver {
public:
    virtual void pictureDecoderStarted(std::string /*what*/) {}
    virtual void pictureSizeChanged(base::PictureSize /*size*/) {}
    virtual void pictureDamaged(std::string /*why*/) {}
    virtual void picturesMissing(std::string /*why*/) {}
    virtual void pictureHardwareFailed(std::string /*why*/) {}
    virtual void pictureHardwareGaveUp(std::string /*why*/) {}
    virtual void pictureUndecodable(Error /*why*/) {}
    virtual void pictureLaneFailed(Error /*why*/) {}  ///< it is over, for want of memory

protected:
    ~PictureObserver() = default;
};

// NOLINTEND(performance-unnecessary-value-param)

/// Decodes pictures a few ahead of when they are due. On a thread of its own.
class PictureLane final : decode::DecoderObserver {
public:
    using MakeDecoder = std::function<std::unique_ptr<decode::VideoDecoder>(decode::DecoderObserver&)>;

    PictureLane(const MakeDecoder& makeDecoder, JitterBuffer& buffer, const PlayClock& clock, Presenter& presenter,
                const base::Latest<LaneOrders>& orders, PictureObserver& observer);
    ~PictureLane();
    PictureLane(const PictureLane&) = delete;
    PictureLane& operator=(const PictureLane&) = delete;

    void wake();  ///< orders have changed. [any-thread]

    struct Figures {
        std::uint64_t decoded = 0;  ///< pictures
        int width = 0, height = 0;
        std::size_t inside = 0;            ///< the decoder, pictures
        std::chrono::microseconds busy{};  ///< CPU time that was spent on decoding
        std::uint64_t gaps = 0;            ///< times that pictures were missing
    };
    Figures figures() const;                           ///< [any-thread]
    bool undecodable() const { return undecodable_; }  ///< [any-thread]

private:
    void run();
    void serve();
    void obey();
    void decode(const Placed& next);
    void out(bool known);
    bool wanted(const decode::Picture& picture, bool known);
    void keepUp(Timestamp media);

    void opened(const std::string& what) override { observer_.pictureDecoderStarted(what); }
    void sizeChanged(base::PictureSize size) override;
    void damaged(const std::string& why) override { observer_.pictureDamaged(why); }
    void missing(const std::string& why) override;
    void hardwareFailed(const std::string& why) override { observer_.pictureHardwareFailed(why); }
    void hardwareGaveUp(const std::string& why) override { observer_.pictureHardwareGaveUp(why); }

    JitterBuffer& buffer_;
    const PlayClock& clock_;
    Presenter& presenter_;
    base::Latest<LaneOrders>::Reader orders_;
    PictureObserver& observer_;
    const std::unique_ptr<decode::VideoDecoder> decoder_;
    std::uint64_t cut_ = 0;
    bool drained_ = false;                  ///< all that came has been let out of the decoder
    std::optional<Timestamp> showFrom_;     ///< pictures before are decoded and not shown
    std::optional<Timestamp> brokenSince_;  ///< media time; until a whole picture, or 2 s later
    decode::VideoDecoder::Skip skip_ = decode::VideoDecoder::Skip::None;
    std::atomic<std::uint64_t> decoded_{0}, gaps_{0};
    std::atomic<int> width_{0}, height_{0};
    std::atomic<std::size_t> inside_{0};
    std::atomic<std::int64_t> busy_{0};  ///< µs
    std::atomic<bool> undecodable_{false}, ending_{false};
    std::thread thread_;  // last
};

}  // namespace livepusher::playback
