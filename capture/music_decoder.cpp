// SPDX-License-Identifier: MIT
#include "capture/music_decoder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "base/place.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

/// A decoder that begins in the middle needs a few packets until it is right (MP3's bit reservoir, Opus' 80 ms).
constexpr Timestamp kPreroll{200'000};

constexpr std::chrono::seconds kPause{1};

/// Whether a server may think otherwise a little later.
bool mayPass(int status) { return status / 100 != 4 || status == 408 || status == 425 || status == 429; }

Error ofMusic(Error error) {
    error.code = Code::BgmFailed;
    return error;
}

}  // namespace

MusicDecoder::MusicDecoder(MusicSettings settings)
    : place_(std::move(settings.url)),
      name_("music \"" + base::publicName(place_) + "\""),
      wanted_(settings.wanted),
      loops_(settings.loop),
      patience_(settings.patience),
      resampler_(wanted_) {
    const auto parsed = base::Place::parse(place_);
    if (parsed && parsed->isHttp())
        http_.emplace(HttpStream::Options{.url = place_,
                                          .network = std::move(settings.network),
                                          .resume = patience_.count() > 0,
                                          .resumeFor = patience_,
                                          .onResuming = [this](const Error* broken) { tell(broken); }});
}

void MusicDecoder::tell(const Error* broken) {
    if (std::exchange(broken_, broken != nullptr) == broken_) return;
    base::log(broken ? LogLevel::Warning : LogLevel::Info,
              name_ + (broken ? ": " + broken->message + "; it is asked for again, under silence" : ": goes on again"));
}

/// False: cancelled meanwhile.
bool MusicDecoder::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !woken_.wait_for(lock, time, [this] { return cancelled_.load(); });
}

Error MusicDecoder::failed(const std::string& what, int native) const { return {Code::BgmFailed, name_ + ": " + what, native}; }

void MusicDecoder::cancel() {
    {
        std::lock_guard lock(mutex_);
        cancelled_ = true;
    }
    woken_.notify_all();
    if (http_) http_->cancel();
}

bool MusicDecoder::live() const { return http_ && !http_->seekable() && !http_->size(); }

Timestamp MusicDecoder::start() const {
    const auto& stream = *demuxer_->stream(Track::Audio);
    if (stream.start_time == AV_NOPTS_VALUE) return Timestamp{};
    return timestampOf(stream.start_time, stream.time_base);
}

Result<void> MusicDecoder::openPath() {
    Demuxer::Options options{.target = place_, .tracks = {false, true}, .cancel = &cancelled_, .label = name_};
    if (http_) {
        options.http = &*http_;
        demuxer_.emplace(std::move(options));
        return {};
    }
    const auto place = base::Place::parse(place_);
    if (!place) return failed(place.error().message);
    if (place->isUrl()) return failed("scheme \"" + place->scheme + "\": must be a path or a file://, http:// or https:// URL");
    // A file of that name, not what stands in for standard input elsewhere.
    const auto path = place->kind == base::Place::Kind::StandardInput ? "./-" : place->text;
    struct stat info {};
    if (stat(path.c_str(), &info) != 0)
        return failed(errno == ENOENT ? "there is no such file" : std::generic_category().message(errno), errno);
    if (!S_ISREG(info.st_mode))
        return failed(S_ISDIR(info.st_mode) ? "a directory: must be a file" : "a device, pipe or socket: must be a file");
    options.target = path;
    demuxer_.emplace(std::move(options));
    return {};
}

Result<void> MusicDecoder::openDemuxer() {
    primed_.reset();
    skip_ = 0;
    any_ = false;
    if (auto found = openPath(); !found) return found;
    if (auto opened = demuxer_->open(); !opened) return ofMusic(opened.error());
    const auto* stream = demuxer_->stream(Track::Audio);
    if (!stream) return failed("there is no sound in it");
    if (auto opened = reader_.open(*demuxer_, Track::Audio, name_); !opened) return ofMusic(opened.error());
    if (stream->duration > 0) {
        duration_ = timestampOf(stream->duration, stream->time_base);
    } else if (demuxer_->context()->duration > 0) {
        duration_ = Timestamp(demuxer_->context()->duration);
    }
    return {};
}

