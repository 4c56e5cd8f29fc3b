// SPDX-License-Identifier: MIT
#include "effects/smoothing_kernels.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "effects/smoothing_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Float arithmetic is written without fused operations, and integers are rounded by adding a half and cutting off: so all
// vector units agree to the bit.

HWY_BEFORE_NAMESPACE();
namespace livepusher::effects::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D8 = hn::ScalableTag<std::uint8_t>;
using D16 = hn::ScalableTag<std::uint16_t>;
using DS16 = hn::ScalableTag<std::int16_t>;
using D32 = hn::ScalableTag<std::uint32_t>;
using DS32 = hn::ScalableTag<std::int32_t>;
using DF = hn::ScalableTag<float>;
using Half16 = hn::Rebind<std::int16_t, DS32>;  // as many as there are 32-bit lanes
using VF = hn::Vec<DF>;
using V32 = hn::Vec<DS32>;

int lanes32() { return static_cast<int>(hn::Lanes(DS32())); }

// --- a quarter of the size ---

int cell(const Bytes& plane, int x, int y) { return plane.first[std::ptrdiff_t{y} * plane.stride + x]; }

/// One cell's. Where it lies partly outside, that part repeats what is inside.
std::int16_t cellSum(const Bytes& plane, int x, int y, int step, int middle) {
    int sum = 0;
    for (int j = 0; j < step; ++j)
        for (int i = 0; i < step; ++i) {
            const int column = x + i < plane.width ? x + i : x + i % (plane.width - x);
            const int row = y + j < plane.height ? y + j : y + j % (plane.height - y);
            sum += cell(plane, column, row);
        }
    return static_cast<std::int16_t>(sum - middle);
}

#if HWY_TARGET == HWY_SCALAR  // one lane: nothing to regroup

void Shrink(const Bytes& from, Plane<std::int16_t>& out, int step, int middle) {
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x) out.at(x, y) = cellSum(from, step * x, step * y, step, middle);
}
void ShrinkLuma(const Bytes& luma, Plane<std::int16_t>& out) { Shrink(luma, out, 4, 2048); }
void ShrinkChroma(const Bytes& chroma, Plane<std::int16_t>& out) { Shrink(chroma, out, 2, 512); }

#else

void ShrinkLuma(const Bytes& luma, Plane<std::int16_t>& out) {
    const D8 d8;
    const D16 d16;
    const D32 d32;
    const DS32 ds32;
    const Half16 half;
    const auto low = hn::Set(d16, 0x00FF);
    const auto low32 = hn::Set(d32, 0xFFFF);
    const auto middle = hn::Set(ds32, 2048);
    const int step = static_cast<int>(hn::Lanes(d8));
    for (int y = 0; y < out.height(); ++y) {
        std::array<const std::uint8_t*, 4> row{};
        for (int i = 0; i < 4; ++i) {
            const int line = 4 * y + i < luma.height ? 4 * y + i : 4 * y + i % (luma.height - 4 * y);
            row[static_cast<std::size_t>(i)] = luma.first + std::ptrdiff_t{line} * luma.stride;
        }
        auto* to = out.row(y);
        for (int x = 0; x < luma.width; x += step) {
            auto sum = hn::Zero(d16);
            for (const auto* from : row) {
                const auto bytes = hn::BitCast(d16, hn::LoadU(d8, from + x));
                sum = hn::Add(sum, hn::Add(hn::And(bytes, low), hn::ShiftRight<8>(bytes)));
            }
            const auto pairs = hn::BitCast(d32, sum);
            const auto sums = hn::Add(hn::And(pairs, low32), hn::ShiftRight<16>(pairs));
            hn::StoreU(hn::DemoteTo(half, hn::Sub(hn::BitCast(ds32, sums), middle)), half, to + x / 4);
        }
        if (luma.width % 4 != 0) to[out.width() - 1] = cellSum(luma, 4 * (out.width() - 1), 4 * y, 4, 2048);
    }
}

