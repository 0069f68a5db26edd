"""data/annual_intensity.csv: a year's average intensity of each zone, with the range over the sources."""
import csv
import json
import os

from hardware_tables import files

YEARS = range(2021, 2026)
COLUMNS = ["zone", "year", "g_per_kwh", "low", "high", "scope", "range", "name", "source", "licence"]
EM = "Electricity Maps"
HEADER = """A year's average intensity of electricity by grid zone, g CO2e/kWh. Sorted by zone (in small letters), then year.
Made by scripts/make-region-tables. Zones: keys of Electricity Maps (a country's is its two letters), then the subregions
of EPA's eGRID by their letters.
source: Electricity Maps, yearly averages 2021 to 2025 (as republished by co2.js 0.19.0); contains information from
Electricity Maps, made available under the Open Database Licence (ODbL) 1.0: this table is under the ODbL as well. EPA
eGRID2022: output emission rates of CO2, CH4 (x 28) and N2O (x 265), lb/MWh made g/kWh; public domain.
low, high: the value times the least and the greatest ratio of another source of the same scope to it, each in its own
year: E Ember (CC BY 4.0) through carbontracker 70e5a02, G Ember 2021 through grid-intensity-go e9456c2, W Our World in Data
(Ember; CC BY 4.0) through codecarbon b05965e, M Electricity Maps 2021 as it was known that October (January to September)
through mlco2/impact d0d3ee5, H Electricity Maps' hours of 2022 as they were known then. `pooled`: no other source has the
zone: the 5th and 95th percentile of these ratios over all zones. A range of published figures, no confidence interval."""
SUBREGIONS = {
    "ASCC Alaska Grid": "AKGD", "ASCC Miscellaneous": "AKMS", "WECC Southwest": "AZNM", "WECC California": "CAMX",
    "ERCOT All": "ERCT", "FRCC All": "FRCC", "HICC Miscellaneous": "HIMS", "HICC Oahu": "HIOA", "MRO East": "MROE",
    "MRO West": "MROW", "NPCC New England": "NEWE", "WECC Northwest": "NWPP", "NPCC NYC/Westchester": "NYCW",
    "NPCC Long Island": "NYLI", "NPCC Upstate NY": "NYUP", "Puerto Rico Miscellaneous": "PRMS", "RFC East": "RFCE",
    "RFC Michigan": "RFCM", "RFC West": "RFCW", "WECC Rockies": "RMPA", "SPP North": "SPNO", "SPP South": "SPSO",
    "SERC Mississippi Valley": "SRMV", "SERC Midwest": "SRMW", "SERC South": "SRSO", "SERC Tennessee Valley": "SRTV",
    "SERC Virginia/Carolina": "SRVC"}
GRAMS_PER_POUND = 453.59237
METHANE, NITROUS_OXIDE = 28.0, 265.0  # IPCC AR5, 100 years
LEAST_HOURS = 6000


def em_yearly(data):
    """{zone: {year: (g/kWh, name)}}"""
    table = {}
    for year in YEARS:
        for row in files.read(os.path.join(data, "factors", "co2js", f"electricity_maps_yearly_{year}.csv")):
            value = files.number(row["carbon_intensity_g_per_kwh"])
            if value:
                table.setdefault(row["zone"], {})[year] = (value, row["name"].replace(",", ""))
    return table


def hourly_means(data):
    with open(os.path.join(data, "grid", "emaps-2022-derived", "carbon_2022.csv"), newline="") as f:
        rows = list(csv.DictReader(f))
    for zone in list(rows[0])[1:]:
        values = [float(row[zone]) for row in rows if row[zone]]
        yield "H", zone, 2022, sum(values) / len(values)


