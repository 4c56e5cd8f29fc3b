// SPDX-License-Identifier: MIT
#include "flv/flv_reader.hpp"

#include "base/big_endian.hpp"
#include "flv/flv_stream.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kSignature = 9;
constexpr std::size_t kTagSize = 4;
constexpr std::size_t kKeptBody = 65'536;  // of a body's memory, for the next one

}  // namespace

bool FlvReader::fail(const char* what) {
    failed_ = Error{Code::TransferFailed, std::string("what comes is not FLV: ") + what};
    return false;
}

Result<void> FlvReader::feed(std::span<const std::uint8_t> bytes) {
    input_ = bytes;
    while (failed_ && step()) {
    }
    input_ = {};
    return failed_;
}

/// False: more bytes are needed.
bool FlvReader::gather(std::size_t count) {
    const auto taken = std::min(count - have_, input_.size());
    std::copy_n(input_.begin(), taken, fixed_.begin() + static_cast<std::ptrdiff_t>(have_));
    input_ = input_.subspan(taken);
    have_ += taken;
    if (have_ < count) return false;
    have_ = 0;
    return true;
}

/// False: more bytes are needed, or it has failed.
bool FlvReader::step() {
    switch (part_) {
        case Part::Signature: return takeSignature();
        case Part::HeaderRest: {
            const auto taken = std::min(left_, input_.size());
            input_ = input_.subspan(taken);
            left_ -= taken;
            if (left_ > 0) return false;
            part_ = Part::FirstSize;
            return true;
        }
        case Part::FirstSize:
            if (!gather(kTagSize)) return false;
            part_ = Part::Head;
            return true;
        case Part::Head: return takeHead();
        case Part::Body: return takeBody();
        case Part::Size: return takeSize();
    }
    return false;
}

bool FlvReader::takeSignature() {
    static constexpr std::array<std::uint8_t, 4> kBegins{'F', 'L', 'V', 1};
    const auto known = std::min(kBegins.size(), have_ + input_.size());
    const bool whole = gather(kSignature);
    if (!std::equal(kBegins.begin(), kBegins.begin() + static_cast<std::ptrdiff_t>(known), fixed_.begin()))
        return fail("it does not begin with \"FLV\" and version 1");
    if (!whole) return false;
    const auto size = base::readBig(std::span(fixed_).subspan(5, 4));
    if (size < kSignature || size > kMostHeader) return fail("its header says that it is no header's size");
    left_ = static_cast<std::size_t>(size) - kSignature;
    part_ = Part::HeaderRest;
    return true;
}

bool FlvReader::takeHead() {
    if (!gather(kFlvTagHeader)) return false;
    const std::span<const std::uint8_t> head(fixed_);
    type_ = static_cast<FlvTagType>(head[0]);
    if (type_ != FlvTagType::Audio && type_ != FlvTagType::Video && type_ != FlvTagType::Script)
        return fail("a tag is neither audio nor video nor script data, or is encrypted");
    size_ = static_cast<std::size_t>(base::readBig(head.subspan(1, 3)));
    if (size_ > kMostTag) return fail("a tag of more than 8 MiB");
    timestamp_ = static_cast<std::uint32_t>(base::readBig(head.subspan(4, 3)) | std::uint64_t{head[7]} << 24U);
    left_ = size_;
    part_ = Part::Body;
    return true;
}

bool FlvReader::takeBody() {
    const auto taken = std::min(left_, input_.size());
    const auto part = input_.first(taken);
    input_ = input_.subspan(taken);
    left_ -= taken;
    if (left_ == 0 && body_.empty()) {
        giveTag(part);
        return true;
    }
    body_.insert(body_.end(), part.begin(), part.end());
    if (left_ > 0) return false;
    giveTag(body_);
    body_.clear();
    if (body_.capacity() > kKeptBody) body_ = {};
    return true;
}

void FlvReader::giveTag(std::span<const std::uint8_t> body) {
    part_ = Part::Size;
    sink_(type_, timestamp_, body);
}

// Some writers leave it 0 or forget the head; any other number tells that the framing is broken.
bool FlvReader::takeSize() {
    if (!gather(kTagSize)) return false;
    const auto size = base::readBig(std::span(fixed_).first(kTagSize));
    if (size != size_ + kFlvTagHeader && size != size_ && size != 0)
        return fail("a tag's size behind it is not the one before it");
    part_ = Part::Head;
    return true;
}

// Not every writer gives the last tag its size.
Result<void> FlvReader::end() const {
    if (!failed_) return failed_;
    if (part_ < Part::Head) return Error{Code::TransferFailed, "the stream ended before its first tag"};
    if (part_ == Part::Body || (part_ == Part::Head && have_ > 0))
        return Error{Code::TransferFailed, "the stream ended in the middle of a tag"};
    return {};
}

}  // namespace livepusher::rtmp
