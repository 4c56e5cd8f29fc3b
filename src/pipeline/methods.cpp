// SPDX-License-Identifier: MIT
#include "pipeline/methods.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

namespace livepusher {

std::string_view toString(State state) {
    constexpr std::array<std::string_view, 6> kNames{"idle", "previewing", "connecting", "pushing", "paused", "reconnecting"};
    const auto place = static_cast<std::size_t>(state);
    return place < kNames.size() ? kNames[place] : "unknown";
}

}  // namespace livepusher

namespace livepusher::pipeline {

namespace {

using enum Phase;
constexpr Phases kAlways = phases(Idle, Previewing, Connecting, Pushing, Paused, Reconnecting, ReconnectingPaused);
constexpr Phases kOpen = kAlways & ~phases(Idle);  // there is a picture or soon will be
constexpr Phases kPush = kOpen & ~phases(Previewing);
constexpr std::string_view kMusicNeed = "music is mixed into a push; start() first";
constexpr Phases kLive = kOpen & ~phases(Paused, ReconnectingPaused);
constexpr std::string_view kCameraNeed = "no camera is open; start() or startPreview() first";
constexpr std::string_view kLiveNeed = "no camera is live; start(), startPreview() or resume() first";
constexpr std::string_view kLiveCamera = "a camera that is live and has that";

constexpr std::array kRules{
    MethodRule{Method::Start, "start", phases(Idle, Previewing), "stop() it first", "to Connecting, then Pushing",
               "a valid url; a source that opens"},
    MethodRule{Method::Stop, "stop", kAlways, "", "to Idle", ""},
    MethodRule{Method::Pause, "pause", phases(Pushing, Reconnecting), "only a push that has begun can be paused", "to Paused",
               ""},
    MethodRule{Method::Resume, "resume", phases(Paused, ReconnectingPaused), "only a paused push can be resumed", "to Pushing",
               ""},
    MethodRule{Method::StartPreview, "startPreview", kAlways, "", "Idle: to Previewing",
               "enableCamera; a push has to have a picture"},
    MethodRule{Method::StopPreview, "stopPreview", kOpen, "there is no preview", "Previewing: to Idle; a push goes on", ""},
    MethodRule{Method::SwitchCamera, "switchCamera", kOpen, kCameraNeed, "", "two cameras"},
    MethodRule{Method::ToggleTorch, "toggleTorch", kLive, kLiveNeed, "", kLiveCamera},
    MethodRule{Method::Snapshot, "snapshot", kOpen, "there is no picture yet; start() or startPreview() first", "",
               "a first picture has come; a directory that can be written"},
    MethodRule{Method::PlayBgm, "playBGM", kPush, kMusicNeed, "", "a piece that can be loaded; a push with sound"},
    MethodRule{Method::PauseBgm, "pauseBGM", kPush, kMusicNeed, "", "music that plays"},
    MethodRule{Method::ResumeBgm, "resumeBGM", kPush, kMusicNeed, "", "music that is paused"},
    MethodRule{Method::StopBgm, "stopBGM", kPush, kMusicNeed, "", "music that plays or is loaded"},
    MethodRule{Method::SeekBgm, "seekBGM", kPush, kMusicNeed, "", "music that plays and can be sought in"},
    MethodRule{Method::SetBgmVolume, "setBGMVolume", kAlways, "", "", "0..1"},
    MethodRule{Method::SetMicVolume, "setMICVolume", kAlways, "", "", "0..1"},
    MethodRule{Method::SetZoom, "setZoom", kLive, kLiveNeed, "", "a camera that is live; 1..what getMaxZoom tells"},
    MethodRule{Method::GetMaxZoom, "getMaxZoom", kLive, kLiveNeed, "", "a camera that is live"},
    MethodRule{Method::SendMessage, "sendMessage", phases(Pushing, Paused), "a message goes out with a push only", "",
               "1..1024 bytes; the push has a picture; fewer than 32 messages waiting"},
    MethodRule{Method::SaveReplay, "saveReplay", phases(Pushing, Paused, Reconnecting, ReconnectingPaused),
               "a replay is of a push that has begun", "", "replaySeconds; a path; no other that is being written"},
    MethodRule{Method::EnterPictureInPicture, "enterPictureInPicture", kOpen, "there is no preview", "",
               "a preview that runs, in a window or a handler of onPreviewFrame; not in picture-in-picture yet"},
    MethodRule{Method::ExitPictureInPicture, "exitPictureInPicture", kOpen, "there is no preview", "", "in picture-in-picture"},
    MethodRule{Method::HostNavigated, "hostNavigated", kAlways, "", "",
               "as enterPictureInPicture where pictureInPictureMode has the event; else it does nothing"},
    MethodRule{Method::EnterBackground, "enterBackground", kAlways, "", "", "not in the background yet"},
    MethodRule{Method::ExitBackground, "exitBackground", kAlways, "", "", "in the background"},
    MethodRule{Method::BeginInterruption, "beginInterruption", kAlways, "", "", "not interrupted yet"},
    MethodRule{Method::EndInterruption, "endInterruption", kAlways, "", "", "interrupted"},
    MethodRule{Method::AddTarget, "addTarget", kAlways, "", "", "a valid target of an id that is not there yet"},
    MethodRule{Method::RemoveTarget, "removeTarget", kAlways, "", "", "a target of that id, other than \"main\""},
    MethodRule{Method::UpdateTarget, "updateTarget", kAlways, "", "", "a target of that id; valid values"},
    MethodRule{Method::Update, "update", kAlways, "", "",
               "valid values; properties that docs/properties.md marks \"before start\" don't change while pushing"},
    MethodRule{Method::SetProperty, "setProperty", kAlways, "", "", "as update"},
};

static_assert(std::ranges::adjacent_find(kRules, std::ranges::greater_equal{}, &MethodRule::method) == kRules.end() &&
              kRules.size() == static_cast<std::size_t>(Method::SetProperty) + 1);

}  // namespace

std::span<const MethodRule> methodRules() { return kRules; }

Result<void> permit(Method method, Phase phase) {
    const auto& r = rule(method);
    if (r.allowed & phases(phase)) return {};
    return Error{Code::InvalidState, "the context is " + std::string(toString(phase)) + "; " + std::string(r.need)};
}

std::string_view toString(Phase phase) {
    constexpr std::array<std::string_view, 7> kNames{"Idle",   "Previewing",   "Connecting",          "Pushing",
                                                     "Paused", "Reconnecting", "Reconnecting, paused"};
    return kNames[static_cast<std::size_t>(phase)];
}

}  // namespace livepusher::pipeline
