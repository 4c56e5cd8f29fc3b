// SPDX-License-Identifier: MIT
#include "pipeline/targets.hpp"

#include "properties/network.hpp"
#include "properties/renditions.hpp"
#include "properties/targets.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;

/// What a target that is taken out has for what it holds.
constexpr auto kLeaving = 1s;
/// Time stamps of a target that joins begin a little above zero: sound reaches back before the first picture.
constexpr Timestamp kBeforeJoining = 100ms;
/// And where another thread encodes them, which may be behind, more so.
constexpr Timestamp kBeforeRendition = 300ms;
/// A key frame may come a little later than it should.
constexpr Timestamp kKeyLate = 500ms;

rtmp::PublisherSettings settingsOf(const Properties& properties, const livepusher::Target& target, bool video, bool audio,
                                   const rtmp::FileSettings& file) {
    rtmp::PublisherSettings settings;
    settings.network = properties::networkOf(properties);
    settings.enhancedRtmp = properties.enhancedRtmp;
    if (audio) settings.audioCodec = *target.audioCodec;
    if (video) settings.videoCodec = properties.videoCodec;
    settings.file = file;
    return settings;
}

/// Without what can be changed under a stream that goes on.
livepusher::Target place(livepusher::Target target) {
    for (const auto& member : properties::renditionMembers()) (target.*member.value).reset();
    return target;
}

std::string backupOf(std::string_view id) { return std::string(id) + ".backup"; }

}  // namespace

Targets::Targets(const Stages& stages, session::ControlLoop& control, Events& events, KeyFrameSource& pictures,
                 PushObserver& observer, Tracks tracks)
    : stages_(stages), control_(control), events_(events), observer_(observer), tracks_(tracks), keyFrames_(pictures) {}

Targets::~Targets() = default;

void Targets::follow(const Properties& properties, const rtmp::FileSettings& file) {
    const auto wanted = properties::allTargets(properties);
    const auto isIn = [](const auto& list, const livepusher::Target& target) {
        return std::ranges::find(list, place(target), place) != list.end();
    };
    aac_ = properties::soundRendition(properties, AudioCodec::aac);
    const bool hot = std::ranges::any_of(wanted, [](const auto& target) { return target.backup == Backup::hot; });
    keyFrames_.share(wanted.size() > 1 || hot);
    const auto gop = std::chrono::duration_cast<Timestamp>(std::chrono::duration<double>(resolve(properties).gop));
    keyInterval_ = keyFrames_.shared() ? gop + kKeyLate : Timestamp::zero();
    for (const auto& target : wanted_) {
        if (isIn(wanted, target)) continue;
        leave(target.id);
        leave(backupOf(target.id));
    }
    std::erase_if(wanted_, [&](const auto& target) { return !isIn(wanted, target); });
    const auto resolved = resolve(properties);
    for (const auto& target : wanted) {
        const int rendition = renditions_.numberOf(properties::renditionOf(target, resolved));
        const auto known = std::ranges::find(wanted_, place(target), place);
        if (known != wanted_.end()) {
            const bool changed = std::exchange(*known, target) != target;
            if (find(target.id) || !changed) {
                want(target.id, rendition);
                want(backupOf(target.id), rendition);
                continue;
            }
            wanted_.erase(known);  // its rendition had failed, and it wants another
        }
        add(properties, target, rendition, file);
        wanted_.push_back(target);  // one that could not be made is wanted again by the next change
    }
    for (const auto& target : targets_) target->awaitKey(keyInterval_);
    if (std::exchange(begun_, true)) observer_.renditionsChanged();
    noteOutage();
}

void Targets::want(std::string_view id, int rendition) {
    auto* const target = find(id);
    if (!target) return;
    std::unique_lock lock(mutex_);
    std::lock_guard configs(configMutex_);
    target->want(rendition, configOf(Packet::Track::Video, rendition));
}

