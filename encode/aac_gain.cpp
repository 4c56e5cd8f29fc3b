// SPDX-License-Identifier: MIT
#include "encode/aac_gain.hpp"

#include "encode/aac_tables.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace livepusher::encode {

namespace {

constexpr int kSingle = 0, kPair = 1, kData = 4, kFill = 6, kEnd = 7;  // id_syn_ele
constexpr int kNoBook = 0, kLastSpectrum = 11, kReserved = 12, kNoise = 13;
constexpr int kEightShort = 2;  // window_sequence

/// The bits of a packet; past the end they are zeros.
class AacBits {
public:
    explicit AacBits(std::span<std::uint8_t> data) : data_(data) {}

    bool past() const { return at_ > data_.size() * 8; }
    std::size_t at() const { return at_; }
    std::size_t left() const { return past() ? 0 : data_.size() * 8 - at_; }
    void skip(int count) { at_ += static_cast<std::size_t>(count); }
    void align() { at_ = (at_ + 7) / 8 * 8; }

    int take(int count) {
        const auto value = static_cast<int>(peek() >> (32 - count));
        skip(count);
        return value;
    }
    std::uint32_t peek() const {  ///< the next 32, the first one highest
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 5; ++i) value = value << 8U | (at_ / 8 + i < data_.size() ? data_[at_ / 8 + i] : 0U);
        return static_cast<std::uint32_t>(value >> (8 - at_ % 8));
    }
    void put(std::size_t at, int count, int value) {
        for (int i = 0; i < count; ++i, ++at) {
            auto& byte = data_[at / 8];
            const auto mask = static_cast<std::uint8_t>(0x80U >> at % 8);
            const bool set = (value >> (count - 1 - i) & 1) != 0;
            byte = static_cast<std::uint8_t>(set ? byte | mask : byte & ~mask);
        }
    }

private:
    std::span<std::uint8_t> data_;
    std::size_t at_ = 0;
};

/// ics_info, and which book codes which band.
struct Channel {
    bool shortWindows = false;
    std::size_t bands = 0;
    std::vector<int> groups;              ///< windows in each
    std::vector<std::vector<int>> books;  ///< by group and band
};

class Walk {
public:
    Walk(std::span<std::uint8_t> packet, int sampleRate, int steps) : bits_(packet), sampleRate_(sampleRate), steps_(steps) {}

    /// What is wrong; nullptr when the packet's end was found where it is.
    const char* block() {
        while (!wrong_) {
            switch (bits_.take(3)) {
                case kSingle:
                    bits_.skip(4);
                    stream(nullptr);
                    break;
                case kPair: pair(); break;
                case kData: data(); break;
                case kFill: fill(); break;
                case kEnd: return bits_.past() ? "it ends early" : bits_.left() >= 8 ? "something follows its end" : nullptr;
                default: return "it has an element of another kind";
            }
            if (bits_.past()) return "it ends early";
        }
        return wrong_;
    }
    std::size_t at() const { return bits_.at(); }

private:
    void pair() {
        bits_.skip(4);
        if (!bits_.take(1)) {
            stream(nullptr);
            return stream(nullptr);
        }
        const Channel common = info();
        constexpr int kByBand = 1;
        if (bits_.take(2) == kByBand) bits_.skip(static_cast<int>(common.bands * common.groups.size()));
        stream(&common);
        stream(&common);
    }

    void data() {
        bits_.skip(4);
        const bool aligned = bits_.take(1) != 0;
        int bytes = bits_.take(8);
        if (bytes == 255) bytes += bits_.take(8);
        if (aligned) bits_.align();
        bits_.skip(8 * bytes);
    }

    void fill() {
        int bytes = bits_.take(4);
        if (bytes == 15) bytes += bits_.take(8) - 1;
        bits_.skip(8 * bytes);
    }

    Channel info() {
        Channel channel;
        bits_.skip(1);
        channel.shortWindows = bits_.take(2) == kEightShort;
        bits_.skip(1);
        channel.groups = {1};
        if (channel.shortWindows) {
            channel.bands = static_cast<std::size_t>(bits_.take(4));
            for (int window = 1; window < 8; ++window) {
                if (bits_.take(1)) {
                    ++channel.groups.back();
                } else {
                    channel.groups.push_back(1);
                }
            }
        } else {
            channel.bands = static_cast<std::size_t>(bits_.take(6));
            if (bits_.take(1)) wrong_ = "it has prediction, which AAC-LC has not";
        }
        if (channel.bands > aacBands(sampleRate_, channel.shortWindows).size()) wrong_ = "it has more bands than there are";
        return channel;
    }

