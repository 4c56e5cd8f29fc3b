// SPDX-License-Identifier: MIT
#include "capture/media_track.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

extern "C" {
#include <libavutil/display.h>
}

namespace livepusher::capture {
namespace {

Rotation turn(const std::uint8_t* matrix) {
    if (!matrix) return Rotation::None;
    const double degrees = -av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));  // clockwise
    if (std::isnan(degrees)) return Rotation::None;
    const auto quarters = std::lround(degrees / 90.0);
    return static_cast<Rotation>(((quarters % 4 + 4) % 4) * 90);
}

Rotation turn(const AVStream& stream, const AVFrame& frame) {
    if (const auto* matrix = avformat().av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr)) return turn(matrix);
    const auto* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return turn(side ? side->data : nullptr);
}

double rate(AVRational r) { return r.num > 0 && r.den > 0 ? av_q2d(r) : 0; }

}  // namespace

Result<void> TrackReader::open(Demuxer& demuxer, Track track, std::string name) {
    track_ = track;
    name_ = std::move(name);
    auto decoder = TrackDecoder::open(*demuxer.stream(track), name_);
    if (!decoder) return decoder.error();
    decoder_.emplace(std::move(*decoder));
    draining_ = false;
    frame_.reset(av_frame_alloc());
    return {};
}

Step TrackReader::step(Demuxer& demuxer) {
    const auto fail = [&](Error error) {
        error_ = std::move(error);
        return Step::Failed;
    };
    const auto received = decoder_->receive(*frame_);
    if (received == Step::Failed) return fail({Code::SourceFailed, name_ + ": can't be decoded"});
    if (received != Step::Again || draining_) return received;
    PacketPtr packet;
    const int error = demuxer.next(track_, packet);
    if (error == AVERROR_EXIT) return Step::Again;  // stop() is waiting: the caller looks
    if (error < 0 && error != AVERROR_EOF) {
        const auto why = error == AVERROR(ENOBUFS) ? "picture and sound lie too far apart in it: remux it"
                                                   : "reading broke off: " + avText(error);
        return fail({Code::SourceFailed, name_ + ": " + why, error});
    }
    draining_ = error == AVERROR_EOF;
    if (demuxer.takeBroken(track_)) decoder_->flush();
    if (auto sent = decoder_->send(packet.get()); !sent) return fail(sent.error());
    return Step::Again;
}

void TrackReader::restart() {
    decoder_->flush();
    draining_ = false;
}

std::optional<Timestamp> TrackReader::time(const Demuxer& demuxer) const {
    if (frame_->best_effort_timestamp == AV_NOPTS_VALUE) return std::nullopt;
    return Timestamp(av_rescale_q(frame_->best_effort_timestamp, stream(demuxer).time_base, kMicroseconds));
}

