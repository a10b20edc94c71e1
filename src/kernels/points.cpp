// Neighbours among points of two or three dimensions, by a k-d tree; ranks, by counting.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "emblink.h"
#include "parallel.h"
#include "topk.h"

namespace {

constexpr std::int64_t kLeaf = 16;
constexpr int kMostDims = 3;

struct Node {
  std::int64_t begin, end, left, right;  // left < 0: a leaf
  double low[kMostDims], high[kMostDims];
};

struct Tree {
  const float* points;
  int dims;
  std::vector<std::int32_t> rows;
  std::vector<Node> nodes;

  Tree(const float* given, std::int64_t n, int n_dims) : points(given), dims(n_dims), rows(n) {
    std::iota(rows.begin(), rows.end(), 0);
    if (n > 0) build(0, n);
  }

  double at(std::int64_t row, int dim) const { return points[row * dims + dim]; }

  std::int64_t build(std::int64_t begin, std::int64_t end) {
    Node node{begin, end, -1, -1, {}, {}};
    int widest = 0;
    for (int d = 0; d < dims; ++d) {
      node.low[d] = node.high[d] = at(rows[begin], d);
      for (std::int64_t i = begin; i < end; ++i) {
        node.low[d] = std::min(node.low[d], at(rows[i], d));
        node.high[d] = std::max(node.high[d], at(rows[i], d));
      }
      if (node.high[d] - node.low[d] > node.high[widest] - node.low[widest]) widest = d;
    }
    const std::int64_t here = static_cast<std::int64_t>(nodes.size());
    nodes.push_back(node);
    if (end - begin <= kLeaf) return here;
    const std::int64_t middle = begin + (end - begin) / 2;
    std::nth_element(rows.begin() + begin, rows.begin() + middle, rows.begin() + end,
                     [&](std::int32_t a, std::int32_t b) { return at(a, widest) < at(b, widest); });
    const std::int64_t left = build(begin, middle), right = build(middle, end);
    nodes[here].left = left;
    nodes[here].right = right;
    return here;
  }

  double square(const float* place, std::int64_t row) const {
    double sum = 0;
    for (int d = 0; d < dims; ++d) sum += (place[d] - at(row, d)) * (place[d] - at(row, d));
    return sum;
  }

  // Least squared distance of anything in the node's box, rounded as `square` rounds.
  double least(const float* place, const Node& node) const {
    double sum = 0;
    for (int d = 0; d < dims; ++d) {
      const double off = std::max({node.low[d] - place[d], place[d] - node.high[d], 0.0});
      sum += off * off;
    }
    return sum;
  }
};

using Found = std::pair<double, std::int32_t>;  // ordered by distance, then by row

// Merge what is in the node into the list of the k nearest.
void nearest(const Tree& tree, std::int64_t at, const float* place, std::int64_t self,
             std::vector<Found>& list, std::size_t k) {
  const Node& node = tree.nodes[at];
  if (list.size() == k && tree.least(place, node) > list.back().first) return;
  if (node.left >= 0) {
    std::int64_t first = node.left, second = node.right;
    if (tree.least(place, tree.nodes[second]) < tree.least(place, tree.nodes[first]))
      std::swap(first, second);
    nearest(tree, first, place, self, list, k);
    nearest(tree, second, place, self, list, k);
    return;
  }
  for (std::int64_t i = node.begin; i < node.end; ++i) {
    const std::int32_t row = tree.rows[i];
    const Found one{tree.square(place, row), row};
    if (row == self || (list.size() == k && !(one < list.back()))) continue;
    if (list.size() == k) list.pop_back();
    list.insert(std::upper_bound(list.begin(), list.end(), one), one);
  }
}

constexpr std::int64_t kChunk = 1024;

EMBLINK_CLONES
void squares(const float* const* axes, const float* place, int dims, std::int64_t n, float* held) {
  for (std::int64_t i = 0; i < n; ++i) held[i] = 0;
  for (int d = 0; d < dims; ++d)
    for (std::int64_t i = 0; i < n; ++i)
      held[i] += (place[d] - axes[d][i]) * (place[d] - axes[d][i]);
}

EMBLINK_CLONES
std::int32_t below(const float* held, std::int64_t n, float bound) {
  std::int32_t count = 0;
  for (std::int64_t i = 0; i < n; ++i) count += held[i] < bound;
  return count;
}

EMBLINK_CLONES
std::int32_t up_to(const float* held, std::int64_t n, float bound) {
  std::int32_t count = 0;
  for (std::int64_t i = 0; i < n; ++i) count += held[i] <= bound;
  return count;
}

}  // namespace

// The k points nearest to each place, nearest first, ties by row; selves[q] is left out (-1: nobody).
EMBLINK_API void emblink_near_points(const float* points, std::int64_t n, std::int64_t dims,
                                     const float* places, const std::int64_t* selves,
                                     std::int64_t n_places, std::int64_t k, std::int32_t* found,
                                     std::int32_t threads) {
  const Tree tree(points, n, static_cast<int>(dims));
  emblink::parallel_blocks(n_places, threads, 64, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Found> list;
    list.reserve(k + 1);
    for (std::int64_t q = begin; q < end; ++q) {
      list.clear();
      nearest(tree, 0, places + q * dims, selves[q], list, static_cast<std::size_t>(k));
      for (std::int64_t j = 0; j < k; ++j) found[q * k + j] = list[j].second;
    }
  });
}

// The rank, from 1, of each of m members among all points but the query itself; ties by row. Far
// members would visit most of a tree: counting all points is quicker. axes: (dims, n).
EMBLINK_API void emblink_point_ranks(const float* axes, std::int64_t n, std::int64_t dims,
                                     const std::int64_t* queries, std::int64_t n_queries,
                                     const std::int32_t* members, std::int64_t m,
                                     std::int32_t* ranks, std::int32_t threads) {
  emblink::parallel_blocks(n_queries, threads, 16, [&](std::int64_t begin, std::int64_t end) {
    float held[kChunk], place[kMostDims];
    const float* shifted[kMostDims];
    std::vector<float> bounds(m);
    for (std::int64_t q = begin; q < end; ++q) {
      for (int d = 0; d < dims; ++d) place[d] = axes[d * n + queries[q]];
      const std::int32_t* own = members + q * m;
      for (std::int64_t j = 0; j < m; ++j) {
        for (int d = 0; d < dims; ++d) shifted[d] = axes + d * n + own[j];
        squares(shifted, place, static_cast<int>(dims), 1, &bounds[j]);
        ranks[q * m + j] = 1 - (0 < bounds[j] || queries[q] < own[j]);
      }
      for (std::int64_t first = 0; first < n; first += kChunk) {
        const std::int64_t size = std::min(kChunk, n - first);
        for (int d = 0; d < dims; ++d) shifted[d] = axes + d * n + first;
        squares(shifted, place, static_cast<int>(dims), size, held);
        for (std::int64_t j = 0; j < m; ++j) {
          const std::int64_t cut = std::clamp<std::int64_t>(own[j] - first, 0, size);
          ranks[q * m + j] += up_to(held, cut, bounds[j]) + below(held + cut, size - cut, bounds[j]);
        }
      }
    }
  });
}
