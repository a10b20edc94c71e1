// One epoch of the joint layout: every item moves once in every space, reading the previous positions.
//
// A space descends the sum over its edges of w log(1 + d^2), plus a sum over random pairs of
// 1 / (1 + d^2): the generalised Kullback-Leibler divergence of neighbour embeddings, with the fixed
// normaliser that `repulsion` sets. An item's forces are divided by its total edge weight. The step
// solves attraction and ties implicitly, so that no strength can overshoot. Ties draw the places of
// one item in several spaces together. Negative samples are a hash of (seed, epoch, item): the result
// depends not on the number of threads, and equal spaces stay equal. Of very many items those that are
// worked on together draw from a few that are drawn from all: these stay near the processor.
#include <algorithm>
#include <cmath>
#include <vector>

#include "emblink.h"
#include "parallel.h"

namespace {

constexpr int kTriesPerSample = 4;  // draws of items that a space lacks are drawn again
constexpr std::int64_t kTogether = 256;  // items worked on together
constexpr std::int64_t kPool = 1024;     // items that they draw from
constexpr std::int64_t kFew = 1 << 15;   // of so many items each draws from all

struct Vec {
  float x, y;
};

struct Epoch {
  const std::int64_t* const* starts;
  const std::int32_t* const* columns;
  const float* const* weights;
  const std::uint8_t* fixed;
  std::int32_t n_spaces;
  const std::int32_t* rows;
  const std::uint8_t* whole;  // spaces in which the row of each item is its number
  std::int64_t n_items;
  const float* ties;
  const Vec* const* from;
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

std::int64_t scaled(std::uint64_t hash, std::int64_t size) {
  return static_cast<std::int64_t>(((hash >> 32) * static_cast<std::uint64_t>(size)) >> 32);
}

struct Place {
  std::int32_t row;  // -1: the space lacks the item
  Vec at;
};

// What the negative samples of some items are drawn from.
class Pool {
 public:
  explicit Pool(const Epoch& e) : e_(e), held_(e.n_items > kFew ? kPool * e.n_spaces : 0) {}

  void fill(std::int64_t block) {
    if (held_.empty()) return;
    std::uint64_t counter = mix(e_.key ^ mix(kGolden * (static_cast<std::uint64_t>(block) + 1)));
    for (std::int64_t i = 0; i < kPool; ++i) {
      const std::int64_t item = scaled(mix(counter += kGolden), e_.n_items);
      for (std::int32_t space = 0; space < e_.n_spaces; ++space) held_[space * kPool + i] = place(space, item);
    }
  }

  Place draw(std::int32_t space, std::uint64_t hash) const {
    if (held_.empty()) return place(space, scaled(hash, e_.n_items));
    return held_[space * kPool + scaled(hash, kPool)];
  }

 private:
  Place place(std::int32_t space, std::int64_t item) const {
    const std::int32_t row =
        e_.whole[space] ? static_cast<std::int32_t>(item) : e_.rows[space * e_.n_items + item];
    return {row, row < 0 ? Vec{0, 0} : e_.from[space][row]};
  }

