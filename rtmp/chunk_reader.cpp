// SPDX-License-Identifier: MIT
#include "rtmp/chunk_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/big_endian.hpp"

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMaxStreams = 16;
constexpr std::size_t kKept = 65'536;            // of a body's memory, for the next one
constexpr std::uint32_t kMaxChunk = 0x7FFFFFFF;  // RTMP 1.0 §5.4.1; no chunk is longer than its message
constexpr std::uint32_t kExtended = 0xFFFFFF;
constexpr std::array<std::size_t, 4> kHeaderSizes{11, 7, 3, 0};  // message header by format, RTMP 1.0 §5.3.1.2

std::uint32_t bigEndian(const std::uint8_t* bytes, std::size_t count) {
    return static_cast<std::uint32_t>(base::readBig({bytes, count}));
}

std::uint32_t littleEndian32(const std::uint8_t* b) {
    return b[0] | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
}

std::string sizeText(std::size_t bytes) {
    constexpr std::size_t kMebibyte = std::size_t{1} << 20U;
    return bytes % kMebibyte == 0 ? std::to_string(bytes / kMebibyte) + " MiB" : std::to_string(bytes / 1024) + " KiB";
}

}  // namespace

bool ChunkReader::fail(const std::string& what) {
    error_ = Error{Code::TransferFailed, "the server sent malformed RTMP: " + what};
    return false;
}

ChunkReader::ChunkStream* ChunkReader::find(std::uint32_t id, bool create) {
    const auto found = std::ranges::find(streams_, id, &ChunkStream::id);
    if (found != streams_.end()) return &*found;
    if (!create || streams_.size() == kMaxStreams) return nullptr;
    streams_.reserve(kMaxStreams);  // current_ points into it
    streams_.emplace_back().id = id;
    return &streams_.back();
}

std::optional<Error> ChunkReader::feed(std::span<const std::uint8_t> bytes) {
    input_ = bytes;
    while (!error_ && (current_ ? readPayload() : readHeader())) {
    }
    input_ = following_ = {};
    return error_;
}

bool ChunkReader::takeInput() {
    if (input_.empty() && std::exchange(inAgain_, false)) input_ = following_;
    return !input_.empty();
}

void ChunkReader::readAgain(std::span<const std::uint8_t> bytes) {
    std::vector<std::uint8_t> again(bytes.begin(), bytes.end());
    if (inAgain_)
        again.insert(again.end(), input_.begin(), input_.end());
    else
        following_ = input_;
    again_ = std::move(again);
    input_ = again_;
    inAgain_ = true;
}

// Decided at the first byte that is another: a peer may wait for an answer behind its last chunk.
bool ChunkReader::extendedIsMissing() {
    const std::size_t basic = basicHeaderSize();
    if (!limits_.extendedMayBeMissing || header_[0] >> 6 != 3 || headerSize_ <= basic) return false;
    const ChunkStream* stream = find(chunkStreamId(), false);
    if (!stream || !stream->extended) return false;
    const auto field = base::bigBytes<4>(stream->field);
    const std::span<const std::uint8_t> read(header_.data() + basic, headerSize_ - basic);
    if (std::ranges::equal(read, std::span(field).first(read.size()))) return false;
    headerSize_ = basic;
    readAgain(read);
    return true;
}

// How long the header is, as far as its first bytes tell.
std::size_t ChunkReader::headerNeeded() {
    if (headerSize_ == 0) return 1;
    const std::size_t basic = basicHeaderSize();
    const unsigned format = header_[0] >> 6;
    const std::size_t fixed = basic + kHeaderSizes[format];
    if (headerSize_ < fixed) return headerSize_ < basic ? basic : fixed;
    const ChunkStream* stream = format == 3 ? find(chunkStreamId(), false) : nullptr;
    const bool extended = format == 3 ? stream && stream->extended : bigEndian(header_.data() + basic, 3) == kExtended;
    return fixed + (extended ? 4 : 0);
}

std::size_t ChunkReader::basicHeaderSize() const {
    const unsigned low = header_[0] & 0x3FU;
    return low == 0 ? 2 : low == 1 ? 3 : 1;
}

