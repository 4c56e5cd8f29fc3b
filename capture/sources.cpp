// SPDX-License-Identifier: MIT
#include "capture/sources.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/place.hpp"
#include "capture/fallback/fallback_source.hpp"
#include "capture/fallback/fallback_spec.hpp"
#include "capture/guarded_source.hpp"
#include "capture/source_makers.hpp"
#include "capture/spec.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

using VideoMaker = SourceMaker<VideoSource>;
using AudioMaker = SourceMaker<AudioSource>;
using CodedMaker = SourceMaker<CodedVideoSource>;

constexpr std::chrono::milliseconds kRetryBehindFallback{1000};

/// What the parts of a picture have in common.
struct VideoContext {
    const Sources& sources;
    const SourceOptions& options;
    const std::shared_ptr<TestClock>& clock;
};

std::unique_ptr<VideoSource> makeOneVideo(const Spec& spec, const VideoContext& context) {
    const auto& [sources, options, clock] = context;
    const bool loop = sources.loop;
    switch (spec.kind) {
        case SourceKind::Camera:
            if (base::isUrl(spec.target))
                return makeNetworkCamera(spec.target, options.network, options.deinterlace, options.retryWithin);
            return makeCamera(spec, {sources.frontCamera, sources.backCamera});
        case SourceKind::Screen: return makeScreen(spec);
        case SourceKind::File: return std::move(makeFileEnds(spec.target, loop, true, false, options, spec.next).video);
        case SourceKind::Image: {
            const auto make = [spec, network = options.network] { return makeImage(spec.target, network); };
            return guarded("image \"" + base::publicName(spec.target) + "\"", VideoMaker(make));
        }
        case SourceKind::Test: return makeTestVideo(clock);
        case SourceKind::Raw:
            return guarded("raw \"" + spec.target + "\"", VideoMaker([spec, loop] { return makeRawVideo(spec, loop); }));
        case SourceKind::App: return makeAppVideo();
        case SourceKind::Microphone:
        case SourceKind::System:
        case SourceKind::Pcm:
        case SourceKind::Coded:
        case SourceKind::None: break;
    }
    return nullptr;
}

std::unique_ptr<VideoSource> makeVideo(const Spec& spec, const VideoContext& context) {
    auto source = makeOneVideo(spec, context);
    if (spec.with.empty()) return source;
    const auto camera = spec.kind == SourceKind::Camera ? ComposedCamera::Main : ComposedCamera::Inset;
    return makeComposed(std::move(source), makeOneVideo(spec.with.front(), context), camera);
}

std::unique_ptr<AudioSource> makeAudio(const Spec& spec, bool loop, const SourceOptions& options,
                                       const std::shared_ptr<TestClock>& clock) {
    switch (spec.kind) {
        case SourceKind::Microphone: return makeMicrophone(spec);
        case SourceKind::System: return makeSystemSound(spec);
        case SourceKind::File: return std::move(makeFileEnds(spec.target, loop, false, true, options, spec.next).audio);
        case SourceKind::Test: return makeTestAudio(clock);
        case SourceKind::Pcm:
            return guarded("pcm \"" + spec.target + "\"", AudioMaker([spec, loop] { return makePcmAudio(spec, loop); }));
        case SourceKind::App: return makeAppAudio();
        case SourceKind::Camera:
        case SourceKind::Screen:
        case SourceKind::Image:
        case SourceKind::Raw:
        case SourceKind::Coded:
        case SourceKind::None: break;
    }
    return nullptr;
}

std::unique_ptr<CodedVideoSource> makeCoded(const Spec& spec, bool loop, const SourceOptions& options) {
    if (spec.target.empty()) return makeAppCoded();
    return guarded(
        "coded \"" + base::publicName(spec.target) + "\"",
        CodedMaker([target = spec.target, loop, network = options.network] { return makeCodedInput(target, loop, network); }));
}

/// Both ends of a description, taken apart.
struct Specs {
    Spec video, audio;
    /// Read once, by one clock.
    bool areOne() const { return video == audio && video.kind == SourceKind::File; }
};

/// The clips that follow the first.
Result<std::vector<std::string>> parsePlaylist(const Sources& sources, const Specs& specs) {
    std::vector<std::string> clips;
    if (!sources.playlist.empty() && !specs.areOne())
        return Error{Code::InvalidArgument, "playlist: the source before it must be a \"file:\", the same for picture and sound"};
    for (const auto& text : sources.playlist) {
        auto clip = parseVideoSpec(text);
        if (!clip) return clip.error();
        if (clip->kind != SourceKind::File || clip->target == "-")
            return Error{Code::InvalidArgument, "playlist \"" + base::publicName(text) + "\": must be file:PATH-OR-URL, a clip"};
        clips.push_back(std::move(clip->target));
    }
    if (!clips.empty() && specs.video.target == "-")
        return Error{Code::InvalidArgument, "playlist: stdin can't be a clip of it; must be file:PATH-OR-URL"};
    return clips;
}

