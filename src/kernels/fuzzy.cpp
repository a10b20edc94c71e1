// Fuzzy memberships of nearest neighbours: the smooth k-NN distances of UMAP.
// McInnes, Healy and Melville, "UMAP", 2018, algorithm 3.
#include <cmath>

#include "emblink.h"
#include "parallel.h"

namespace {

constexpr int kBisections = 48;
constexpr double kLeastSigma = 1e-3;  // of the mean distance, as in UMAP

double membership(double distance, double rho, double sigma) {
  const double beyond = distance - rho;
  return beyond <= 0 ? 1.0 : std::exp(-beyond / sigma);
}

double total_membership(const float* row, std::int64_t k, double rho, double sigma) {
  double total = 0;
  for (std::int64_t j = 0; j < k; ++j) total += membership(row[j], rho, sigma);
  return total;
}

// The sigma at which the memberships of a row sum to log2(k + 1): the row and its k neighbours.
double smooth_distance(const float* row, std::int64_t k, double rho) {
  const double target = std::log2(static_cast<double>(k + 1));
  double low = 0, high = 0, mean = 0;
  for (std::int64_t j = 0; j < k; ++j) {
    mean += row[j] / static_cast<double>(k);
    high = std::max(high, row[j] - rho);
  }
  high *= static_cast<double>(k + 1);  // memberships sum to (k^2 + 1) / (k + 1) or more: the target
  for (int step = 0; step < kBisections; ++step) {
    const double middle = (low + high) / 2;
    (total_membership(row, k, rho, middle) > target ? high : low) = middle;
  }
  return std::max((low + high) / 2, kLeastSigma * mean);
}

void weigh_row(const float* row, std::int64_t k, float* weights) {
  double rho = 0;
  for (std::int64_t j = 0; j < k; ++j)
    if (row[j] > 0 && (rho == 0 || row[j] < rho)) rho = row[j];
  const double sigma = smooth_distance(row, k, rho);
  for (std::int64_t j = 0; j < k; ++j)
    weights[j] = static_cast<float>(membership(row[j], rho, sigma));
}

}  // namespace

// distances (n, k) -> weights (n, k) in [0, 1]; 1 up to the nearest neighbour that is not a duplicate.
EMBLINK_API void emblink_fuzzy_weights(const float* distances, std::int64_t n, std::int64_t k,
                                       float* weights, std::int32_t threads) {
  emblink::parallel_blocks(n, threads, 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) weigh_row(distances + i * k, k, weights + i * k);
  });
}
