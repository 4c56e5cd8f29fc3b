// SPDX-License-Identifier: MIT
#include "media/capture_time.hpp"

#include <livepusher/message.hpp>

#include "base/big_endian.hpp"
#include "media/nal.hpp"
#include "media/user_data.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace livepusher::base {

namespace {

constexpr std::size_t kTimeSize = 8, kLengthSize = 4;

bool isSei(Nal nal, VideoCodec codec) {
    return codec == VideoCodec::hevc ? HevcNal::type(nal) == HevcNal::kPrefixSei : AvcNal::type(nal) == AvcNal::kSei;
}

/// Of the coded picture itself, before which SEI has to stand (H.264 §7.4.1.2.3, H.265 §7.4.2.4.4).
bool isPicture(Nal nal, VideoCodec codec) {
    constexpr int kPrefix = 14, kExtension = 20;  // of H.264, around slices that have layers
    if (codec == VideoCodec::hevc) return HevcNal::type(nal) <= HevcNal::kLastSlice;
    const int type = AvcNal::type(nal);
    return (type >= AvcNal::kSlice && type <= AvcNal::kIdr) || type == kPrefix || type == kExtension;
}

}  // namespace

UtcTime utcAt(Timestamp moment) {
    using std::chrono::system_clock, std::chrono::time_point_cast;
    constexpr int kTries = 3;  // who is put to sleep between two clocks has a wrong difference
    auto narrowest = Timestamp::max();
    UtcTime found;
    for (int i = 0; i < kTries; ++i) {
        const auto before = now();
        const auto utc = time_point_cast<UtcTime::duration>(system_clock::now());
        const auto after = now();
        if (after - before >= narrowest) continue;
        narrowest = after - before;
        found = utc + (moment - (before + narrowest / 2));
    }
    return found;
}

bool isCaptureTime(std::span<const std::uint8_t> userData) {
    return userData.size() >= kCaptureTimeUuid.size() &&
           std::equal(kCaptureTimeUuid.begin(), kCaptureTimeUuid.end(), userData.begin());
}

std::optional<UtcTime> captureTime(std::span<const std::uint8_t> userData) {
    if (!isCaptureTime(userData) || userData.size() < kCaptureTimeUuid.size() + kTimeSize) return std::nullopt;
    const auto told = readBig(userData.subspan(kCaptureTimeUuid.size(), kTimeSize));
    if (told > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return UtcTime(UtcTime::duration(static_cast<std::int64_t>(told)));
}

void addCaptureTime(Packet& packet, VideoCodec codec, UtcTime captured) {
    if (packet.track != Packet::Track::Video || packet.kind != Packet::Kind::Key || !packet.data) return;
    if (codec == VideoCodec::av1 || captured < UtcTime{}) return;
    const auto units = splitLengths(*packet.data, kLengthSize);
    std::size_t before = 0;
    const auto first = std::ranges::find_if(units, [&](Nal nal) { return !nal.empty() && isPicture(nal, codec); });
    if (first == units.end()) return;
    for (const auto nal : std::span(units.begin(), first)) {
        if (!nal.empty() && isSei(nal, codec) && !std::ranges::search(nal, kCaptureTimeUuid).empty()) return;
        before += kLengthSize + nal.size();
    }
    const auto time = bigBytes<kTimeSize>(static_cast<std::uint64_t>(captured.time_since_epoch().count()));
    const auto unit = userDataUnit(kCaptureTimeUuid, time, codec);
    const auto at = packet.data->begin() + static_cast<std::ptrdiff_t>(before);
    std::vector<std::uint8_t> data;
    data.reserve(packet.data->size() + kLengthSize + unit.size());
    data.insert(data.end(), packet.data->begin(), at);
    appendBig<kLengthSize>(data, unit.size());
    data.insert(data.end(), unit.begin(), unit.end());
    data.insert(data.end(), at, packet.data->end());
    packet.data = std::make_shared<const std::vector<std::uint8_t>>(std::move(data));
}

}  // namespace livepusher::base
