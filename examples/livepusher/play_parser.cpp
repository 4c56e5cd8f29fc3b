// SPDX-License-Identifier: MIT
#include "play_parser.hpp"

#include "config_file.hpp"
#include "errors.hpp"
#include "help_text.hpp"
#include "secrets.hpp"

#include <livepusher/player_json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace program {

namespace {

using livepusher::Result;

/// Why no window can be opened here; empty: none is known.
std::string whyNoWindow() {
#ifdef LIVEPUSHER_WITH_SDL
    constexpr std::array kDesktops{"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"};
    const auto isSet = [](const char* variable) {
        const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
        return value != nullptr && *value != '\0';
    };
    return std::ranges::any_of(kDesktops, isSet) ? "" : "neither DISPLAY nor WAYLAND_DISPLAY is set";
#else
    return "this build has none (CMake: LIVEPUSHER_WITH_SDL)";
#endif
}

}  // namespace

PlayParser::PlayParser(CLI::App& app) : command_(app.add_subcommand("play", kPlayDescription)) {
    command_->footer(kPlayFooter);
    command_->add_flag("--no-window", noWindow_, "show nothing: for servers and tests")->group("Options");
    command_->add_option("--sound", sound_, "where sound is heard: a sink's name, hw:… of ALSA, or none [the default device]")
        ->group("Options")
        ->option_text("DEVICE")
        ->take_last();
    run_ = std::make_unique<RunOptions>(*command_,
                                        RunOptions::Texts{.duration = "stop after that many seconds of playing",
                                                          .record = "also write what is received, as it comes, to a .flv file",
                                                          .printConfig = "show what the settings mean, play nothing"});
    flags_ = std::make_unique<PropertyFlags>(*command_, playerTable());
}

std::string PlayParser::url() const {
    auto given = flags_->given();
    return run_->positional().empty() ? take(given, "playUrl") : run_->positional();
}

Result<void> PlayParser::setProperties(PlayArguments& play, const Environment& environment) const {
    auto& properties = play.properties;
    auto flags = flags_->given();
    const auto url = run_->url(take(flags, "playUrl"), environment.url);
    if (!url) return url.error();
    if (!run_->config().empty()) {
        const auto read = readPlayerConfig(run_->config());
        if (!read) return read.error();
        if (auto set = livepusher::setProperties(properties, *read); !set)
            return invalid(run_->config() + ": " + scrub(set.error().message));
    }
    if (auto set = livepusher::setProperties(properties, flags); !set) return set;
    if (!url->empty()) {
        if (auto set = livepusher::setProperty(properties, "playUrl", *url); !set) return set;
    }
    if (!sound_.empty()) {
        const bool twice = std::ranges::count(flags, "audioDevice", &livepusher::PropertyTexts::value_type::first) > 0;
        if (twice) return invalid("the sound's device was given twice: --sound and --audio-device say the same");
        if (auto set = livepusher::setProperty(properties, "audioDevice", sound_); !set) return set;
    }
    if (auto valid = livepusher::validate(properties); !valid) return valid;
    if (properties.playUrl.empty() && !play.run.printConfig)
        return invalid("play needs a URL: of an RTMP server with the stream's name, http(s)://….flv, or the path of a .flv file");
    return {};
}

Result<PlayArguments> PlayParser::arguments(const Environment& environment) const {
    if (auto none = run_->refuseExtras("the URL"); !none) return none.error();
    auto run = run_->arguments();
    if (!run) return run.error();
    PlayArguments play{.run = std::move(*run), .properties = {}, .window = !noWindow_, .windowNote = {}};
    if (auto set = setProperties(play, environment); !set) return set.error();
    if (const auto& path = play.run.recordPath; !path.empty() && !path.ends_with(".flv"))
        return invalid("--record " + path + ": must end in .flv: what is received is written as it comes");
    if (const auto why = whyNoWindow(); play.window && !why.empty()) {
        play.window = false;
        play.windowNote = "no window: " + why + "; it plays without one";
    }
    return play;
}

}  // namespace program
