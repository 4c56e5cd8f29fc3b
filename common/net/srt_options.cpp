// SPDX-License-Identifier: MIT
#include "net/srt_options.hpp"

#include "net/url_authority.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace livepusher::base {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kNames = "streamid, passphrase, pbkeylen, latency and mode";
constexpr auto kLeastLatency = 20ms;
constexpr auto kMostLatency = 10'000ms;
constexpr std::size_t kLeastPassphrase = 10, kMostPassphrase = 79;  // libsrt's

std::optional<int> numberOf(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Each: what the value must be; empty when it is.
using Taken = std::string;

Taken takeStreamId(SrtOptions& options, std::string value) {
    if (value.size() > kMaxStreamId) return "streamid must be at most " + std::to_string(kMaxStreamId) + " bytes";
    options.streamId = std::move(value);
    return {};
}

Taken takePassphrase(SrtOptions& options, std::string value) {
    if (value.size() < kLeastPassphrase || value.size() > kMostPassphrase) return "passphrase must be 10 to 79 bytes";
    options.passphrase = std::move(value);
    return {};
}

Taken takeKeyLength(SrtOptions& options, const std::string& value) {
    const auto number = numberOf(value);
    if (number != 16 && number != 24 && number != 32) return "pbkeylen must be 16, 24 or 32 (bytes of the AES key)";
    options.keyLength = *number;
    return {};
}

Taken takeLatency(SrtOptions& options, const std::string& value) {
    const auto number = numberOf(value);
    const auto wanted = std::to_string(kLeastLatency.count()) + ".." + std::to_string(kMostLatency.count());
    if (!number || *number < kLeastLatency.count() || *number > kMostLatency.count())
        return "latency must be " + wanted + ", in milliseconds" +
               (number && *number > kMostLatency.count() ? ", not microseconds" : "");
    options.latency = std::chrono::milliseconds(*number);
    return {};
}

Taken takeMode(SrtOptions& options, const std::string& value) {
    using enum SrtOptions::Mode;
    constexpr std::array<std::pair<std::string_view, SrtOptions::Mode>, 3> kModes{
        {{"caller", Caller}, {"listener", Listener}, {"rendezvous", Rendezvous}}};
    for (const auto& [name, mode] : kModes) {
        if (value != name) continue;
        options.mode = mode;
        return {};
    }
    return "mode must be caller, listener or rendezvous";
}

constexpr std::array<std::pair<std::string_view, Taken (*)(SrtOptions&, std::string)>, 5> kParameters{
    {{"streamid", takeStreamId},
     {"passphrase", takePassphrase},
     {"pbkeylen", [](SrtOptions& options, std::string value) { return takeKeyLength(options, value); }},
     {"latency", [](SrtOptions& options, std::string value) { return takeLatency(options, value); }},
     {"mode", [](SrtOptions& options, std::string value) { return takeMode(options, value); }}}};

}  // namespace

Result<SrtOptions> SrtOptions::parse(std::string_view query, std::string_view scheme) {
    SrtOptions options;
    std::array<bool, kParameters.size()> given{};
    while (!query.empty()) {
        const auto part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(part.size() + 1, query.size()));
        if (part.empty()) continue;
        const auto equals = part.find('=');
        std::size_t at = 0;
        while (at < kParameters.size() && kParameters.at(at).first != part.substr(0, equals)) ++at;
        // It may be the rest of a stream id, so that its name is not told.
        if (at == kParameters.size())
            return urlMistake(scheme, "holds a parameter that is not known: behind the \"?\" may stand " + std::string(kNames) +
                                          "; an \"&\" of a streamid or passphrase is written %26");
        const auto name = std::string(kParameters.at(at).first);
        if (std::exchange(given.at(at), true)) return urlMistake(scheme, name + " stands twice behind the \"?\"");
        auto value = percentDecoded(equals == part.npos ? std::string_view() : part.substr(equals + 1));
        if (!value)
            return urlMistake(scheme, "in " + name +
                                          " \"%\" begins a code of two hexadecimal digits, as in %25; control characters are "
                                          "not allowed");
        if (const auto wrong = kParameters.at(at).second(options, std::move(*value)); !wrong.empty())
            return urlMistake(scheme, wrong);
    }
    if (options.keyLength != 0 && options.passphrase.empty())
        return urlMistake(scheme, "pbkeylen is the length of a passphrase's key: give a passphrase too, or leave it out");
    if (options.mode == Mode::Rendezvous && !options.streamId.empty())
        return urlMistake(scheme, "a rendezvous has no streamid: leave it out");
    return options;
}

}  // namespace livepusher::base