Result<void> MusicDecoder::open() {
    resampler_.reset();
    return openDemuxer();
}

// Opened anew and not sought in: all formats give the very same samples again, and what can't be sought in does as well.
Result<void> MusicDecoder::beginAgain() {
    const auto until = std::chrono::steady_clock::now() + patience_;
    for (;;) {
        auto opened = openDemuxer();
        const auto failure = http_ && !opened ? http_->failure() : std::nullopt;
        if (!failure || !loops_ || !mayPass(failure->native) || std::chrono::steady_clock::now() >= until) {
            if (opened) tell(nullptr);
            return opened;
        }
        tell(&*failure);
        if (!pause(kPause)) return opened;
    }
}

Result<std::int64_t> MusicDecoder::seek(std::int64_t frame) {
    resampler_.reset();
    const auto target = base::lengthOf(frame, wanted_.sampleRate);
    const auto at = target - kPreroll;
    const bool can = !http_ || http_->seekable();
    if (at <= Timestamp{} || !can || !demuxer_->seek(Track::Audio, (start() + at).count())) {
        if (auto opened = openDemuxer(); !opened) return opened.error();
        skip_ = frame;
        return frame;
    }
    reader_.restart();
    primed_.reset();
    skip_ = 0;
    any_ = true;
    do {
        primed_ = step();
    } while (primed_ == Step::Again && !cancelled_);
    if (primed_ == Step::Failed) return error_;
    if (primed_ != Step::Ready) return frame;
    const auto told = reader_.time(*demuxer_);
    const auto first = told ? frames(*told - start()) : frames(at);
    skip_ = std::max<std::int64_t>(frame - first, 0);
    return std::max(frame, first);
}

Step MusicDecoder::step() {
    const auto fail = [&](Error error) {
        error_ = std::move(error);
        return Step::Failed;
    };
    const auto step = reader_.step(*demuxer_);
    if (step == Step::Ready) any_ = true;
    if (step != Step::Ended && step != Step::Failed) return step;
    // Some demuxers take a connection that broke for the file's end.
    if (http_ && http_->failure()) {
        if (!loops_ || !any_ || cancelled_ || patience_.count() == 0) return fail(failed(http_->failure()->message));
        tell(&*http_->failure());  // the rest is not to be had: it begins again, as it will at its end
        return Step::Ended;
    }
    if (step == Step::Failed) return fail(ofMusic(reader_.error()));
    return any_ ? Step::Ended : fail(failed("there is no sound in it that could be decoded"));
}

Step MusicDecoder::read(std::vector<float>& out) {
    const auto step = primed_ ? *std::exchange(primed_, std::nullopt) : this->step();
    if (step != Step::Ready) return step;
    const auto before = static_cast<std::ptrdiff_t>(out.size());
    if (auto made = resampler_.convert(reader_.frame(), out); !made) {
        error_ = failed(made.error().message, made.error().native);
        return Step::Failed;
    }
    drop(out, before);
    return Step::Ready;
}

void MusicDecoder::drop(std::vector<float>& out, std::ptrdiff_t before) {
    if (skip_ == 0) return;
    const auto count = std::min(skip_, (std::ssize(out) - before) / wanted_.channels);
    out.erase(out.begin() + before, out.begin() + before + count * wanted_.channels);
    skip_ -= count;
}

void MusicDecoder::drain(std::vector<float>& out) {
    const auto before = static_cast<std::ptrdiff_t>(out.size());
    if (!resampler_.drain(out)) out.resize(static_cast<std::size_t>(before));
    drop(out, before);
}

}  // namespace livepusher::capture