Result<Specs> parseSpecs(const Sources& sources) {
    auto video = parseVideoSpec(sources.video);
    if (!video) return video.error();
    auto audio = parseAudioSpec(sources.audio);
    if (!audio) return audio.error();
    if (video->target == "-" && audio->target == "-" && video->kind != audio->kind)
        return Error{Code::InvalidArgument, "sources \"" + sources.video + "\" and \"" + sources.audio +
                                                "\": only one of them can read stdin; use a FIFO for the other"};
    Specs specs{std::move(*video), std::move(*audio)};
    auto clips = parsePlaylist(sources, specs);
    if (!clips) return clips.error();
    specs.video.next = specs.audio.next = std::move(*clips);
    return specs;
}

SourcePair makePair(const Specs& specs, const Sources& sources, const SourceOptions& options) {
    const auto& [video, audio] = specs;
    SourcePair pair;
    pair.videoKind = video.kind;
    pair.audioKind = audio.kind;
    if (specs.areOne()) {
        auto ends = makeFileEnds(video.target, sources.loop, true, true, options, video.next);
        pair.video = std::move(ends.video);
        pair.audio = std::move(ends.audio);
        return pair;
    }
    const auto clock = makeTestClock();
    if (video.kind == SourceKind::Coded) pair.coded = makeCoded(video, sources.loop, options);
    pair.video = makeVideo(video, {sources, options, clock});
    pair.audio = makeAudio(audio, sources.loop, options, clock);
    return pair;
}

/// A pipe may have another writer after the first; standard input has none.
bool isFifo(const Spec& spec) {
    std::error_code ignored;
    return traitsOf(spec.kind).reads && spec.target != "-" && !base::isUrl(spec.target) &&
           std::filesystem::is_fifo(spec.target, ignored);
}

/// The pair behind a fallback: what leads is made again where it has to be; a sound of its own beside the picture is not.
Result<SourcePair> makeGuardedPair(const Specs& specs, const Sources& sources, const SourceOptions& options) {
    if (specs.video.kind == SourceKind::Coded)
        return Error{Code::InvalidArgument,
                     "fallback: a coded source goes out as it is, and nothing can stand in for it; "
                     "take file: or camera: in its place"};
    const auto spec = parseFallback(sources);
    if (!spec) return spec.error();
    auto soon = options;
    soon.retryWithin = kRetryBehindFallback;
    const auto standby = parseSpecs(spec->sources);
    if (!standby) return standby.error();
    // The test picture and its tone go by one clock: they are made together, and neither ever fails.
    const bool together = specs.areOne() || (specs.video.kind == SourceKind::Test && specs.audio.kind == SourceKind::Test);
    const bool picture = specs.video.kind != SourceKind::None, sound = specs.audio.kind != SourceKind::None;
    const auto& lead = picture ? specs.video : specs.audio;
    auto leading = specs;
    if (picture && !together) leading.audio = {};
    std::unique_ptr<AudioSource> beside;
    if (picture && !together && sound) beside = makeAudio(specs.audio, sources.loop, options, makeTestClock());
    auto pair =
        makeFallback({.main = [leading, sources, soon]() -> Result<SourcePair> { return makePair(leading, sources, soon); },
                      .mainIsOne = together,
                      .mainIsPipe = [lead] { return isFifo(lead); },
                      .mainName = base::publicName(picture ? sources.video : sources.audio),
                      .standby = [standby = *standby, sources = spec->sources, options]() -> Result<SourcePair> {
                          return makePair(standby, sources, options);
                      },
                      .standbyIsOne = standby->areOne(),
                      .standbyMayCome = !traitsOf(standby->video.kind).reads || base::isUrl(standby->video.target),
                      .standbyName = base::publicName(spec->sources.video),
                      .keepSound = spec->keepSound,
                      .rules = options.fallback},
                     picture, sound, std::move(beside));
    pair.videoKind = specs.video.kind;
    pair.audioKind = specs.audio.kind;
    return pair;
}

}  // namespace

Result<SourcePair> makeSources(const Sources& sources, const SourceOptions& options) {
    const auto specs = parseSpecs(sources);
    if (!specs) return specs.error();
    if (!sources.fallback.empty()) return makeGuardedPair(*specs, sources, options);
    if (!sources.fallbackAudio.empty())
        return Error{Code::InvalidArgument, "fallbackAudio: there is no fallback whose sound it could be"};
    return makePair(*specs, sources, options);
}

}  // namespace livepusher::capture
