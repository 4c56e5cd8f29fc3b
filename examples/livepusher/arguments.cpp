// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include "config_file.hpp"
#include "effects_parser.hpp"
#include "errors.hpp"
#include "help_text.hpp"
#include "names.hpp"
#include "property_flags.hpp"
#include "secrets.hpp"
#include "source_choice.hpp"

#include <algorithm>
#include <cmath>

namespace program {

namespace {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;

/// What CLI11 fills in; strings that are still to be checked.
struct Raw {
    PushArguments push;  ///< what needs no check
    std::string url, urlFile, streamKeyFile, config, logLevel;
    std::vector<std::string> sources;  ///< one after the other
    std::string playlist, videoSource, audioSource, frontCamera, backCamera, fallback, fallbackAudio;
    std::string duration, bgmVolume, micVolume;
};

void addOptions(CLI::App& command, Raw& raw) {
    const auto text = [&command](const char* name, std::string& value, const char* placeholder, const char* help) {
        command.add_option(name, value, help)->group("Options")->option_text(placeholder)->take_last();
    };
    const auto flag = [&command](const char* name, bool& value, const char* help) {
        command.add_flag(name, value, help)->group("Options");
    };
    command.add_option("URL", raw.url);
    command.add_option("--source", raw.sources, "where picture and sound come from; again: clips, one after the other")
        ->group("Options")
        ->option_text("SPEC")
        ->expected(1)
        ->take_all();
    text("--playlist", raw.playlist, "FILE", "the clips of a list (M3U, PLS, ffconcat) one after the other");
    text("--video-source", raw.videoSource, "SPEC", "where the picture comes from");
    text("--audio-source", raw.audioSource, "SPEC", "where the sound comes from");
    text("--front-camera", raw.frontCamera, "ID", "the camera for --device-position front, where camera has no ID");
    text("--back-camera", raw.backCamera, "ID", "the camera for --device-position back");
    text("--fallback", raw.fallback, "SPEC", "what goes out while a source is gone: image:, file: (again and again) …");
    text("--fallback-audio", raw.fallbackAudio, "SPEC", "its sound; keep: the source's own goes on [the clip's, or none]");
    flag("--keep", raw.push.keep, "start again whatever fault that may pass ends the push");
    flag("--loop", raw.push.sources.loop, "begin files again at their end");
    text("--duration", raw.duration, "S", "stop after that many seconds of pushing");
    text("--bgm", raw.push.bgm, "FILE-OR-URL", "mix background music into the sound");
    flag("--bgm-loop", raw.push.bgmLoop, "again and again");
    text("--bgm-volume", raw.bgmVolume, "V", "how loud the music is, 0..1 [1]");
    text("--mic-volume", raw.micVolume, "V", "how loud the microphone is, 0..1 [1]");
    text("--record", raw.push.recordPath, "FILE", "also write what is pushed to a .mp4, .mkv, .ts or .flv file");
    flag("--preview", raw.push.preview, "show the picture in a window");
    text("--url-file", raw.urlFile, "FILE", "read the URL from the first line of a file");
    text("--stream-key-file", raw.streamKeyFile, "FILE", "read the stream key from a file of one line");
    text("--config", raw.config, "FILE.json", "read properties from a JSON object; flags beat it");
    text("--control", raw.push.controlPath, "SOCKET", "take commands on a Unix socket, see below");
    flag("--json", raw.push.json, "events on stdout, one JSON object a line");
    flag("--quiet", raw.push.quiet, "no status, no summary; errors only");
    text("--log-level", raw.logLevel, "L", "trace, debug, info, warning, error or off [warning]");
    flag("--print-config", raw.push.printConfig, "show what the settings mean, push nothing");
}

Result<livepusher::LogLevel> parseLogLevel(const std::string& text) {
    const auto* found = std::ranges::find(kLogLevels, text);
    if (found != kLogLevels.end()) return static_cast<livepusher::LogLevel>(found - kLogLevels.begin());
    return invalid("--log-level " + text + ": must be trace, debug, info, warning, error or off");
}

Result<double> parseDuration(const std::string& text) {
    constexpr double kLongest = 1e7;  // 115 days; far enough from what a timer can count
    char* end = nullptr;
    const double seconds = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(seconds) || seconds <= 0 || seconds > kLongest) {
        return invalid("--duration " + text + ": must be seconds, more than 0 and at most 10000000");
    }
    return seconds;
}

Result<std::optional<double>> parseVolume(const char* flag, const std::string& text) {
    if (text.empty()) return std::optional<double>();
    const double volume = livepusher::Volume(text);
    if (volume >= 0 && volume <= 1) return std::optional(volume);
    return invalid(std::string(flag) + " " + text + ": must be 0..1");
}

/// The first argument that nothing takes, told with what was probably meant.
Error unexpected(const CLI::App& push, const std::vector<std::string>& extras) {
    const auto flag =
        std::ranges::find_if(extras, [](const std::string& extra) { return extra.starts_with("-") && extra != "--"; });
    if (flag == extras.end()) {  // not repeated: it may be a stream key
        return invalid("push takes one argument, the URL with its stream key; there are " + std::to_string(extras.size() + 1) +
                       " (a switch takes true or false; a value with a blank needs quotes)");
    }
    const std::string name = flag->substr(0, flag->find('='));
    return unknownOption(push, name);
}

std::string unknownCommand(const std::vector<std::string>& extras) {
    static const std::vector<std::string> known{"push", "devices", "encoders", "effects", "--help", "--version"};
    const std::string name = scrub(extras.empty() ? "" : extras.front());
    if (name.find("://") != std::string::npos) return "a URL alone is no command; did you mean livepusher push URL?";
    return "unknown " + std::string(name.starts_with("-") ? "option " : "command ") + name + suggestion(name, known);
}

/// One URL from wherever it was given: argument, file or environment; empty: the config may have it.
Result<std::string> chooseUrl(const Raw& raw, std::string fromFlag, std::string fromEnvironment) {
    const int given = int{!raw.url.empty()} + int{!fromFlag.empty()} + int{!raw.urlFile.empty()};
    if (given > 1) return invalid("the URL was given more than once: URL, --url and --url-file are three ways to say the same");
    if (!raw.url.empty()) return raw.url;
    if (!fromFlag.empty()) return fromFlag;
    return raw.urlFile.empty() ? std::move(fromEnvironment) : readFirstLine(raw.urlFile);
}

/// The stream key from wherever it was given apart from the URL; empty: the config may have it.
Result<std::string> chooseStreamKey(const std::string& file, std::string fromFlag, std::string fromEnvironment) {
    if (!file.empty() && !fromFlag.empty())
        return invalid(
            "the stream key was given more than once: --stream-key and --stream-key-file are two ways to say the same");
    if (!fromFlag.empty()) return fromFlag;
    return file.empty() ? std::move(fromEnvironment) : readFirstLine(file, true);
}

std::optional<std::string> ifGiven(const std::string& flag, const std::optional<std::string>& config) {
    return flag.empty() ? config : std::optional(flag);
}

/// Which flags of the command line and which keys of the configuration say where picture and sound come from.
Result<WantedSources> wantedSources(const Raw& raw, const Config& config) {
    const bool split = !raw.videoSource.empty() || !raw.audioSource.empty();
    if (!raw.sources.empty() && !raw.playlist.empty()) return invalid("--playlist stands for the sources: leave out --source");
    const bool both = !raw.sources.empty() || !raw.playlist.empty();
    if (both && split)
        return invalid(std::string(raw.sources.empty() ? "--playlist" : "--source") +
                       " stands for both: leave out --video-source and --audio-source");
    WantedSources wanted;
    if (split || (!both && !config.source)) {
        wanted.video = ifGiven(raw.videoSource, config.videoSource);
        wanted.audio = ifGiven(raw.audioSource, config.audioSource);
    } else if (!both) {
        wanted.source = config.source;
    } else if (raw.sources.empty()) {
        wanted.source = "file:" + raw.playlist;
    } else {
        wanted.source = raw.sources.front();
        wanted.playlist.assign(raw.sources.begin() + 1, raw.sources.end());
    }
    return wanted;
}

Result<PushArguments> check(const Raw& raw, const livepusher::PropertyTexts& flags, const std::string& url,
                            const std::string& streamKey) {
    PushArguments push = raw.push;
    Config config;
    if (!raw.config.empty()) {
        auto read = readConfig(raw.config);
        if (!read) return read.error();
        config = std::move(*read);
    }
    if (auto set = livepusher::setProperties(push.properties, config.properties); !set) {
        return invalid(raw.config + ": " + scrub(set.error().message));
    }
    if (auto set = livepusher::setProperties(push.properties, flags); !set) return set.error();
    if (!url.empty()) {
        if (auto set = livepusher::setProperty(push.properties, "url", url); !set) return set.error();
    }
    if (!streamKey.empty()) {
        if (auto set = livepusher::setProperty(push.properties, "streamKey", streamKey); !set) return set.error();
    }
    if (auto valid = livepusher::validate(push.properties); !valid) return valid.error();
    if (push.properties.url.empty() && !push.printConfig) {
        return invalid(
            "push needs a URL: of an RTMP server with the stream key, or the path of a .flv, .mp4, .mkv or .ts file to write");
    }

    const auto wanted = wantedSources(raw, config);
    if (!wanted) return wanted.error();
    auto chosen = chooseSources(*wanted, findDevices());
    if (!chosen) return chosen.error();
    push.sources = chosen->sources;
    push.sources.loop = raw.push.sources.loop;
    push.sources.frontCamera = ifGiven(raw.frontCamera, config.frontCamera).value_or("");
    push.sources.backCamera = ifGiven(raw.backCamera, config.backCamera).value_or("");
    push.sources.fallback = ifGiven(raw.fallback, config.fallback).value_or("");
    push.sources.fallbackAudio = ifGiven(raw.fallbackAudio, config.fallbackAudio).value_or("");
    if (push.sources.fallback.empty() && !push.sources.fallbackAudio.empty())
        return invalid("--fallback-audio needs --fallback, whose sound it is");
    push.sourceNote = chosen->note;

    if (!raw.duration.empty()) {
        auto duration = parseDuration(raw.duration);
        if (!duration) return duration.error();
        push.duration = *duration;
    }
    if (!raw.logLevel.empty()) {
        auto level = parseLogLevel(raw.logLevel);
        if (!level) return level.error();
        push.logLevel = *level;
    }
    auto bgmVolume = parseVolume("--bgm-volume", raw.bgmVolume);
    if (!bgmVolume) return bgmVolume.error();
    auto micVolume = parseVolume("--mic-volume", raw.micVolume);
    if (!micVolume) return micVolume.error();
    if (push.bgm.empty() && push.bgmLoop) return invalid("--bgm-loop needs --bgm");
    push.bgmVolume = *bgmVolume;
    push.micVolume = *micVolume;
    for (const auto& read : {raw.config, raw.urlFile, push.bgm})
        if (!read.empty()) push.alsoRead.push_back(read);
    return push;
}

/// A subcommand that lists something.
CLI::App* addList(CLI::App& app, const char* name, const char* description, const char* footer, ListArguments& wanted) {
    auto* command = app.add_subcommand(name, description);
    command->footer(footer);
    command->add_flag("--json", wanted.json, "JSON on stdout")->group("Options");
    return command;
}

CommandLine refuse(const std::string& message, const std::string& help = "livepusher push --help") {
    return {.text = "livepusher: " + scrub(message) + "\n  (" + help + " tells more)\n", .exitCode = kBadArguments};
}

/// The value of the last flag of that property, in whatever spelling it came.
std::string take(livepusher::PropertyTexts& flags, std::string_view property) {
    const auto found = std::ranges::find(flags, property, &livepusher::PropertyTexts::value_type::first);
    if (found == flags.end()) return {};
    std::string value = std::move(found->second);
    flags.erase(found);
    return value;
}

}  // namespace