def others(data):
    """(code, zone, year, g/kWh) of every other lifecycle average; alpha-3 codes made alpha-2 by carbontracker's table."""
    factors = os.path.join(data, "factors")
    letters = {}
    for row in files.read(os.path.join(factors, "carbontracker", "carbon-intensities.csv")):
        letters[row["Code"]] = row["alpha-2"]
        yield "E", row["alpha-2"], int(row["Year"]), files.number(row["Carbon intensity of electricity (gCO2eq/kWh)"])
    for row in files.read(os.path.join(factors, "ember-grid-intensity-go", "co2-intensities-ember-2021.csv")):
        yield "G", row["country_code_iso_2"], int(row["year"]), files.number(row["emissions_intensity_gco2_per_kwh"])
    with open(os.path.join(factors, "codecarbon", "private_infra", "global_energy_mix.json"), encoding="utf-8") as f:
        for code, row in json.load(f).items():
            if code in letters and row.get("carbon_intensity") and row.get("year"):
                yield "W", letters[code], int(row["year"]), float(row["carbon_intensity"])
    for row in files.read(os.path.join(factors, "mlco2-impact", "2021-10-27yearly_averages.csv")):
        if row["year"] == "2021" and float(row["no_hours_with_data"] or 0) >= LEAST_HOURS:
            yield "M", row["zone_key"].replace("AUS-", "AU-"), 2021, files.number(row["carbon_intensity_avg"])
    yield from hourly_means(data)


def percentile(values, share):
    values = sorted(values)
    at = share * (len(values) - 1)
    low = int(at)
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (at - low)


def ratios_by_zone(data, own):
    ratios = {}
    for code, zone, year, value in others(data):
        if value and year in own.get(zone, {}):
            ratios.setdefault(zone, []).append((code, year, value / own[zone][year][0]))
    return ratios


def egrid(data):
    for row in files.read(os.path.join(data, "factors", "egrid2022-seed", "egrid2022_subregion_lb_per_mwh.csv")):
        zone = SUBREGIONS.get(row["subregion_name"])
        if zone:
            pounds = (float(row["co2_lb_per_mwh"]) + METHANE * float(row["ch4_lb_per_mwh"])
                      + NITROUS_OXIDE * float(row["n2o_lb_per_mwh"]))
            value = files.short(pounds * GRAMS_PER_POUND / 1000.0, 4)
            yield {"zone": zone, "year": 2022, "g_per_kwh": value, "low": value, "high": value, "scope": "direct",
                   "range": "none", "name": "eGRID subregion " + row["subregion_name"], "source": "EPA eGRID2022",
                   "licence": "public domain"}


def make(data):
    own = em_yearly(data)
    ratios = ratios_by_zone(data, own)
    every = [ratio for found in ratios.values() for _, _, ratio in found]
    pooled = percentile(every, 0.05), percentile(every, 0.95)
    print(f"annual: {len(every)} figures of others for {len(ratios)} of {len(own)} zones: "
          f"{pooled[0]:.2f} to {pooled[1]:.2f} of Electricity Maps' (90%)")
    rows = []
    for zone in sorted(own):
        found = ratios.get(zone, [])
        low = min([1.0] + [r for _, _, r in found]) if found else pooled[0]
        high = max([1.0] + [r for _, _, r in found]) if found else pooled[1]
        if low < 0.5 or high > 2.0:
            print(f"annual: {zone} {' '.join(f'{c}{y}: x{r:.2f}' for c, y, r in found)}")
        for year, (value, name) in sorted(own[zone].items()):
            rows.append({"zone": zone, "year": year, "g_per_kwh": files.short(value), "low": files.short(value * low, 4),
                         "high": files.short(value * high, 4), "scope": "lifecycle",
                         "range": "".join(sorted({c for c, _, _ in found})) or "pooled", "name": name, "source": EM,
                         "licence": "ODbL 1.0"})
    rows += egrid(data)
    rows.sort(key=lambda row: (row["zone"].lower(), row["year"]))
    files.write("annual_intensity.csv", HEADER, COLUMNS, rows)
    return own
