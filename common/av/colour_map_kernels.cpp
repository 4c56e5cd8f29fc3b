// SPDX-License-Identifier: MIT
#include "av/colour_map_kernels.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "av/colour_map_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace livepusher::capture::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr unsigned kMost = 1023;
constexpr unsigned kColumn = ColourMap::kLumaNodes * ColourMap::kValues;
constexpr unsigned kSheet = kColumn * ColourMap::kChromaNodes;
static_assert(ColourMap::kOne == 64 && ColourMap::kValues == 4);

/// Shares of 32768, eight times each: what a vector multiplies by.
constexpr unsigned kShares = 32;
using Shares = std::array<std::array<std::int16_t, 8>, kShares>;
constexpr Shares makeShares() {
    Shares made{};
    for (unsigned i = 0; i < kShares; ++i)
        for (auto& share : made[i]) share = static_cast<std::int16_t>(i * (32768 / kShares));
    return made;
}
alignas(16) constexpr Shares kShareOf = makeShares();

/// Where a block lies among the nodes.
HWY_INLINE MapRows::Place placeOf(unsigned u, unsigned v, unsigned y) {
    constexpr unsigned c = ColourMap::kChromaStep, l = ColourMap::kLumaStep;
    return {u / c * kSheet + v / c * kColumn + y / l * ColourMap::kValues,
            u % c * (kShares / c) | v % c * (kShares / c) << 8U | y % l * (kShares / l) << 16U};
}

HWY_INLINE std::size_t shareU(const MapRows::Place& at) { return at.shares & 0xFFU; }
HWY_INLINE std::size_t shareV(const MapRows::Place& at) { return at.shares >> 8U & 0xFFU; }
HWY_INLINE std::size_t shareY(const MapRows::Place& at) { return at.shares >> 16U; }

void greysOf(const std::int16_t* HWY_RESTRICT grey, const std::uint16_t* HWY_RESTRICT row, std::int16_t* HWY_RESTRICT lumas,
             int width) {
    int x = 0;
    for (; x + 4 <= width; x += 4) {
        lumas[x] = grey[row[x] & kMost];
        lumas[x + 1] = grey[row[x + 1] & kMost];
        lumas[x + 2] = grey[row[x + 2] & kMost];
        lumas[x + 3] = grey[row[x + 3] & kMost];
    }
    for (; x < width; ++x) lumas[x] = grey[row[x] & kMost];
}

HWY_INLINE std::uint16_t meanOf(const std::uint16_t* above, const std::uint16_t* below, int x) {
    const auto sum = unsigned{above[2 * x]} + above[2 * x + 1] + below[2 * x] + below[2 * x + 1];
    return static_cast<std::uint16_t>(std::min((sum + 2) / 4, kMost));
}

#if HWY_TARGET == HWY_SCALAR  // one lane: what the vectors do, value by value

int between(int low, int high, int share) { return low + ((static_cast<std::int16_t>(high - low) * share * 2 + 32768) >> 16); }

void changeOf(const std::int16_t* nodes, const MapRows::Place& at, std::int16_t* change) {
    for (std::ptrdiff_t i = 0; i < ColourMap::kValues; ++i) {
        const auto plane = [&](std::ptrdiff_t j) {
            const auto* cell = nodes + at.cell + i + j * ColourMap::kValues;
            const int u = kShareOf[shareU(at)][0], v = kShareOf[shareV(at)][0];
            return between(between(cell[0], cell[kColumn], v), between(cell[kSheet], cell[kSheet + kColumn], v), u);
        };
        change[i] = static_cast<std::int16_t>(between(plane(0), plane(1), kShareOf[shareY(at)][0]));
    }
}

void changesOf(const std::int16_t* nodes, const MapRows::Place* two, std::int16_t* changes) {
    changeOf(nodes, two[0], changes);
    changeOf(nodes, two[1], changes + ColourMap::kValues);
}

void meansOf(const std::uint16_t* above, const std::uint16_t* below, std::uint16_t* means, int count) {
    for (int x = 0; x < count; ++x) means[x] = meanOf(above, below, x);
}

void placesOf(const std::uint16_t* us, const std::uint16_t* vs, const std::uint16_t* means, MapRows::Place* places, int count) {
    for (int x = 0; x < count; ++x) places[x] = placeOf(us[x] & kMost, vs[x] & kMost, means[x]);
}

std::uint8_t byteOf(int value) { return static_cast<std::uint8_t>(std::clamp((value + 32) >> 6, 0, 255)); }

void chromaOf(const std::int16_t* changes, std::uint8_t* us, std::uint8_t* vs, int count) {
    for (int x = 0; x < count; ++x) {
        us[x] = byteOf(changes[4 * x + 1] + (128 << 6));
        vs[x] = byteOf(changes[4 * x + 2] + (128 << 6));
    }
}

