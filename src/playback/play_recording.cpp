// SPDX-License-Identifier: MIT
#include "playback/play_recording.hpp"

#include <chrono>
#include <utility>

#include "base/attempt.hpp"
#include "base/thread_name.hpp"

namespace livepusher::playback {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 1s;

}  // namespace

PlayRecording::PlayRecording(std::unique_ptr<rtmp::Publisher> file, std::string path, std::vector<std::string> inputs,
                             PlayRecordingObserver& observer)
    : file_(std::move(file)), path_(std::move(path)), inputs_(std::move(inputs)), observer_(observer), thread_([this] {
          run();
      }) {}

PlayRecording::~PlayRecording() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.signal();
    isDone_.wait_for(kPatience);
    file_->cancel();
    thread_.join();
}

void PlayRecording::write(const Packet& packet) {
    if (over_) return;
    const auto size = packet.data ? packet.data->size() : 0;
    {
        const std::lock_guard lock(mutex_);
        const bool video = packet.track == Packet::Track::Video;
        if (video) pictures_ = packet.track;
        const bool begins = packet.kind == Packet::Kind::Key && (video || !pictures_);
        if (bytes_ + size > kBytes) waitsForKey_ = true;
        if (waitsForKey_ && packet.kind != Packet::Kind::Config) {
            if (!begins || bytes_ + size > kBytes) {
                ++leftOut_;
                return;
            }
            waitsForKey_ = false;
        }
        waiting_.push_back(packet);
        bytes_ += size;
    }
    wake_.signal();
}

std::optional<Packet> PlayRecording::next() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    std::optional<Packet> first(std::move(waiting_.front()));
    waiting_.pop_front();
    bytes_ -= first->data ? first->data->size() : 0;
    return first;
}

Result<void> PlayRecording::serve() {
    rtmp::PublisherSettings settings;
    settings.file.inputs = [inputs = inputs_] { return inputs; };
    settings.file.told = [this](Code code, std::string what) { observer_.recordingCode(code, std::move(what)); };
    if (auto opened = file_->open(base::Url::file(path_), settings, *this); !opened) return opened;
    if (auto begun = file_->begin(); !begun) return begun;
    for (;;) {
        wake_.drain();
        if (const auto packet = next()) {
            if (auto wrote = file_->write(*packet); !wrote) return wrote;
            continue;
        }
        {
            const std::lock_guard lock(mutex_);
            if (ending_ && waiting_.empty()) return {};
        }
        if (auto idle = file_->idle(rtmp::Publisher::Clock::time_point::max(), wake_); !idle) return idle;
    }
}

void PlayRecording::run() {
    base::nameThread("record");
    auto served = base::attempt([this] { return serve(); });
    const auto closed = base::attempt([&] { return file_->close(served ? rtmp::EndReason::Ended : rtmp::EndReason::Failed); });
    if (served && !closed) served = closed.error();
    std::uint64_t missing = 0;
    {
        const std::lock_guard lock(mutex_);
        missing = leftOut_;
    }
    if (!served && served.error().code != Code::Cancelled)
        observer_.recordingFailed(served.error());
    else if (missing > 0)
        observer_.recordingCode(Code::FileStalled, path_ + ": is complete but for " + std::to_string(missing) +
                                                       " pictures and blocks of sound, for which its disk was too slow");
    over_ = true;
    done_.set_value();
}

}  // namespace livepusher::playback
