#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

// Unit conversions. Factors are exact by definition (international yard and pound, SI) unless rounded by nature.
namespace wardian::kernels {
namespace {

/// One unit in terms of the quantity's base unit: base = value * factor + offset.
struct Unit {
  Text name;
  double factor;
  double offset = 0;
};

constexpr double kPi = 3.14159265358979323846;

constexpr Unit kAngle[] = {
    {"Arcminute", kPi / 10'800},
    {"Arcsecond", kPi / 648'000},
    {"Centiradian", 1e-2},
    {"Deciradian", 1e-1},
    {"Degree", kPi / 180},
    {"Gradian", kPi / 200},
    {"Microdegree", kPi / 180 * 1e-6},
    {"Microradian", 1e-6},
    {"Millidegree", kPi / 180 * 1e-3},
    {"Milliradian", 1e-3},
    {"Nanodegree", kPi / 180 * 1e-9},
    {"Nanoradian", 1e-9},
    {"NatoMil", kPi / 3200},
    {"Radian", 1},
    {"Revolution", 2 * kPi},
    {"Tilt", kPi / 2},
};
constexpr Unit kEnergy[] = {
    {"BritishThermalUnit", 1055.05585262},
    {"Calorie", 4.184},
    {"ElectronVolt", 1.602176634e-19},
    {"Erg", 1e-7},
    {"FootPound", 1.3558179483314004},
    {"GigabritishThermalUnit", 1055.05585262e9},
    {"Gigajoule", 1e9},
    {"GigawattHour", 3.6e12},
    {"HorsepowerHour", 2684519.5376961729},
    {"Joule", 1},
    {"KilobritishThermalUnit", 1055.05585262e3},
    {"Kilocalorie", 4184},
    {"Kilojoule", 1e3},
    {"KilowattHour", 3.6e6},
    {"MegabritishThermalUnit", 1055.05585262e6},
    {"Megacalorie", 4.184e6},
    {"Megajoule", 1e6},
    {"MegawattHour", 3.6e9},
    {"Microjoule", 1e-6},
    {"Millijoule", 1e-3},
    {"Nanojoule", 1e-9},
    {"Petajoule", 1e15},
    {"TerawattHour", 3.6e15},
    {"Terajoule", 1e12},
    {"WattHour", 3600},
};
constexpr Unit kForce[] = {
    {"Decanewton", 10},
    {"Dyn", 1e-5},
    {"KilogramForce", 9.80665},
    {"Kilonewton", 1e3},
    {"KiloPond", 9.80665},
    {"KilopoundForce", 4448.2216152605},
    {"Meganewton", 1e6},
    {"Micronewton", 1e-6},
    {"Millinewton", 1e-3},
    {"Newton", 1},
    {"OunceForce", 0.27801385095378125},
    {"Poundal", 0.138254954376},
    {"PoundForce", 4.4482216152605},
    {"ShortTonForce", 8896.443230521},
    {"TonneForce", 9806.65},
};
constexpr Unit kLength[] = {
    {"Angstrom", 1e-10},    {"AstronomicalUnit", 149597870700.0},
    {"Centimeter", 1e-2},   {"Chain", 20.1168},
    {"Decimeter", 1e-1},    {"Decameter", 10},
    {"Fathom", 1.8288},     {"Foot", 0.3048},
    {"Gigameter", 1e9},     {"Hand", 0.1016},
    {"Hectometer", 1e2},    {"Inch", 0.0254},
    {"Kilometer", 1e3},     {"LightYear", 9460730472580800.0},
    {"Megameter", 1e6},     {"Meter", 1},
    {"Microinch", 2.54e-8}, {"Micrometer", 1e-6},
    {"Mil", 2.54e-5},       {"Mile", 1609.344},
    {"Millimeter", 1e-3},   {"Nanometer", 1e-9},
    {"NauticalMile", 1852}, {"Parsec", 3.0856775814913673e16},
    {"Picometer", 1e-12},   {"Shackle", 27.432},
    {"Yard", 0.9144},
};
constexpr Unit kMass[] = {
    {"Centigram", 1e-5},
    {"Decigram", 1e-4},
    {"Decagram", 1e-2},
    {"EarthMass", 5.9722e24},
    {"Grain", 6.479891e-5},
    {"Gram", 1e-3},
    {"Hectogram", 1e-1},
    {"Kilogram", 1},
    {"Kilopound", 453.59237},
    {"Kilotonne", 1e6},
    {"LongHundredweight", 50.80234544},
    {"LongTon", 1016.0469088},
    {"Megapound", 453592.37},
    {"Megatonne", 1e9},
    {"Microgram", 1e-9},
    {"Milligram", 1e-6},
    {"Nanogram", 1e-12},
    {"Ounce", 0.028349523125},
    {"Pound", 0.45359237},
    {"ShortHundredweight", 45.359237},
    {"ShortTon", 907.18474},
    {"Slug", 14.593902937206364},
    {"SolarMass", 1.98892e30},
    {"Stone", 6.35029318},
    {"Tonne", 1e3},
};
constexpr Unit kSpeed[] = {
    {"CentimeterPerSecond", 1e-2}, {"FootPerHour", 0.3048 / 3600}, {"FootPerMinute", 0.3048 / 60},   {"FootPerSecond", 0.3048},
    {"InchPerSecond", 0.0254},     {"KilometerPerHour", 1 / 3.6},  {"KilometerPerMinute", 1e3 / 60}, {"KilometerPerSecond", 1e3},
    {"Knot", 1852.0 / 3600},       {"MeterPerHour", 1.0 / 3600},   {"MeterPerMinute", 1.0 / 60},     {"MeterPerSecond", 1},
    {"MilePerHour", 0.44704},      {"MillimeterPerSecond", 1e-3},  {"YardPerSecond", 0.9144},
};
constexpr Unit kTemperature[] = {
    {"DegreeCelsius", 1, 273.15},         {"DegreeFahrenheit", 5.0 / 9, 459.67 * 5 / 9},
    {"DegreeRankine", 5.0 / 9},           {"Kelvin", 1},
    {"MillidegreeCelsius", 1e-3, 273.15},
};
constexpr Unit kVolume[] = {
    {"AcreFoot", 1233.48183754752},
    {"Centiliter", 1e-5},
    {"CubicCentimeter", 1e-6},
    {"CubicDecimeter", 1e-3},
    {"CubicFoot", 0.028316846592},
    {"CubicInch", 1.6387064e-5},
    {"CubicKilometer", 1e9},
    {"CubicMeter", 1},
    {"CubicMile", 4168181825.440579584},
    {"CubicMillimeter", 1e-9},
    {"CubicYard", 0.764554857984},
    {"Deciliter", 1e-4},
    {"Hectoliter", 0.1},
    {"ImperialGallon", 0.00454609},
    {"ImperialOunce", 2.84130625e-5},
    {"ImperialPint", 5.6826125e-4},
    {"Kiloliter", 1},
    {"Liter", 1e-3},
    {"Megaliter", 1e3},
    {"Microliter", 1e-9},
    {"Milliliter", 1e-6},
    {"OilBarrel", 0.158987294928},
    {"UsCustomaryCup", 2.365882365e-4},
    {"UsGallon", 0.003785411784},
    {"UsOunce", 2.95735295625e-5},
    {"UsPint", 4.73176473e-4},
    {"UsQuart", 9.46352946e-4},
    {"UsTablespoon", 1.478676478125e-5},
    {"UsTeaspoon", 4.92892159375e-6},
};

const Unit* find_unit(std::span<const Unit> units, Text name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

template <auto& units>
std::optional<double> convert(double value, Text from_name, Text to_name) {
  const Unit* from = find_unit(units, from_name);
  const Unit* to = find_unit(units, to_name);
  if (from == nullptr || to == nullptr) return std::nullopt;
  return (value * from->factor + from->offset - to->offset) / to->factor;
}

constexpr Kernel kKernels[] = {
    kernel<&convert<kAngle>>("wardian_convert_angle"),
    kernel<&convert<kEnergy>>("wardian_convert_energy"),
    kernel<&convert<kForce>>("wardian_convert_force"),
    kernel<&convert<kLength>>("wardian_convert_length"),
    kernel<&convert<kMass>>("wardian_convert_mass"),
    kernel<&convert<kSpeed>>("wardian_convert_speed"),
    kernel<&convert<kTemperature>>("wardian_convert_temperature"),
    kernel<&convert<kVolume>>("wardian_convert_volume"),
};

}  // namespace

std::span<const Kernel> unit_kernels() { return kKernels; }

}  // namespace wardian::kernels
