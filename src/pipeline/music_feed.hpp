// SPDX-License-Identifier: MIT
#pragma once

#include "capture/music.hpp"
#include "effects/effect.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace livepusher::pipeline {

/// The sound lane's end of the background music: gives it block by block, and fades each beginning, end, pause, seek,
/// exchange and gap over 10 ms, so that none is heard as a click. One block ahead of what it gives, to know in time when
/// nothing follows.
class MusicFeed final : public effects::MusicInput {
public:
    /// What became of seek() and play().
    struct Progress {
        std::uint64_t sought = 0;    ///< number of the last seek() done
        std::optional<Error> error;  ///< that it came to
        bool started = false;        ///< something of what play() gave last was heard
        bool over = false;           ///< all of it was
    };

    void begin(base::AudioFormat format);  ///< nothing plays. Only while nothing reads. [control]
    /// Takes the place of what plays; null: nothing plays any more. [control]
    void play(std::shared_ptr<capture::Music> music);
    void pause(bool on);               ///< [control]
    std::uint64_t seek(Timestamp to);  ///< answers with the number that Progress::sought will be. [control]
    Progress progress() const;         ///< [control]

    /// Fills `samples`, with silence where there is nothing; false: it is all silence.
    bool read(std::span<float> samples) override;

private:
    struct Wish {
        std::shared_ptr<capture::Music> music;
        bool paused = false;
        std::uint64_t seek = 0;  // number of the last one wanted
        Timestamp to{};
    };

    bool makeBlock();
    std::vector<float> fetch();
    void report(bool started, bool over);

    mutable std::mutex mutex_;  // held for the copying of a few words
    Wish wish_;
    std::uint64_t sought_ = 0;
    std::optional<Error> seekError_;
    std::uint64_t played_ = 0, startedOf_ = 0, overOf_ = 0;  // numbers of play()s

    // The audio thread's own:
    std::size_t channels_ = 2, blockSamples_ = 0;
    std::shared_ptr<capture::Music> music_;  // never the last one to hold it: that is control's
    std::uint64_t musicNumber_ = 0;
    std::vector<float> block_, ahead_;  // what is being given, and what follows it
    std::size_t given_ = 0;             // of block_
    bool sounds_ = false;               // block_ is music, not silence
    bool fresh_ = false;                // ahead_ begins something: it is to fade in
    float endFrom_ = 1;                 // ahead_ fades out from there, when it is less than a block
    bool heard_ = false;                // something of music_ was given
};

}  // namespace livepusher::pipeline