Timestamp TrackReader::duration(const Demuxer& demuxer) const {
    const auto& s = stream(demuxer);
    if (const double fps = rate(s.avg_frame_rate); fps > 0.1) return Timestamp(std::llround(1e6 / fps));
    if (frame_->pkt_duration > 0) return Timestamp(av_rescale_q(frame_->pkt_duration, s.time_base, kMicroseconds));
    return Timestamp(40'000);
}

Result<void> PictureTrack::open(Demuxer& demuxer, const std::string& name) {
    name_ = name;
    // A pixel format that can't be taken is better told now than with the first picture.
    const FramePtr probe(av_frame_alloc());
    probe->format = demuxer.stream(Track::Video)->codecpar->format;
    probe->width = probe->height = 16;
    if (probe->format != AV_PIX_FMT_NONE && av_frame_get_buffer(probe.get(), 0) == 0)
        if (const auto taken = converter_.convert(*probe); !taken) return named(taken.error());
    return reader_.open(demuxer, Track::Video, name);
}

Error PictureTrack::named(Error error) const {
    error.message = name_ + ": " + error.message;
    return error;
}

void PictureTrack::place(const Demuxer& demuxer, VideoFrame& frame) {
    auto& stream = reader_.stream(demuxer);
    frame.rotation = turn(stream, reader_.frame());
    const auto aspect = avformat().av_guess_sample_aspect_ratio(demuxer.context(), &stream, &reader_.frame());
    if (aspect.num > 0 && aspect.den > 0) {
        frame.sampleAspectNum = aspect.num;
        frame.sampleAspectDen = aspect.den;
    }
}

Step PictureTrack::fill(Demuxer& demuxer, Timestamp offset, Timestamp from) {
    if (pending_) {
        if (time_ + duration_ > from) return Step::Ready;
        pending_ = {};
    }
    const auto step = reader_.step(demuxer);
    if (step == Step::Failed) error_ = reader_.error();
    if (step != Step::Ready) return step;
    duration_ = reader_.duration(demuxer);
    const auto told = reader_.time(demuxer);
    time_ = told ? *told + offset : end_;
    end_ = time_ + duration_;
    if (end_ <= from) return Step::Again;
    auto frame = converter_.convert(reader_.frame());
    if (!frame) {
        error_ = named(frame.error());
        return Step::Failed;
    }
    pending_ = std::move(*frame);
    place(demuxer, pending_);
    return Step::Ready;
}

void PictureTrack::restart(Timestamp at) {
    reader_.restart();
    pending_ = {};
    end_ = at;
}

VideoSourceFormat PictureTrack::format(const Demuxer& demuxer, const std::string& name) const {
    const auto& stream = reader_.stream(demuxer);
    VideoSourceFormat format;
    format.width = stream.codecpar->width & ~1;
    format.height = stream.codecpar->height & ~1;
    const double average = rate(stream.avg_frame_rate), base = rate(stream.r_frame_rate);
    format.fps = average > 0 ? average : base <= 240 ? base : 0;
    format.constantRate = average > 0 && std::abs(average - base) <= average * 0.001;
    format.description = name + " (" + avcodec_get_name(stream.codecpar->codec_id) + ", " + std::to_string(format.width) + "x" +
                         std::to_string(format.height) + ")";
    return format;
}

Result<void> SoundTrack::open(Demuxer& demuxer, const std::string& name) { return reader_.open(demuxer, Track::Audio, name); }

void SoundTrack::want(const WantedAudio& wanted) {
    if (resampler_ && wanted.sampleRate == wanted_.sampleRate && wanted.channels == wanted_.channels) return;
    wanted_ = wanted;
    resampler_.emplace(wanted);
    fifo_.clear();
    read_ = 0;
    fresh_ = true;
}

void SoundTrack::skip(std::size_t frames) {
    read_ += frames;
    time_ += length(frames);
    if (available() > 0) return;
    fifo_.clear();
    read_ = 0;
}

void SoundTrack::pop() { skip(frames()); }

void SoundTrack::dropBefore(Timestamp from) {
    if (available() == 0 || time_ >= from) return;
    const auto early = static_cast<std::size_t>((from - time_).count() * wanted_.sampleRate / 1'000'000);
    skip(std::min(early, available()));
}

Result<void> SoundTrack::append(const Demuxer& demuxer, Timestamp offset) {
    // Where the decoder's frame begins, and what the resampler still holds of the one before.
    const auto told = reader_.time(demuxer);
    auto begin = told ? *told + offset - resampler_->delay() : end_;
    const auto off = begin - end_;
    // Files with coarse time stamps waver around the sample count; follow that, and the stamps slowly.
    constexpr Timestamp kGap{40'000};
    if (!std::exchange(fresh_, false) && off > -kGap && off < kGap) begin = end_ + off / 16;
    if (auto made = resampler_->convert(reader_.frame(), fifo_); !made) return made;
    time_ = begin;
    end_ = begin + length(available());
    return {};
}

Step SoundTrack::fill(Demuxer& demuxer, Timestamp offset, Timestamp from) {
    dropBefore(from);
    if (pending()) return Step::Ready;
    const auto step = reader_.step(demuxer);
    if (step == Step::Failed) error_ = reader_.error();
    if (step == Step::Ended && !drained_) {  // the few samples inside the resampler
        drained_ = true;
        time_ = end_;
        if (auto tail = resampler_->drain(fifo_); !tail) fifo_.clear();
        end_ += length(available());
        return pending() ? Step::Ready : Step::Ended;
    }
    if (step != Step::Ready) return step;
    if (auto appended = append(demuxer, offset); !appended) {
        error_ = appended.error();
        return Step::Failed;
    }
    // What begins before the last sample's end (a loop's padding) would sound twice.
    const auto heard = std::exchange(heard_, std::max(heard_, end_));
    dropBefore(std::max(from, heard - time_ < Timestamp(200'000) ? heard : from));
    return pending() ? Step::Ready : Step::Again;
}

void SoundTrack::restart(Timestamp at) {
    reader_.restart();
    if (resampler_) resampler_->reset();
    drained_ = false;
    fifo_.clear();
    read_ = 0;
    if (at == Timestamp{}) end_ = heard_ = at;
    fresh_ = true;
}

}  // namespace livepusher::capture
