// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/background_music.hpp"
#include "pipeline/lane_settings_store.hpp"
#include "pipeline/lanes.hpp"

#include <string>

namespace livepusher::pipeline {

/// What an application does with a push's sound, and hears of it: music, volumes, the microphone's level. Belongs to the
/// control thread.
class AudioControls {
public:
    AudioControls(Stages::MakeMusic make, session::ControlLoop& control, Events& events, LaneSettingsStore& settings,
                  const Lanes& lanes);

    void begin();   ///< a push with a sound track begins; its lane is not open yet
    void follow();  ///< the settings, or whether the push is live, changed
    void live();    ///< it has been published for the first time
    void end();     ///< it is over, and its lane closed

    void play(std::string url, bool loop, session::Reply reply);
    void seek(std::int64_t position, session::Reply reply);  ///< ms
    Result<void> setMusicVolume(double volume) { return setVolume("setBGMVolume", &Volumes::music, volume); }
    Result<void> setMicrophoneVolume(double volume) { return setVolume("setMICVolume", &Volumes::microphone, volume); }
    BackgroundMusic& music() { return music_; }
    const std::string& musicUrl() const { return musicUrl_; }  ///< that play() was given last

private:
    Result<void> setVolume(const char* method, double Volumes::*which, double volume);
    void tellLevel();

    session::ControlLoop& control_;
    Events& events_;
    LaneSettingsStore& settings_;
    const Lanes& lanes_;
    BackgroundMusic music_;
    std::string musicUrl_;
    bool live_ = false;
    session::Lifetime push_;
};

}  // namespace livepusher::pipeline
