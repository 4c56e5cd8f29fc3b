// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/camera/controls.hpp"
#include "capture/camera/identity.hpp"
#include "capture/camera/modes.hpp"
#include "capture/camera/pictures.hpp"
#include "capture/camera/v4l2.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// How much of a picture may be cut away where no lens moves: of 720p 180p is left.
inline constexpr double kMostDigitalZoom = 4;

/// A camera that streams: from the driver's buffers to frames. Its calls take as long as the driver does.
class CameraStream {
public:
    /// Sets the camera to the mode nearest to the wish and lets it begin. Errors: CameraDenied, CameraFailed.
    static Result<std::unique_ptr<CameraStream>> open(V4l2Node node, const WantedVideo& wanted);
    /// Its light goes out.
    ~CameraStream();
    CameraStream(const CameraStream&) = delete;
    CameraStream& operator=(const CameraStream&) = delete;

    int fd() const { return node_.fd(); }  ///< readable when a frame is there or something is wrong
    const CameraIdentity& identity() const { return identity_; }
    const std::string& title() const { return title_; }  ///< for messages: name and path
    VideoSourceFormat format() const;
    base::PictureSize size() const { return converter_->size(); }  ///< of the last frame, or of the next as far as is known

    struct Got {
        int error = 0;                      ///< errno; EAGAIN: nothing yet
        std::optional<VideoFrame> frame{};  ///< none without an error: it was broken and is left out
    };
    Got next();

    void follow(const VideoWishes& wishes);  ///< autofocus and focus
    double maxZoom() const;
    /// The factor in force. Errors: InvalidArgument, CameraFailed.
    Result<double> setZoom(double factor);
    /// Errors: NotAvailable, CameraFailed.
    Result<void> setTorch(bool on);

private:
    struct Mapping {
        std::uint8_t* bytes = nullptr;
        std::size_t length = 0;
    };

    explicit CameraStream(V4l2Node node);
    Result<void> configure(const CameraOffer& offer, double fps);
    Result<void> begin();
    Error failed(int error) const { return cameraError(title_, error); }

    V4l2Node node_;
    const CameraIdentity identity_;
    const std::string title_;
    const CameraControls controls_;
    v4l2_pix_format pixels_{};
    double fps_ = 0;
    std::optional<PictureConverter> converter_;
    std::vector<Mapping> buffers_;
    double zoom_ = 1;
    bool torch_ = false;
    std::optional<std::uint32_t> sequence_;  ///< of the last frame
    std::uint64_t frames_ = 0, lost_ = 0, broken_ = 0;
};

/// The moment at which a frame was captured: what the driver tells, if that can be, else its arrival.
Timestamp captureMoment(const v4l2_buffer& buffer, Timestamp arrival, Timestamp wallClock);

}  // namespace livepusher::capture
