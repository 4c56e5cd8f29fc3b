// SPDX-License-Identifier: MIT
#include "rtmp/conversation.hpp"

#include "base/ascii.hpp"
#include "base/big_endian.hpp"
#include "base/log.hpp"
#include "net/server_text.hpp"
#include "rtmp/login.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMaxReplies = 32;  // owed at one time; a server that asks faster is answered less often
constexpr std::size_t kMaxFourCcs = 32;
constexpr std::size_t kMaxQuestion = 4096;
constexpr std::string_view kReconnectRequest = "NetConnection.Connect.ReconnectRequest";
constexpr double kMaxBits = 0xFFFFFFFF;
constexpr unsigned kPingRequest = 6;
constexpr unsigned kPingResponse = 7;

Error malformed(const char* what) { return {Code::TransferFailed, std::string("the server sent malformed RTMP: ") + what}; }

// A wrong app or key stays wrong; a name in use or a busy server does not.
bool isPermanent(std::string_view code, std::string_view description) {
    if (code == "NetConnection.Connect.InvalidApp" || code == "NetStream.Publish.Denied") return true;
    const auto says = [&](std::string_view part) {
        return base::containsAnyCase(code, part) || base::containsAnyCase(description, part);
    };
    return says("authmod=") || says("AccessManager.Reject") || says("code=403") || says("unauthori") || says("authentication") ||
           says("authenticate");
}

// Of a FourCC in an info map (Enhanced RTMP v2, FourCcInfoMask): decodes it, or passes it on. That it can encode it says
// nothing of what it takes.
bool takes(const AmfValue& entry) {
    constexpr unsigned kCanDecode = 0x01;
    constexpr unsigned kCanForward = 0x04;
    if (entry.type != AmfValue::Type::Number || !(entry.number >= 0 && entry.number <= kMaxBits)) return false;
    return (static_cast<unsigned>(entry.number) & (kCanDecode | kCanForward)) != 0;
}

bool means(std::string_view fourCc, std::string_view wanted) { return fourCc == wanted || fourCc == "*"; }

// Servers of Enhanced RTMP's first version name video codecs only.
bool isVideo(std::string_view fourCc) {
    constexpr std::array<std::string_view, 8> codecs{kAvc, kHevc, kAv1, "vp08", "vp09", "vvc1", "hev1", "*"};
    return std::ranges::find(codecs, fourCc) != codecs.end();
}
bool isAudio(std::string_view fourCc) {
    constexpr std::array<std::string_view, 7> codecs{kAac, kOpus, ".mp3", "ac-3", "ec-3", "fLaC", "*"};
    return std::ranges::find(codecs, fourCc) != codecs.end();
}

const AmfValue* infoOf(const std::vector<AmfValue>& arguments) {
    const auto found = std::ranges::find_if(arguments, [](const AmfValue& value) {
        return value.type == AmfValue::Type::Object && (!value.text("code").empty() || !value.text("description").empty());
    });
    return found == arguments.end() ? nullptr : &*found;
}

const AmfValue* member(const AmfValue& of, std::string_view name) {
    const auto found = std::ranges::find(of.members, name, &AmfValue::name);
    return found == of.members.end() ? nullptr : &*found;
}

/// Where a refusal sends its client: `ex` of its information object, with code 302 and a URL in `redirect` (FMS, SRS,
/// nginx-rtmp). Empty: nowhere. Secret: it may hold a key or a token.
std::string redirectionIn(const AmfValue& info) {
    const AmfValue* const ex = member(info, "ex");
    const AmfValue* const code = ex ? member(*ex, "code") : nullptr;
    constexpr double kFound = 302;
    if (!code || (code->number != kFound && code->string != "302")) return {};
    // SRS gives the application in the one and the whole URL, with the stream's name, in the other.
    const auto to = ex->text("redirect");
    return std::string(to.empty() ? ex->text("redirect2") : to);
}

}  // namespace

std::optional<Error> Conversation::take(const InboundMessage& message) {
    switch (message.type) {
        case MessageType::UserControl:
        case MessageType::Acknowledgement:
        case MessageType::WindowAckSize:
        case MessageType::SetPeerBandwidth: return takeControl(message);
        case MessageType::Command: return takeCommand(message.body);
        case MessageType::CommandAmf3:  // AMF0 behind one byte (RTMP 1.0 §7.1.1)
            if (message.body.empty()) return malformed("an empty command");
            return takeCommand(message.body.subspan(1));
        case MessageType::Audio:
        case MessageType::Video:
        case MessageType::Data:
        case MessageType::DataAmf3:
        case MessageType::Aggregate: return takeMedia(message);
        default: return std::nullopt;  // shared objects mean nothing to us
    }
}