void ShrinkChroma(const Bytes& chroma, Plane<std::int16_t>& out) {
    const D8 d8;
    const D16 d16;
    const DS16 ds16;
    const auto low = hn::Set(d16, 0x00FF);
    const auto middle = hn::Set(ds16, 512);
    const int step = static_cast<int>(hn::Lanes(d8));
    for (int y = 0; y < out.height(); ++y) {
        const auto* above = chroma.first + std::ptrdiff_t{2 * y} * chroma.stride;
        const auto* below = 2 * y + 1 < chroma.height ? above + chroma.stride : above;
        auto* to = out.row(y);
        for (int x = 0; x < chroma.width; x += step) {
            const auto a = hn::BitCast(d16, hn::LoadU(d8, above + x));
            const auto b = hn::BitCast(d16, hn::LoadU(d8, below + x));
            const auto sum =
                hn::Add(hn::Add(hn::And(a, low), hn::ShiftRight<8>(a)), hn::Add(hn::And(b, low), hn::ShiftRight<8>(b)));
            hn::StoreU(hn::Sub(hn::BitCast(ds16, sum), middle), ds16, to + x / 2);
        }
        if (chroma.width % 2 != 0) to[out.width() - 1] = cellSum(chroma, chroma.width - 1, 2 * y, 2, 512);
    }
}

#endif

// --- which colours are skin ---

VF loadFloat(const std::int16_t* from) { return hn::ConvertTo(DF(), hn::PromoteTo(DS32(), hn::LoadU(Half16(), from))); }

/// 0 at `from`, 1 at `to`.
VF ramp(VF value, float from, float to) {
    const DF df;
    const auto at = hn::Mul(hn::Sub(value, hn::Set(df, from)), hn::Set(df, 1 / (to - from)));
    return hn::Min(hn::Max(at, hn::Zero(df)), hn::Set(df, 1));
}

/// Rounded, of what is at least -offset.
V32 rounded(VF value, float offset) {
    const DF df;
    return hn::Sub(hn::ConvertTo(DS32(), hn::Add(value, hn::Set(df, offset + 0.5F))), hn::Set(DS32(), static_cast<int>(offset)));
}

void store16(V32 value, std::int16_t* to) { hn::StoreU(hn::DemoteTo(Half16(), value), Half16(), to); }

void GateColours(const Gate& gate, const Plane<std::int16_t>& luma, const Plane<std::int16_t>& cb, const Plane<std::int16_t>& cr,
                 Plane<std::int16_t>& out) {
    const DF df;
    const auto quarter = hn::Set(df, 0.25F), sixteenth = hn::Set(df, 1 / 16.0F), middle = hn::Set(df, 128);
    const auto cbCb = hn::Set(df, gate.cbCb), cbCr = hn::Set(df, 2 * gate.cbCr), crCr = hn::Set(df, gate.crCr);
    const auto full = hn::Set(df, 255);
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); x += lanes32()) {
            const auto b = hn::Sub(hn::Mul(loadFloat(cb.row(y) + x), quarter), hn::Set(df, gate.cb));
            const auto r = hn::Sub(hn::Mul(loadFloat(cr.row(y) + x), quarter), hn::Set(df, gate.cr));
            const auto distance = hn::Add(hn::Mul(b, hn::Add(hn::Mul(cbCb, b), hn::Mul(cbCr, r))), hn::Mul(crCr, hn::Mul(r, r)));
            const auto light = hn::Add(hn::Mul(loadFloat(luma.row(y) + x), sixteenth), middle);
            const auto skin = hn::Mul(ramp(distance, gate.outer, gate.inner), ramp(light, gate.darkest, gate.bright));
            store16(rounded(hn::Mul(skin, full), 0), out.row(y) + x);
        }
    }
}

// --- sums over a window that slides down ---

int clampRow(const Plane<std::int16_t>& plane, int y) { return std::clamp(y, 0, plane.height() - 1); }

template <bool kSquares>
void addRow(const std::int16_t* row, int sign, int width, std::int32_t* sums, std::int32_t* squares) {
    const DS32 d;
    for (int x = 0; x < width; x += lanes32()) {
        const auto value = hn::PromoteTo(d, hn::LoadU(Half16(), row + x));
        const auto sum = hn::LoadU(d, sums + x);
        hn::StoreU(sign > 0 ? hn::Add(sum, value) : hn::Sub(sum, value), d, sums + x);
        if constexpr (kSquares) {
            const auto real = hn::ConvertTo(DF(), value);  // at most 2048: its square is exact
            const auto square = hn::ConvertTo(d, hn::Mul(real, real));
            const auto sumOfSquares = hn::LoadU(d, squares + x);
            hn::StoreU(sign > 0 ? hn::Add(sumOfSquares, square) : hn::Sub(sumOfSquares, square), d, squares + x);
        }
    }
}

