// SPDX-License-Identifier: MIT
#include "capture/sources.hpp"

#include <utility>

#include "base/place.hpp"
#include "capture/guarded_source.hpp"
#include "capture/source_makers.hpp"
#include "capture/spec.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

using VideoMaker = SourceMaker<VideoSource>;
using AudioMaker = SourceMaker<AudioSource>;
using CodedMaker = SourceMaker<CodedVideoSource>;

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
            if (base::isUrl(spec.target)) return makeNetworkCamera(spec.target, options.network, options.deinterlace);
            return makeCamera(spec, {sources.frontCamera, sources.backCamera});
        case SourceKind::Screen: return makeScreen(spec);
        case SourceKind::File: return std::move(makeFileEnds(spec.target, loop, true, false, options).video);
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
        case SourceKind::File: return std::move(makeFileEnds(spec.target, loop, false, true, options).audio);
        case SourceKind::Test: return makeTestAudio(clock);
        case SourceKind::Pcm:
            return guarded("pcm \"" + spec.target + "\"", AudioMaker([spec, loop] { return makePcmAudio(spec, loop); }));
        case SourceKind::App: return makeAppAudio();
        case SourceKind::Camera:
        case SourceKind::Screen:
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

}  // namespace

Result<SourcePair> makeSources(const Sources& sources, const SourceOptions& options) {
    const auto video = parseVideoSpec(sources.video);
    if (!video) return video.error();
    const auto audio = parseAudioSpec(sources.audio);
    if (!audio) return audio.error();
    if (video->target == "-" && audio->target == "-" && video->kind != audio->kind)
        return Error{Code::InvalidArgument, "sources \"" + sources.video + "\" and \"" + sources.audio +
                                                "\": only one of them can read stdin; use a FIFO for the other"};
    SourcePair pair;
    pair.videoKind = video->kind;
    pair.audioKind = audio->kind;
    if (*video == *audio && video->kind == SourceKind::File) {
        auto ends = makeFileEnds(video->target, sources.loop, true, true, options);
        pair.video = std::move(ends.video);
        pair.audio = std::move(ends.audio);
        return pair;
    }
    const auto clock = makeTestClock();
    if (video->kind == SourceKind::Coded) pair.coded = makeCoded(*video, sources.loop, options);
    pair.video = makeVideo(*video, {sources, options, clock});
    pair.audio = makeAudio(*audio, sources.loop, options, clock);
    return pair;
}

}  // namespace livepusher::capture