void lumaOf(const std::int16_t* grey, const std::int16_t* changes, std::uint8_t* to, int width) {
    for (int x = 0; x < width; ++x) to[x] = byteOf(grey[x] + changes[x / 2 * 4]);
}

#else

using D = hn::FixedTag<std::int16_t, 8>;
using DHalf = hn::FixedTag<std::int16_t, 4>;
using DBytes = hn::FixedTag<std::uint8_t, 8>;
using V = hn::Vec<D>;

HWY_INLINE V between(V low, V high, V at) { return hn::Add(low, hn::MulFixedPoint15(hn::Sub(high, low), at)); }

#if HWY_HAVE_SCALABLE || HWY_MAX_BYTES < 32
HWY_INLINE void changeOf(const std::int16_t* nodes, const MapRows::Place& at, std::int16_t* change) {
    const D d;
    const auto* cell = nodes + at.cell;
    // Each load holds a node and, above it, the one of the next luma.
    const auto v = hn::Load(d, kShareOf[shareV(at)].data());
    const auto low = between(hn::LoadU(d, cell), hn::LoadU(d, cell + kColumn), v);
    const auto high = between(hn::LoadU(d, cell + kSheet), hn::LoadU(d, cell + kSheet + kColumn), v);
    const auto both = between(low, high, hn::Load(d, kShareOf[shareU(at)].data()));
    const auto above = hn::ShiftRightBytes<8>(d, both);
    const auto made = between(both, above, hn::Load(d, kShareOf[shareY(at)].data()));
    hn::StoreU(hn::LowerHalf(DHalf(), made), DHalf(), change);
}

HWY_INLINE void changesOf(const std::int16_t* nodes, const MapRows::Place* two, std::int16_t* changes) {
    changeOf(nodes, two[0], changes);
    changeOf(nodes, two[1], changes + ColourMap::kValues);
}
#else
using DPair = hn::FixedTag<std::int16_t, 16>;  // a block in each half
using VPair = hn::Vec<DPair>;

HWY_INLINE VPair between(VPair low, VPair high, VPair at) { return hn::Add(low, hn::MulFixedPoint15(hn::Sub(high, low), at)); }

HWY_INLINE void changesOf(const std::int16_t* nodes, const MapRows::Place* two, std::int16_t* changes) {
    const DPair d;
    const D half;
    const DHalf quarter;
    const auto *first = nodes + two[0].cell, *second = nodes + two[1].cell;
    const auto nodesAt = [&](unsigned i) { return hn::Combine(d, hn::LoadU(half, second + i), hn::LoadU(half, first + i)); };
    const auto shares = [&](std::size_t a, std::size_t b) {
        return hn::Combine(d, hn::Load(half, kShareOf[b].data()), hn::Load(half, kShareOf[a].data()));
    };
    const auto v = shares(shareV(two[0]), shareV(two[1]));
    const auto low = between(nodesAt(0), nodesAt(kColumn), v);
    const auto high = between(nodesAt(kSheet), nodesAt(kSheet + kColumn), v);
    const auto both = between(low, high, shares(shareU(two[0]), shareU(two[1])));
    const auto made = between(both, hn::ShiftRightBytes<8>(d, both), shares(shareY(two[0]), shareY(two[1])));
    hn::StoreU(hn::LowerHalf(quarter, hn::LowerHalf(half, made)), quarter, changes);
    hn::StoreU(hn::LowerHalf(quarter, hn::UpperHalf(half, made)), quarter, changes + ColourMap::kValues);
}
#endif

void meansOf(const std::uint16_t* above, const std::uint16_t* below, std::uint16_t* means, int count) {
    const hn::RebindToUnsigned<D> d;
    int x = 0;
    for (; x + 8 <= count; x += 8) {  // what lies behind the row is not ours to read
        auto a = hn::Zero(d), b = a, c = a, e = a;
        hn::LoadInterleaved2(d, above + std::ptrdiff_t{2} * x, a, b);
        hn::LoadInterleaved2(d, below + std::ptrdiff_t{2} * x, c, e);
        const auto sum = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Set(d, 2));
        hn::StoreU(hn::Min(hn::ShiftRight<2>(sum), hn::Set(d, kMost)), d, means + x);
    }
    for (; x < count; ++x) means[x] = meanOf(above, below, x);
}