/// So that windows at the left and right end find the edge repeated.
void repeatEdges(std::int32_t* sums, int width, int r) {
    std::fill_n(sums - r, r, sums[0]);
    std::fill_n(sums + width, r, sums[width - 1]);
}

V32 windowSum(const std::int32_t* sums, int r) {
    const DS32 d;
    auto sum = hn::LoadU(d, sums);
    for (int i = 1; i <= r; ++i) sum = hn::Add(sum, hn::Add(hn::LoadU(d, sums - i), hn::LoadU(d, sums + i)));
    return sum;
}

std::int32_t* prepared(std::vector<std::int32_t>& sums, int stride) {
    if (sums.size() < static_cast<std::size_t>(stride)) sums.resize(static_cast<std::size_t>(stride));
    std::fill(sums.begin(), sums.end(), 0);
    return sums.data() + Plane<std::int16_t>::kMargin;
}

/// Calls emit(y) with the sums over each window's rows in place.
template <bool kSquares, typename Emit>
void slide(const Plane<std::int16_t>& first, const Plane<std::int16_t>* second, int r, Rows rows, std::int32_t* sums,
           std::int32_t* others, const Emit& emit) {
    const int width = first.width();
    const auto add = [&](int y, int sign) {
        const int at = clampRow(first, y);
        addRow<kSquares>(first.row(at), sign, width, sums, others);
        if (second) addRow<false>(second->row(at), sign, width, others, nullptr);
    };
    for (int y = rows.begin - r; y < rows.begin + r; ++y) add(y, 1);
    for (int y = rows.begin; y < rows.end; ++y) {
        add(y + r, 1);
        repeatEdges(sums, width, r);
        if (others) repeatEdges(others, width, r);
        emit(y);
        add(y - r, -1);
    }
}

void BoxMean(const Plane<std::int16_t>& in, int r, ColumnSums& memory, Plane<std::int16_t>& out) {
    auto* sums = prepared(memory.first, in.stride());
    const auto share = hn::Set(DF(), 1 / static_cast<float>((2 * r + 1) * (2 * r + 1)));
    slide<false>(in, nullptr, r, {0, in.height()}, sums, nullptr, [&](int y) {
        for (int x = 0; x < in.width(); x += lanes32())
            store16(rounded(hn::Mul(hn::ConvertTo(DF(), windowSum(sums + x, r)), share), 16384), out.row(y) + x);
    });
}

// --- the filter ---

void Guide(const Plane<std::int16_t>& luma, int r, float eps, Rows rows, ColumnSums& memory, Plane<std::int16_t>& a,
           Plane<std::int16_t>& b) {
    const DF df;
    auto* sums = prepared(memory.first, luma.stride());
    auto* squares = prepared(memory.second, luma.stride());
    const auto share = hn::Set(df, 1 / static_cast<float>((2 * r + 1) * (2 * r + 1)));
    const auto floor = hn::Set(df, eps * 256), edge = hn::Set(df, kEdge * 256);  // as variance, in (1/16 of a step)²
    const auto one = hn::Set(df, 1);
    slide<true>(luma, nullptr, r, rows, sums, squares, [&](int y) {
        for (int x = 0; x < luma.width(); x += lanes32()) {
            const auto mean = hn::Mul(hn::ConvertTo(df, windowSum(sums + x, r)), share);
            const auto meanSquare = hn::Mul(hn::ConvertTo(df, windowSum(squares + x, r)), share);
            const auto variance = hn::Max(hn::Sub(meanSquare, hn::Mul(mean, mean)), hn::Zero(df));
            const auto kept = hn::Mul(variance, hn::Add(variance, edge));
            const auto slope = hn::Div(kept, hn::Add(kept, hn::Mul(floor, edge)));
            const auto offset = hn::Mul(mean, hn::Sub(one, slope));
            store16(rounded(hn::Mul(slope, hn::Set(df, 16384)), 0), a.row(y) + x);
            store16(rounded(hn::Mul(offset, hn::Set(df, 4)), 16384), b.row(y) + x);
        }
    });
}

