// The last word on a list of candidates: squared distances by direct differences in double precision,
// nearest first, ties by row.
#include <algorithm>
#include <utility>
#include <vector>

#include "distance.h"
#include "emblink.h"
#include "parallel.h"
#include "topk.h"

namespace {

using emblink::expect;
using emblink::Key;
using emblink::squared_distance;
using Neighbor = std::pair<double, std::int32_t>;  // its order is ours: distance, then row

constexpr std::int64_t kRows = 16;
constexpr std::int64_t kChunk = 64;  // columns tested at once
constexpr std::int64_t kAhead = 2;  // rows asked for before they are measured

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

EMBLINK_CLONES
bool any_reaches(const float* scores, const float* bias, float cutoff) {
  int any = 0;
  for (std::int64_t j = 0; j < kChunk; ++j) any |= scores[j] - bias[j] >= cutoff;
  return any != 0;
}

// Gather the columns whose score reaches the cutoff.
void reaching(const float* scores, const float* bias, std::int64_t n_cols, float cutoff,
              std::vector<std::int32_t>& found) {
  found.clear();
  for (std::int64_t j = 0; j < n_cols; j += kChunk) {
    const std::int64_t end = std::min(n_cols, j + kChunk);
    if (end - j == kChunk && !any_reaches(scores + j, bias + j, cutoff)) continue;
    for (std::int64_t c = j; c < end; ++c)
      if (scores[c] - bias[c] >= cutoff) found.push_back(static_cast<std::int32_t>(c));
  }
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
    std::vector<std::int32_t> reached;
    for (std::int64_t r = begin; r < end; ++r) {
      reaching(block + r * n_cols, col_bias, n_cols, cutoffs[r], reached);
      const float* own = points + selves[r] * n_dims;
      double* nearest = squares + r * k;
      const auto count = static_cast<std::int64_t>(reached.size());
      for (std::int64_t i = 0; i < count; ++i) {
        // Nothing is nearer than k copies of the row itself.
        if (counts[r] == k && nearest[k - 1] == 0.0) break;
        if (i + kAhead < count) expect(points + (first_col + reached[i + kAhead]) * n_dims, n_dims);
        const std::int64_t row = first_col + reached[i];
        if (row == selves[r]) continue;
        insert(squared_distance(own, points + row * n_dims, n_dims), static_cast<std::int32_t>(row), k,
               nearest, rows + r * k, counts[r]);
      }
    }
  });
}
