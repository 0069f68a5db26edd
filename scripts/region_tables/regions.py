"""data/cloud_regions.csv: regions of AWS, Azure and Google Cloud, each with its grid zone."""
import json
import os

from hardware_tables import files

COLUMNS = ["provider", "region", "place", "country", "zone", "latitude", "longitude", "pue", "pue_source", "basis", "source"]
HEADER = """Regions of AWS, Microsoft Azure and Google Cloud and the grid zone (key of Electricity Maps) that each draws from.
Made by scripts/make-region-tables; sorted by region. zone and basis: data/datasheets/cloud_zones.csv, which explains the letters.
source: where name and place come from: K carbon-aware-sdk e6de58d (MIT; also latitude and longitude, approximate), R Google
region-carbon-info 49f3f26 (Apache-2.0), L mlco2/impact d0d3ee5 (MIT), A Green Algorithms 30df2fe (CC BY 4.0), D data/datasheets.
pue: of that site, where a source gives one (Google, 2020, through Green Algorithms); else take the provider's (data/pue.csv)."""


def factors_file(data, *names):
    return os.path.join(data, "factors", *names)


def load_json(path, encoding):
    with open(path, encoding=encoding) as f:
        return json.load(f)


def plain(azure_name):
    """'Germany West Central (Public)' as the region is called in commands: germanywestcentral."""
    return azure_name.split("(")[0].replace(" ", "").lower()


def places(data):
    """{(provider, region): (code of the source, place)}, the first source that names one."""
    found = {}
    for row in load_json(factors_file(data, "carbon-aware-sdk", "aws-regions.json"), "latin-1"):
        found.setdefault(("aws", row["code"]), ("K", row["name"]))
    for year in range(2024, 2018, -1):
        for row in files.read(factors_file(data, "gcp-region-carbon-info", f"{year}.csv")):
            if row["Google Cloud Region"]:
                found.setdefault(("gcp", row["Google Cloud Region"]), ("R", row["Location"].replace("ā", "ã")))
    for row in files.read(factors_file(data, "mlco2-impact", "impact.csv")):
        if row["provider"] == "azure":
            found.setdefault(("azure", row["region"]), ("L", row["city"]))
    for row in files.read(factors_file(data, "green-algorithms", "cloudProviders_datacenters.csv"), skip_lines=1):
        if row["provider"] == "azure":
            found.setdefault(("azure", plain(row["Name"])), ("A", row["location_freeForm"].split(",")[0]))
    return found


def site_pues(data):
    for row in files.read(factors_file(data, "green-algorithms", "cloudProviders_datacenters.csv"), skip_lines=1):
        if row["provider"] == "gcp" and files.number(row["PUE"]):
            yield row["Name"], row["PUE"]


def check_zones(rows, data):
    """Holds the sheet against the maps that others made."""
    theirs = [("gcp", region, zone.replace("AUS-", "AU-"), "umass-shared") for region, zone in
              load_json(factors_file(data, "umass-shared", "gcp_dc_zonecode_mapper.json"), "utf-8").items()]
    theirs += [("azure", row["azure_region"], row["em_zone"], "regions16")
               for row in files.read(factors_file(data, "regions16", "azure_region_standins.csv"))]
    for provider, region, zone, source in theirs:
        row = rows.get((provider, region))
        if row is None:
            print(f"regions: {source} has {provider}:{region}, we have not")
        elif row["zone"] != zone:
            print(f"regions: {provider}:{region}: {row['zone']}, but {source} says {zone}")


def check_intensities(rows, annual, data):
    """Google's figures are of combustion only since 2021 (Montréal 0): below ours, and not by half. ccf's are older."""
    for row in files.read(factors_file(data, "gcp-region-carbon-info", "2024.csv")):
        ours = rows.get(("gcp", row["Google Cloud Region"]))
        value = files.number(row["Grid carbon intensity (gCO2eq / kWh)"])
        if ours is None:
            print(f"regions: no row for gcp:{row['Google Cloud Region']}")
        elif value and not 0.6 < value / annual[ours["zone"]][2024][0] < 1.05:
            print(f"regions: gcp:{ours['region']}: Google 2024 {value:g} g/kWh direct, {ours['zone']} "
                  f"{annual[ours['zone']][2024][0]:g} lifecycle")
    for row in files.read(factors_file(data, "ccf-coefficients", "data", "grid-emissions-factors-aws.csv")):
        ours = rows.get(("aws", row["Region"]))
        value = files.number(row["CO2e (metric ton/kWh)"])
        if ours and value and not 0.6 < value * 1e6 / annual[ours["zone"]][2021][0] < 1.6:
            print(f"regions: aws:{ours['region']}: ccf {value * 1e6:g} g/kWh ({row['Source']}), {ours['zone']} 2021 "
                  f"{annual[ours['zone']][2021][0]:g}")


def make(data, annual):
    named = places(data)
    where = load_json(factors_file(data, "carbon-aware-sdk", "azure-regions.json"), "utf-8-sig")
    rows = {}
    for row in files.datasheet("cloud_zones.csv"):
        key = row["provider"], row["region"]
        assert key not in rows and row["zone"] in annual, row
        source, place = named.get(key, ("D", ""))
        if row["place"]:
            source, place = "D", row["place"]
        assert place, row
        row.update(place=place, country=row["zone"][:2], source=source)
        if row["provider"] == "azure" and row["region"] in where:
            at = where[row["region"]]
            row["source"] += "" if "K" in source else "K"
            row["latitude"], row["longitude"] = row["latitude"] or at["Latitude"], row["longitude"] or at["Longitude"]
        rows[key] = row
    for region, pue in site_pues(data):
        rows["gcp", region].update(pue=pue, pue_source="Google 2020 (A)")
    for provider, region in sorted(named):
        if (provider, region) not in rows:
            print(f"regions: left out: {provider}:{region} ({named[provider, region][1]})")
    check_zones(rows, data)
    check_intensities(rows, annual, data)
    files.write("cloud_regions.csv", HEADER, COLUMNS,
                sorted(rows.values(), key=lambda row: (row["region"].lower(), row["provider"])))
