// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <cstdint>
#include <memory>

#include "av/av.hpp"

namespace livepusher::capture {

struct AvParserDeleter {
    void operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }
};

/// When the pictures of a file are to be decoded and shown. Where it doesn't tell when they are shown (raw streams, AVI)
/// they follow each other at the stream's rate and are shown in the order that their slices tell. One thread.
class CodedTimes {
public:
    /// `rate` in pictures per second, for those streams and as the length of a picture; 0: 25. `reorder`: by how many
    /// pictures showing lags behind decoding.
    CodedTimes(const AVStream& stream, double rate, int reorder);

    struct Place {
        Timestamp dts{}, pts{};  ///< the file's own times
    };
    Place next(const AVPacket& packet);
    Timestamp length() const { return length_; }  ///< of one picture
    /// It begins again, or goes on elsewhere.
    void restart();

private:
    void beginCount();
    Place count(const AVPacket& packet);
    Timestamp at(std::int64_t number) const;

    AVRational base_{1, 1};
    AVCodecID codec_ = AV_CODEC_ID_NONE;
    double rate_ = 25;
    int reorder_ = 0;
    Timestamp length_{};
    bool any_ = false;
    bool counting_ = false;
    Timestamp last_{};
    std::unique_ptr<AVCodecParserContext, AvParserDeleter> parser_;
    CodecPtr context_;
    std::int64_t number_ = 0;    ///< of the picture, in decoding order
    std::int64_t sequence_ = 0;  ///< number of the picture that the order of showing is counted from
    int step_ = 1;               ///< what the slices' order count goes on by from picture to picture
};

}  // namespace livepusher::capture