void Targets::add(const Properties& properties, const livepusher::Target& target, int rendition, const rtmp::FileSettings& file) {
    TargetPush::Settings settings{.id = target.id,
                                  .urls = {},
                                  .reconnect = *base::ReconnectSpec::parse(target.reconnect),
                                  .preferFirst = target.preferFirst,
                                  .publisher = settingsOf(properties, target, tracks_.video, tracks_.audio, file),
                                  .video = tracks_.video,
                                  .audio = tracks_.audio,
                                  // Where delay counts most, nothing waits for its turn.
                                  .ordered = tracks_.video && tracks_.audio && !resolve(properties).lowLatency,
                                  .rendition = rendition,
                                  .soundRendition = properties::soundRendition(properties, *target.audioCodec)};
    for (const auto& text : target.urls) settings.urls.push_back(*base::Url::parse(text, target.streamKey));
    if (target.backup == Backup::hot) {
        auto backup = settings;
        backup.id = backupOf(target.id);
        backup.urls = {settings.urls[1]};
        settings.urls.erase(settings.urls.begin() + 1);
        add(std::move(settings));
        return add(std::move(backup));
    }
    add(std::move(settings));
}

void Targets::add(TargetPush::Settings settings) {
    settings.publisher.file.told = [events = TargetEvents(events_, settings.id)](Code code, std::string what) {
        events.code(code, std::move(what));
    };
    TargetObserver& me = *this;
    const int rendition = settings.rendition, sound = settings.soundRendition;
    auto target = std::make_unique<TargetPush>(stages_.publisher, std::move(settings), control_, events_, keyFrames_, me);
    std::unique_lock lock(mutex_);
    if (begun_) {
        std::lock_guard configs(configMutex_);
        std::vector<Packet> inForce;
        if (auto config = configOf(Packet::Track::Video, rendition)) inForce.push_back(std::move(*config));
        if (auto config = configOf(Packet::Track::Audio, sound)) inForce.push_back(std::move(*config));
        const auto before = rendition ? kBeforeRendition : kBeforeJoining;
        target->join(inForce, std::max(Timestamp(reached_) - before, Timestamp::zero()));
    }
    if (sourcesOpen_) target->sourcesOpen();
    targets_.push_back(std::move(target));
}

void Targets::leave(std::string_view id) {
    const auto found = std::ranges::find(targets_, id, &TargetPush::id);
    if (found == targets_.end()) return;
    {
        std::unique_lock lock(mutex_);
        leaving_.push_back(std::move(*found));
        targets_.erase(found);
    }
    reconnectsBefore_ += leaving_.back()->link().reconnects();
    bytesBefore_ += leaving_.back()->link().statistics().bytesSent;
    leaving_.back()->finish();  // and it ends by itself; who doesn't in time is cut
    control_.postAfter(kLeaving, alive_.guard([this] { leaving_.erase(leaving_.begin()); }));
}

TargetPush* Targets::find(std::string_view id) const {
    const auto found = std::ranges::find(targets_, id, &TargetPush::id);
    return found == targets_.end() ? nullptr : found->get();
}

std::optional<Packet> Targets::configOf(Packet::Track track, int rendition) const {
    const auto found = configs_.find({track, rendition});
    return found == configs_.end() ? std::nullopt : std::optional(found->second);
}

bool Targets::isIn(const TargetPush& target) const {
    return std::ranges::any_of(targets_, [&](const auto& mine) { return mine.get() == &target; });
}

void Targets::sourcesOpen() {
    sourcesOpen_ = true;
    for (const auto& target : targets_) target->sourcesOpen();
}

bool Targets::deliver(const Packet& packet) {
    std::shared_lock lock(mutex_);
    if (packet.kind == Packet::Kind::Config) {
        std::lock_guard configs(configMutex_);
        configs_.insert_or_assign({packet.track, packet.rendition}, packet);
    } else {
        reached_ = packet.dts.count();
    }
    bool wanted = false;
    for (const auto& target : targets_)
        if (target->wants(packet)) wanted = target->deliver(packet) || wanted;
    return wanted && !keyFrames_.shared();
}

void Targets::finish(std::chrono::milliseconds atMost) {
    const auto until = std::chrono::steady_clock::now() + atMost;
    for (const auto& target : targets_) target->finish();
    for (const auto& target : targets_) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        target->drain(std::max(left, 0ms));
    }
    alive_.renew();
    leaving_.clear();
}

bool Targets::publishing() const {
    return std::ranges::any_of(targets_, [](const auto& target) { return target->link().publishing(); });
}

int Targets::reconnects() const {
    int all = reconnectsBefore_;
    for (const auto& target : targets_) all += target->link().reconnects();
    return all;
}

std::uint64_t Targets::bytesSent() const {
    auto all = bytesBefore_;
    for (const auto& target : targets_) all += target->link().statistics().bytesSent;
    return all;
}

