#include "wardian/algorithm/diff_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/pattern_rows.h"
#include "wardian/algorithm/row_cursor.h"

namespace wardian::algorithm {
namespace {

using columnar::Type;
using Word = std::uint32_t;

constexpr std::size_t kSide = 0, kText = 1;

struct Text {
  bool side = false;
  std::vector<Word> words;
};

/// Where a word stands: the text, and the place in it.
struct Place {
  std::uint32_t text = 0, at = 0;
};

struct Sides {
  double on = 0, off = 0;
};

class Texts {
 public:
  Status read(RowCursor rows, const RunBounds& bounds) {
    std::size_t bytes = 0;
    for (;;) {
      WARDIAN_ASSIGN(const bool more, rows.next());
      if (!more) return {};
      if (!rows.is_valid(kSide)) continue;
      Text text{rows.truth(kSide), {}};
      (text.side ? total_.on : total_.off) += 1;
      std::string_view rest = rows.text(kText);
      while (true) {
        const std::size_t begin = rest.find_first_not_of(" \t\r\n\f\v");
        if (begin == std::string_view::npos) break;
        rest.remove_prefix(begin);
        const std::size_t end = std::min(rest.find_first_of(" \t\r\n\f\v"), rest.size());
        const auto [found, fresh] = ids_.try_emplace(std::string(rest.substr(0, end)), static_cast<Word>(words_.size()));
        if (fresh) {
          words_.push_back(&found->first);
          places_.emplace_back();
          bytes += end + 160;
        }
        places_[found->second].push_back(
            {static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.words.size())});
        text.words.push_back(found->second);
        rest.remove_prefix(end);
        bytes += sizeof(Place) + sizeof(Word);
      }
      texts_.push_back(std::move(text));
      bytes += sizeof(Text);
      if (bytes > bounds.memory_bytes_max / 2) {
        return Error{ErrorCode::out_of_memory, "The texts are too many to look for patterns", {}, "Take a sample of them"};
      }
    }
  }

  const Sides& total() const { return total_; }
  std::size_t word_count() const { return words_.size(); }
  const std::string& word(Word id) const { return *words_[id]; }
  const std::vector<Place>& places(Word id) const { return places_[id]; }

  /// How many texts the places are in, by side; places are in the order of texts.
  Sides sides(const std::vector<Place>& places) const {
    Sides made;
    std::uint32_t last = UINT32_MAX;
    for (const Place& place : places) {
      if (place.text == last) continue;
      last = place.text;
      (texts_[place.text].side ? made.on : made.off) += 1;
    }
    return made;
  }
  double apart(const Sides& sides) const { return sides.on / total_.on - sides.off / total_.off; }

  /// The word `offset` behind a place; nullopt outside of the text.
  std::optional<Word> beside(const Place& place, std::int64_t offset) const {
    const auto& words = texts_[place.text].words;
    const std::int64_t at = place.at + offset;
    if (at < 0 || at >= static_cast<std::int64_t>(words.size())) return std::nullopt;
    return words[static_cast<std::size_t>(at)];
  }
  std::vector<Place> with_beside(const std::vector<Place>& places, std::int64_t offset, Word word) const {
    std::vector<Place> made;
    for (const Place& place : places) {
      if (beside(place, offset) == word) made.push_back(place);
    }
    return made;
  }
  /// The word that most of the places have beside them.
  std::optional<Word> commonest(const std::vector<Place>& places, std::int64_t offset) const {
    std::unordered_map<Word, std::size_t> counts;
    std::optional<Word> best;
    std::size_t most = 0;
    for (const Place& place : places) {
      const auto word = beside(place, offset);
      if (!word) continue;
      const std::size_t count = ++counts[*word];
      if (count > most) {
        most = count;
        best = word;
      }
    }
    return best;
  }

 private:
  std::unordered_map<std::string, Word> ids_;
  std::vector<const std::string*> words_;
  std::vector<std::vector<Place>> places_;
  std::vector<Text> texts_;
  Sides total_;
};

struct TextPattern {
  std::map<std::int64_t, Word> words;  // by their place from the first word looked at
  Sides sides;

