#include "wardian/cli/answer/decimal_text.h"

#include <algorithm>

#include "wardian/base/whole_decimal.h"

namespace wardian::cli {

void append_decimal(std::string& out, columnar::Int128 scaled, int scale) {
  if (const auto whole = large_whole_of(scaled)) return append_decimal(out, *whole, 0);
  __extension__ using UInt128 = unsigned __int128;
  const bool negative = scaled < 0;
  UInt128 rest = negative ? UInt128{0} - static_cast<UInt128>(scaled) : static_cast<UInt128>(scaled);
  std::string digits;  // least significant first
  for (; rest != 0; rest /= 10) digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  while (digits.size() <= static_cast<std::size_t>(scale)) digits.push_back('0');
  std::reverse(digits.begin(), digits.end());
  const std::size_t whole = digits.size() - static_cast<std::size_t>(scale);
  std::string_view fraction = std::string_view(digits).substr(whole);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (negative) out.push_back('-');
  out.append(digits, 0, whole);
  if (!fraction.empty()) out.append(".").append(fraction);
}

}  // namespace wardian::cli
