#include "wardian/session/artifact_fetcher.h"

#include <algorithm>

#include "wardian/session/local_artifact.h"

namespace wardian::session {
namespace {

using Open = Result<std::unique_ptr<ArtifactSource>> (*)(std::string_view rest, const ArtifactPolicy& policy,
                                                         const FetchLimits& limits);

/// How places are spelled. Those of the network have no way yet: it comes with the server's callout policy, which says where it may lead.
struct Scheme {
  std::string_view name;
  Open open = nullptr;
  Status (*check)(std::string_view rest, const ArtifactPolicy& policy) = nullptr;
};
constexpr Scheme kSchemes[] = {
    {"file", &open_local_artifact, &check_local_artifact}, {"https"}, {"http"}, {"abfss"}, {"adl"}, {"s3"},
};

/// A place, told apart: the row, and what the row's way makes of the rest.
struct Place {
  const Scheme* scheme;
  std::string_view rest;
};

Result<Place> place_of(std::string_view location) {
  if (location.find('\0') != std::string_view::npos || location.empty())
    return Error{ErrorCode::bad_argument, "No place of an artifact: " + std::string(location), {}, "Name a file."};
  const std::size_t mark = location.find("://");
  if (mark == std::string_view::npos) return Place{&kSchemes[0], location};
  const std::string_view name = location.substr(0, mark);
  const auto* const row = std::ranges::find(kSchemes, name, &Scheme::name);
  if (row == std::end(kSchemes))
    return Error{ErrorCode::bad_argument,
                 "Unknown kind of place for an artifact: " + std::string(name),
                 {},
                 "Name a file of this machine."};
  location.remove_prefix(mark + 3);
  return Place{row, location.substr(0, location.find(';'))};
}

Error not_yet(std::string_view location) {
  // Not the whole text: behind ";" and "?" may stand a key, before "@" a password.
  std::string shown(location.substr(0, location.find_first_of(";?")));
  const std::size_t host = shown.find("://") + 3;
  if (const std::size_t user = shown.rfind('@', shown.find('/', host)); user != std::string::npos && user >= host)
    shown.erase(host, user + 1 - host);
  return {ErrorCode::not_supported,
          "Artifacts cannot come from the network: " + shown,
          {},
          "Name a file of this machine, below a folder that --allow-artifacts gives."};
}

}  // namespace

Result<std::unique_ptr<ArtifactSource>> open_artifact(std::string_view location, const ArtifactPolicy& policy,
                                                      const FetchLimits& limits) {
  WARDIAN_ASSIGN(const Place place, place_of(location));
  if (place.scheme->open == nullptr) return not_yet(location);
  return place.scheme->open(place.rest, policy, limits);
}

Status ArtifactPlaces::check(std::string_view location) const {
  WARDIAN_ASSIGN(const Place place, place_of(location));
  if (place.scheme->open == nullptr) return not_yet(location);
  return place.scheme->check(place.rest, policy_);
}

}  // namespace wardian::session
