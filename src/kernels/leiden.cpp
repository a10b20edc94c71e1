// Communities of a weighted graph: the Leiden algorithm of Traag, Waltman and van Eck (2019) under the
// constant Potts model, which values a partition at the weight of the edges within its communities, less
// `resolution` for each pair of nodes within one.
//
// Every sum runs in the order of the arcs and every order is drawn by splitmix64: a seed gives one partition
// everywhere. No move is for a gain that rounding could feign: each raises the quality, and the search ends.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "emblink.h"

namespace {

using Codes = std::vector<std::int32_t>;

constexpr double kRounding = 1e-10;  // of sums, relative: far above what adding a million numbers does

// splitmix64, Steele, Lea and Flood 2014.
struct Draws {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  Codes order(std::size_t n) {
    Codes drawn(n);
    std::iota(drawn.begin(), drawn.end(), 0);
    for (std::size_t i = n; i > 1; --i) std::swap(drawn[i - 1], drawn[((next() >> 32) * i) >> 32]);
    return drawn;
  }
};

// In compressed rows, each edge an arc of both its ends, without loops; `sizes` counts the nodes that
// each node stands for.
struct Graph {
  std::vector<std::int64_t> begins{0};
  Codes others;
  std::vector<double> weights, sizes;
  std::size_t n() const { return sizes.size(); }
};

// Weights that lead from a node to communities, forgotten again in time of what was seen.
class Links {
 public:
  explicit Links(std::size_t n) : to_(n, 0.0), met_(n, 0), seen_(n + 1) {}

  double to(std::int32_t community) const { return to_[community]; }
  const std::int32_t* begin() const { return seen_.data(); }  // in the order of the arcs
  const std::int32_t* end() const { return seen_.data() + count_; }

  void add(std::int32_t community, double weight) {
    seen_[count_] = community;  // without a branch, which could not be foretold
    count_ += 1 - met_[community];
    met_[community] = 1;
    to_[community] += weight;
  }

  void clear() {
    for (const std::int32_t community : *this) to_[community] = 0, met_[community] = 0;
    count_ = 0;
  }

 private:
  std::vector<double> to_;
  std::vector<unsigned char> met_;
  Codes seen_;
  std::size_t count_ = 0;
};

// Number the codes anew in the order of their first member; how many there are.
std::size_t canonical(Codes& codes) {
  Codes number(codes.size(), -1);
  std::int32_t found = 0;
  for (std::int32_t& code : codes) {
    if (number[code] < 0) number[code] = found++;
    code = number[code];
  }
  return static_cast<std::size_t>(found);
}

// Move single nodes to where the quality gains most, until none gains; whether any moved.
bool move_nodes(const Graph& graph, double resolution, Draws& draws, Codes& part) {
  const std::size_t n = graph.n();
  std::vector<double> sizes(n, 0.0);
  for (std::size_t v = 0; v < n; ++v) sizes[part[v]] += graph.sizes[v];
  Codes unused;
  for (std::size_t c = n; c-- > 0;)
    if (sizes[c] == 0) unused.push_back(static_cast<std::int32_t>(c));
  Codes queue = draws.order(n);  // a ring: each node stands in it once at most
  std::vector<char> waiting(n, 1);
  bool moved = false;
  Links links(n);
  for (std::size_t head = 0, left = n; left > 0; head = head + 1 == n ? 0 : head + 1, --left) {
    const std::int32_t v = queue[head], own = part[v];
    waiting[v] = 0;
    for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j)
      links.add(part[graph.others[j]], graph.weights[j]);
    const double cost = resolution * graph.sizes[v], rest = sizes[own] - graph.sizes[v];
    const double stay = links.to(own) - cost * rest;
    std::int32_t best = own;
    double most = stay, scale = 0;
    if (rest > 0 && stay < 0) best = unused.back(), most = 0;
    for (const std::int32_t c : links) {
      const double gain = links.to(c) - cost * sizes[c];
      if (c != own && gain > most) best = c, most = gain, scale = links.to(c) + cost * sizes[c];
    }
    scale += links.to(own) + cost * rest;
    links.clear();
    if (!(most - stay > kRounding * scale)) continue;
    moved = true;
    if (sizes[best] == 0) unused.pop_back();
    if (rest == 0) unused.push_back(own);
    sizes[own] = rest;
    sizes[best] += graph.sizes[v];
    part[v] = best;
    for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j) {
      const std::int32_t other = graph.others[j];
      if (waiting[other] || part[other] == best) continue;
      waiting[other] = 1;
      queue[(head + left++) % n] = other;
    }
  }
  return moved;
}

