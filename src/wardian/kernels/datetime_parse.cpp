#include <array>

#include "wardian/kernels/calendar.h"
#include "wardian/kernels/datetime.h"

namespace wardian::kernels {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// Reads from left to right; a failed step leaves the place where it was.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  std::size_t place() const { return at_; }
  void back_to(std::size_t place) { at_ = place; }

  void blanks() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  /// A number of up to `digits_max` digits; how many there were goes to `digits`.
  bool number(std::int64_t& value, int digits_max, int& digits) {
    std::int64_t read = 0;
    digits = 0;
    while (digits < digits_max && is_digit(peek())) {
      read = read * 10 + (text_[at_++] - '0');
      ++digits;
    }
    if (digits > 0) value = read;
    return digits > 0;
  }
  std::string_view word() {
    const std::size_t begin = at_;
    while (is_letter(peek())) ++at_;
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool starts_alike(std::string_view word, std::string_view full) {
  if (word.size() < 3 || word.size() > full.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(word[i]) != full[i]) return false;
  }
  return word.size() == 3 || word.size() == full.size();
}

int month_from_name(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"january", "february", "march",     "april",   "may",      "june",
                                                        "july",    "august",   "september", "october", "november", "december"};
  for (int i = 0; i < 12; ++i) {
    if (starts_alike(word, kMonths[static_cast<std::size_t>(i)])) return i + 1;
  }
  return 0;
}

bool is_weekday_name(std::string_view word) {
  constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                     "thursday", "friday", "saturday"};
  for (std::string_view day : kDays) {
    if (starts_alike(word, day)) return true;
  }
  return false;
}

std::int64_t full_year(std::int64_t year, int digits) {
  if (digits > 2) return year;
  return year < 50 ? year + 2000 : year + 1900;
}

/// "2014-11-08", "2014/11/8", "2014-11", "2014", "20141108", "2025, 6, 14"
bool iso_date(Reader& in, CivilDate& date) {
  int digits = 0;
  const std::size_t begin = in.place();
  std::int64_t value = 0;
  if (!in.number(value, 8, digits)) return false;
  if (digits == 8) {
    date = {value / 10'000, static_cast<int>(value / 100 % 100), static_cast<int>(value % 100)};
    return true;
  }
  if (digits != 4) {
    in.back_to(begin);
    return false;
  }
  date = {value, 1, 1};
  for (int part = 0; part < 2; ++part) {
    const std::size_t before = in.place();
    in.blanks();
    if (!in.take('-') && !in.take('/') && !in.take(',')) {
      in.back_to(before);
      break;
    }
    in.blanks();
    if (!in.number(value, 2, digits)) return false;
    (part == 0 ? date.month : date.day) = static_cast<int>(value);
  }
  return true;
}

/// "02/17/2016", "2-17-2016": month first.
bool american_date(Reader& in, CivilDate& date) {
  const std::size_t begin = in.place();
  std::int64_t month = 0, day = 0, year = 0;
  int digits = 0;
  if (in.number(month, 2, digits) && (in.take('/') || in.take('-')) && in.number(day, 2, digits) &&
      (in.take('/') || in.take('-')) && in.number(year, 4, digits)) {
    date = {full_year(year, digits), static_cast<int>(month), static_cast<int>(day)};
    return true;
  }
  in.back_to(begin);
  return false;
}

/// "Sat, 8 Nov 2014", "Saturday, 08-Nov-14", "8 Nov 2014", "November 8, 2014"
bool worded_date(Reader& in, CivilDate& date) {
  const std::size_t begin = in.place();
  std::string_view word = in.word();
  if (!word.empty() && is_weekday_name(word)) {
    in.take(',');
    in.blanks();
    word = in.word();
  }
  std::int64_t day = 0, year = 0;
  int digits = 0;
  int month = month_from_name(word);
  const auto separator = [&in] {
    in.blanks();
    if (!in.take('-')) in.take(',');
    in.blanks();
  };
  if (month != 0) {
    separator();
    if (!in.number(day, 2, digits)) return in.back_to(begin), false;
    separator();
  } else {
    if (!word.empty() || !in.number(day, 2, digits)) return in.back_to(begin), false;
    separator();
    month = month_from_name(in.word());
    if (month == 0) return in.back_to(begin), false;
    separator();
  }
  if (!in.number(year, 4, digits)) return in.back_to(begin), false;
  date = {full_year(year, digits), month, static_cast<int>(day)};
  return true;
}

/// "15:05", "15:05:02.1234567", "3:05 PM"
bool time_part(Reader& in, std::int64_t& ticks) {
  std::int64_t hour = 0, minute = 0, second = 0, fraction = 0;
  int digits = 0;
  if (!in.number(hour, 2, digits)) return false;
  if (in.take(':')) {
    if (!in.number(minute, 2, digits)) return false;
    if (in.take(':')) {
      if (!in.number(second, 2, digits)) return false;
      if (in.take('.') || in.take(',')) {
        if (!in.number(fraction, 7, digits)) return false;
        for (; digits < 7; ++digits) fraction *= 10;
        std::int64_t beyond = 0;
        in.number(beyond, 18, digits);  // digits past the tick are cut
      }
    }
  }
  const std::size_t before = in.place();
  in.blanks();
  const std::string_view word = in.word();
  if (word.size() == 2 && lower(word[1]) == 'm' && (lower(word[0]) == 'a' || lower(word[0]) == 'p')) {
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (lower(word[0]) == 'p' ? 12 : 0);
  } else {
    in.back_to(before);
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  ticks = hour * kTicksPerHour + minute * kTicksPerMinute + second * kTicksPerSecond + fraction;
  return true;
}

/// "Z", "GMT", "UTC", "+01:00", "-0530"; nothing is UTC too.
bool offset_part(Reader& in, std::int64_t& ticks) {
  in.blanks();
  ticks = 0;
  if (in.at_end()) return true;
  if (const std::string_view word = in.word(); !word.empty()) {
    const bool zulu = word.size() == 1 && lower(word[0]) == 'z';
    return zulu || word == "GMT" || word == "UTC" || word == "gmt" || word == "utc";
  }
  const bool negative = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return false;
  std::int64_t hour = 0, minute = 0;
  int digits = 0;
  if (!in.number(hour, 4, digits)) return false;
  if (digits > 2) {
    minute = hour % 100;
    hour /= 100;
  } else if (in.take(':') && !in.number(minute, 2, digits)) {
    return false;
  }
  if (hour > 14 || minute > 59) return false;
  ticks = hour * kTicksPerHour + minute * kTicksPerMinute;
  if (negative) ticks = -ticks;
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_datetime(std::string_view text) {
  Reader in(text);
  in.blanks();
  if (in.at_end()) return std::nullopt;
  CivilDate date;
  if (!american_date(in, date) && !worded_date(in, date) && !iso_date(in, date)) return std::nullopt;
  if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > days_in_month(date.year, date.month)) {
    return std::nullopt;
  }
  std::int64_t time = 0, offset = 0;
  const bool marked = in.take('T') || in.take('t');
  if (!marked) {
    in.blanks();
    in.take(',');
    in.blanks();
  }
  if (marked || is_digit(in.peek())) {
    if (!time_part(in, time)) return std::nullopt;
  }
  if (!offset_part(in, offset)) return std::nullopt;
  in.blanks();
  if (!in.at_end()) return std::nullopt;
  const std::int64_t ticks = ticks_from_civil(date) + time - offset;
  if (ticks < 0 || ticks > kMaxDatetimeTicks) return std::nullopt;
  return ticks;
}

}  // namespace wardian::kernels