void Fold(const Plane<std::int16_t>& a, const Plane<std::int16_t>& b, const Plane<std::int16_t>& luma,
          const Plane<std::int16_t>& mask, const Mix& mix, int r, Rows rows, ColumnSums& memory, Plane<std::int16_t>& gain,
          Plane<std::int16_t>& offset) {
    const DF df;
    auto* sumsOfA = prepared(memory.first, a.stride());
    auto* sumsOfB = prepared(memory.second, a.stride());
    const auto count = static_cast<float>((2 * r + 1) * (2 * r + 1));
    const auto shareA = hn::Set(df, 1 / (count * 16384)), shareB = hn::Set(df, 1 / (count * 64));
    const auto one = hn::Set(df, 1), middle = hn::Set(df, 128);
    const auto most = hn::Set(df, 4095 / 2048.0F);
    const auto kept = hn::Set(df, mix.textureKept);
    slide<false>(a, &b, r, rows, sumsOfA, sumsOfB, [&](int y) {
        for (int x = 0; x < a.width(); x += lanes32()) {
            const auto skin = hn::Mul(loadFloat(mask.row(y) + x), hn::Set(df, 1 / 255.0F));
            const auto share = hn::Mul(skin, hn::Set(df, mix.strength));
            const auto flat = hn::Sub(one, hn::Mul(hn::ConvertTo(df, windowSum(sumsOfA + x, r)), shareA));
            const auto mean = hn::Mul(hn::ConvertTo(df, windowSum(sumsOfB + x, r)), shareB);  // times `flat`, 0 at 128
            const auto cut = hn::Mul(share, flat);
            const auto local = hn::Mul(loadFloat(luma.row(y) + x), hn::Set(df, 1 / 16.0F));
            // About 128: out = Y·(1 - cut) + share·mean + kept·cut·(Y - local). Where 128 stands for 0, the offset gains 128·cut.
            const auto back = hn::Mul(kept, cut);
            auto times = hn::Add(hn::Sub(one, cut), back);
            auto plus = hn::Add(hn::Sub(hn::Mul(share, mean), hn::Mul(back, local)), hn::Mul(middle, hn::Sub(one, times)));
            if (mix.curve) {
                const auto around = hn::Min(hn::Max(hn::Add(local, middle), hn::Zero(df)), hn::Set(df, 255));
                const auto index = rounded(around, 0);
                const auto brighter = hn::GatherIndex(df, mix.curve, index);
                const auto steepness = hn::GatherIndex(df, mix.slope, index);
                const auto here = hn::ConvertTo(df, index);
                // The curve's tangent where the cell lies, as far as this is skin.
                const auto tangentGain = hn::Add(hn::Sub(one, skin), hn::Mul(skin, steepness));
                const auto tangentOffset = hn::Mul(skin, hn::Sub(brighter, hn::Mul(steepness, here)));
                times = hn::Mul(times, tangentGain);
                plus = hn::Add(hn::Mul(plus, tangentGain), tangentOffset);
            }
            store16(rounded(hn::Mul(hn::Min(times, most), hn::Set(df, 2048)), 0), gain.row(y) + x);
            const auto bounded = hn::Min(hn::Max(plus, hn::Set(df, -255)), hn::Set(df, 255));
            store16(rounded(hn::Mul(bounded, hn::Set(df, 16)), 4096), offset.row(y) + x);
        }
    });
}

// --- back to full size ---

/// Between this row and the next, `weight` eighths of the way.
void blendRows(const std::int16_t* here, const std::int16_t* next, int weight, int begin, int end, std::int16_t* line) {
    const DS16 d;
    const auto by = hn::Set(d, static_cast<std::int16_t>(weight));
    const auto half = hn::Set(d, 4);
    for (int x = begin; x < end; x += static_cast<int>(hn::Lanes(d))) {
        const auto a = hn::LoadU(d, here + x);
        const auto step = hn::ShiftRight<3>(hn::Add(hn::Mul(hn::Sub(hn::LoadU(d, next + x), a), by), half));
        hn::StoreU(hn::Add(a, step), d, line + x);
    }
}

