// SPDX-License-Identifier: MIT
// Which of a file's tracks Demuxer takes.
#include <array>
#include <vector>

#include "av/demuxer.hpp"
#include "base/log.hpp"

namespace livepusher::capture {
namespace {

constexpr unsigned tag(char a, char b, char c, char d) {
    return static_cast<unsigned>(a) | static_cast<unsigned>(b) << 8U | static_cast<unsigned>(c) << 16U |
           static_cast<unsigned>(d) << 24U;
}

/// MP4's sample entries of what needs a key (ISO/IEC 23001-7, and Apple's older ones).
bool isEncrypted(const AVCodecParameters& parameters) {
    constexpr std::array kEncrypted{tag('e', 'n', 'c', 'v'), tag('e', 'n', 'c', 'a'), tag('d', 'r', 'm', 'i'),
                                    tag('d', 'r', 'm', 's')};
    for (const auto one : kEncrypted)
        if (parameters.codec_tag == one) return true;
    return false;
}

bool isEncrypted(const AVStream& stream) {
    return isEncrypted(*stream.codecpar) ||
           avformat().av_stream_get_side_data(&stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr);
}

bool canDecode(const AVStream& stream) {
    return !isEncrypted(stream) && avcodec_find_decoder(stream.codecpar->codec_id) != nullptr;
}

/// The four letters that the file names the track's kind with, or libav's word.
std::string kindOf(const AVCodecParameters& parameters) {
    std::string letters;
    for (unsigned i = 0; i < 4; ++i) {
        const auto letter = static_cast<unsigned char>(parameters.codec_tag >> (8 * i));
        if (std::isprint(letter) == 0) return avcodec_get_name(parameters.codec_id);
        letters += static_cast<char>(letter);
    }
    return letters;
}

std::string describe(const AVStream& stream) {
    const auto& parameters = *stream.codecpar;
    return "track " + std::to_string(stream.index) + " (" + (parameters.codec_type == AVMEDIA_TYPE_VIDEO ? "picture" : "sound") +
           ", " + kindOf(parameters) + ")" + (isEncrypted(stream) ? " is encrypted" : " can't be decoded here");
}

/// Streams that av_find_best_stream() is not to see, for a while.
class Hidden {
public:
    ~Hidden() {
        for (const auto& [stream, type] : streams_) stream->codecpar->codec_type = type;
    }
    void add(AVStream& stream) {
        streams_.emplace_back(&stream, stream.codecpar->codec_type);
        stream.codecpar->codec_type = AVMEDIA_TYPE_DATA;
    }

private:
    std::vector<std::pair<AVStream*, AVMediaType>> streams_;
};

}  // namespace

/// The best one that can be decoded; a cover only where there is nothing else.
int Demuxer::choose(Track track, int related) {
    const auto type = track == Track::Video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
    Hidden undecodable, covers;
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
        auto& stream = *format_->streams[i];
        if (stream.codecpar->codec_type != type) continue;
        if (!canDecode(stream)) {
            if (options_.tracks[index(track)]) warned_ += (warned_.empty() ? "" : ", ") + describe(stream);
            undecodable.add(stream);
        } else if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            covers.add(stream);
        }
    }
    const int best = avformat().av_find_best_stream(format_.get(), type, -1, related, nullptr, 0);
    // A track that began behind what was looked at: its decoder will tell what it is.
    for (unsigned i = 0; i < format_->nb_streams && best < 0; ++i)
        if (format_->streams[i]->codecpar->codec_type == type) return static_cast<int>(i);
    return best;
}

void Demuxer::chooseStreams() {
    auto& context = *format_;
    warned_.clear();
    for (unsigned i = 0; i < context.nb_streams; ++i) context.streams[i]->discard = AVDISCARD_ALL;
    int related = -1;
    for (const auto track : kTracks) {
        int found = choose(track, related);
        if (found < 0 && track == Track::Video)
            for (unsigned i = 0; i < context.nb_streams && found < 0; ++i)
                if ((context.streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0 && canDecode(*context.streams[i]))
                    found = static_cast<int>(i);
        if (found < 0) continue;
        related = found;
        streams_[index(track)] = found;
        if (options_.tracks[index(track)]) context.streams[found]->discard = AVDISCARD_DEFAULT;
    }
    if (!warned_.empty() && (streams_[0] >= 0 || streams_[1] >= 0)) {
        std::string taken;
        for (const int number : streams_)
            if (number >= 0)
                taken += (taken.empty() ? "" : " and ") + std::to_string(number) + " (" +
                         avcodec_get_name(context.streams[number]->codecpar->codec_id) + ")";
        base::log(LogLevel::Warning, label_ + ": " + warned_ + "; what is played is track " + taken);
    }
}

}  // namespace livepusher::capture
