#include "wardian/kernels/fourier.h"

#include <cmath>
#include <kissfft/kissfft.hh>
#include <memory>
#include <numbers>

namespace wardian::kernels {
namespace {

/// What a length is after all its factors 2, 3 and 5.
std::size_t without_small_factors(std::size_t length) {
  for (const std::size_t factor : {2, 3, 5}) {
    while (length > 1 && length % factor == 0) length /= factor;
  }
  return length;
}

/// The least power of two from `least` on.
std::size_t power_of_two(std::size_t least) {
  std::size_t made = 1;
  while (made < least) made *= 2;
  return made;
}

double greatest(std::span<const double> values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

/// A factor p costs kissfft n·p steps: beyond this one Bluestein's way is the shorter.
constexpr std::size_t kFactorMax = 64;

/// Both directions of one length.
struct Plain {
  explicit Plain(std::size_t length) : forward(length, false), inverse(length, true) {}
  void run(const Complex* input, Complex* output, bool inverted) const {
    (inverted ? inverse : forward).transform(input, output);
  }
  kissfft<double> forward, inverse;
};

/// A transform of any length as a convolution with a chirp, over transforms of a power of two.
class Chirp {
 public:
  explicit Chirp(std::size_t length) : length_(length), padded_(power_of_two(2 * length - 1)), plain_(padded_), chirp_(length) {
    const std::size_t round = 2 * length;
    for (std::size_t k = 0; k < length; ++k) {
      // k² modulo 2n keeps the angle small and so exact.
      const auto square = k * k % round;
      const double angle = std::numbers::pi * static_cast<double>(square) / static_cast<double>(length);
      chirp_[k] = {std::cos(angle), -std::sin(angle)};
    }
    std::vector<Complex> filter(padded_);
    filter[0] = std::conj(chirp_[0]);
    for (std::size_t k = 1; k < length; ++k) filter[k] = filter[padded_ - k] = std::conj(chirp_[k]);
    transformed_.resize(padded_);
    plain_.run(filter.data(), transformed_.data(), false);
  }

  void run(const Complex* input, Complex* output, bool inverted) {
    // The inverse is the conjugate of the transform of the conjugate.
    const auto turned = [&](Complex value) { return inverted ? std::conj(value) : value; };
    first_.assign(padded_, {});
    second_.resize(padded_);
    for (std::size_t k = 0; k < length_; ++k) first_[k] = turned(input[k]) * chirp_[k];
    plain_.run(first_.data(), second_.data(), false);
    for (std::size_t k = 0; k < padded_; ++k) second_[k] *= transformed_[k];
    plain_.run(second_.data(), first_.data(), true);
    const double scale = 1.0 / static_cast<double>(padded_);
    for (std::size_t k = 0; k < length_; ++k) output[k] = turned(first_[k] * scale * chirp_[k]);
  }

 private:
  std::size_t length_, padded_;
  Plain plain_;
  std::vector<Complex> chirp_, transformed_, first_, second_;
};

}  // namespace

struct Fourier::Plans {
  std::size_t length = 0;
  std::unique_ptr<Plain> plain;
  std::unique_ptr<Chirp> chirp;
  std::vector<Complex> first, second;

  void prepare(std::size_t wanted) {
    if (length == wanted) return;
    plain.reset();
    chirp.reset();
    if (without_small_factors(wanted) <= kFactorMax)
      plain = std::make_unique<Plain>(wanted);
    else
      chirp = std::make_unique<Chirp>(wanted);
    length = wanted;
  }
};

Fourier::Fourier() : plans_(new Plans) {}
Fourier::~Fourier() { delete plans_; }

void Fourier::transform(std::span<const Complex> input, std::vector<Complex>& output, bool inverse) {
  output.resize(input.size());
  if (input.size() < 2) {
    if (!input.empty()) output[0] = input[0];
    return;
  }
  plans_->prepare(input.size());
  if (plans_->plain)
    plans_->plain->run(input.data(), output.data(), inverse);
  else
    plans_->chirp->run(input.data(), output.data(), inverse);
}

void Fourier::inverse(std::span<const Complex> input, std::vector<Complex>& output) {
  transform(input, output, true);
  for (Complex& value : output) value /= static_cast<double>(input.size());
}

void Fourier::autocorrelation(std::span<const double> values, std::size_t lags, std::vector<double>& output) {
  output.assign(lags, 0);
  constexpr std::size_t kDirectMax = 4096;  // products; fewer are done before a transform is
  if (values.size() * lags <= kDirectMax) {
    for (std::size_t lag = 0; lag < std::min(lags, values.size()); ++lag) {
      for (std::size_t at = 0; at + lag < values.size(); ++at) output[lag] += values[at] * values[at + lag];
    }
    return;
  }
  std::vector<Complex>& padded = plans_->first;
  padded.assign(power_of_two(values.size() + lags), {});
  for (std::size_t at = 0; at < values.size(); ++at) padded[at] = values[at];
  forward(padded, plans_->second);
  for (std::size_t k = 0; k < padded.size(); ++k) padded[k] = std::norm(plans_->second[k]);
  inverse(padded, plans_->second);
  for (std::size_t lag = 0; lag < lags; ++lag) output[lag] = plans_->second[lag].real();
}

void Fourier::convolution(std::span<const double> values, std::span<const double> filter, std::size_t size,
                          std::vector<double>& output) {
  // One transform of both: the values as the real part and the filter as the imaginary one; half the imaginary part of
  // its square is the product. Both are made of one size, as the error is that of the greater.
  const double values_scale = greatest(values), filter_scale = greatest(filter);
  output.assign(size, 0);
  if (!(values_scale > 0 && filter_scale > 0)) return;
  std::vector<Complex>& padded = plans_->first;
  padded.assign(power_of_two(values.size() + filter.size()), {});
  for (std::size_t at = 0; at < values.size(); ++at) padded[at].real(values[at] / values_scale);
  for (std::size_t at = 0; at < filter.size(); ++at) padded[at].imag(filter[at] / filter_scale);
  forward(padded, plans_->second);
  for (std::size_t k = 0; k < padded.size(); ++k) padded[k] = plans_->second[k] * plans_->second[k];
  inverse(padded, plans_->second);
  for (std::size_t at = 0; at < std::min(size, padded.size()); ++at) {
    output[at] = plans_->second[at].imag() / 2 * values_scale * filter_scale;
  }
}

}  // namespace wardian::kernels