#if HWY_TARGET == HWY_SCALAR

void gainRow(std::uint8_t* row, const std::int16_t* gain, const std::int16_t* offset, int begin, int end) {
    const auto spread = [](const std::int16_t* line, int phase) {
        const int weight = phase == 0 || phase == 3 ? 3 : 1;
        return 8 * line[0] + weight * (line[phase < 2 ? -1 : 1] - line[0]);
    };
    for (int x = begin; x < end; ++x) {
        for (int phase = 0; phase < 4; ++phase) {
            auto& pixel = row[4 * x + phase];
            const int product = (pixel * 256 * spread(gain + x, phase)) >> 16;
            const int sum = std::min(product + (spread(offset + x, phase) >> 1) + 32, 32767);
            pixel = static_cast<std::uint8_t>(std::clamp(sum >> 6, 0, 255));
        }
    }
}

#else

/// For each cell's four pixels, times 8: in `even` the first and third, in `odd` the second and fourth.
template <typename D>
void spread(const std::int16_t* line, const D d16, hn::Vec<D>& even, hn::Vec<D>& odd) {
    const D32 d32;
    const hn::Rebind<std::uint16_t, D32> half;
    const auto load = [&](int shift) {
        return hn::PromoteTo(d32, hn::LoadU(half, reinterpret_cast<const std::uint16_t*>(line) + shift));
    };
    const auto cells = load(0);
    const auto both = hn::BitCast(d16, hn::Or(cells, hn::ShiftLeft<16>(cells)));
    const auto sides = hn::BitCast(d16, hn::Or(load(-1), hn::ShiftLeft<16>(load(1))));
    const auto difference = hn::Sub(sides, both);
    const auto base = hn::ShiftLeft<3>(both);
    const auto outer = hn::BitCast(d16, hn::Set(d32, 0x00010003)), inner = hn::BitCast(d16, hn::Set(d32, 0x00030001));
    even = hn::Add(base, hn::Mul(difference, outer));
    odd = hn::Add(base, hn::Mul(difference, inner));
}

void gainRow(std::uint8_t* row, const std::int16_t* gain, const std::int16_t* offset, int begin, int end) {
    const D8 d8;
    const D16 d16;
    const DS16 ds16;
    const auto half = hn::Set(ds16, 32), zero = hn::Zero(ds16), full = hn::Set(ds16, 255);
    const auto high = hn::Set(d16, 0xFF00);
    const auto changed = [&](hn::Vec<D16> lumaTimes256, hn::Vec<D16> times, hn::Vec<DS16> plus) {
        const auto product = hn::BitCast(ds16, hn::MulHigh(lumaTimes256, times));  // in 1/64, below 32768
        const auto sum = hn::SaturatedAdd(hn::SaturatedAdd(product, hn::ShiftRight<1>(plus)), half);
        return hn::BitCast(d16, hn::Min(hn::Max(hn::ShiftRight<6>(sum), zero), full));
    };
    for (int x = begin; x < end; x += lanes32()) {
        hn::Vec<D16> evenTimes, oddTimes;
        hn::Vec<DS16> evenPlus, oddPlus;
        spread(gain + x, d16, evenTimes, oddTimes);
        spread(offset + x, ds16, evenPlus, oddPlus);
        const auto pixels = hn::BitCast(d16, hn::LoadU(d8, row + std::ptrdiff_t{4} * x));
        const auto even = changed(hn::ShiftLeft<8>(pixels), evenTimes, evenPlus);
        const auto odd = changed(hn::And(pixels, high), oddTimes, oddPlus);
        hn::StoreU(hn::BitCast(d8, hn::Or(even, hn::ShiftLeft<8>(odd))), d8, row + std::ptrdiff_t{4} * x);
    }
}

#endif

