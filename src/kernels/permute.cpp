// Agreement of two spaces under many permutations of the items of one of them.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "emblink.h"
#include "parallel.h"

namespace {

// Sum of a[j] * b[order[j]] over first <= j < n. Four sums, as one would wait for each addition.
double gathered(const double* a, const double* b, const std::int32_t* order, std::int64_t first,
                std::int64_t n) {
  double sums[4] = {0.0, 0.0, 0.0, 0.0};
  std::int64_t j = first;
  for (; j + 4 <= n; j += 4)
    for (int lane = 0; lane < 4; ++lane) sums[lane] += a[j + lane] * b[order[j + lane]];
  for (; j < n; ++j) sums[0] += a[j] * b[order[j]];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

// out[p] = sum over i < j of a[i, j] * b[orders[p, i], orders[p, j]]; `a` and `b` are (n, n), `b`
// symmetric, `orders` (n_orders, n).
EMBLINK_API void emblink_permuted_products(const double* a, const double* b,
                                           const std::int32_t* orders, std::int64_t n_orders,
                                           std::int64_t n, double* out, std::int32_t threads) {
  emblink::parallel_blocks(n_orders, threads, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      const std::int32_t* order = orders + p * n;
      double total = 0.0;
      for (std::int64_t i = 0; i < n; ++i)
        total += gathered(a + i * n, b + order[i] * n, order, i + 1, n);
      out[p] = total;
    }
  });
}

// out[p] = how many neighbours the items of rows[p] have in common in `a` and in `b` renamed:
// item i of `a` is matched with item orders[p, i] of `b`. Lists are (n, k), `orders` (n_orders, n),
// `rows` (n_orders, n_rows).
EMBLINK_API void emblink_permuted_overlaps(const std::int32_t* a, const std::int32_t* b,
                                           const std::int32_t* orders, const std::int32_t* rows,
                                           std::int64_t n_orders, std::int64_t n_rows,
                                           std::int64_t n, std::int64_t k, std::int64_t* out,
                                           std::int32_t threads) {
  emblink::parallel_blocks(n_orders, threads, 1, [&](std::int64_t begin, std::int64_t end) {
    // Which item last listed each member of `b`, so that nothing need be forgotten between items.
    std::vector<std::int32_t> listed_by(n, -1);
    for (std::int64_t p = begin; p < end; ++p) {
      const std::int32_t* order = orders + p * n;
      const std::int32_t* chosen = rows + p * n_rows;
      std::fill(listed_by.begin(), listed_by.end(), -1);
      std::int64_t both = 0;
      for (std::int64_t r = 0; r < n_rows; ++r) {
        const std::int32_t item = chosen[r];
        const std::int32_t* near = b + order[item] * k;
        for (std::int64_t place = 0; place < k; ++place) listed_by[near[place]] = item;
        const std::int32_t* list = a + item * k;
        for (std::int64_t place = 0; place < k; ++place)
          both += listed_by[order[list[place]]] == item;
      }
      out[p] = both;
    }
  });
}