void placesOf(const std::uint16_t* us, const std::uint16_t* vs, const std::uint16_t* means, MapRows::Place* places, int count) {
    static_assert(ColourMap::kChromaStep == 16 && ColourMap::kLumaStep == 32 && kShares == 32);
    const hn::FixedTag<std::uint32_t, 4> d;
    const hn::Rebind<std::uint16_t, decltype(d)> from;
    const auto most = hn::Set(d, kMost);
    int x = 0;
    for (; x + 4 <= count; x += 4) {
        const auto u = hn::And(hn::PromoteTo(d, hn::LoadU(from, us + x)), most);
        const auto v = hn::And(hn::PromoteTo(d, hn::LoadU(from, vs + x)), most);
        const auto y = hn::PromoteTo(d, hn::LoadU(from, means + x));
        const auto cells =
            hn::Add(hn::Mul(hn::ShiftRight<4>(u), hn::Set(d, kSheet)),
                    hn::Add(hn::Mul(hn::ShiftRight<4>(v), hn::Set(d, kColumn)), hn::ShiftLeft<2>(hn::ShiftRight<5>(y))));
        const auto half = hn::Set(d, 15);
        const auto shares = hn::Or(hn::ShiftLeft<1>(hn::And(u, half)),
                                   hn::Or(hn::ShiftLeft<9>(hn::And(v, half)), hn::ShiftLeft<16>(hn::And(y, hn::Set(d, 31)))));
        hn::StoreInterleaved2(cells, shares, d, &places[x].cell);
    }
    for (; x < count; ++x) places[x] = placeOf(us[x] & kMost, vs[x] & kMost, means[x]);
}

HWY_INLINE void storeBytes(V value, std::uint8_t* to) {
    hn::StoreU(hn::DemoteTo(DBytes(), hn::ShiftRight<6>(hn::SaturatedAdd(value, hn::Set(D(), 32)))), DBytes(), to);
}

void chromaOf(const std::int16_t* changes, std::uint8_t* us, std::uint8_t* vs, int count) {
    const D d;
    const auto middle = hn::Set(d, 128 << 6);
    for (int x = 0; x < count; x += 8) {
        V luma, u, v, none;
        hn::LoadInterleaved4(d, changes + std::ptrdiff_t{4} * x, luma, u, v, none);
        storeBytes(hn::Add(u, middle), us + x);
        storeBytes(hn::Add(v, middle), vs + x);
    }
}

void lumaOf(const std::int16_t* grey, const std::int16_t* changes, std::uint8_t* to, int width) {
    const D d;
    for (int x = 0; x < width; x += 16) {
        V change, u, v, none;
        hn::LoadInterleaved4(d, changes + std::ptrdiff_t{2} * x, change, u, v, none);
        storeBytes(hn::SaturatedAdd(hn::LoadU(d, grey + x), hn::InterleaveLower(d, change, change)), to + x);
        storeBytes(hn::SaturatedAdd(hn::LoadU(d, grey + x + 8), hn::InterleaveUpper(d, change, change)), to + x + 8);
    }
}

#endif

void MapColours(const ColourMap& map, const DeepPicture& picture, MapRows& rows) {
    const auto *nodes = map.nodes(), *grey = map.grey();
    auto *changes = rows.changes.data(), *lumas = rows.luma.data();
    auto* means = rows.means.data();
    for (int y = 0; y < picture.height; y += 2) {
        const auto from = [&](std::size_t i, int line) { return picture.from[i] + std::ptrdiff_t{line} * picture.fromStride[i]; };
        const auto to = [&](std::size_t i, int line) { return picture.to[i] + std::ptrdiff_t{line} * picture.toStride[i]; };
        const std::array<const std::uint16_t*, 2> lines{from(0, y), from(0, y + 1)};
        const auto *us = from(1, y / 2), *vs = from(2, y / 2);
        meansOf(lines[0], lines[1], means, picture.width / 2);
        placesOf(us, vs, means, rows.places.data(), picture.width / 2);
        for (int x = 0; x < picture.width / 2; x += 2)
            changesOf(nodes, &rows.places[static_cast<std::size_t>(x)], changes + std::ptrdiff_t{ColourMap::kValues} * x);
        chromaOf(changes, to(1, y / 2), to(2, y / 2), picture.width / 2);
        for (int line = 0; line < 2; ++line) {
            greysOf(grey, lines[static_cast<std::size_t>(line)], lumas, picture.width);
            lumaOf(lumas, changes, to(0, y + line), picture.width);
        }
    }
}

}  // namespace livepusher::capture::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace livepusher::capture::kernels {

HWY_EXPORT(MapColours);

void MapRows::fit(int width) {
    const auto lumas = static_cast<std::size_t>((width + 15) / 16 * 16);  // vectors go beyond the end
    luma.resize(lumas);
    means.resize(lumas / 2);
    places.resize(lumas / 2);
    changes.resize(lumas / 2 * ColourMap::kValues + std::size_t{8} * ColourMap::kValues);
}

void mapColours(const ColourMap& map, const DeepPicture& picture, MapRows& rows) {
    rows.fit(picture.width);
    HWY_DYNAMIC_DISPATCH(MapColours)(map, picture, rows);
}

}  // namespace livepusher::capture::kernels
#endif  // HWY_ONCE
