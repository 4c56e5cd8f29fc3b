// SPDX-License-Identifier: MIT
#include "capture/device_lists.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "sound/alsa_cards.hpp"
#include "sound/alsa_library.hpp"
#include "sound/pulse_connection.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using namespace sound;

constexpr Timestamp kPatience = 1s;

struct Free {
    void operator()(snd_ctl_t* ctl) const { alsa().snd_ctl_close(ctl); }
    void operator()(snd_ctl_card_info_t* info) const { alsa().snd_ctl_card_info_free(info); }
    void operator()(snd_pcm_info_t* info) const { alsa().snd_pcm_info_free(info); }
};

/// False: there is no server, so that "mic" opens a card.
bool listPulse(std::vector<MicrophoneInfo>& all, std::vector<std::string>& notes) {
    const std::atomic<bool> never{false};
    PulseConnection connection(kPulseMicrophone, never);
    const auto until = now() + kPatience;
    if (const auto connected = connection.connect("microphones", until); !connected) {
        notes.push_back(connected.error().message);
        return !connection.noServer();
    }
    const auto server = connection.server(until);
    const auto sources = connection.sources(until);
    if (!server || !sources) {
        notes.push_back(connection.failure("microphones", PA_ERR_TIMEOUT).message);
        return true;
    }
    for (const auto& source : *sources) {
        const bool system = !source.monitorOf.empty();
        MicrophoneInfo info{.id = system ? source.monitorOf : source.name,
                            .name = source.description,
                            .server = "pulse",
                            .isDefault = source.name == server->defaultSource,
                            .system = system,
                            .sampleRate = source.sampleRate,
                            .channels = source.channels,
                            .problem = source.muted ? "it is muted: pactl set-source-mute " + source.name + " 0" : ""};
        all.push_back(std::move(info));
    }
    return true;
}

/// The inputs of one card.
void listCard(int card, std::vector<MicrophoneInfo>& all) {
    const auto number = "hw:" + std::to_string(card);
    snd_ctl_t* opened = nullptr;
    if (const int error = alsa().snd_ctl_open(&opened, number.c_str(), SND_CTL_NONBLOCK); error < 0) {
        all.push_back({.id = number,
                       .name = "sound card " + std::to_string(card),
                       .server = "alsa",
                       .problem = alsa().snd_strerror(error)});
        return;
    }
    const std::unique_ptr<snd_ctl_t, Free> ctl(opened);
    snd_ctl_card_info_t* cardMade = nullptr;
    snd_pcm_info_t* pcmMade = nullptr;
    if (alsa().snd_ctl_card_info_malloc(&cardMade) < 0) return;
    const std::unique_ptr<snd_ctl_card_info_t, Free> cardInfo(cardMade);
    if (alsa().snd_pcm_info_malloc(&pcmMade) < 0) return;
    const std::unique_ptr<snd_pcm_info_t, Free> pcmInfo(pcmMade);
    if (alsa().snd_ctl_card_info(opened, cardMade) < 0) return;
    for (int device = -1; alsa().snd_ctl_pcm_next_device(opened, &device) >= 0 && device >= 0;) {
        alsa().snd_pcm_info_set_device(pcmMade, static_cast<unsigned>(device));
        alsa().snd_pcm_info_set_subdevice(pcmMade, 0);
        alsa().snd_pcm_info_set_stream(pcmMade, SND_PCM_STREAM_CAPTURE);
        if (alsa().snd_ctl_pcm_info(opened, pcmMade) < 0) continue;  // it only plays
        // The card's own name stays when cards change their numbers; "plughw" takes every rate and form.
        all.push_back(
            {.id = std::string("plughw:CARD=") + alsa().snd_ctl_card_info_get_id(cardMade) + ",DEV=" + std::to_string(device),
             .name = std::string(alsa().snd_ctl_card_info_get_name(cardMade)) + ", " + alsa().snd_pcm_info_get_name(pcmMade),
             .server = "alsa",
             .problem = ""});
    }
}

void listAlsa(std::vector<MicrophoneInfo>& all, std::vector<std::string>& notes) {
    if (auto loaded = loadAlsa(); !loaded) {
        notes.push_back("microphones: " + loaded.error().message);
        return;
    }
    const AlsaSilence silence;
    const auto before = all.size();
    for (int card = -1; alsa().snd_card_next(&card) >= 0 && card >= 0;) listCard(card, all);
    for (const int card : forbiddenCards())
        all.push_back({.id = "hw:" + std::to_string(card),
                       .name = "sound card " + std::to_string(card),
                       .server = "alsa",
                       .problem = kCardDenied});
    if (all.size() == before) notes.emplace_back("microphones: ALSA has no sound card with an input");
}

}  // namespace

std::vector<MicrophoneInfo> listMicrophones(std::vector<std::string>& notes) {
    std::vector<MicrophoneInfo> all;
    const bool server = listPulse(all, notes);
    const auto ofPulse = all.size();
    listAlsa(all, notes);
    // Without a server "mic" opens ALSA's default, which is the first card unless it is configured otherwise.
    if (!server && all.size() > ofPulse) all[ofPulse].isDefault = true;
    std::stable_partition(all.begin(), all.end(), [](const MicrophoneInfo& info) { return info.isDefault; });
    return all;
}

}  // namespace livepusher::capture
