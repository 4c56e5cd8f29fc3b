// SPDX-License-Identifier: MIT
#include "push_parser.hpp"

#include "errors.hpp"
#include "help_text.hpp"
#include "secrets.hpp"

#include <optional>
#include <utility>

namespace program {

namespace {

using livepusher::Result;

Result<std::optional<double>> parseVolume(const char* flag, const std::string& text) {
    if (text.empty()) return std::optional<double>();
    const double volume = livepusher::Volume(text);
    if (volume >= 0 && volume <= 1) return std::optional(volume);
    return invalid(std::string(flag) + " " + text + ": must be 0..1");
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

}  // namespace

PushParser::PushParser(CLI::App& app) : command_(app.add_subcommand("push", kPushDescription)) {
    command_->footer(kPushFooter);
    addOptions();
    run_ = std::make_unique<RunOptions>(*command_,
                                        RunOptions::Texts{.duration = "stop after that many seconds of pushing",
                                                          .record = "also write what is pushed to a .mp4, .mkv, .ts or .flv file",
                                                          .printConfig = "show what the settings mean, push nothing"});
    flags_ = std::make_unique<PropertyFlags>(*command_, pusherTable());
}

void PushParser::addOptions() {
    auto& command = *command_;
    const auto text = [&command](const char* name, std::string& value, const char* placeholder, const char* help) {
        command.add_option(name, value, help)->group("Options")->option_text(placeholder)->take_last();
    };
    const auto flag = [&command](const char* name, bool& value, const char* help) {
        command.add_flag(name, value, help)->group("Options");
    };
    command.add_option("--source", raw_.sources, "where picture and sound come from; again: clips, one after the other")
        ->group("Options")
        ->option_text("SPEC")
        ->expected(1)
        ->take_all();
    text("--playlist", raw_.playlist, "FILE", "the clips of a list (M3U, PLS, ffconcat) one after the other");
    text("--video-source", raw_.videoSource, "SPEC", "where the picture comes from");
    text("--audio-source", raw_.audioSource, "SPEC", "where the sound comes from");
    text("--front-camera", raw_.frontCamera, "ID", "the camera for --device-position front, where camera has no ID");
    text("--back-camera", raw_.backCamera, "ID", "the camera for --device-position back");
    text("--fallback", raw_.fallback, "SPEC", "what goes out while a source is gone: image:, file: (again and again) …");
    text("--fallback-audio", raw_.fallbackAudio, "SPEC", "its sound; keep: the source's own goes on [the clip's, or none]");
    flag("--keep", raw_.push.keep, "start again whatever fault that may pass ends the push");
    flag("--loop", raw_.push.sources.loop, "begin files again at their end");
    text("--bgm", raw_.push.bgm, "FILE-OR-URL", "mix background music into the sound");
    flag("--bgm-loop", raw_.push.bgmLoop, "again and again");
    text("--bgm-volume", raw_.bgmVolume, "V", "how loud the music is, 0..1 [1]");
    text("--mic-volume", raw_.micVolume, "V", "how loud the microphone is, 0..1 [1]");
    flag("--preview", raw_.push.preview, "show the picture in a window");
    text("--stream-key-file", raw_.streamKeyFile, "FILE", "read the stream key from a file of one line");
}

std::string PushParser::url() const {
    auto given = flags_->given();
    return run_->positional().empty() ? take(given, "url") : run_->positional();
}

/// Which flags of the command line and which keys of the configuration say where picture and sound come from.
Result<WantedSources> PushParser::wantedSources(const Config& config) const {
    const bool split = !raw_.videoSource.empty() || !raw_.audioSource.empty();
    if (!raw_.sources.empty() && !raw_.playlist.empty()) return invalid("--playlist stands for the sources: leave out --source");
    const bool both = !raw_.sources.empty() || !raw_.playlist.empty();
    if (both && split)
        return invalid(std::string(raw_.sources.empty() ? "--playlist" : "--source") +
                       " stands for both: leave out --video-source and --audio-source");
    WantedSources wanted;
    if (split || (!both && !config.source)) {
        wanted.video = ifGiven(raw_.videoSource, config.videoSource);
        wanted.audio = ifGiven(raw_.audioSource, config.audioSource);
    } else if (!both) {
        wanted.source = config.source;
    } else if (raw_.sources.empty()) {
        wanted.source = "file:" + raw_.playlist;
    } else {
        wanted.source = raw_.sources.front();
        wanted.playlist.assign(raw_.sources.begin() + 1, raw_.sources.end());
    }
    return wanted;
}

Result<void> PushParser::setProperties(PushArguments& push, const Config& config, livepusher::PropertyTexts flags,
                                       const Environment& environment) const {
    const std::string flagUrl = take(flags, "url");
    const std::string flagKey = take(flags, "streamKey");
    const auto url = run_->url(flagUrl, environment.url);
    if (!url) return url.error();
    const auto streamKey = chooseStreamKey(raw_.streamKeyFile, flagKey, environment.streamKey);
    if (!streamKey) return streamKey.error();

    if (auto set = livepusher::setProperties(push.properties, config.properties); !set)
        return invalid(run_->config() + ": " + scrub(set.error().message));
    if (auto set = livepusher::setProperties(push.properties, flags); !set) return set;
    if (!url->empty()) {
        if (auto set = livepusher::setProperty(push.properties, "url", *url); !set) return set;
    }
    if (!streamKey->empty()) {
        if (auto set = livepusher::setProperty(push.properties, "streamKey", *streamKey); !set) return set;
    }
    if (auto valid = livepusher::validate(push.properties); !valid) return valid;
    if (push.properties.url.empty() && !push.run.printConfig) {
        return invalid(
            "push needs a URL: of an RTMP server with the stream key, or the path of a .flv, .mp4, .mkv or .ts file to write");
    }
    return {};
}

Result<void> PushParser::setSources(PushArguments& push, const Config& config) const {
    const auto wanted = wantedSources(config);
    if (!wanted) return wanted.error();
    auto chosen = chooseSources(*wanted, findDevices());
    if (!chosen) return chosen.error();
    push.sources = chosen->sources;
    push.sources.loop = raw_.push.sources.loop;
    push.sources.frontCamera = ifGiven(raw_.frontCamera, config.frontCamera).value_or("");
    push.sources.backCamera = ifGiven(raw_.backCamera, config.backCamera).value_or("");
    push.sources.fallback = ifGiven(raw_.fallback, config.fallback).value_or("");
    push.sources.fallbackAudio = ifGiven(raw_.fallbackAudio, config.fallbackAudio).value_or("");
    if (push.sources.fallback.empty() && !push.sources.fallbackAudio.empty())
        return invalid("--fallback-audio needs --fallback, whose sound it is");
    push.sourceNote = chosen->note;
    return {};
}

Result<PushArguments> PushParser::arguments(const Environment& environment) const {
    if (auto none = run_->refuseExtras("the URL with its stream key"); !none) return none.error();
    auto run = run_->arguments();
    if (!run) return run.error();
    PushArguments push = raw_.push;
    push.run = std::move(*run);
    Config config;
    if (!run_->config().empty()) {
        auto read = readConfig(run_->config());
        if (!read) return read.error();
        config = std::move(*read);
    }
    if (auto set = setProperties(push, config, flags_->given(), environment); !set) return set.error();
    if (auto set = setSources(push, config); !set) return set.error();

    auto bgmVolume = parseVolume("--bgm-volume", raw_.bgmVolume);
    if (!bgmVolume) return bgmVolume.error();
    auto micVolume = parseVolume("--mic-volume", raw_.micVolume);
    if (!micVolume) return micVolume.error();
    if (push.bgm.empty() && push.bgmLoop) return invalid("--bgm-loop needs --bgm");
    push.bgmVolume = *bgmVolume;
    push.micVolume = *micVolume;
    for (const auto& read : {run_->config(), run_->urlFile(), push.bgm})
        if (!read.empty()) push.alsoRead.push_back(read);
    return push;
}

}  // namespace program
