// SPDX-License-Identifier: MIT
#include "net/http_stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "media/source_failed.hpp"
#include "net/http_transfer.hpp"

namespace livepusher::capture {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAsk{100};
constexpr std::array kPauses{std::chrono::milliseconds(200), std::chrono::milliseconds(500), std::chrono::milliseconds(1000)};
constexpr std::size_t kBuffered = std::size_t{256} << 10U;

}  // namespace

struct HttpStream::Transfer {
    rtmp::ConnectLog log;  // before the handles, which write to it
    rtmp::CurlHandles curl;
};

HttpStream::HttpStream(Options options)
    : options_(std::move(options)), transfer_(std::make_unique<Transfer>()), made_(transfer_->curl.make()) {}

HttpStream::~HttpStream() { stop(); }

void HttpStream::cancel() {
    cancelled_ = true;
    if (made_) curl_multi_wakeup(transfer_->curl.multi);
}

Result<void> HttpStream::open() {
    if (!made_) return fail(base::sourceFailed(made_.error().message));
    stop();
    auto* const easy = transfer_->curl.easy;
    if (auto possible = setUpHttp(easy, options_.url, options_.network, connectWithin(), transfer_->log); !possible)
        return fail(possible.error());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    if (options_.live) curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC | CURLAUTH_DIGEST);
    return start(0);
}

void HttpStream::stop() {
    auto& [multi, easy] = transfer_->curl;
    if (running_) curl_multi_remove_handle(multi, easy);
    running_ = paused_ = false;
}

std::size_t HttpStream::takeBody(char* data, std::size_t size, std::size_t count, void* self) {
    auto& stream = *static_cast<HttpStream*>(self);
    stream.takeAnswer();
    if (stream.refused_) return 0;
    if (stream.available() >= kBuffered) {
        stream.paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (stream.used_ >= kBuffered) {
        stream.buffer_.erase(stream.buffer_.begin(), stream.buffer_.begin() + static_cast<std::ptrdiff_t>(stream.used_));
        stream.used_ = 0;
    }
    const auto bytes = size * count;
    const auto known = std::min<std::size_t>(bytes, static_cast<std::size_t>(stream.leftOut_));
    stream.leftOut_ -= static_cast<std::int64_t>(known);
    stream.buffer_.insert(stream.buffer_.end(), data + known, data + bytes);
    return bytes;
}

void HttpStream::takeAnswer() {
    if (std::exchange(answered_, true)) return;
    const auto status = rtmp::curlInfo<long>(transfer_->curl.easy, CURLINFO_RESPONSE_CODE);
    const auto length = rtmp::curlInfo<curl_off_t>(transfer_->curl.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);  // -1: not told
    if (position_ == 0 && leftOut_ > 0) {
        refused_ = status / 100 != 2 || length != size_.value_or(-1);  // it is another file by now
    } else if (position_ == 0) {
        seekable_ = status == 206 && length >= 0;
        size_ = length >= 0 ? std::optional<std::int64_t>(length) : std::nullopt;
        refused_ = status != 200 && status != 206;
    } else {
        refused_ = status != 206 || length != size_.value_or(-1) - position_;  // it is another file by now
    }
}

Result<void> HttpStream::fail(Error error) {
    failure_ = error;
    return error;
}

Result<void> HttpStream::start(std::int64_t position) {
    failure_.reset();
    stop();
    answered_ = refused_ = idle_ = false;
    buffer_.clear();
    used_ = 0;
    position_ = position;
    lastRead_ = Clock::now();
    transfer_->log = {};
    if (!options_.live && !options_.whole)
        curl_easy_setopt(transfer_->curl.easy, CURLOPT_RANGE, (std::to_string(position) + "-").c_str());
    if (const auto state = curl_multi_add_handle(transfer_->curl.multi, transfer_->curl.easy); state != CURLM_OK)
        return fail(base::sourceFailed(curl_multi_strerror(state)));
    running_ = true;
    return wait(Until::Answer);
}

Result<void> HttpStream::finish(int curlCode) {
    auto code = static_cast<CURLcode>(curlCode);
    auto* const easy = transfer_->curl.easy;
    stop();
    if (code == CURLE_OK) takeAnswer();  // of a file without a byte
    const auto status = rtmp::curlInfo<long>(easy, CURLINFO_RESPONSE_CODE);
    const int refusal = refused_ || code == CURLE_HTTP_RETURNED_ERROR ? static_cast<int>(status) : 0;
    if (refused_)
        return fail(base::sourceFailed(
            position_ == 0 ? httpReason(easy, CURLE_HTTP_RETURNED_ERROR, options_.network, transfer_->log)
                           : "status " + std::to_string(status) +
                                 ": the server has another file than before, or does not serve parts of one (Range)",
            refusal));
    if (code == CURLE_OK) return {};
    const auto connected = rtmp::curlInfo<curl_off_t>(easy, CURLINFO_CONNECT_TIME_T);
    if (code == CURLE_OPERATION_TIMEDOUT && connected == 0 && options_.network.proxy.empty())  // the proxy's failures have words
        return fail(base::sourceFailed("no connection within " + std::to_string(connectWithin().count() / 1000) + " s"));
    if (code == CURLE_RECV_ERROR && answered_) code = CURLE_PARTIAL_FILE;
    if (code == CURLE_PARTIAL_FILE && options_.live) return fail(base::sourceFailed("the connection was lost"));
    return fail(base::sourceFailed(httpReason(easy, code, options_.network, transfer_->log), refusal));
}

Result<void> HttpStream::wait(Until until) {
    const auto patience = until == Until::Data && options_.silence.count() > 0 ? options_.silence : options_.within;
    const auto limit = Clock::now() + patience;
    const auto there = [&] { return until == Until::Answer ? answered_ : available() > 0; };
    for (;;) {
        if (givenUp()) return fail({Code::Cancelled, "cancelled"});
        int left = 0;
        const auto state = curl_multi_perform(transfer_->curl.multi, &left);
        if (state != CURLM_OK) return fail(base::sourceFailed(curl_multi_strerror(state)));
        const auto* message = curl_multi_info_read(transfer_->curl.multi, &left);
        if (message) {
            auto finished = finish(message->data.result);
            return available() > 0 ? Result<void>() : finished;  // what came before it broke comes first
        }
        if (there()) return {};
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(limit - Clock::now());
        if (rest.count() <= 0) break;
        const auto step = options_.interrupted ? std::min(rest, kAsk) : rest;
        curl_multi_poll(transfer_->curl.multi, nullptr, 0, static_cast<int>(step.count()), nullptr);
    }
    return fail(base::sourceFailed((answered_ ? "nothing came from the server for " : "the server gives no answer within ") +
                                   std::to_string(patience.count() / 1000) + " s"));
}

std::string HttpStream::contentType() const {
    const auto* type = rtmp::curlInfo<const char*>(transfer_->curl.easy, CURLINFO_CONTENT_TYPE);
    return type ? type : "";
}

/// False: given up meanwhile.
bool HttpStream::pause(std::chrono::milliseconds time) {
    for (const auto until = Clock::now() + time; Clock::now() < until;) {
        if (givenUp()) return false;
        const auto rest = std::min(kAsk, std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()));
        curl_multi_poll(transfer_->curl.multi, nullptr, 0, static_cast<int>(std::max<std::int64_t>(rest.count(), 1)), nullptr);
    }
    return !givenUp();
}

