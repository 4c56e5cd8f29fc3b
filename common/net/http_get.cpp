// SPDX-License-Identifier: MIT
#include "net/http_get.hpp"

#include <array>

#include "media/source_failed.hpp"
#include "net/curl_handle.hpp"

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

void setUp(CURL* easy, const FetchRequest& request, Body& body, char* detail) {
    setUpHttp(easy, request.place, request.caFile, detail);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connectWithin.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.within.count()));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.maxBytes));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, livepusherTakeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
}

Error told(CURLcode code, CURL* easy, const FetchRequest& request, const char* detail) {
    curl_off_t connected = 0;
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    switch (code) {
        case CURLE_FILESIZE_EXCEEDED: return tooLarge(request.maxBytes);
        case CURLE_OPERATION_TIMEDOUT:
            return base::sourceFailed(connected == 0 ? "no connection within " + words(request.connectWithin)
                                                     : "not loaded within " + words(request.within));
        default: return base::sourceFailed(curlWords(code, easy, detail));
    }
}

}  // namespace

Error tooLarge(std::size_t maxBytes) {
    const auto limit = std::to_string(maxBytes / 1024 / 1024) + " MiB";
    return base::sourceFailed("more than " + limit + ": must be at most " + limit);
}

Result<std::vector<std::uint8_t>> httpGet(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    std::array<char, CURL_ERROR_SIZE> detail{};
    Body body;
    body.maxBytes = request.maxBytes;
    const auto easy = makeEasy();
    const auto multi = makeMulti();  // not curl_easy_perform(): that asks whether to go on only once a second
    if (!easy || !multi) return base::sourceFailed("libcurl could not be initialised");
    setUp(easy.get(), request, body, detail.data());

    CURLMsg* message = nullptr;
    CURLMcode state = curl_multi_add_handle(multi.get(), easy.get());
    while (!cancelled && state == CURLM_OK) {
        int running = 0;
        int left = 0;
        state = curl_multi_perform(multi.get(), &running);
        if (state != CURLM_OK || (message = curl_multi_info_read(multi.get(), &left))) break;
        curl_multi_poll(multi.get(), nullptr, 0, kLookEvery, nullptr);
    }
    const auto code = message ? message->data.result : CURLE_OK;
    curl_multi_remove_handle(multi.get(), easy.get());
    if (!message) return state == CURLM_OK ? Error{Code::Cancelled, "cancelled"} : base::sourceFailed(curl_multi_strerror(state));
    if (body.tooLarge) return tooLarge(request.maxBytes);
    if (code != CURLE_OK) return told(code, easy.get(), request, detail.data());
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return base::sourceFailed("the server answers with status " + std::to_string(status) + ": must be 200");
    return std::move(body.bytes);
}

}  // namespace livepusher::capture