// Divide each community into parts that are linked within it: single nodes join what they gain most by, node
// and part both being linked well to the rest of their community.
Codes refined(const Graph& graph, double resolution, Draws& draws, const Codes& part) {
  const std::size_t n = graph.n();
  Codes codes(n);
  std::iota(codes.begin(), codes.end(), 0);
  std::vector<double> whole(n, 0.0), sizes = graph.sizes, cuts(n, 0.0);
  for (std::size_t v = 0; v < n; ++v) {
    whole[part[v]] += sizes[v];
    for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j)
      if (part[graph.others[j]] == part[v]) cuts[v] += graph.weights[j];
  }
  const auto linked = [&](std::int32_t c, double all) {
    const double asked = resolution * sizes[c] * (all - sizes[c]);
    return cuts[c] - asked >= -2 * kRounding * (cuts[c] + asked);
  };
  std::vector<char> alone(n, 1);
  Links links(n);
  for (const std::int32_t v : draws.order(n)) {
    const double all = whole[part[v]], cost = resolution * sizes[v];
    if (!alone[v] || !linked(v, all)) continue;
    for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j)
      if (part[graph.others[j]] == part[v]) links.add(codes[graph.others[j]], graph.weights[j]);
    std::int32_t best = v;
    double most = 0;
    for (const std::int32_t c : links) {
      const double gain = links.to(c) - cost * sizes[c];
      const double slack = best == v ? 2 * kRounding * (links.to(c) + cost * sizes[c]) : 0.0;
      if (gain > most - slack && linked(c, all)) best = c, most = gain;
    }
    const double joined = links.to(best);
    links.clear();
    if (best == v) continue;
    codes[v] = best;
    alone[v] = alone[best] = 0;
    sizes[best] += sizes[v];
    cuts[best] += cuts[v] - 2 * joined;
  }
  return codes;
}

// The nodes of each of `count` codes, code by code: those of `c` lie from first[c] to first[c + 1].
struct Members {
  std::vector<std::int64_t> first;
  Codes nodes;

  Members(const Codes& codes, std::size_t count) : first(count + 1, 0), nodes(codes.size()) {
    for (const std::int32_t code : codes) ++first[code + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<std::int64_t> next(first.begin(), first.end() - 1);
    for (std::size_t v = 0; v < codes.size(); ++v)
      nodes[next[codes[v]]++] = static_cast<std::int32_t>(v);
  }
};

// The graph of which each node is one of `count` communities.
Graph aggregated(const Graph& graph, const Codes& codes, std::size_t count) {
  const Members members(codes, count);
  Graph made;
  made.sizes.assign(count, 0.0);
  Links links(count);
  for (std::size_t c = 0; c < count; ++c) {
    for (std::int64_t i = members.first[c]; i < members.first[c + 1]; ++i) {
      const std::int32_t v = members.nodes[i];
      made.sizes[c] += graph.sizes[v];
      for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j)
        links.add(codes[graph.others[j]], graph.weights[j]);
    }
    for (const std::int32_t other : links) {
      if (other == static_cast<std::int32_t>(c)) continue;
      made.others.push_back(other);
      made.weights.push_back(links.to(other));
    }
    links.clear();
    made.begins.push_back(static_cast<std::int64_t>(made.others.size()));
  }
  return made;
}