CommandLine parseCommandLine(std::span<char*> arguments) {
    CLI::App app{kProgramDescription, "livepusher"};
    app.formatter(std::make_shared<HelpFormatter>());
    app.footer(kProgramFooter);
    app.set_version_flag("--version", "livepusher " LIVEPUSHER_VERSION, "show the version");
    app.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app.set_help_flag("-h,--help", "show this");
    app.require_subcommand(0, 1);

    Raw raw;
    auto* push = app.add_subcommand("push", kPushDescription);
    push->footer(kPushFooter);
    push->allow_extras();
    addOptions(*push, raw);
    PropertyFlags flags(*push);
    ListArguments devicesWanted, encodersWanted;
    const auto* devices = addList(app, "devices", kDevicesDescription, kDevicesFooter, devicesWanted);
    const auto* encoders = addList(app, "encoders", kEncodersDescription, kEncodersFooter, encodersWanted);
    const EffectsParser effects(app);

    auto normal = normalizeFlags({arguments.begin() + 1, arguments.end()});
    std::reverse(normal.begin(), normal.end());  // CLI11 takes them from the back
    const std::string environmentUrl = takeFromEnvironment("LIVEPUSHER_URL");
    const std::string environmentKey = takeFromEnvironment("LIVEPUSHER_STREAM_KEY");
    // "livepusher push", as far as a command was found.
    const auto called = [&] {
        const auto parsed = app.get_subcommands();
        return "livepusher" + (parsed.empty() ? "" : " " + parsed.front()->get_name());
    };
    try {
        app.parse(std::move(normal));
    } catch (const CLI::Success&) {  // --help, --version
        const bool version = app.get_option("--version")->count() > 0;
        if (version) return {.text = "livepusher " LIVEPUSHER_VERSION "\n"};
        const auto parsed = app.get_subcommands();
        return {.text = parsed.empty() ? app.help() : parsed.front()->help(called())};
    } catch (const CLI::ExtrasError&) {
        for (const auto* list : {devices, encoders})
            if (list->parsed()) return refuse(list->get_name() + " takes no argument but --json", called() + " --help");
        return refuse(unknownCommand(app.remaining()), "livepusher --help");
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string text = error.what();  // "--fps: 1 required TEXT missing"
        return refuse(text.substr(0, text.find(':')) + " needs a value", called() + " --help");
    } catch (const CLI::ParseError& error) {
        return refuse(error.what(), called() + " --help");
    }
    if (devices->parsed()) return {.devices = devicesWanted};
    if (encoders->parsed()) return {.encoders = encodersWanted};
    if (effects.parsed()) {
        maskArguments(arguments.subspan(1), "");
        auto checked = effects.arguments();
        if (!checked) return refuse(checked.error().message, "livepusher effects --help");
        return {.effects = std::move(*checked)};
    }
    if (!push->parsed()) return {.text = app.help(), .exitCode = kBadArguments};

    auto given = flags.given();
    const std::string flagUrl = take(given, "url");
    const std::string flagKey = take(given, "streamKey");
    maskArguments(arguments.subspan(1), raw.url.empty() ? flagUrl : raw.url);
    if (const auto extras = push->remaining(); !extras.empty()) return refuse(unexpected(*push, extras).message);
    const auto url = chooseUrl(raw, flagUrl, environmentUrl);
    if (!url) return refuse(url.error().message);
    const auto streamKey = chooseStreamKey(raw.streamKeyFile, flagKey, environmentKey);
    if (!streamKey) return refuse(streamKey.error().message);
    auto checked = check(raw, given, *url, *streamKey);
    if (!checked) return refuse(checked.error().message);
    return {.push = std::move(*checked)};
}

}  // namespace program
