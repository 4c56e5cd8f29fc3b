// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "effects/faces/models.hpp"
#include "effects/faces/one_euro.hpp"
#include "media/frame_pool.hpp"

namespace livepusher::effects::faces {

/// A frame made small for looking at: 480..960 px along its longer side, or as it was where it is smaller.
struct SmallPicture {
    VideoFrame frame;  ///< its time is the original's
    int factor = 1;    ///< px of the original for one of these
    int width = 0;     ///< px of the original; what did not fill a pixel is left out at right and bottom
    int height = 0;    ///< px of the original
};

SmallPicture downsample(const VideoFrame& frame, base::FramePool& pool);

/// A face followed from picture to picture.
struct TrackedFace {
    std::uint64_t id = 0;      ///< the same for as long as it is followed
    OneEuro::Points points{};  ///< px of the original frame, smoothed
    Point speed;               ///< px a second, of all of it
    Timestamp moment{};        ///< pts of the frame that the points were found in
};

/// The faces of a frame.
struct TrackedFaces {
    std::vector<TrackedFace> faces;
    int width = 0, height = 0;  ///< px, of the original frame
    Timestamp moment{};         ///< its pts
};

/// Follows faces through a stream of pictures: each by its mesh, found anew by the detector when it is lost, others looked for
/// now and then. Pure but for its memory of the faces: the same pictures give the same faces. Belongs to one thread.
class Tracker {
public:
    /// How much of a picture is searched for faces that are not followed yet.
    enum class Search {
        Spread,  ///< one part of it a look, if any: all of it is seen within a second or two
        All,     ///< all of it at once: 20 ms and more
    };
    static constexpr std::size_t kMostFaces = 10;
    /// More faces than that take turns, so that a look never takes longer than some milliseconds.
    static constexpr std::size_t kMeshesALook = 4;

    explicit Tracker(Models models) : models_(std::move(models)) {}

    Result<void> look(const SmallPicture& picture, Search search = Search::Spread);
    const TrackedFaces& faces() const { return found_; }

private:
    /// In px of the small picture.
    struct Followed {
        std::uint64_t id = 0;
        FaceMesh mesh;
        OneEuro filter;
        Timestamp moment{};
        Point speed;  ///< px a second
    };

    Result<void> follow(const SmallPicture& picture);
    Result<void> search(const SmallPicture& picture, Search search);
    Result<void> searchPart(const SmallPicture& picture, const Box& part);
    Result<void> begin(const SmallPicture& picture, const Detection& detection);
    void take(Followed& face, const FaceMesh& mesh, Timestamp moment);
    void dropDoubles();
    void publish(const SmallPicture& picture);

    Models models_;
    std::vector<Followed> followed_;
    std::size_t nextTurn_ = 0;  ///< of more faces than meshes a look
    std::size_t nextPart_ = 0;  ///< of the picture, to be searched
    unsigned sinceSearch_ = 0;  ///< looks
    unsigned eagerLooks_ = 0;   ///< left in which each searches: a face was lost
    std::uint64_t lastId_ = 0;
    int width_ = 0, height_ = 0;
    TrackedFaces found_;
};

/// The parts of a picture that are searched one after another: all of it, then ever smaller squares, in which ever smaller
/// faces are found. px.
std::vector<Box> searchedParts(int width, int height);

}  // namespace livepusher::effects::faces