    /// individual_channel_stream
    void stream(const Channel* common) {
        if (wrong_) return;
        const auto at = bits_.at();
        const int gain = bits_.take(8);
        Channel channel = common ? *common : info();
        if (bits_.past() || wrong_) return;
        if (gain + steps_ > 255) {
            wrong_ = "its gain is the highest already";
            return;
        }
        bits_.put(at, 8, gain + steps_);
        sections(channel);
        scaleFactors(channel);
        tools(channel);
        spectrum(channel);
    }

    void sections(Channel& channel) {
        const int width = channel.shortWindows ? 3 : 5, escape = (1 << width) - 1;
        for (std::size_t group = 0; group < channel.groups.size(); ++group) {
            auto& books = channel.books.emplace_back();
            while (books.size() < channel.bands && !bits_.past() && !wrong_) {
                const int book = bits_.take(4);
                if (book == kReserved) wrong_ = "it has a codebook that does not exist";
                int more = escape;
                while (more == escape) {
                    more = bits_.take(width);
                    books.insert(books.end(), static_cast<std::size_t>(more), book);
                }
                if (books.size() > channel.bands) wrong_ = "it has a section longer than its bands";
            }
            books.resize(channel.bands, kNoBook);
        }
    }

    void scaleFactors(const Channel& channel) {
        bool noise = false;
        for (const auto& books : channel.books) {
            for (const int book : books) {
                if (book == kNoBook) continue;
                if (book == kNoise && !noise) {
                    noise = true;
                    bits_.skip(9);
                } else {
                    pass(aacScaleFactorBook());
                }
            }
        }
    }

    /// pulse_data, tns_data, gain_control_data
    void tools(const Channel& channel) {
        if (bits_.take(1)) {
            const int pulses = bits_.take(2) + 1;
            bits_.skip(6 + 9 * pulses);
        }
        if (bits_.take(1)) {
            const bool brief = channel.shortWindows;
            for (int window = 0; window < (brief ? 8 : 1); ++window) {
                const int filters = bits_.take(brief ? 1 : 2);
                const int resolution = filters ? 3 + bits_.take(1) : 0;
                for (int i = 0; i < filters; ++i) {
                    bits_.skip(brief ? 4 : 6);
                    const int order = bits_.take(brief ? 3 : 5);
                    if (!order) continue;
                    bits_.skip(1);
                    const int compressed = bits_.take(1);
                    bits_.skip(order * (resolution - compressed));
                }
            }
        }
        if (bits_.take(1)) wrong_ = "it has gain control, which AAC-LC has not";
    }

    void spectrum(const Channel& channel) {
        const auto widths = aacBands(sampleRate_, channel.shortWindows);
        for (std::size_t group = 0; group < channel.groups.size(); ++group) {
            for (std::size_t band = 0; band < channel.bands; ++band) {
                const int book = channel.books[group][band];
                if (book == kNoBook || book > kLastSpectrum) continue;
                const int words = widths[band] * channel.groups[group] / (book <= 4 ? 4 : 2);
                for (int i = 0; i < words && !bits_.past(); ++i) pass(aacSpectrumBook(book));
            }
        }
    }

    void pass(const AacBook& book) {
        const auto next =
            std::ranges::upper_bound(book, bits_.peek(), std::ranges::less{}, &AacCodeword::value);  // value 0 is always there
        const auto& word = *(next - 1);
        bits_.skip(word.length + word.signs);
        for (int i = 0; i < word.escapes; ++i) {
            int ones = 0;
            while (bits_.take(1) && !bits_.past()) ++ones;
            bits_.skip(ones + 4);
        }
    }

    AacBits bits_;
    const int sampleRate_, steps_;
    const char* wrong_ = nullptr;
};

}  // namespace

Result<void> raiseAacGain(std::span<std::uint8_t> packet, int sampleRate, int steps) {
    Walk walk(packet, sampleRate, steps);
    if (const char* wrong = walk.block())
        return Error{Code::AudioEncodeFailed, "AAC: a packet of " + std::to_string(packet.size()) +
                                                  " bytes can't be made louder: " + wrong + " (bit " + std::to_string(walk.at()) +
                                                  ")"};
    return {};
}

}  // namespace livepusher::encode
