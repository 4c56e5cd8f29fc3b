// SPDX-License-Identifier: MIT
#include "av/interlace_detector.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace livepusher::capture {
namespace {

constexpr int kGroups = 48, kLinesOfGroup = 4, kColumns = 4;   // of each four columns one is looked at
constexpr int kSure = 3, kSurest = 12, kSureProgressive = 24;  // votes
// Of one line's pixel, in 8-bit steps: below that it is noise.
constexpr double kLeast = 0.15;

/// How far a line is from the mean of those above and below it.
std::int64_t off(const std::uint8_t* line, const std::uint8_t* above, const std::uint8_t* below, int count) {
    std::int64_t sum = 0;
    for (int x = 0; x < count; ++x) sum += std::abs(2 * line[x] - above[x] - below[x]);
    return sum / 2;
}

}  // namespace

bool InterlaceDetector::begin(const AVFrame& frame) {
    if (frame.format == format_ && frame.width == width_ && frame.height == height_) return !groups_.empty();
    format_ = frame.format;
    width_ = frame.width;
    height_ = frame.height;
    before_.clear();
    score_ = progressive_ = 0;
    opinion_ = Opinion::None;
    const auto* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format_));
    const bool readable = description && (description->flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL)) == 0 &&
                          description->comp[0].depth == 8 && description->comp[0].step == 1;
    groups_.clear();
    // At uneven distances, which no pattern of the picture has.
    const int room = readable && height_ >= 64 ? (height_ - kLinesOfGroup) / 2 : 0;
    const int count = std::min(kGroups, room / 8);
    for (int i = 0; i < count; ++i) {
        const double uneven = std::fmod(i * 0.618034, 1.0);
        groups_.push_back(2 * static_cast<int>((i + uneven) * room / count));
    }
    return !groups_.empty();
}

InterlaceDetector::Sums& InterlaceDetector::Sums::operator+=(const Sums& other) {
    topEarlier += other.topEarlier;
    bottomEarlier += other.bottomEarlier;
    within += other.within;
    return *this;
}

/// Whether one parity lies nearer to the frame before than the other, by more than noise.
bool InterlaceDetector::isClear(const Sums& sums, int lines) const {
    const auto [least, most] = std::minmax(sums.topEarlier, sums.bottomEarlier);
    return static_cast<double>(most - least) > kLeast * columns() * lines && most * 10 > least * 16;
}

InterlaceDetector::Seen InterlaceDetector::compare() const {
    Seen seen;
    const int count = columns();
    for (int group = 0; group < groups(); ++group) {
        // Lines 0 and 2 are of the upper field, 1 and 3 of the lower; 1 and 2 have neighbours on both sides.
        const auto line = [&](const std::vector<std::uint8_t>& lines, int i) {
            return lines.data() + std::ptrdiff_t{group * kLinesOfGroup + i} * count;
        };
        const auto now = [&](int i) { return line(now_, i); };
        const auto old = [&](int i) { return line(before_, i); };
        Sums sums;
        // With the top first its new lines lie nearest to the old ones of the bottom.
        sums.topEarlier = off(now(2), old(1), old(3), count) + off(old(1), now(0), now(2), count);
        sums.bottomEarlier = off(now(1), old(0), old(2), count) + off(old(2), now(1), now(3), count);
        sums.within = off(now(1), now(0), now(2), count) + off(now(2), now(1), now(3), count);
        if (isClear(sums, 2)) ++(sums.topEarlier < sums.bottomEarlier ? seen.topFirst : seen.bottomFirst);
        seen.all += sums;
    }
    return seen;
}

void InterlaceDetector::vote(const Seen& seen) {
    const auto& sums = seen.all;
    const int lines = 2 * groups();
    const auto least = std::min(sums.topEarlier, sums.bottomEarlier);
    const bool top = sums.topEarlier < sums.bottomEarlier;
    const int clear = top ? seen.topFirst : seen.bottomFirst, against = top ? seen.bottomFirst : seen.topFirst;
    if (isClear(sums, lines) && clear > 1 && clear > 2 * against) {  // a single line that comes and goes is none
        const int votes = 4 * clear > groups() ? 2 : 1;
        const bool turned = top ? score_ < 0 : score_ > 0;
        // Fields keep their order; text that scrolls by odd lines changes it from frame to frame.
        if (turned && std::abs(score_) < kSure)
            score_ = 0;
        else
            score_ = std::clamp(score_ + (top ? votes : -votes), -kSurest, kSurest);
        progressive_ = 0;
    } else if (static_cast<double>(least - sums.within) > kLeast * columns() * lines && least * 2 > sums.within * 3) {
        score_ -= score_ > 0 ? 1 : score_ < 0 ? -1 : 0;
        if (least > sums.within * 3) progressive_ = std::min(progressive_ + 1, kSureProgressive);
    }
    if (std::abs(score_) >= kSure) opinion_ = score_ > 0 ? Opinion::TopFirst : Opinion::BottomFirst;
    if (score_ == 0 && progressive_ >= kSureProgressive) opinion_ = Opinion::Progressive;
}

void InterlaceDetector::look(const AVFrame& frame) {
    if (!begin(frame)) return;
    now_.resize(static_cast<std::size_t>(groups() * kLinesOfGroup) * static_cast<std::size_t>(columns()));
    auto* to = now_.data();
    for (const int y : groups_) {
        for (int i = 0; i < kLinesOfGroup; ++i) {
            const auto* row = frame.data[0] + std::ptrdiff_t{y + i} * frame.linesize[0];
            for (int x = 0; x < columns(); ++x) *to++ = row[kColumns * x];
        }
    }
    if (before_.size() == now_.size()) vote(compare());
    before_.swap(now_);
}

int InterlaceDetector::columns() const { return width_ / kColumns; }

}  // namespace livepusher::capture