  const Epoch& e_;
  std::vector<Place> held_;
};

Vec repel(const Epoch& e, const Pool& pool, std::int32_t space, std::int64_t item, std::int32_t own) {
  const Vec here = e.from[space][own];
  std::uint64_t counter = mix(e.key + kGolden * (static_cast<std::uint64_t>(item) + 1));
  Vec push{0, 0};
  std::int32_t found = 0;
  for (int tries = e.samples * kTriesPerSample; tries > 0 && found < e.samples; --tries) {
    const Place other = pool.draw(space, mix(counter += kGolden));
    if (other.row < 0 || other.row == own) continue;
    const float dx = here.x - other.at.x, dy = here.y - other.at.y;
    const float near = 1.0f / (1.0f + dx * dx + dy * dy);
    push.x += near * near * dx;
    push.y += near * near * dy;
    ++found;
  }
  const float scale = found ? 2.0f * e.repulsion / static_cast<float>(found) : 0.0f;
  return {scale * push.x, scale * push.y};
}

struct Step {
  std::int32_t space, row;
  float stiffness;  // 1 + rate * attraction per unit of length: how hard the item is to move; 0: it stays
  Vec at;           // where it would go without ties
};

Step step(const Epoch& e, const Pool& pool, std::int32_t space, std::int64_t item, std::int32_t row) {
  const Vec* from = e.from[space];
  const Vec here = from[row];
  Vec towards{0, 0};
  float degree = 0, strength = 0;
  for (std::int64_t edge = e.starts[space][row]; edge < e.starts[space][row + 1]; ++edge) {
    const Vec there = from[e.columns[space][edge]];
    const float dx = there.x - here.x, dy = there.y - here.y;
    const float weight = e.weights[space][edge];
    const float force = weight * 2.0f / (1.0f + dx * dx + dy * dy);
    degree += weight;
    strength += force;
    towards.x += force * dx;
    towards.y += force * dy;
  }
  const float share = degree > 0 ? 1.0f / degree : 0.0f;
  const Vec push = repel(e, pool, space, item, row);
  const float stiffness = 1.0f + e.rate * share * strength;
  const float move = e.rate / stiffness;
  return {space, row, stiffness,
          {here.x + move * (share * towards.x + push.x), here.y + move * (share * towards.y + push.y)}};
}

// The place of one item in several spaces: what the ties between them add to each step.
class Knot {
 public:
  explicit Knot(std::int32_t n_spaces)
      : n_spaces_(n_spaces), matrix_(static_cast<std::size_t>(n_spaces) * n_spaces), shift_(n_spaces) {}

  // ties: one per pair of spaces (0, 1), (0, 2), ... (1, 2), ...
  void pull(std::vector<Step>& steps, const float* ties, float rate) {
    free_.clear();
    for (std::size_t a = 0; a < steps.size(); ++a)
      if (steps[a].stiffness > 0) free_.push_back(static_cast<int>(a));
    const int n = static_cast<int>(free_.size());
    if (!gather(steps, ties, rate)) return;
    solve(n);
    for (int a = 0; a < n; ++a) {
      steps[free_[a]].at.x += shift_[a].x;
      steps[free_[a]].at.y += shift_[a].y;
    }
  }

 private:
  float& cell(int row, int column) { return matrix_[static_cast<std::size_t>(row) * n_spaces_ + column]; }

  // The system (stiffness + ties) * shift = pull of the ties, of the steps that are free: what stays enters as
  // a sum. False where nothing is tied.
  bool gather(const std::vector<Step>& steps, const float* ties, float rate) {
    const int n = static_cast<int>(free_.size());
    bool tied = false;
    for (int a = 0; a < n; ++a) {
      for (int b = 0; b < a; ++b) cell(a, b) = 0;
      cell(a, a) = steps[free_[a]].stiffness;
      shift_[a] = {0, 0};
    }
    for (int one = 0, a = 0; one < static_cast<int>(steps.size()); ++one) {
      const bool moves = steps[one].stiffness > 0;
      if (moves) {
        for (int other = one + 1, b = a + 1; other < static_cast<int>(steps.size()); ++other)
          tied |= couple(steps[one], a, steps[other], steps[other].stiffness > 0 ? b++ : -1, ties, rate);
        ++a;
      } else {
        for (int b = a; b < n; ++b) tied |= couple(steps[one], -1, steps[free_[b]], b, ties, rate);
      }
    }
    return tied;
  }

  // a, b: which of those that are free, -1 for what stays.
  bool couple(const Step& one, int a, const Step& other, int b, const float* ties, float rate) {
    const std::int64_t s = one.space;
    const float tie = rate * ties[s * n_spaces_ - s * (s + 1) / 2 - s - 1 + other.space];
    if (tie == 0) return false;
    const float dx = tie * (other.at.x - one.at.x), dy = tie * (other.at.y - one.at.y);
    if (a >= 0) {
      cell(a, a) += tie;
      shift_[a].x += dx;
      shift_[a].y += dy;
    }
    if (b >= 0) {
      cell(b, b) += tie;
      shift_[b].x -= dx;
      shift_[b].y -= dy;
    }
    if (a >= 0 && b >= 0) cell(b, a) -= tie;
    return true;
  }