// Move, refine and aggregate until each node is a community; whether anything moved. What comes out is
// made of refined communities, which are connected.
bool iterate(const Graph& graph, double resolution, Draws& draws, Codes& codes) {
  Codes place(graph.n()), part = codes;
  std::iota(place.begin(), place.end(), 0);
  Graph made;
  const Graph* level = &graph;
  bool moved = false;
  for (;;) {
    moved |= move_nodes(*level, resolution, draws, part);
    if (canonical(part) == level->n()) break;
    Codes parts = refined(*level, resolution, draws, part);
    const std::size_t count = canonical(parts);
    if (count == level->n()) return codes = std::move(place), false;  // but for rounding, never
    Codes above(count);
    for (std::size_t v = 0; v < parts.size(); ++v) above[parts[v]] = part[v];
    for (std::int32_t& at : place) at = parts[at];
    made = aggregated(*level, parts, count);
    level = &made;
    part = std::move(above);
  }
  codes = std::move(place);
  return moved;
}

// The weight within communities, less `resolution` for each pair within one; what lies within a node, which
// no partition changes, is left out.
double quality(const Graph& graph, double resolution, const Codes& codes) {
  std::vector<double> sizes(graph.n(), 0.0);
  double within = 0, pairs = 0;
  for (std::size_t v = 0; v < graph.n(); ++v) {
    pairs += sizes[codes[v]] * graph.sizes[v];
    sizes[codes[v]] += graph.sizes[v];
    for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j)
      if (codes[graph.others[j]] == codes[v]) within += graph.weights[j];
  }
  return within / 2 - resolution * pairs;
}

// The best of `starts` searches of `rounds` iterations at most, the first of equal ones; numbered in the
// order of first members.
Codes searched(const Graph& graph, double resolution, Draws& draws, std::int64_t starts,
               std::int64_t rounds) {
  Codes best;
  double most = 0;
  for (std::int64_t start = 0; start < starts; ++start) {
    Codes found(graph.n());
    std::iota(found.begin(), found.end(), 0);
    bool moved = true;
    for (std::int64_t round = 0; moved && round < rounds; ++round)
      moved = iterate(graph, resolution, draws, found);
    canonical(found);
    const double reached = quality(graph, resolution, found);
    if (start > 0 && !(reached > most)) continue;
    best = std::move(found);
    most = reached;
  }
  return best;
}

// Which of the parts that nothing links to each other holds each node, numbered by their first members.
Codes components(const Graph& graph) {
  Codes codes(graph.n(), -1), waiting;
  std::int32_t count = 0;
  for (std::size_t first = 0; first < graph.n(); ++first) {
    if (codes[first] >= 0) continue;
    codes[first] = count;
    waiting.push_back(static_cast<std::int32_t>(first));
    while (!waiting.empty()) {
      const std::int32_t v = waiting.back();
      waiting.pop_back();
      for (std::int64_t j = graph.begins[v]; j < graph.begins[v + 1]; ++j) {
        const std::int32_t other = graph.others[j];
        if (codes[other] < 0) codes[other] = count, waiting.push_back(other);
      }
    }
    ++count;
  }
  return codes;
}

