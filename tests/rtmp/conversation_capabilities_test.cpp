// SPDX-License-Identifier: MIT
#include "conversation_case.hpp"

namespace livepusher::rtmp {
namespace {

TEST(Conversation, KeepsWhatAServerSaysThatItCan) {
    AmfWriter out;
    out.string("_result").number(1).beginObject().member("fmsVer", "FMS/3,0,1,123").member("capsEx", 3.0);
    out.key("fourCcList").beginStrictArray(4).string("avc1").string("hvc1").string("toolong").number(7);
    out.key("videoFourCcInfoMap").beginObject().member("av01", 4.0).member("avc1", 4.0).member("*", 4.0).endObject();
    out.key("audioFourCcInfoMap").beginObject().member("Opus", 4.0).endObject().endObject();
    out.beginObject().member("level", "status").member("code", "NetConnection.Connect.Success").endObject();
    auto talk = at(Step::Connecting);
    EXPECT_FALSE(say(talk, out.bytes()));
    EXPECT_EQ(talk.capabilities().capsEx, 3U);
    EXPECT_EQ(talk.capabilities().fourCcs, (std::vector<std::string>{"avc1", "hvc1", "av01", "*", "Opus"}));
    EXPECT_FALSE(at(Step::Creating).capabilities().any()) << "a server of old";
}

/// connect's answer with that in it.
template <typename Write>
Bytes connected(Write write) {
    AmfWriter out;
    out.string("_result").number(1).beginObject().member("fmsVer", "FMS/3,0,1,123").endObject();
    out.beginObject().member("code", "NetConnection.Connect.Success");
    write(out);
    return out.endObject().bytes();
}

TEST(Conversation, GivesOpusToServersThatTakeIt) {
    const auto list = [](const char* fourCc) {
        return connected([&](AmfWriter& out) { out.key("fourCcList").beginStrictArray(2).string("avc1").string(fourCc); });
    };
    const auto map = [](const char* name, const char* fourCc, double bits) {
        return connected([&](AmfWriter& out) { out.key(name).beginObject().member(fourCc, bits).endObject(); });
    };
    const struct {
        const char* what;
        Bytes answer;
        const char* names;  ///< what the refusal says; null: there is none
    } cases[] = {
        {"in the list", list("Opus"), nullptr},
        {"all, in the list", list("*"), nullptr},
        {"decodes it", map("audioFourCcInfoMap", "Opus", 1), nullptr},
        {"passes it on", map("audioFourCcInfoMap", "Opus", 4), nullptr},
        {"passes all on", map("audioFourCcInfoMap", "*", 4), nullptr},
        {"encodes it, for players", map("audioFourCcInfoMap", "Opus", 2), "names Opus"},
        {"no bit", map("audioFourCcInfoMap", "Opus", 0), "names Opus"},
        {"nonsense", map("audioFourCcInfoMap", "Opus", -1), "names Opus"},
        {"all pictures", map("videoFourCcInfoMap", "*", 7), "names *"},
        {"others", list("mp4a"), "names avc1, mp4a"},
        {"a FourCC is spelled exactly", list("opus"), "names avc1, opus"},
        {"of old", kConnected, "names no codecs of Enhanced RTMP"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        PublishingConversation talk({"key"}, EnhancedRtmp::require, AudioCodec::opus);
        const auto error = say(talk, c.answer);
        EXPECT_EQ(error.has_value(), c.names != nullptr);
        if (!error) continue;
        EXPECT_EQ(error->code, Code::ServerClosed);
        EXPECT_TRUE(error->permanent) << "it will say the same again";
        EXPECT_EQ(error->message, std::string("the server does not take Opus: its answer to connect ") + c.names +
                                      "; audioCodec=aac works with every server");
        EXPECT_EQ(talk.step(), Step::Connecting) << "nothing is published";
        PublishingConversation aac({"key"}, EnhancedRtmp::require);
        EXPECT_FALSE(say(aac, c.answer)) << "AAC needs no answer";
    }
}

TEST(Conversation, GivesHevcAndAv1ToServersThatTakeThem) {
    const auto answer = [](const char* name, const char* fourCc, double bits) {
        return connected([&](AmfWriter& out) { out.key(name).beginObject().member(fourCc, bits).endObject(); });
    };
    const auto list = [](const char* fourCc) {
        return connected([&](AmfWriter& out) { out.key("fourCcList").beginStrictArray(1).string(fourCc); });
    };
    const struct {
        const char* what;
        Bytes answer;
        bool hevc, av1;
    } cases[] = {
        {"hvc1 in the list", list("hvc1"), true, false},
        {"av01 in the list", list("av01"), false, true},
        {"all, in the list", list("*"), true, true},
        {"decodes hvc1", answer("videoFourCcInfoMap", "hvc1", 1), true, false},
        {"passes av01 on", answer("videoFourCcInfoMap", "av01", 4), false, true},
        {"passes all on", answer("videoFourCcInfoMap", "*", 4), true, true},
        {"encodes hvc1, for players", answer("videoFourCcInfoMap", "hvc1", 2), false, false},
        {"all sound", answer("audioFourCcInfoMap", "*", 7), false, false},
        {"of old", kConnected, false, false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        PublishingConversation hevc({"key"}, EnhancedRtmp::require, AudioCodec::aac, VideoCodec::hevc),
            av1({"key"}, EnhancedRtmp::require, AudioCodec::aac, VideoCodec::av1);
        const auto noHevc = say(hevc, c.answer), noAv1 = say(av1, c.answer);
        EXPECT_EQ(!noHevc, c.hevc);
        EXPECT_EQ(!noAv1, c.av1);
        for (const auto* refused : {&noHevc, &noAv1}) {
            if (!*refused) continue;
            EXPECT_EQ((*refused)->code, Code::ServerClosed);
            EXPECT_TRUE((*refused)->permanent);
            EXPECT_TRUE((*refused)->message.ends_with("; videoCodec=h264 works with every server")) << (*refused)->message;
        }
        PublishingConversation avc({"key"}, EnhancedRtmp::require);
        EXPECT_FALSE(say(avc, c.answer)) << "H.264 needs no answer";
    }
}

TEST(Conversation, GivesServersThatAreSilentWhatTheyMayTake) {
    const auto list = [](std::vector<const char*> fourCcs) {
        return connected([&](AmfWriter& out) {
            out.key("fourCcList").beginStrictArray(static_cast<std::uint32_t>(fourCcs.size()));
            for (const auto* fourCc : fourCcs) out.string(fourCc);
        });
    };
    const struct {
        const char* what;
        Bytes answer;
        const char* presumed;
        const char* refused;  ///< what is; null: nothing
    } cases[] = {
        {"of old", kConnected, "H.265 and Opus", nullptr},
        {"the first version, which names pictures alone", list({"av01", "vp09", "hvc1"}), "Opus", nullptr},
        {"names sound alone", list({"Opus", "mp4a"}), "H.265", nullptr},
        {"takes both", list({"hvc1", "Opus"}), "", nullptr},
        {"takes all", list({"*"}), "", nullptr},
        {"other pictures", list({"av01"}), "", "the server does not take H.265: its answer to connect names av01"},
        {"other sound", list({"hvc1", "mp4a"}), "", "the server does not take Opus: its answer to connect names hvc1, mp4a"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        PublishingConversation talk({"key"}, EnhancedRtmp::automatic, AudioCodec::opus, VideoCodec::hevc);
        const auto error = say(talk, c.answer);
        EXPECT_EQ(error.has_value(), c.refused != nullptr);
        if (error) {
            EXPECT_TRUE(error->message.starts_with(c.refused)) << error->message;
            EXPECT_TRUE(error->permanent);
        } else {
            EXPECT_EQ(talk.presumed().names, c.presumed);
        }
        PublishingConversation bold({"key"}, EnhancedRtmp::assume, AudioCodec::opus, VideoCodec::hevc);
        EXPECT_FALSE(say(bold, c.answer)) << "assume asks nobody";
        EXPECT_EQ(bold.presumed().names, "");
    }
}

TEST(Conversation, FindsOpusHoweverMuchElseIsNamed) {
    PublishingConversation talk({"key"}, EnhancedRtmp::require, AudioCodec::opus);
    EXPECT_FALSE(say(talk, connected([](AmfWriter& out) {
                         out.key("fourCcList").beginStrictArray(101);
                         for (int i = 1000; i < 1100; ++i) out.string(std::to_string(i));
                         out.string("Opus");
                     })));
}

TEST(Conversation, TakesNoNonsenseForCapabilities) {
    AmfWriter out;
    out.string("_result").number(1).beginObject().member("capsEx", -1.0).member("fourCcList", "avc1");
    out.key("videoFourCcInfoMap").beginObject();
    for (int i = 1000; i < 1200; ++i) out.member(std::to_string(i), 1.0);
    out.endObject().member("capsEx", 1e300).endObject();
    auto talk = at(Step::Connecting);
    EXPECT_FALSE(say(talk, out.bytes()));
    EXPECT_EQ(talk.capabilities().capsEx, 0U);
    EXPECT_EQ(talk.capabilities().fourCcs.size(), 32U);
}

}  // namespace
}  // namespace livepusher::rtmp