// Told with level "error" by most servers and "status" by some.
bool Conversation::refuses(std::string_view code) const {
    constexpr std::array<std::string_view, 6> codes{"NetConnection.Connect.Rejected",    "NetConnection.Connect.Failed",
                                                    "NetConnection.Connect.InvalidApp",  "NetConnection.Connect.Closed",
                                                    "NetConnection.Connect.AppShutdown", "NetStream.Failed"};
    return std::ranges::find(codes, code) != codes.end() || refusesStream(code);
}

const char* Conversation::awaited() const {
    switch (step_) {
        case Step::Connecting: return "connect";
        case Step::Creating: return "createStream";
        case Step::Asking: return asks_;
        case Step::Accepted: break;
    }
    return "";
}

std::optional<Error> Conversation::takeUserControl(std::span<const std::uint8_t> body) {
    if (body.size() < 2) return malformed("a control message that is too short");
    const auto event = static_cast<unsigned>(base::readBig(body.first(2)));
    if (event != kPingRequest) {
        if (body.size() >= 6) takeStreamEvent(event, static_cast<std::uint32_t>(base::readBig(body.subspan(2, 4))));
        return std::nullopt;
    }
    if (body.size() < 6) return malformed("a ping that is too short");
    const std::array<std::uint8_t, 6> pong{0, kPingResponse, body[2], body[3], body[4], body[5]};
    owe(MessageType::UserControl, pong);
    return std::nullopt;
}

std::optional<Error> Conversation::takeControl(const InboundMessage& message) {
    const auto body = message.body;
    if (message.type == MessageType::UserControl) return takeUserControl(body);
    if (body.size() < 4) return malformed("a control message that is too short");
    const std::uint32_t value = static_cast<std::uint32_t>(base::readBig(body.first(4)));
    if (message.type == MessageType::WindowAckSize)
        window_ = value;
    else if (message.type == MessageType::SetPeerBandwidth)
        owe(MessageType::WindowAckSize, base::bigBytes<4>(value));
    return std::nullopt;
}

std::optional<Error> Conversation::takeCommand(std::span<const std::uint8_t> body) {
    AmfReader reader(body);
    const auto name = reader.next();
    if (!name || name->type != AmfValue::Type::String) return malformed("a command without a name");
    const auto transaction = reader.next();
    const double id = transaction && transaction->type == AmfValue::Type::Number ? transaction->number : 0;
    std::vector<AmfValue> arguments;
    while (auto argument = reader.next()) arguments.push_back(std::move(*argument));
    const AmfValue* info = infoOf(arguments);
    const std::string_view code = info ? info->text("code") : "";
    const std::string_view description = info ? info->text("description") : "";

    if (info && (name->string == "_error" || name->string == "onStatus" || refuses(code))) {
        redirection_ = redirectionIn(*info);
        // The description often repeats the URL, with whatever secret that has.
        if (!redirection_.empty()) return refusal(code, "it names another server");
    }
    if (name->string == "_result") {
        if (id == kConnect && step_ == Step::Connecting) {
            if (refuses(code)) return refusal(code, description);
            readCapabilities(arguments);
            if (auto error = checkCapabilities()) return error;
            step_ = Step::Creating;
        } else if (id == kCreateStream && step_ == Step::Creating) {
            const double stream = arguments.size() > 1 && arguments[1].type == AmfValue::Type::Number ? arguments[1].number : 0;
            if (!(stream >= 0 && stream <= kMaxBits)) return malformed("createStream answered with an impossible stream id");
            streamId_ = static_cast<std::uint32_t>(stream);
            step_ = startedEarly_ ? Step::Accepted : Step::Asking;
        }
        return std::nullopt;
    }
    if (name->string == "_error") {
        // Many servers know no releaseStream and FCPublish, and publishing works all the same.
        if (id == kReleaseStream || id == kFcPublish) return std::nullopt;
        static_assert(kPublish == kPlay);
        const bool ours = id == kConnect || id == kCreateStream || id == kPublish;
        if (ours || refuses(code)) return refusal(code, description);
        return std::nullopt;
    }
    if (name->string == "close") return refusal(code, description);
    if (name->string != "onStatus") return std::nullopt;
    if (code == kReconnectRequest) {
        takeReconnectRequest(*info);
        return std::nullopt;
    }
    if (refuses(code) || (info && info->text("level") == "error")) return refusal(code, description);
    return takeStatus(code, description);
}

