// How far items strayed, looked at over their nearest neighbours; and the graph of those that did.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "distance.h"
#include "emblink.h"
#include "parallel.h"

namespace {

constexpr std::int64_t kRows = 512;
constexpr std::int64_t kAhead = 4;  // rows asked for before they are measured

}  // namespace

// values (n,), indices (n, k) -> the mean of each row's neighbours' values.
EMBLINK_API void emblink_neighbor_means(const float* values, const std::int32_t* indices,
                                        std::int64_t n, std::int64_t k, float* means,
                                        std::int32_t threads) {
  emblink::parallel_blocks(n, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      double sum = 0;
      for (std::int64_t j = i * k; j < (i + 1) * k; ++j) sum += values[indices[j]];
      means[i] = static_cast<float>(sum / static_cast<double>(k));
    }
  });
}

// points (n, dims), indices (n, k) -> the distance of each row to each of its neighbours, (n, k).
EMBLINK_API void emblink_neighbor_spans(const float* points, const std::int32_t* indices,
                                        std::int64_t n, std::int64_t k, std::int64_t dims,
                                        float* spans, std::int32_t threads) {
  emblink::parallel_blocks(n, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float* own = points + i * dims;
      for (std::int64_t j = i * k; j < (i + 1) * k; ++j) {
        if (j + kAhead < n * k) emblink::expect(points + indices[j + kAhead] * dims, dims);
        const double square = emblink::squared_distance(own, points + indices[j] * dims, dims);
        spans[j] = static_cast<float>(std::sqrt(square));
      }
    }
  });
}

// How many arcs each of n_nodes nodes has in the graph that `emblink_joint_arcs` fills in: `place` (n,)
// is the node of each row, -1 for none; an arc for each neighbour in a or b, and for its reverse.
EMBLINK_API void emblink_joint_degrees(const std::int32_t* a, const std::int32_t* b,
                                       const std::int32_t* place, std::int64_t n, std::int64_t k,
                                       std::int64_t* degrees, std::int32_t) {
  for (const std::int32_t* lists : {a, b})
    for (std::int64_t i = 0; i < n; ++i) {
      if (place[i] < 0) continue;
      for (std::int64_t j = i * k; j < (i + 1) * k; ++j) {
        if (place[lists[j]] < 0) continue;
        ++degrees[place[i]];
        ++degrees[place[lists[j]]];
      }
    }
}

// Fill in the arcs, `begins` (n_nodes + 1,) being where those of each node begin. They are then in order
// of the other node, the same ones joined: `counts` says how many they were, and `kept` (n_nodes,) how
// many are left at the beginning of a node's own.
EMBLINK_API void emblink_joint_arcs(const std::int32_t* a, const std::int32_t* b,
                                    const std::int32_t* place, std::int64_t n, std::int64_t k,
                                    const std::int64_t* begins, std::int64_t n_nodes,
                                    std::int32_t* others, std::int32_t* counts, std::int64_t* kept,
                                    std::int32_t threads) {
  std::vector<std::int64_t> next(begins, begins + n_nodes);
  for (const std::int32_t* lists : {a, b})
    for (std::int64_t i = 0; i < n; ++i) {
      if (place[i] < 0) continue;
      for (std::int64_t j = i * k; j < (i + 1) * k; ++j) {
        const std::int32_t other = place[lists[j]];
        if (other < 0) continue;
        others[next[place[i]]++] = other;
        others[next[other]++] = place[i];
      }
    }
  emblink::parallel_blocks(n_nodes, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t node = begin; node < end; ++node) {
      std::int32_t* first = others + begins[node];
      std::int32_t* count = counts + begins[node];
      const std::int64_t held = begins[node + 1] - begins[node];
      std::sort(first, first + held);
      std::int64_t left = 0;
      for (std::int64_t j = 0; j < held; ++j) {
        if (left > 0 && first[left - 1] == first[j]) {
          ++count[left - 1];
        } else {
          first[left] = first[j];
          count[left++] = 1;
        }
      }
      kept[node] = left;
    }
  });
}

// For arcs in compressed rows, begins (n_nodes + 1,): the scalar product of the points (n_nodes, dims) at
// both ends of each.
EMBLINK_API void emblink_arc_products(const float* points, const std::int64_t* begins,
                                      const std::int32_t* others, std::int64_t n_nodes,
                                      std::int64_t dims, float* products, std::int32_t threads) {
  emblink::parallel_blocks(n_nodes, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t node = begin; node < end; ++node) {
      const float* own = points + node * dims;
      for (std::int64_t j = begins[node]; j < begins[node + 1]; ++j) {
        const float* other = points + others[j] * dims;
        float sum = 0;
        for (std::int64_t d = 0; d < dims; ++d) sum += own[d] * other[d];
        products[j] = sum;
      }
    }
  });
}