  // Cholesky: the matrix is diagonally dominant, as every stiffness is at least 1.
  void solve(int n) {
    for (int a = 0; a < n; ++a) {
      for (int b = 0; b <= a; ++b) {
        float left = cell(a, b);
        for (int c = 0; c < b; ++c) left -= cell(a, c) * cell(b, c);
        cell(a, b) = a == b ? std::sqrt(left) : left / cell(b, b);
      }
      for (int b = 0; b < a; ++b) subtract(a, b, cell(a, b));
      divide(a);
    }
    for (int a = n - 1; a >= 0; --a) {
      for (int b = a + 1; b < n; ++b) subtract(a, b, cell(b, a));
      divide(a);
    }
  }

  void subtract(int from, int what, float times) {
    shift_[from].x -= times * shift_[what].x;
    shift_[from].y -= times * shift_[what].y;
  }

  void divide(int a) {
    shift_[a].x /= cell(a, a);
    shift_[a].y /= cell(a, a);
  }

  std::int32_t n_spaces_;
  std::vector<float> matrix_;
  std::vector<Vec> shift_;
  std::vector<int> free_;  // steps that move
};

void move_item(const Epoch& e, const Pool& pool, std::int64_t item, std::vector<Step>& steps, Knot& knot,
               Vec* const* to) {
  steps.clear();
  for (std::int32_t space = 0; space < e.n_spaces; ++space) {
    const std::int32_t row = e.rows[space * e.n_items + item];
    if (row < 0) continue;
    if (e.fixed[space]) {
      steps.push_back({space, row, 0, e.from[space][row]});
    } else {
      steps.push_back(step(e, pool, space, item, row));
    }
  }
  const std::int64_t n_pairs = static_cast<std::int64_t>(e.n_spaces) * (e.n_spaces - 1) / 2;
  knot.pull(steps, e.ties + item * n_pairs, e.rate);
  for (const Step& s : steps) to[s.space][s.row] = e.fixed[s.space] ? e.from[s.space][s.row] : s.at;
}

std::vector<std::uint8_t> whole_spaces(const std::int32_t* rows, std::int32_t n_spaces, std::int64_t n_items) {
  std::vector<std::uint8_t> whole(n_spaces, 1);
  for (std::int32_t space = 0; space < n_spaces; ++space)
    for (std::int64_t item = 0; item < n_items && whole[space]; ++item)
      whole[space] = rows[space * n_items + item] == item;
  return whole;
}

}  // namespace

// Per space: a graph in CSR form over its rows, whether it is fixed, and positions (n_rows, 2); from and
// to must not overlap. rows (n_spaces, n_items) names the row of each item, -1 where a space lacks it.
// ties (n_items, n_spaces (n_spaces - 1) / 2) are 0 or more, in the order (0, 1), (0, 2), ... (1, 2), ...
EMBLINK_API void emblink_layout_epoch(
    const std::int64_t* const* starts, const std::int32_t* const* columns, const float* const* weights,
    const std::uint8_t* fixed, std::int32_t n_spaces, const std::int32_t* rows, std::int64_t n_items,
    const float* ties, const float* const* from, float* const* to, float rate, float repulsion,
    std::int32_t samples, std::uint64_t seed, std::uint64_t epoch, std::int32_t threads) {
  const std::vector<std::uint8_t> whole = whole_spaces(rows, n_spaces, n_items);
  const Epoch e{starts, columns, weights, fixed, n_spaces, rows, whole.data(), n_items, ties,
                reinterpret_cast<const Vec* const*>(from), rate, repulsion, samples,
                mix(mix(seed + kGolden) + kGolden * (epoch + 1))};
  emblink::parallel_blocks(n_items, threads, kTogether, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Step> steps;
    Pool pool(e);
    pool.fill(begin / kTogether);
    Knot knot(n_spaces);
    for (std::int64_t item = begin; item < end; ++item)
      move_item(e, pool, item, steps, knot, reinterpret_cast<Vec* const*>(to));
  });
}
