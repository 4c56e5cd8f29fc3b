// SPDX-License-Identifier: MIT
#include "flv/publishers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "base/big_endian.hpp"
#include "file/publishers.hpp"
#include "flv/flv_stream.hpp"

namespace livepusher::rtmp {

namespace {

std::vector<std::uint8_t> amfNumber(double value) {
    const auto bytes = base::bigBytes<8>(std::bit_cast<std::uint64_t>(value));
    return {bytes.begin(), bytes.end()};
}

/// Duration, size and the tracks in the header are filled in at the end.
class FlvContainer final : public file::Container {
public:
    bool takes(const Packet&) const override { return true; }

    Result<void> write(const Packet& packet, file::FileBytes& out) override {
        if (size_ == 0) add(flvHeader(kFlvHasVideo | kFlvHasAudio));
        if (auto made = packetizer_.write(packet, [this](const FlvTag& tag) { return addTag(tag); }); !made) return made;
        if (tracks_ == 0) return {};  // nothing but what the file begins with
        out.bytes = std::exchange(bytes_, {});
        out.patches = patches();
        return {};
    }

    Result<void> finish(file::FileBytes&) override { return {}; }

private:
    void add(std::span<const std::uint8_t> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        size_ += bytes.size();
    }

    Result<void> addTag(const FlvTag& tag) {
        if (auto done = writeFlvTag(tag, tag_); !done) return Error{Code::FileFailed, done.error().message};
        if (tag.type == FlvTagType::Script && metadataAt_ == 0) metadataAt_ = size_ + kFlvTagHeader;
        if (tag.type == FlvTagType::Video) tracks_ |= kFlvHasVideo;
        if (tag.type == FlvTagType::Audio) tracks_ |= kFlvHasAudio;
        lastTimestamp_ = std::max(lastTimestamp_, tag.timestamp);
        add(tag_);
        return {};
    }

    std::vector<file::FilePatch> patches() const {
        std::vector<file::FilePatch> out{{kFlvFlagsOffset, {tracks_}}};
        if (metadataAt_ == 0) return out;
        out.push_back({metadataAt_ + kDurationOffset, amfNumber(static_cast<double>(lastTimestamp_) / 1000)});
        out.push_back({metadataAt_ + kFileSizeOffset, amfNumber(static_cast<double>(size_))});
        return out;
    }

    FlvPacketizer packetizer_{true};
    std::vector<std::uint8_t> tag_, bytes_;  // of one packet
    std::uint8_t tracks_ = 0;                // the header's flags
    std::uint64_t lastTimestamp_ = 0;        // ms
    std::uint64_t metadataAt_ = 0;           // where the first onMetaData's body begins; 0: there is none
    std::uint64_t size_ = 0;
};

}  // namespace

std::unique_ptr<Publisher> makeFlvFilePublisher() {
    return file::makeFilePublisher([] { return std::make_unique<FlvContainer>(); });
}

}  // namespace livepusher::rtmp
