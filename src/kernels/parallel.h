// Work shared out over std::thread in blocks; the caller's thread takes part.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace emblink {

// Call body(begin, end) over [0, n) in blocks, on at most `threads` threads.
template <class Body>
void parallel_blocks(std::int64_t n, std::int32_t threads, std::int64_t block, Body&& body) {
  if (n <= 0) return;
  block = std::max<std::int64_t>(1, block);
  const std::int64_t n_blocks = (n + block - 1) / block;
  std::atomic<std::int64_t> next{0};
  auto work = [&] {
    for (std::int64_t b; (b = next.fetch_add(1)) < n_blocks;)
      body(b * block, std::min(n, (b + 1) * block));
  };
  const int extra = static_cast<int>(std::min<std::int64_t>(std::max(threads, 1), n_blocks)) - 1;
  std::vector<std::thread> pool;
  pool.reserve(extra);
  for (int i = 0; i < extra; ++i) pool.emplace_back(work);
  work();
  for (auto& thread : pool) thread.join();
}

}  // namespace emblink
