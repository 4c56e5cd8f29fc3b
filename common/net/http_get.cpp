// SPDX-License-Identifier: MIT
#include "net/http_get.hpp"

#include <utility>

#include "media/source_failed.hpp"
#include "net/http_transfer.hpp"

namespace livepusher::capture {
namespace {

constexpr int kLookEvery = 100;  // ms: how soon a cancellation is seen

std::string words(std::chrono::milliseconds time) {
    const auto count = time.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

struct Body {
    std::vector<std::uint8_t> bytes;
    std::size_t maxBytes = 0;
    bool tooLarge = false;
};

extern "C" std::size_t livepusherTakeBody(char* data, std::size_t size, std::size_t count, void* target) {
    auto& body = *static_cast<Body*>(target);
    const auto length = size * count;
    if (length > body.maxBytes - body.bytes.size()) {
        body.tooLarge = true;
        return 0;
    }
    body.bytes.insert(body.bytes.end(), data, data + length);
    return length;
}

Result<void> setUp(CURL* easy, const FetchRequest& request, Body& body, rtmp::ConnectLog& log) {
    if (auto possible = setUpHttp(easy, request.place, request.network, request.connectWithin, log); !possible) return possible;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.within.count()));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.maxBytes));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, livepusherTakeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    return {};
}

Error told(CURL* easy, CURLcode code, const FetchRequest& request, const rtmp::ConnectLog& log) {
    if (code == CURLE_FILESIZE_EXCEEDED) return tooLarge(request.maxBytes);
    if (neverConnected(easy, code, request.network))
        return base::sourceFailed("no connection within " + words(request.connectWithin));
    auto reason = httpReason(easy, code, request.network, log);
    const bool late = reason == curl_easy_strerror(CURLE_OPERATION_TIMEDOUT);
    return base::sourceFailed(late ? "not loaded within " + words(request.within) : std::move(reason));
}

}  // namespace

Error tooLarge(std::size_t maxBytes) {
    const auto limit = std::to_string(maxBytes / 1024 / 1024) + " MiB";
    return base::sourceFailed("more than " + limit + ": must be at most " + limit);
}

Result<std::vector<std::uint8_t>> httpGet(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    rtmp::ConnectLog log;  // before the handles, which write to it
    Body body;
    body.maxBytes = request.maxBytes;
    rtmp::CurlHandles curl;  // not curl_easy_perform(): that asks whether to go on only once a second
    if (const auto made = curl.make(); !made) return base::sourceFailed(made.error().message);
    auto& [multi, easy] = curl;
    if (auto possible = setUp(easy, request, body, log); !possible) return possible.error();

    CURLMsg* message = nullptr;
    CURLMcode state = curl_multi_add_handle(multi, easy);
    while (!cancelled && state == CURLM_OK) {
        int running = 0;
        int left = 0;
        state = curl_multi_perform(multi, &running);
        if (state != CURLM_OK || (message = curl_multi_info_read(multi, &left))) break;
        curl_multi_poll(multi, nullptr, 0, kLookEvery, nullptr);
    }
    const auto code = message ? message->data.result : CURLE_OK;
    if (!message) return state == CURLM_OK ? Error{Code::Cancelled, "cancelled"} : base::sourceFailed(curl_multi_strerror(state));
    if (body.tooLarge) return tooLarge(request.maxBytes);
    if (code != CURLE_OK) return told(easy, code, request, log);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return base::sourceFailed(statusReason(status));
    return std::move(body.bytes);
}

}  // namespace livepusher::capture
