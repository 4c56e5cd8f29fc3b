// SPDX-License-Identifier: MIT
#include "effects/faces/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "media/planes.hpp"

namespace livepusher::effects::faces {

namespace {

constexpr int kLongest = 960;  // px of a small picture
constexpr float kPresent = 0.5F;
constexpr float kSameFace = 0.3F;     // overlap of two boxes of the same face
constexpr float kNarrowest = 14;      // px of the small picture: there is nothing to see in smaller ones
constexpr unsigned kSearchEvery = 6;  // looks, while faces are followed
constexpr unsigned kEagerLooks = 12;  // after one was lost
constexpr int kSmallestSquare = 160;  // px of the small picture: in it the detector finds faces of 35 px

float seconds(Timestamp time) { return std::chrono::duration<float>(time).count(); }

float widthOf(const OneEuro::Points& points) { return distance(points[234], points[454]); }

void addSquares(std::vector<Box>& parts, float width, float height, float side) {
    const auto places = [&](float size) { return static_cast<int>(std::ceil((size - side) / (side * 0.6F))) + 1; };
    const int across = places(width), down = places(height);
    for (int y = 0; y < down; ++y)
        for (int x = 0; x < across; ++x) {
            const auto at = [](int i, int of, float room) {
                return of > 1 ? room * static_cast<float>(i) / static_cast<float>(of - 1) : 0;
            };
            const float left = at(x, across, width - side), top = at(y, down, height - side);
            parts.push_back({left, top, left + side, top + side});
        }
}

}  // namespace

SmallPicture downsample(const VideoFrame& frame, base::FramePool& pool) {
    SmallPicture small;
    small.width = frame.width();
    small.height = frame.height();
    while (std::max(frame.width(), frame.height()) > kLongest * small.factor) small.factor *= 2;
    // A whole number of pixels for each: libyuv's fast ways, and places in one are exactly places in the other.
    const int step = 2 * small.factor;
    const base::Rect part{0, 0, frame.width() / step * step, frame.height() / step * step};
    if (part.width == 0 || part.height == 0) return {};
    small.frame = pool.take(part.width / small.factor, part.height / small.factor);
    small.frame.pts = frame.pts;
    small.frame.bt709 = frame.bt709;
    base::scale(base::viewOf(frame, part), base::writableViewOf(small.frame));
    return small;
}

std::vector<Box> searchedParts(int width, int height) {
    const auto across = static_cast<float>(width), down = static_cast<float>(height);
    std::vector<Box> parts{{0, 0, across, down}};
    int side = std::min(width, height);
    if (side * 5 > std::max(width, height) * 4) side /= 2;  // squares of its own size would only see the same again
    for (; side >= kSmallestSquare; side /= 2) addSquares(parts, across, down, static_cast<float>(side));
    return parts;
}

Result<void> Tracker::look(const SmallPicture& picture, Search search) {
    if (picture.width != width_ || picture.height != height_) {
        followed_.clear();
        width_ = picture.width;
        height_ = picture.height;
    }
    if (auto done = follow(picture); !done) return done;
    if (auto done = this->search(picture, search); !done) return done;
    publish(picture);
    return {};
}

Result<void> Tracker::follow(const SmallPicture& picture) {
    const std::size_t turns = std::min(followed_.size(), kMeshesALook);
    for (std::size_t i = 0; i < turns; ++i) {
        auto& face = followed_[(nextTurn_ + i) % followed_.size()];
        const auto mesh = models_.landmarks.find(picture.frame, face.mesh.region());
        if (!mesh) return mesh.error();
        take(face, *mesh, picture.frame.pts);
    }
    nextTurn_ = followed_.empty() ? 0 : (nextTurn_ + turns) % followed_.size();
    const auto lost = std::erase_if(followed_, [&](const Followed& face) {
        const auto box = boxAround(face.mesh.points);
        const auto centre = box.centre();
        return face.mesh.presence < kPresent || box.width() < kNarrowest || centre.x < 0 || centre.y < 0 ||
               centre.x > static_cast<float>(picture.frame.width()) || centre.y > static_cast<float>(picture.frame.height());
    });
    if (lost > 0) eagerLooks_ = kEagerLooks;
    dropDoubles();
    return {};
}

void Tracker::take(Followed& face, const FaceMesh& mesh, Timestamp moment) {
    const float elapsed = seconds(moment - face.moment);
    const Point before = boxAround(face.mesh.points).centre(), after = boxAround(mesh.points).centre();
    // A face does not cross half of its width in a moment: another one came into its place.
    if (mesh.presence < kPresent || distance(before, after) > std::max(boxAround(face.mesh.points).width() / 2, kNarrowest)) {
        face.mesh.presence = 0;
        return;
    }
    if (elapsed > 0) face.speed = {(after.x - before.x) / elapsed, (after.y - before.y) / elapsed};
    face.mesh = mesh;
    face.filter.take(mesh.points, widthOf(mesh.points), elapsed);
    face.moment = moment;
}

void Tracker::dropDoubles() {
    for (std::size_t i = 0; i < followed_.size(); ++i) {
        const auto box = boxAround(followed_[i].mesh.points);
        const auto first = followed_.begin() + static_cast<std::ptrdiff_t>(i) + 1;
        followed_.erase(
            std::remove_if(first, followed_.end(),
                           [&](const Followed& other) { return overlap(box, boxAround(other.mesh.points)) > kSameFace; }),
            followed_.end());
    }
}

Result<void> Tracker::search(const SmallPicture& picture, Search search) {
    const auto parts = searchedParts(picture.frame.width(), picture.frame.height());
    if (search == Search::All) {
        for (const auto& part : parts)
            if (auto done = searchPart(picture, part); !done) return done;
        return {};
    }
    ++sinceSearch_;
    const bool eager = followed_.empty() || eagerLooks_ > 0;
    if (!eager && sinceSearch_ < kSearchEvery) return {};
    sinceSearch_ = 0;
    if (eagerLooks_ > 0) --eagerLooks_;
    // All of it every other time: who holds the camera is large in it.
    const std::size_t part = nextPart_ % 2 == 0 || parts.size() == 1 ? 0 : 1 + nextPart_ / 2 % (parts.size() - 1);
    ++nextPart_;
    return searchPart(picture, parts[part]);
}

Result<void> Tracker::searchPart(const SmallPicture& picture, const Box& part) {
    if (followed_.size() >= kMostFaces) return {};
    const auto detections = models_.detector.find(picture.frame, part);
    if (!detections) return detections.error();
    for (const auto& detection : *detections) {
        if (followed_.size() >= kMostFaces) break;
        if (auto done = begin(picture, detection); !done) return done;
    }
    return {};
}

Result<void> Tracker::begin(const SmallPicture& picture, const Detection& detection) {
    const auto known = [&](const Box& box) {
        return std::any_of(followed_.begin(), followed_.end(),
                           [&](const Followed& face) { return overlap(box, boxAround(face.mesh.points)) > kSameFace; });
    };
    if (detection.box.width() < kNarrowest || known(detection.box)) return {};
    Region region = regionOf(detection.box, detection.rightEye, detection.leftEye);
    Followed face;
    for (int i = 0; i < 2; ++i) {  // the second time from its own points, as it will be followed
        const auto mesh = models_.landmarks.find(picture.frame, region);
        if (!mesh) return mesh.error();
        if (mesh->presence < kPresent) return {};
        face.mesh = *mesh;
        region = mesh->region();
    }
    const auto box = boxAround(face.mesh.points);
    if (known(box) || box.width() < kNarrowest || overlap(box, detection.box) < kSameFace) return {};
    face.id = ++lastId_;
    face.moment = picture.frame.pts;
    face.filter.take(face.mesh.points, widthOf(face.mesh.points), 0);
    followed_.push_back(std::move(face));
    return {};
}

void Tracker::publish(const SmallPicture& picture) {
    found_.faces.clear();
    found_.width = picture.width;
    found_.height = picture.height;
    found_.moment = picture.frame.pts;
    const auto factor = static_cast<float>(picture.factor);
    for (const auto& face : followed_) {
        TrackedFace out{face.id, face.filter.smooth(), {face.speed.x * factor, face.speed.y * factor}, face.moment};
        for (auto& point : out.points) point = {point.x * factor, point.y * factor};
        found_.faces.push_back(out);
    }
}

}  // namespace livepusher::effects::faces