std::uint32_t ChunkReader::chunkStreamId() const {
    const unsigned low = header_[0] & 0x3FU;
    if (low > 1) return low;
    return 64U + header_[1] + (low == 1 ? 256U * header_[2] : 0U);
}

bool ChunkReader::readHeader() {
    for (;;) {
        const std::size_t needed = headerNeeded();
        if (headerSize_ == needed) return beginChunk();
        if (!takeInput()) return false;
        const std::size_t taken = std::min(needed - headerSize_, input_.size());
        std::copy_n(input_.begin(), taken, header_.begin() + static_cast<std::ptrdiff_t>(headerSize_));
        headerSize_ += taken;
        input_ = input_.subspan(taken);
        if (extendedIsMissing()) return beginChunk();
    }
}

bool ChunkReader::beginChunk() {
    const unsigned format = header_[0] >> 6;
    const std::size_t basic = basicHeaderSize();
    const bool extended = headerSize_ == basic + kHeaderSizes[format] + 4;
    const std::uint8_t* fields = header_.data() + basic;

    ChunkStream* stream = find(chunkStreamId(), format <= 1);
    if (!stream) return fail(format <= 1 ? "more than 16 chunk streams" : "a chunk that continues a message that never began");
    if (format != 3) {
        if (stream->inMessage) return fail("a new header in the middle of a message");
        stream->extended = extended;
        if (extended) stream->field = bigEndian(header_.data() + headerSize_ - 4, 4);
        stream->delta = extended ? stream->field : bigEndian(fields, 3);
    }
    if (format <= 1) {
        stream->length = bigEndian(fields + 3, 3);
        stream->type = fields[6];
        if (stream->length > limits_.message) return fail("a message of more than " + sizeText(limits_.message));
    }
    if (format == 0) {
        stream->streamId = littleEndian32(fields + 7);
        stream->timestamp = 0;
    }
    if (!stream->inMessage) {
        stream->timestamp += stream->delta;
        stream->inMessage = true;
    }
    headerSize_ = 0;
    current_ = stream;
    chunkLeft_ = std::min<std::size_t>(chunkSize_, stream->length - stream->body.size());
    return true;
}

bool ChunkReader::readPayload() {
    takeInput();
    const std::size_t taken = std::min(chunkLeft_, input_.size());
    current_->body.insert(current_->body.end(), input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(taken));
    input_ = input_.subspan(taken);
    chunkLeft_ -= taken;
    unfinished_ += taken;
    if (unfinished_ > limits_.unfinished)
        return fail("more than " + sizeText(limits_.unfinished) + " of messages without an end");
    if (chunkLeft_ > 0) return inAgain_;
    ChunkStream& stream = *current_;
    current_ = nullptr;
    return stream.body.size() < stream.length || finish(stream);
}

bool ChunkReader::finish(ChunkStream& stream) {
    stream.inMessage = false;
    const auto type = static_cast<MessageType>(stream.type);
    if (type == MessageType::SetChunkSize || type == MessageType::Abort)
        applyControl(stream);
    else
        error_ = sink_({type, stream.streamId, stream.timestamp, stream.body});
    release(stream);
    return !error_;
}

void ChunkReader::release(ChunkStream& stream) {
    unfinished_ -= stream.body.size();
    stream.body.clear();
    if (stream.body.capacity() > kKept) stream.body = {};
}

// Both change how the very next chunk is read.
void ChunkReader::applyControl(const ChunkStream& stream) {
    if (stream.body.size() < 4) return (void)fail("a control message that is too short");
    const std::uint32_t value = bigEndian(stream.body.data(), 4);
    if (static_cast<MessageType>(stream.type) == MessageType::Abort) {
        ChunkStream* aborted = find(value, false);
        if (!aborted || !aborted->inMessage) return;  // its own is over
        aborted->inMessage = false;
        return release(*aborted);
    }
    if (value < 1 || value > kMaxChunk) return (void)fail("a chunk size outside 1..2147483647");
    chunkSize_ = value;
}

}  // namespace livepusher::rtmp
