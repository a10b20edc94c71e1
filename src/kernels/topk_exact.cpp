// The last word on a list of candidates: squared distances by direct differences in double precision,
// nearest first, ties by row.
#include <algorithm>
#include <utility>
#include <vector>

#include "emblink.h"
#include "parallel.h"
#include "topk.h"

namespace {

using emblink::Key;
using Neighbor = std::pair<double, std::int32_t>;  // its order is ours: distance, then row

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kRows = 16;
constexpr std::int64_t kAhead = 2;  // rows asked for before they are measured

inline void expect(const float* row, std::int64_t n_dims) {
  constexpr std::int64_t kLine = 16;
  for (std::int64_t i = 0; i < n_dims; i += kLine) __builtin_prefetch(row + i);
}

EMBLINK_CLONES
double squared_distance(const float* x, const float* y, std::int64_t n_dims) {
  double sums[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= n_dims; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double difference = static_cast<double>(x[i + lane]) - static_cast<double>(y[i + lane]);
      sums[lane] += difference * difference;
    }
  double total = 0.0;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) total += sums[lane];
  for (; i < n_dims; ++i) {
    const double difference = static_cast<double>(x[i]) - static_cast<double>(y[i]);
    total += difference * difference;
  }
  return total;
}

// Insert into a sorted list of at most k, candidates coming in ascending order of row.
void insert(double square, std::int32_t row, std::int64_t k, double* squares, std::int32_t* rows,
            std::int32_t& count) {
  if (count == k && square >= squares[k - 1]) return;
  std::int64_t at = count < k ? count++ : k - 1;
  for (; at > 0 && squares[at - 1] > square; --at) {
    squares[at] = squares[at - 1];
    rows[at] = rows[at - 1];
  }
  squares[at] = square;
  rows[at] = row;
}

}  // namespace

// Trim each list to its `keep` best; of those, return the k nearest to points[queries[q]].
EMBLINK_API void emblink_topk_rerank(const float* points, std::int64_t n_dims,
                                     const std::int64_t* queries, std::int64_t n_queries, Key* keys,
                                     std::int32_t* counts, float* thresholds, std::int64_t keep,
                                     std::int64_t capacity, std::int64_t k, std::int32_t* rows,
                                     double* squares, std::int32_t threads) {
  emblink::parallel_blocks(n_queries, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Neighbor> near;
    for (std::int64_t q = begin; q < end; ++q) {
      Key* list = keys + q * capacity;
      emblink::trim(list, counts[q], thresholds[q], keep);
      near.clear();
      for (std::int64_t i = 0; i < counts[q]; ++i) {
        if (i + kAhead < counts[q]) expect(points + emblink::row_of(list[i + kAhead]) * n_dims, n_dims);
        const std::int32_t row = emblink::row_of(list[i]);
        near.emplace_back(
            squared_distance(points + queries[q] * n_dims, points + row * n_dims, n_dims), row);
      }
      std::sort(near.begin(), near.end());
      for (std::int64_t i = 0; i < k; ++i) {
        squares[q * k + i] = near[i].first;
        rows[q * k + i] = near[i].second;
      }
    }
  });
}

// Every candidate of a block whose score reaches its row's cutoff is measured and merged into that row's
// sorted list. Candidates must come in ascending order over the calls.
EMBLINK_API void emblink_topk_resolve(const float* block, std::int64_t n_rows, std::int64_t n_cols,
                                      const float* col_bias, std::int64_t first_col,
                                      const float* cutoffs, const float* points, std::int64_t n_dims,
                                      const std::int64_t* selves, std::int64_t k, std::int32_t* rows,
                                      double* squares, std::int32_t* counts, std::int32_t threads) {
  emblink::parallel_blocks(n_rows, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const float* scores = block + r * n_cols;
      double* nearest = squares + r * k;
      for (std::int64_t c = 0; c < n_cols; ++c) {
        if (!(scores[c] - col_bias[c] >= cutoffs[r])) continue;
        // Nothing is nearer than k copies of the row itself.
        if (counts[r] == k && nearest[k - 1] == 0.0) break;
        const std::int64_t row = first_col + c;
        if (row == selves[r]) continue;
        insert(squared_distance(points + selves[r] * n_dims, points + row * n_dims, n_dims),
               static_cast<std::int32_t>(row), k, nearest, rows + r * k, counts[r]);
      }
    }
  });
}
