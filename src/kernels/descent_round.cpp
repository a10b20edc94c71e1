// A round of NN-descent: neighbours of neighbours are likely neighbours, so all candidates of a row are
// measured against each other.
#include <algorithm>
#include <vector>

#include "descent.h"
#include "emblink.h"
#include "parallel.h"

namespace {

using namespace emblink;

constexpr std::int64_t kRows = 512;
constexpr std::int64_t kAhead = 12;  // keys whose samples are asked for before they are changed

// For each row a sample of those it lists and of those that list it: a heap by a random order of its own.
class Samples {
 public:
  Samples(std::int32_t* rows, std::int64_t size, std::uint64_t key, Locks* locks)
      : rows_(rows), size_(size), key_(key), locks_(locks) {}

  void offer(std::int64_t row, std::int32_t other) const {
    locks_->with(row, [&] { push(rows_ + row * (size_ + 1), row, other); });
  }

  void expect(std::int64_t row) const {
    soon(rows_ + row * (size_ + 1), (size_ + 1) * static_cast<std::int64_t>(sizeof(std::int32_t)));
  }

  bool holds(std::int64_t row, std::int32_t other) const {
    const std::int32_t* held = rows_ + row * (size_ + 1);
    return std::find(held + 1, held + 1 + held[0], other) != held + 1 + held[0];
  }

  const std::int32_t* of(std::int64_t row) const { return rows_ + row * (size_ + 1); }

 private:
  std::uint32_t rank(std::int64_t row, std::int32_t other) const {
    std::uint64_t z = key_ ^ (static_cast<std::uint64_t>(row) * 0x9e3779b97f4a7c15u);
    z = (z ^ static_cast<std::uint64_t>(other)) * 0xbf58476d1ce4e5b9u;
    return static_cast<std::uint32_t>((z ^ (z >> 29)) * 0x94d049bb133111ebu >> 32);
  }

  // The first cell counts; the second is the root, whose rank is greatest.
  void push(std::int32_t* held, std::int64_t row, std::int32_t other) const {
    const auto before = [&](std::int32_t a, std::int32_t b) {
      const std::uint32_t left = rank(row, a), right = rank(row, b);
      return left != right ? left < right : a < b;
    };
    std::int32_t* begin = held + 1;
    if (held[0] == size_ && !before(other, begin[0])) return;
    if (std::find(begin, begin + held[0], other) != begin + held[0]) return;
    if (held[0] == size_) {
      std::pop_heap(begin, begin + size_, before);
      begin[size_ - 1] = other;
    } else {
      begin[held[0]++] = other;
    }
    std::push_heap(begin, begin + held[0], before);
  }

  std::int32_t* rows_;
  std::int64_t size_;
  std::uint64_t key_;
  Locks* locks_;
};

}  // namespace

// Draw what each row's candidates are: fresh and known (n, size + 1), zeroed; the first cell counts them.
// What was drawn as fresh is known from then on.
EMBLINK_API void emblink_descent_sample(std::uint64_t* keys, std::int64_t n, std::int64_t k,
                                        std::int32_t* fresh, std::int32_t* known, std::int64_t size,
                                        std::uint64_t seed, std::int32_t threads) {
  Locks locks;
  const Samples young(fresh, size, mixed(seed), &locks), old(known, size, mixed(seed + 1), &locks);
  parallel_blocks(n, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin * k; i < end * k; ++i) {
      if (i + kAhead < end * k && keys[i + kAhead] != kNoRow)
        (is_new(keys[i + kAhead]) ? young : old).expect(near_row(keys[i + kAhead]));
      if (keys[i] == kNoRow) continue;
      const std::int64_t row = i / k;
      const Samples& into = is_new(keys[i]) ? young : old;
      into.offer(row, near_row(keys[i]));
      into.offer(near_row(keys[i]), static_cast<std::int32_t>(row));
    }
  });
  parallel_blocks(n, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin * k; i < end * k; ++i)
      if (keys[i] != kNoRow && is_new(keys[i]) && young.holds(i / k, near_row(keys[i])))
        keys[i] &= ~static_cast<std::uint64_t>(1);
  });
}

// Measure the fresh candidates of the rows order[begin:end] against each other and against the known ones.
EMBLINK_API void emblink_descent_join(const float* values, std::int64_t n, std::int64_t n_dims,
                                      float scale, const float* centre, std::uint64_t* keys, std::int64_t k,
                                      const std::int32_t* fresh, const std::int32_t* known,
                                      std::int64_t size, const std::int32_t* order,
                                      std::int64_t n_rows, std::int32_t threads) {
  const NearPoints points{values, n, n_dims, scale, centre};
  Locks locks;
  const NearGraph graph{keys, k, &locks};
  parallel_blocks(n_rows, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    Join join(points, graph, 2 * size);
    std::vector<std::int32_t> rows;
    for (std::int64_t at = begin; at < end; ++at) {
      const std::int32_t* young = fresh + order[at] * (size + 1);
      const std::int32_t* old = known + order[at] * (size + 1);
      if (young[0] == 0) continue;
      rows.assign(young + 1, young + 1 + young[0]);
      std::sort(rows.begin(), rows.end());
      rows.insert(rows.end(), old + 1, old + 1 + old[0]);
      const std::int64_t count = static_cast<std::int64_t>(rows.size());
      join.gather(rows.data(), count);
      join.first(young[0]);
    }
  });
}
