// SPDX-License-Identifier: MIT
// By librtmp's encoder.
#include "flv/amf_writer.hpp"

#include <librtmp/amf.h>

#include <cassert>

#include "base/big_endian.hpp"

namespace livepusher::rtmp {

template <typename Encode>
AmfWriter& AmfWriter::append(std::size_t room, Encode encode) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + room);
    char* const begin = reinterpret_cast<char*>(bytes_.data() + before);
    char* const end = encode(begin, begin + room);
    assert(end);
    bytes_.resize(before + static_cast<std::size_t>(end - begin));
    return *this;
}

AmfWriter& AmfWriter::number(double value) {
    return append(9, [&](char* at, char* end) { return AMF_EncodeNumber(at, end, value); });
}

AmfWriter& AmfWriter::boolean(bool value) {
    return append(2, [&](char* at, char* end) { return AMF_EncodeBoolean(at, end, value ? 1 : 0); });
}

AmfWriter& AmfWriter::string(std::string_view value) {
    value = value.substr(0, 65535);
    const AVal text{const_cast<char*>(value.data()), static_cast<int>(value.size())};  // NOLINT: AVal is read only here
    return append(value.size() + 8, [&](char* at, char* end) { return AMF_EncodeString(at, end, &text); });
}

AmfWriter& AmfWriter::null() {
    bytes_.push_back(AMF_NULL);
    return *this;
}

AmfWriter& AmfWriter::beginObject() {
    bytes_.push_back(AMF_OBJECT);
    return *this;
}

AmfWriter& AmfWriter::beginEcmaArray(std::uint32_t count) {
    bytes_.push_back(AMF_ECMA_ARRAY);
    return append(4, [&](char* at, char* end) { return AMF_EncodeInt32(at, end, static_cast<int>(count)); });
}

AmfWriter& AmfWriter::beginStrictArray(std::uint32_t count) {
    bytes_.push_back(AMF_STRICT_ARRAY);
    return append(4, [&](char* at, char* end) { return AMF_EncodeInt32(at, end, static_cast<int>(count)); });
}

AmfWriter& AmfWriter::key(std::string_view name) {
    base::appendBig<2>(bytes_, name.size());
    bytes_.insert(bytes_.end(), name.begin(), name.end());
    return *this;
}

AmfWriter& AmfWriter::endObject() {
    return append(3, [](char* at, char* end) { return AMF_EncodeInt24(at, end, AMF_OBJECT_END); });
}

}  // namespace livepusher::rtmp