// Search each component by itself: no community spans two, and how many iterations it takes until nothing
// moves grows with the nodes that are searched at once.
Codes searched_apart(const Graph& graph, double resolution, Draws& draws, std::int64_t starts,
                     std::int64_t rounds) {
  Codes component = components(graph);
  const std::size_t count = canonical(component);
  if (count == 1) return searched(graph, resolution, draws, starts, rounds);
  const Members members(component, count);
  Codes codes(graph.n()), at(graph.n());
  std::int32_t communities = 0;
  for (std::size_t c = 0; c < count; ++c) {
    Graph part;
    const std::int32_t* nodes = members.nodes.data() + members.first[c];
    const std::size_t n = static_cast<std::size_t>(members.first[c + 1] - members.first[c]);
    for (std::size_t i = 0; i < n; ++i) at[nodes[i]] = static_cast<std::int32_t>(i);
    for (std::size_t i = 0; i < n; ++i) {
      const std::int64_t begin = graph.begins[nodes[i]], end = graph.begins[nodes[i] + 1];
      part.sizes.push_back(graph.sizes[nodes[i]]);
      for (std::int64_t j = begin; j < end; ++j) part.others.push_back(at[graph.others[j]]);
      part.weights.insert(part.weights.end(), graph.weights.begin() + begin, graph.weights.begin() + end);
      part.begins.push_back(static_cast<std::int64_t>(part.others.size()));
    }
    Codes found = searched(part, resolution, draws, starts, rounds);
    for (std::size_t i = 0; i < n; ++i) codes[nodes[i]] = communities + found[i];
    communities += static_cast<std::int32_t>(canonical(found));
  }
  canonical(codes);
  return codes;
}

// Without loops and arcs of no weight; weights scaled by a power of two, exactly, so that no sum overflows.
Graph scaled(const std::int64_t* begins, const std::int32_t* others, const double* weights,
             std::int64_t n, int& exponent) {
  double most = 0;
  for (std::int64_t j = 0; j < begins[n]; ++j) most = std::fmax(most, weights[j]);
  std::frexp(most, &exponent);
  Graph graph;
  graph.sizes.assign(n, 1.0);
  graph.others.reserve(begins[n]);
  graph.weights.reserve(begins[n]);
  for (std::int64_t v = 0; v < n; ++v) {
    for (std::int64_t j = begins[v]; j < begins[v + 1]; ++j) {
      if (others[j] == v || !(weights[j] > 0)) continue;
      graph.others.push_back(others[j]);
      graph.weights.push_back(std::ldexp(weights[j], -exponent));
    }
    graph.begins.push_back(static_cast<std::int64_t>(graph.others.size()));
  }
  return graph;
}

}  // namespace

// Whether arcs in compressed rows, begins (n + 1,), ascend within each row and are all there both ways, with
// one weight.
EMBLINK_API void emblink_is_undirected(const std::int64_t* begins, const std::int32_t* others,
                                       const double* weights, std::int64_t n, std::int32_t* answer,
                                       std::int32_t) {
  std::vector<std::int64_t> next(begins, begins + n);  // the way back of the next arc to each node
  *answer = 0;
  for (std::int64_t v = 0; v < n; ++v)
    for (std::int64_t j = begins[v]; j < begins[v + 1]; ++j) {
      const std::int64_t back = next[others[j]]++;
      if (back == begins[others[j] + 1] || others[back] != v || weights[back] != weights[j]) return;
    }
  *answer = 1;
}

// An undirected graph of n nodes in compressed rows, begins (n + 1,), with weights of 0 or more, the same for
// both arcs of an edge -> codes (levels, n): the community of each node at each resolution, numbered in the
// order of their first member. Each level divides the communities of the one before it, as wholes.
EMBLINK_API void emblink_leiden(const std::int64_t* begins, const std::int32_t* others,
                                const double* weights, std::int64_t n, const double* resolutions,
                                std::int64_t levels, std::uint64_t seed, std::int64_t starts,
                                std::int64_t rounds, std::int32_t* codes, std::int32_t) {
  int exponent = 0;
  Graph graph = scaled(begins, others, weights, n, exponent);
  Draws draws{seed};
  Codes place(n);
  std::iota(place.begin(), place.end(), 0);
  for (std::int64_t level = 0; level < levels; ++level) {
    const double resolution = std::ldexp(resolutions[level], -exponent);
    Codes found = searched_apart(graph, resolution, draws, starts, rounds);
    for (std::int32_t& at : place) at = found[at];
    std::copy(place.begin(), place.end(), codes + level * n);
    if (level + 1 < levels) graph = aggregated(graph, found, canonical(found));
  }
}
