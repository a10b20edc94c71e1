// One epoch of the joint layout: every item moves once, reading only the previous positions.
//
// Attraction and repulsion are UMAP's for the curve 1 / (1 + d^2), each divided by the item's total
// edge weight. The step solves the attraction and the anchor implicitly, so that no strength can
// overshoot. Negative samples are a hash of (seed, epoch, item): the result depends on neither the
// order of work nor the number of threads, and equal items of two spaces draw equal samples.
#include "emblink.h"
#include "parallel.h"

namespace {

constexpr float kTouching = 1e-3f;  // added to d^2, as in UMAP
constexpr float kFurthestPush = 4.0f;
constexpr int kTriesPerSample = 4;  // draws of items that this space lacks are drawn again

struct Vec {
  float x, y;
};

struct Epoch {
  const std::int64_t* starts;
  const std::int32_t* columns;
  const float* weights;
  const std::int32_t* items;
  const std::int32_t* rows;
  std::int64_t n_items;
  const Vec* anchors;
  const float* pull;
  const Vec* from;
  float rate, repulsion;
  std::int32_t samples;
  std::uint64_t key;
};

// splitmix64, Steele, Lea and Flood 2014.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;

float clip(float value) { return std::min(std::max(value, -kFurthestPush), kFurthestPush); }

Vec repel(const Epoch& e, std::int64_t i) {
  const Vec here = e.from[i];
  std::uint64_t counter = mix(e.key + kGolden * (static_cast<std::uint64_t>(e.items[i]) + 1));
  Vec push{0, 0};
  std::int32_t found = 0;
  for (int tries = e.samples * kTriesPerSample; tries > 0 && found < e.samples; --tries) {
    const std::uint64_t draw = mix(counter += kGolden) >> 32;
    const std::int32_t row = e.rows[(draw * static_cast<std::uint64_t>(e.n_items)) >> 32];
    if (row < 0 || row == i) continue;
    const float dx = here.x - e.from[row].x, dy = here.y - e.from[row].y;
    const float square = dx * dx + dy * dy;
    const float force = 2.0f / ((kTouching + square) * (1.0f + square));
    push.x += clip(force * dx);
    push.y += clip(force * dy);
    ++found;
  }
  const float scale = found ? e.repulsion / static_cast<float>(found) : 0.0f;
  return {scale * push.x, scale * push.y};
}

Vec move(const Epoch& e, std::int64_t i) {
  const Vec here = e.from[i];
  Vec towards{0, 0};
  float degree = 0, stiffness = 0;
  for (std::int64_t edge = e.starts[i]; edge < e.starts[i + 1]; ++edge) {
    const Vec there = e.from[e.columns[edge]];
    const float dx = there.x - here.x, dy = there.y - here.y;
    const float strength = e.weights[edge] * 2.0f / (1.0f + dx * dx + dy * dy);
    degree += e.weights[edge];
    stiffness += strength;
    towards.x += strength * dx;
    towards.y += strength * dy;
  }
  const float share = degree > 0 ? 1.0f / degree : 0.0f;
  const Vec push = repel(e, i);
  const float pull = e.pull[i];
  const float step = e.rate / (1.0f + e.rate * (share * stiffness + pull));
  return {here.x + step * (share * towards.x + push.x + pull * (e.anchors[i].x - here.x)),
          here.y + step * (share * towards.y + push.y + pull * (e.anchors[i].y - here.y))};
}

}  // namespace

// n rows of one space, a graph in CSR form over them; items (n,) names the item of each row among
// n_items, rows (n_items,) leads back (-1: the space lacks it). from and to (n, 2) must not overlap.
EMBLINK_API void emblink_layout_epoch(
    const std::int64_t* starts, const std::int32_t* columns, const float* weights, std::int64_t n,
    const std::int32_t* items, const std::int32_t* rows, std::int64_t n_items, const float* anchors,
    const float* pull, const float* from, float* to, float rate, float repulsion,
    std::int32_t samples, std::uint64_t seed, std::uint64_t epoch, std::int32_t threads) {
  const Epoch e{starts, columns, weights, items, rows, n_items,
                reinterpret_cast<const Vec*>(anchors), pull, reinterpret_cast<const Vec*>(from),
                rate, repulsion, samples, mix(mix(seed + kGolden) + kGolden * (epoch + 1))};
  Vec* out = reinterpret_cast<Vec*>(to);
  emblink::parallel_blocks(n, threads, 512, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = move(e, i);
  });
}