// Servers that take FCPublish for publish say it once, before they have answered createStream.
void Conversation::started() {
    if (step_ == Step::Asking) step_ = Step::Accepted;
    startedEarly_ = startedEarly_ || step_ == Step::Creating;
}

Error Conversation::refusal(std::string_view code, std::string_view description) {
    if (step_ == Step::Connecting && Login::isAsked(description)) loginAsked_ = description.substr(0, kMaxQuestion);
    std::string text = step_ == Step::Accepted ? "the server ended the stream" : std::string("the server refused ") + awaited();
    if (code.empty() && description.empty()) text += " without saying why";
    if (!code.empty()) text += ": " + serverText(code, secrets_);
    if (!description.empty()) text += ": " + serverText(description, secrets_);
    const bool permanent = isPermanent(code, description);
    const int kind = permanent || step_ != Step::Asking ? 0 : refusalKind(code, description);
    return {Code::ServerClosed, std::move(text), kind, permanent};
}

// They stand in either object of the answer: servers differ. Only strings and numbers of a sane size are kept.
void Conversation::readCapabilities(const std::vector<AmfValue>& arguments) {
    const auto keep = [this](std::string_view fourCc) {
        auto& all = capabilities_.fourCcs;
        if ((fourCc.size() == 4 || fourCc == "*") && all.size() < kMaxFourCcs && std::ranges::find(all, fourCc) == all.end())
            all.emplace_back(fourCc);
    };
    for (const auto& argument : arguments) {
        for (const auto& member : argument.members) {
            const bool isMap = member.name == "videoFourCcInfoMap" || member.name == "audioFourCcInfoMap";
            if (member.name == "capsEx" && member.number >= 0 && member.number <= kMaxBits)
                capabilities_.capsEx = static_cast<unsigned>(member.number);
            for (const auto& entry : member.members) {
                const bool listed = member.name == "fourCcList" && entry.type == AmfValue::Type::String;
                if (isMap) keep(entry.name);
                if (listed) keep(entry.string);
                const auto named = [&](const char* map, std::string_view wanted) {
                    return (listed && means(entry.string, wanted)) ||
                           (member.name == map && means(entry.name, wanted) && takes(entry));
                };
                const auto fourCc = std::string_view(listed ? entry.string : entry.name);
                capabilities_.anyVideo |= (listed && isVideo(fourCc)) || member.name == "videoFourCcInfoMap";
                capabilities_.anyAudio |= (listed && isAudio(fourCc)) || member.name == "audioFourCcInfoMap";
                capabilities_.opus = capabilities_.opus || named("audioFourCcInfoMap", kOpus);
                capabilities_.hevc = capabilities_.hevc || named("videoFourCcInfoMap", kHevc);
                capabilities_.av1 = capabilities_.av1 || named("videoFourCcInfoMap", kAv1);
            }
        }
    }
}

void Conversation::takeReconnectRequest(const AmfValue& info) {
    if (!enhanced_)
        return base::log(LogLevel::Debug, "the server asks to reconnect; Enhanced RTMP was not offered, so this is ignored");
    reconnectRequest_ = ReconnectRequest{std::string(info.text("tcUrl")), serverText(info.text("description"), secrets_)};
}

std::optional<ReconnectRequest> Conversation::takeReconnectRequest() { return std::exchange(reconnectRequest_, {}); }

void Conversation::received(std::size_t bytes) {
    received_ += static_cast<std::uint32_t>(bytes);
    if (window_ == 0 || received_ - acknowledged_ < window_) return;
    acknowledged_ = received_;
    owe(MessageType::Acknowledgement, base::bigBytes<4>(received_));
}

void Conversation::owe(MessageType type, std::span<const std::uint8_t> body) {
    if (replies_.size() == kMaxReplies) replies_.erase(replies_.begin());
    auto& reply = replies_.emplace_back();
    reply.type = type;
    reply.size = body.size();
    std::ranges::copy(body, reply.bytes.begin());
}

std::vector<ControlReply> Conversation::takeReplies() { return std::exchange(replies_, {}); }

}  // namespace livepusher::rtmp
