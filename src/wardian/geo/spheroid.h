#pragma once

#include "wardian/geo/geojson.h"

namespace wardian::geo {

/// The length of the geodesic on the WGS 84 spheroid.
double spheroid_metres(LngLat from, LngLat to);

}  // namespace wardian::geo