  std::string text(const Texts& texts) const {
    std::string made;
    for (std::int64_t at = words.begin()->first; at <= words.rbegin()->first; ++at) {
      if (!made.empty()) made += ' ';
      const auto word = words.find(at);
      made += word == words.end() ? "*" : texts.word(word->second);
    }
    return made;
  }
};

TextPattern grown(const Texts& texts, Word seed, double sign, std::size_t tokens_max) {
  TextPattern made;
  made.words[0] = seed;
  std::vector<Place> places = texts.places(seed);
  made.sides = texts.sides(places);
  const auto reach = static_cast<std::int64_t>(tokens_max) - 1;
  for (std::int64_t distance = 1; distance <= reach; ++distance) {
    for (const std::int64_t offset : {distance, -distance}) {
      const std::int64_t begin = std::min(made.words.begin()->first, offset), end = std::max(made.words.rbegin()->first, offset);
      if (end - begin > reach) continue;
      const auto word = texts.commonest(places, offset);
      if (!word) continue;
      std::vector<Place> fewer = texts.with_beside(places, offset, *word);
      const Sides sides = texts.sides(fewer);
      if (sign * texts.apart(sides) < sign * texts.apart(made.sides)) continue;
      made.words[offset] = *word;
      made.sides = sides;
      places = std::move(fewer);
    }
  }
  return made;
}

}  // namespace

columnar::Schema DiffText::schema() {
  return {{"Count_of_True", Type::int64},
          {"Count_of_False", Type::int64},
          {"Percent_of_True", Type::real},
          {"Percent_of_False", Type::real},
          {"Pattern", Type::string}};
}

Result<std::unique_ptr<columnar::BatchStream>> DiffText::run(std::span<const OpenInput> inputs, const RunBounds& bounds) const {
  WARDIAN_ASSIGN(auto stream, inputs[0]());
  Texts texts;
  WARDIAN_TRY(texts.read(RowCursor(std::move(stream), bounds), bounds));
  std::map<std::string, Sides> found;
  for (Word word = 0; word < texts.word_count() && texts.total().on > 0 && texts.total().off > 0; ++word) {
    if ((word & 0xffU) == 0) WARDIAN_TRY(bounds.may_go_on());
    const Sides sides = texts.sides(texts.places(word));
    if (std::max(sides.on / texts.total().on, sides.off / texts.total().off) < options_.threshold) continue;
    for (const double sign : {1.0, -1.0}) {
      WARDIAN_TRY(bounds.may_go_on());
      const TextPattern pattern = grown(texts, word, sign, options_.tokens_max);
      if (pattern.words.size() < options_.tokens_min) continue;
      if (sign * texts.apart(pattern.sides) < options_.threshold * (1 - 1e-12)) continue;
      found.emplace(pattern.text(texts), pattern.sides);
    }
  }
  std::vector<std::pair<std::string, Sides>> sorted(found.begin(), found.end());
  std::ranges::stable_sort(
      sorted, [&](const auto& a, const auto& b) { return std::abs(texts.apart(a.second)) > std::abs(texts.apart(b.second)); });
  BatchBuilder made(schema());
  for (const auto& [pattern, sides] : sorted) {
    made.add_long(0, std::llround(sides.on));
    made.add_long(1, std::llround(sides.off));
    made.add_real(2, rounded_percent(sides.on, texts.total().on, 2));
    made.add_real(3, rounded_percent(sides.off, texts.total().off, 2));
    made.add_text(4, pattern);
  }
  auto batch = std::make_shared<std::optional<columnar::Batch>>();
  if (made.rows() > 0) *batch = made.take();
  return stream_of(schema(), [batch] { return Result<std::optional<columnar::Batch>>(std::exchange(*batch, std::nullopt)); });
}

}  // namespace wardian::algorithm
