// SPDX-License-Identifier: MIT
#include "simulator.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "playback/timeline.hpp"

namespace livepusher::playback::test {

Arrivals readArrivals(const std::string& name) {
    const auto path = LIVEPUSHER_ARRIVALS "/" + name + ".txt";
    std::ifstream file(path);
    Arrivals out;
    std::string word, key;
    std::int64_t interval = 0;
    if (!(file >> word >> interval >> key >> out.key) || word != "interval" || key != "key") throw std::runtime_error(path);
    out.interval = Timestamp(interval);
    while (file >> word) {
        const auto star = word.find('*');
        const auto count = star == std::string::npos ? 1 : std::stoul(word.substr(star + 1));
        out.lateness.insert(out.lateness.end(), count, Timestamp(std::stoll(word) * 1000));
    }
    return out;
}

int Course::count(Playout::News what, Timestamp from, Timestamp to) const {
    return static_cast<int>(
        std::ranges::count_if(news, [&](const Moment& m) { return m.news == what && m.at >= from && m.at < to; }));
}

Timestamp Course::settled(Timestamp from, Timestamp most) const {
    Timestamp since{-1};
    for (const auto& sample : samples) {
        if (sample.at < from) continue;
        if (!sample.running || sample.delay > most)
            since = Timestamp(-1);
        else if (since < Timestamp(0))
            since = sample.at;
        if (since >= Timestamp(0) && sample.at - since >= Timestamp(2'000'000)) return since;
    }
    return Timestamp::max();
}

Course play(const Arrivals& arrivals, Playing& run) {
    constexpr Timestamp kEpoch{1'000'000'000};  // now()'s clock when the sender's begins
    Playout playout(run.settings);
    Timeline timeline;
    Course out;
    const auto packets = arrivals.lateness.size() * static_cast<std::size_t>(run.times);
    const auto arrivalOf = [&](std::size_t i) {
        const double media = static_cast<double>(arrivals.interval.count()) * static_cast<double>(i);
        return kEpoch + Timestamp(std::llround(media / (1 + run.ppm / 1e6))) + arrivals.lateness[i % arrivals.lateness.size()];
    };
    std::size_t next = static_cast<std::size_t>(run.from / arrivals.interval);
    const auto begin = arrivalOf(next);
    Timestamp playhead{}, sampledAt{}, now = begin, latest{};
    double speed = 1, rest = 0;
    bool running = false;
    for (; next < packets || now < latest; now += run.step) {
        for (; next < packets && arrivalOf(next) <= now; ++next) {
            latest = std::max(latest, arrivalOf(next));
            const auto ms = arrivals.interval / 1000 * static_cast<std::int64_t>(next);
            const auto stamp = Timestamp((ms.count() + run.first) % (std::int64_t{1} << 32) * 1000);
            const bool key = next % arrivals.key == 0;
            const auto place = timeline.place(Packet::Track::Video, stamp, stamp, latest);
            playout.packet(Packet::Track::Video, key, place.dts, latest);
        }
        if (running) {
            const double moved = static_cast<double>(run.step.count()) * speed + rest;
            playhead += Timestamp(static_cast<std::int64_t>(moved));
            rest = moved - std::floor(moved);
            // What isn't there can't be played.
            playhead = std::min(playhead, playhead + std::max(playout.level(playhead), -run.step * 2));
        }
        const auto orders = playout.tick(now, playhead);
        running = orders.running;
        speed = orders.speed;
        if (orders.from) playhead = *orders.from;
        const auto delay = playout.delay(now, playhead);
        if (orders.news != Playout::News::None) out.news.push_back({now - begin, orders.news, delay});
        if (now - sampledAt < Timestamp(100'000)) continue;
        sampledAt = now;
        const auto off = delay - playout.target();
        if (running && now - begin > Timestamp(60'000'000)) run.worst = std::max(run.worst, off < Timestamp(0) ? -off : off);
        if (run.keepSamples)
            out.samples.push_back({now - begin, delay, playout.target(), playout.level(playhead), speed, running});
    }
    run.end = now - begin;
    out.stalls = playout.stalls();
    out.skips = playout.skips();
    out.skipped = playout.skipped();
    if (std::getenv("LIVEPUSHER_SHOW_COURSE") != nullptr) {
        for (const auto& sample : out.samples)
            std::printf("%7.1f %s delay %6.0f target %6.0f there %6.0f speed %.3f\n",
                        static_cast<double>(sample.at.count()) / 1e6, sample.running ? "plays" : "waits",
                        static_cast<double>(sample.delay.count()) / 1e3, static_cast<double>(sample.target.count()) / 1e3,
                        static_cast<double>(sample.behind.count()) / 1e3, sample.speed);
        for (const auto& moment : out.news)
            std::printf("%7.2f %s, delay %.0f\n", static_cast<double>(moment.at.count()) / 1e6,
                        moment.news == Playout::News::Began     ? "began"
                        : moment.news == Playout::News::Stalled ? "stalled"
                                                                : "skipped",
                        static_cast<double>(moment.delay.count()) / 1e3);
    }
    return out;
}

}  // namespace livepusher::playback::test
