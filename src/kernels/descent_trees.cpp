// A tree of random cuts: rows are halved again and again across a line between two of them, and all rows
// of a leaf are measured against each other.
#include <algorithm>
#include <utility>
#include <vector>

#include "descent.h"
#include "emblink.h"
#include "parallel.h"

namespace {

using namespace emblink;

using Cut = std::pair<float, std::int32_t>;  // where a row lies along the line, then the row

constexpr std::int64_t kAhead = 4;  // rows asked for before they are read

struct Node {
  std::int64_t begin, end;
};

EMBLINK_CLONES
float along(const float* x, const float* line, std::int64_t n_dims) {
  float sums[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= n_dims; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) sums[lane] += x[i + lane] * line[i + lane];
  for (; i < n_dims; ++i) sums[i % kLanes] += x[i] * line[i];
  for (std::int64_t width = kLanes / 2; width > 0; width /= 2)
    for (std::int64_t lane = 0; lane < width; ++lane) sums[lane] += sums[lane + width];
  return sums[0];
}

// The line between two rows of the node, of length 1 at most.
void draw_line(const NearPoints& points, const Cut* cuts, const Node& node, std::uint64_t key,
               float* line) {
  const std::uint64_t size = static_cast<std::uint64_t>(node.end - node.begin);
  constexpr int kTries = 4;  // for two that are not copies
  for (int tries = 0; tries < kTries; ++tries) {
    const std::uint64_t first = mixed(key + 2 * tries) % size;
    const std::uint64_t second = (first + 1 + mixed(key + 2 * tries + 1) % (size - 1)) % size;
    const float* a = points.values + cuts[node.begin + first].second * points.n_dims;
    const float* b = points.values + cuts[node.begin + second].second * points.n_dims;
    bool apart = false;
    for (std::int64_t d = 0; d < points.n_dims; ++d) {
      line[d] = a[d] * points.scale - b[d] * points.scale;
      apart |= line[d] != 0.0f;
    }
    if (apart) return;
  }
}

// Cut each node in two halves; those that are small enough stay.
std::vector<Node> halves(const NearPoints& points, std::vector<Cut>& cuts,
                         const std::vector<Node>& nodes, std::uint64_t key, std::int32_t threads) {
  std::vector<float> lines(nodes.size() * points.n_dims);
  parallel_blocks(nodes.size(), threads, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin; at < end; ++at)
      draw_line(points, cuts.data(), nodes[at], mixed(key + nodes[at].begin),
                lines.data() + at * points.n_dims);
  });
  const std::int64_t last = nodes.back().end;
  parallel_blocks(last, threads, 1024, [&](std::int64_t begin, std::int64_t end) {
    auto node = std::upper_bound(nodes.begin(), nodes.end(), begin,
                                 [](std::int64_t at, const Node& one) { return at < one.end; });
    for (std::int64_t at = begin; at < end; ++at) {
      if (at == node->end) ++node;
      if (at + kAhead < end)
        soon(points.values + cuts[at + kAhead].second * points.n_dims, points.n_dims * 4);
      const float* line = lines.data() + (node - nodes.begin()) * points.n_dims;
      cuts[at].first = along(points.values + cuts[at].second * points.n_dims, line, points.n_dims);
    }
  });
  std::vector<Node> made(2 * nodes.size());
  parallel_blocks(nodes.size(), threads, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin; at < end; ++at) {
      const Node& node = nodes[at];
      const std::int64_t middle = node.begin + (node.end - node.begin) / 2;
      std::nth_element(cuts.begin() + node.begin, cuts.begin() + middle, cuts.begin() + node.end);
      made[2 * at] = {node.begin, middle};
      made[2 * at + 1] = {middle, node.end};
    }
  });
  return made;
}

}  // namespace

// Offer to every row the others of its leaf, of at most `leaf` rows. order: the rows, leaf after leaf.
EMBLINK_API void emblink_descent_tree(const float* values, std::int64_t n, std::int64_t n_dims,
                                      float scale, const float* centre, std::uint64_t* keys, std::int64_t k,
                                      std::int64_t leaf, std::uint64_t seed, std::int32_t* order,
                                      std::int32_t threads) {
  const NearPoints points{values, n, n_dims, scale, centre};
  std::vector<Cut> cuts(n);
  // Where no line tells rows apart they are halved by this order, another in every tree.
  for (std::int64_t i = 0; i < n; ++i) cuts[i] = {0.0f, static_cast<std::int32_t>(i)};
  std::vector<Node> nodes{{0, n}};
  for (std::uint64_t level = 0; (n >> level) + 1 > leaf; ++level)
    nodes = halves(points, cuts, nodes, mixed(seed + mixed(level)), threads);
  for (std::int64_t i = 0; i < n; ++i) order[i] = cuts[i].second;
  std::vector<Cut>().swap(cuts);
  for (const Node& node : nodes) std::sort(order + node.begin, order + node.end);
  Locks locks;
  const NearGraph graph{keys, k, &locks};
  parallel_blocks(nodes.size(), threads, 32, [&](std::int64_t begin, std::int64_t end) {
    Join join(points, graph, leaf);
    for (std::int64_t at = begin; at < end; ++at) {
      const std::int64_t count = nodes[at].end - nodes[at].begin;
      join.gather(order + nodes[at].begin, count);
      join.all();
    }
  });
}