const TargetPush& Targets::first() const {
    const auto publishes = [](const auto& target) { return target->link().publishing(); };
    auto found = std::ranges::find_if(targets_, publishes);
    if (found == targets_.end()) found = std::ranges::find_if(targets_, [](const auto& target) { return !target->gaveUp(); });
    return found == targets_.end() ? *targets_.front() : **found;
}

std::vector<const TargetPush*> Targets::steering(Steer steer) const {
    std::vector<const TargetPush*> those;
    for (const auto& target : targets_) {
        if (!target->link().publishing() || target->renditions().current != 0) continue;
        those.push_back(target.get());
        if (steer == Steer::first) break;
    }
    return those;
}

void Targets::published(TargetPush& target) {
    if (!isIn(target)) return;
    everPublished_ = true;
    if (!std::exchange(wasPublishing_, true)) observer_.published();
    observer_.connected(target);
}

void Targets::interrupted(TargetPush& target) {
    if (isIn(target)) noteOutage();
}

void Targets::gaveUp(TargetPush& target, const Error& cause) {
    if (!isIn(target)) return;
    cause_ = cause;
    observer_.renditionsChanged();
    noteOutage();
}

void Targets::wentOver(TargetPush& target) {
    if (isIn(target)) observer_.renditionsChanged();
}

const std::vector<NumberedRendition>& Targets::renditions() {
    std::vector<int> numbers;
    for (const auto& target : targets_) {
        if (target->gaveUp()) continue;
        const auto routes = target->renditions();
        numbers.insert(numbers.end(), {routes.current, routes.wanted});
    }
    const auto& wanted = renditions_.keep(numbers);
    std::lock_guard configs(configMutex_);
    std::erase_if(configs_, [&](const auto& config) {
        const auto [track, number] = config.first;
        return track == Packet::Track::Video && number != 0 &&
               std::ranges::find(wanted, number, &NumberedRendition::number) == wanted.end();
    });
    return wanted;
}

void Targets::renditionTold(int number, Code code, const std::string& what) {
    const auto* info = describeCode(static_cast<int>(code));
    for (const auto& target : targets_) {
        if (target->gaveUp() || !target->renditions().have(number)) continue;
        const TargetEvents events(events_, target->id());
        if (info && info->severity == Severity::Failure)
            events.error({code, what});
        else
            events.code(code, what);
    }
}

void Targets::renditionFailed(int number, const Error& why) {
    renditions_.failed(number);
    std::vector<std::string> over;
    for (const auto& target : targets_) {
        const auto routes = target->renditions();
        if (target->gaveUp() || !routes.have(number)) continue;
        const TargetEvents events(events_, target->id());
        events.error(why);
        target->lose(number);
        if (routes.current != routes.wanted) continue;  // there is another for it
        events.code(Code::ConnectionGivenUp, "not tried again: its picture can't be encoded: " + why.message);
        over.push_back(target->id());
    }
    if (!over.empty()) cause_ = why;
    for (const auto& id : over) leave(id);
    observer_.renditionsChanged();
    noteOutage();
}

/// Pictures are encoded once: what others get is not changed for one.
bool Targets::fallBack(TargetPush& target, bool pictures, bool sound) {
    if (!isIn(target) || (pictures && targets_.size() > 1) || !observer_.fallBack(pictures, sound)) return false;
    {
        std::unique_lock lock(mutex_);
        std::lock_guard configs(configMutex_);
        if (pictures) target.takeOtherPictures();
        if (sound) target.takeOtherSound(aac_);
        for (const auto& [of, config] : configs_) {
            // What has come already.
            const bool video = config.track == Packet::Track::Video;
            const bool newPictures = video && config.description && config.description->videoCodec == VideoCodec::h264;
            if (target.wants(config) && ((pictures && newPictures) || (sound && !video))) target.deliver(config);
        }
    }
    if (pictures) keyFrames_.forceKey();
    return true;
}

/// After something was lost: whether there is a target that still publishes, or is tried.
void Targets::noteOutage() {
    if (!gaveUp_ && cause_ && std::ranges::all_of(targets_, [](const auto& target) { return target->gaveUp(); })) {
        gaveUp_ = true;
        observer_.gaveUp(*cause_);
    } else if (std::exchange(wasPublishing_, publishing()) && !wasPublishing_) {
        observer_.interrupted();
    }
}

}  // namespace livepusher::pipeline