void ApplyGain(std::uint8_t* luma, int stride, int width, int height, const Plane<std::int16_t>& gain,
               const Plane<std::int16_t>& offset, const std::vector<Extent>& extents, Lines& memory) {
    constexpr int kMargin = Plane<std::int16_t>::kMargin;
    for (auto* line : {&memory.gain, &memory.offset})
        if (line->size() < static_cast<std::size_t>(gain.stride())) line->resize(static_cast<std::size_t>(gain.stride()));
    auto* gains = memory.gain.data() + kMargin;
    auto* offsets = memory.offset.data() + kMargin;
    const int cells = (width + 3) / 4;
    const int step = static_cast<int>(hn::Lanes(DS16()));
    for (int y = 0; y < height; ++y) {
        const int here = y / 4, phase = y % 4;
        const int next = std::clamp(phase < 2 ? here - 1 : here + 1, 0, gain.height() - 1);
        const auto &a = extents[static_cast<std::size_t>(here)], &b = extents[static_cast<std::size_t>(next)];
        const bool none = a.begin == a.end && b.begin == b.end;
        if (none) continue;
        int begin = std::min(a.begin == a.end ? cells : a.begin, b.begin == b.end ? cells : b.begin);
        int end = std::max(a.end, b.end);
        begin = std::max(begin - 1, 0) / step * step;
        end = std::min(end + 1, cells);
        const int weight = phase == 0 || phase == 3 ? 3 : 1;
        for (const auto& [plane, line] : {std::pair{&gain, gains}, std::pair{&offset, offsets}}) {
            // A vector further on both sides: whole ones are read, and those next to them.
            blendRows(plane->row(here), plane->row(next), weight, std::max(begin - step, 0), end + step, line);
            line[-1] = line[0];
            line[cells] = line[cells - 1];
        }
        gainRow(luma + std::ptrdiff_t{y} * stride, gains, offsets, begin, end);
    }
}

}  // namespace livepusher::effects::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace livepusher::effects::kernels {

HWY_EXPORT(ShrinkLuma);
HWY_EXPORT(ShrinkChroma);
HWY_EXPORT(GateColours);
HWY_EXPORT(BoxMean);
HWY_EXPORT(Guide);
HWY_EXPORT(Fold);
HWY_EXPORT(ApplyGain);

void shrinkLuma(const Bytes& luma, Plane<std::int16_t>& out) { HWY_DYNAMIC_DISPATCH(ShrinkLuma)(luma, out); }

void shrinkChroma(const Bytes& chroma, Plane<std::int16_t>& out) { HWY_DYNAMIC_DISPATCH(ShrinkChroma)(chroma, out); }

void gateColours(const Gate& gate, const Plane<std::int16_t>& luma, const Plane<std::int16_t>& cb, const Plane<std::int16_t>& cr,
                 Plane<std::int16_t>& out) {
    HWY_DYNAMIC_DISPATCH(GateColours)(gate, luma, cb, cr, out);
}

void boxMean(const Plane<std::int16_t>& in, int r, ColumnSums& sums, Plane<std::int16_t>& out) {
    HWY_DYNAMIC_DISPATCH(BoxMean)(in, r, sums, out);
}

void guide(const Plane<std::int16_t>& luma, int r, float eps, Rows rows, ColumnSums& sums, Plane<std::int16_t>& a,
           Plane<std::int16_t>& b) {
    HWY_DYNAMIC_DISPATCH(Guide)(luma, r, eps, rows, sums, a, b);
}

void fold(const Plane<std::int16_t>& a, const Plane<std::int16_t>& b, const Plane<std::int16_t>& luma,
          const Plane<std::int16_t>& mask, const Mix& mix, int r, Rows rows, ColumnSums& sums, Plane<std::int16_t>& gain,
          Plane<std::int16_t>& offset) {
    HWY_DYNAMIC_DISPATCH(Fold)(a, b, luma, mask, mix, r, rows, sums, gain, offset);
}

void applyGain(std::uint8_t* luma, int stride, int width, int height, const Plane<std::int16_t>& gain,
               const Plane<std::int16_t>& offset, const std::vector<Extent>& extents, Lines& lines) {
    HWY_DYNAMIC_DISPATCH(ApplyGain)(luma, stride, width, height, gain, offset, extents, lines);
}

}  // namespace livepusher::effects::kernels
#endif  // HWY_ONCE
