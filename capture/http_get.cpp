// SPDX-License-Identifier: MIT
#include "capture/http_get.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>

namespace livepusher::capture {
namespace {

constexpr long kMaxRedirects = 5;
constexpr int kLookEvery = 100;  // ms: how soon a cancellation is seen

struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using Easy = std::unique_ptr<CURL, EasyDeleter>;

Error failed(std::string what) { return {Code::SourceFailed, std::move(what)}; }

std::string words(std::chrono::milliseconds time) {
    const auto count = time.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

void initialiseCurl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)done;  // curl_easy_init() fails when it did
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
    const bool secure = request.place.size() > 5 && (request.place[4] == 's' || request.place[4] == 'S');
    curl_easy_setopt(easy, CURLOPT_URL, request.place.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "livepusher");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connectWithin.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.within.count()));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.maxBytes));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, livepusherTakeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a cancel must not wait for the resolver's thread
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!request.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, request.caFile.c_str());
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // these CAs only, not the system's as well
    }
}

// libcurl's own detail may name where a redirect leads, so only what it says about TLS is passed on.
Error told(CURLcode code, CURL* easy, const FetchRequest& request, const char* detail) {
    long status = 0;
    curl_off_t connected = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    const auto why = *detail != '\0' ? std::string(detail) : std::string(curl_easy_strerror(code));
    switch (code) {
        case CURLE_HTTP_RETURNED_ERROR:
            return failed("the server answers with status " + std::to_string(status) + ": must be 200");
        case CURLE_FILESIZE_EXCEEDED: return tooLarge(request.maxBytes);
        case CURLE_TOO_MANY_REDIRECTS:
            return failed("redirected more than " + std::to_string(kMaxRedirects) + " times: must be at most " +
                          std::to_string(kMaxRedirects));
        case CURLE_UNSUPPORTED_PROTOCOL:
            return failed("redirected out of http, or from https to http: must stay in the same or become https");
        case CURLE_URL_MALFORMAT: return failed("is no URL that can be read: must be http(s)://HOST/PATH");
        case CURLE_COULDNT_RESOLVE_HOST: return failed("the host's name can't be resolved");
        case CURLE_COULDNT_RESOLVE_PROXY: return failed("the proxy's name can't be resolved");
        case CURLE_COULDNT_CONNECT: return failed("the server refuses the connection or can't be reached");
        case CURLE_PARTIAL_FILE: return failed("the connection was lost before the file's end");
        case CURLE_GOT_NOTHING: return failed("the server closed the connection without an answer");
        case CURLE_OPERATION_TIMEDOUT:
            return failed(connected == 0 ? "no connection within " + words(request.connectWithin)
                                         : "not loaded within " + words(request.within));
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE: return failed("TLS: " + why);
        default: return failed(curl_easy_strerror(code));
    }
}

}  // namespace

Error tooLarge(std::size_t maxBytes) {
    const auto limit = std::to_string(maxBytes / 1024 / 1024) + " MiB";
    return failed("more than " + limit + ": must be at most " + limit);
}

Result<std::vector<std::uint8_t>> httpGet(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    initialiseCurl();
    std::array<char, CURL_ERROR_SIZE> detail{};
    Body body;
    body.maxBytes = request.maxBytes;
    const Easy easy(curl_easy_init());
    const Multi multi(curl_multi_init());  // not curl_easy_perform(): that asks whether to go on only once a second
    if (!easy || !multi) return failed("libcurl could not be initialised");
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
    if (!message) return state == CURLM_OK ? Error{Code::Cancelled, "cancelled"} : failed(curl_multi_strerror(state));
    if (body.tooLarge) return tooLarge(request.maxBytes);
    if (code != CURLE_OK) return told(code, easy.get(), request, detail.data());
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return failed("the server answers with status " + std::to_string(status) + ": must be 200");
    return std::move(body.bytes);
}

}  // namespace livepusher::capture