/// The rest of a file whose transfer broke off; from a server that gives no parts, all of it again up to here.
Result<void> HttpStream::resume() {
    const auto why = *failure_;
    if (!size_ || position_ >= *size_ || refused_ || givenUp()) return why;
    const auto at = position_;
    const bool parts = seekable_;
    const auto until = Clock::now() + options_.resumeFor;
    const auto tell = [&](const Error* broken) {
        if (options_.onResuming) options_.onResuming(broken);
    };
    tell(&why);
    for (std::size_t attempt = 0; Clock::now() < until; ++attempt) {
        if (!pause(kPauses[std::min(attempt, kPauses.size() - 1)])) break;
        if (!parts) leftOut_ = at;
        const auto begun = start(parts ? at : 0);
        position_ = at;
        if (begun && available() == 0 && running_) {
            if (wait(Until::Data)) return tell(nullptr), Result<void>();
        } else if (begun && available() > 0) {
            return tell(nullptr), Result<void>();
        }
        if (refused_) break;
    }
    leftOut_ = 0;
    failure_ = givenUp() ? Error{Code::Cancelled, "cancelled"} : why;
    return *failure_;
}

Result<void> HttpStream::refill() {
    if (paused_) {
        paused_ = false;
        curl_easy_pause(transfer_->curl.easy, CURLPAUSE_CONT);
    }
    if (!running_ && !failure_ && size_ && position_ < *size_)  // after a seek
        if (auto begun = start(position_); begun || !options_.resume) return begun;
    if (running_ && available() == 0)
        if (auto came = wait(Until::Data); came) return came;
    if (!failure_ || available() > 0) return {};
    // Who had to wait for us has hung up as he may: that is no trouble to tell of.
    if (std::exchange(idle_, false) && seekable_ && !refused_ && !cancelled_)
        if (auto begun = start(position_); begun || !options_.resume) return begun;
    if (options_.resume) return resume();
    return *failure_;
}

Result<std::size_t> HttpStream::read(std::span<std::uint8_t> target) {
    const auto now = Clock::now();
    idle_ = idle_ || now - lastRead_ > options_.patience;
    lastRead_ = now;
    if (available() == 0) {
        if (auto came = refill(); !came) return came.error();
    }
    if (paused_ && available() < kBuffered / 2) {
        paused_ = false;
        curl_easy_pause(transfer_->curl.easy, CURLPAUSE_CONT);
    }
    const auto count = std::min(target.size(), available());
    std::memcpy(target.data(), buffer_.data() + used_, count);
    used_ += count;
    position_ += static_cast<std::int64_t>(count);
    if (used_ == buffer_.size()) {
        buffer_.clear();
        used_ = 0;
    }
    lastRead_ = Clock::now();
    return count;
}

bool HttpStream::seek(std::int64_t position) {
    const auto step = position - position_;
    if (step >= 0 && static_cast<std::uint64_t>(step) <= available()) {
        used_ += static_cast<std::size_t>(step);
        position_ = position;
        return true;
    }
    if (!seekable_ || position < 0) return false;
    // The request waits for a read: a demuxer that looks at a file's end and comes back costs one less.
    stop();
    failure_.reset();
    buffer_.clear();
    used_ = 0;
    position_ = position;
    return true;
}

}  // namespace livepusher::capture
