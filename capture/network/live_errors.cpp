// SPDX-License-Identifier: MIT
// What LiveStream says when something is wrong.
#include "capture/network/live_stream.hpp"

namespace livepusher::capture {
namespace {

bool hasUser(const std::string& url) {
    const auto begin = url.find("://") + 3;
    return url.substr(begin, url.find('/', begin) - begin).find('@') != std::string::npos;
}

}  // namespace

Error LiveStream::failed(const std::string& what, int native) const {
    return {Code::CameraFailed, options_.label + ": " + what, native};
}

Error LiveStream::explain(int error) const {
    const auto limit = std::to_string(limit_.length.count() / 1'000'000) + " s";
    if (cancelled_) return {Code::Cancelled, options_.label + ": given up while it was waited for", error};
    switch (error) {
        case AVERROR_EXIT:
        case AVERROR(ETIMEDOUT): return failed(format_ ? "no picture came for " + limit : "no answer within " + limit, error);
        case AVERROR_EOF: return failed("the camera has ended the stream or closed the connection", error);
        case AVERROR(ECONNREFUSED): return failed("refuses the connection: check address and port", error);
        case AVERROR(EHOSTUNREACH):
        case AVERROR(ENETUNREACH): return failed("can't be reached: check its address and the network", error);
        case AVERROR(ECONNRESET):
        case AVERROR(EPIPE): return failed("the connection was lost", error);
        case AVERROR(EIO):
            return failed(format_ ? "the connection was lost" : "can't be reached, or hung up: check its name and address",
                          error);
        case AVERROR_HTTP_UNAUTHORIZED:
            return failed(hasUser(options_.url)
                              ? "does not take this user and password (401)"
                              : "wants a user and a password (401): " + options_.url.substr(0, options_.url.find("://")) +
                                    "://USER:PASSWORD@HOST/…",
                          error);
        case AVERROR_HTTP_FORBIDDEN: return failed("does not allow it (403)", error);
        case AVERROR_HTTP_NOT_FOUND: return failed("has no such stream (404): check the path", error);
        case AVERROR_HTTP_BAD_REQUEST:
        case AVERROR_HTTP_OTHER_4XX:
        case AVERROR_HTTP_SERVER_ERROR: return failed("refuses the request: is it a camera? (" + avText(error) + ")", error);
        case AVERROR(EPROTONOSUPPORT): return failed("gives the stream neither over TCP nor over UDP", error);
        case AVERROR_PROTOCOL_NOT_FOUND:
            return failed("this libavformat can't do that protocol: must be rtsp, rtsps, http or https", error);
        case AVERROR_DEMUXER_NOT_FOUND:
        case AVERROR_INVALIDDATA: return failed("answers, but not as a camera that can be understood", error);
        default: return failed("can't be used: " + avText(error), error);
    }
}

Error LiveStream::explainHttp(const Error& error) const {
    if (error.code == Code::Cancelled || cancelled_) return explain(AVERROR_EXIT);
    switch (error.native) {
        case 401: return explain(AVERROR_HTTP_UNAUTHORIZED);
        case 403: return explain(AVERROR_HTTP_FORBIDDEN);
        case 404: return explain(AVERROR_HTTP_NOT_FOUND);
        default: return failed(error.message, error.native);
    }
}

/// What libav makes of its being interrupted differs from place to place.
Error LiveStream::broken(int error) const {
    if (io_.http() && io_.http()->failure()) return explainHttp(*io_.http()->failure());
    return explain(now() > limit_.until ? AVERROR_EXIT : error);
}

}  // namespace livepusher::capture
