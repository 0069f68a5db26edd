"""The providers of grid data on loopback: they speak as their documents say, and misbehave when told to.

    with GridServer() as server:
        server.misbehave("cut", times=1)
        ... EBB_WATTTIME_URL = server.address("watttime") ...

Values are made by value(): any test can say what must come back. Limits of the real services (the longest window, the
rows of a page, ten requests a second, the life of a token) are held here, and a client that breaks one is refused.
"""

import base64
import gzip
import json
import re
import threading
import time
from collections import deque
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD, TOKEN, KEY = "somebody", "correct horse", "emaps-token-5f2e", "eia-key/91ab"
MINUTES = {"watttime": 5, "emaps": 60, "uk": 30, "eia": 60}
FUELS = {"NG": 400, "COL": 250, "NUC": 150, "WND": 120, "SUN": 80}
ZONES = {"watttime": ("CAISO_NORTH", "PJM_DC"), "emaps": ("DE", "FR"), "eia": ("CISO", "ERCO")}
HTML = "<html><head><title>403 Forbidden</title></head><body><center>nginx</center></body></html>"


def value(at, scale=1.0):
    """Whole numbers that differ from slot to slot, never zero."""
    minutes = int(at.timestamp()) // 300
    return round((100 + minutes * 37 % 401) * scale, 3)


def instant(text):
    """RFC 3339 with its zone, else ValueError."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at.astimezone(timezone.utc)


def steps(begin, end, minutes, inclusive=False):
    step = timedelta(minutes=minutes)
    at = datetime.fromtimestamp(-(-begin.timestamp() // step.total_seconds()) * step.total_seconds(), timezone.utc)
    while at < end or (inclusive and at == end):
        yield at
        at += step


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(status)
        self.status, self.body = status, body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    # --- how answers leave, and how they go wrong

    def send(self, status, body, content_type="application/json", headers=()):
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        if content_type == "application/json" and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = gzip.compress(data, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        service = parts.path.split("/")[1]
        path = parts.path[len(service) + 1:]
        state = self.server.state
        state.note(service, path, query, dict(self.headers), self.path)
        try:
            fault = state.fault_for(path)
            if fault is not None and self.before(fault, state):
                return
            if service != "files" and state.too_fast(service):
                raise Refused(429, {"error": "Too many requests"})
            body = getattr(self, "serve_" + service)(path, query, state)
            if fault is not None:
                body = self.after(fault, body, service)
            if body is not None:
                self.send(200, body, "application/json" if service != "files" else "text/csv")
        except Refused as refusal:
            self.send(refusal.status, refusal.body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def before(self, fault, state):
        """Faults in place of an answer; says whether that was all."""
        kind, more = fault
        if kind == "slow":
            state.closing.wait(more.get("seconds", 3))
            self.close_connection = True
            return True
        if kind == "refuse":
            self.close_connection = True
            return True
        if kind == "cut":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"data":[{"point_time":"2024-01-01T00:00:00+00:00","value":1')
            self.close_connection = True
            return True
        if kind == "status":
            self.send(more["status"], more.get("body", {"error": "told to fail", "message": "told to fail"}),
                      more.get("content_type", "application/json"), more.get("headers", ()))
            return True
        if kind == "html":
            self.send(more.get("status", 200), HTML, "text/html")
            return True
        if kind == "body":
            self.send(200, more["body"], more.get("content_type", "application/json"))
            return True
        if kind == "echo":  # repeats everything that it was sent, secrets too
            self.send(more.get("status", 400), {"error": self.path + " " + str(dict(self.headers))})
            return True
        if kind == "redirect":
            self.send(302, "", headers=(("Location", more["to"]),))
            return True
        return False

    def after(self, fault, body, service):
        """Faults inside an answer: `change` gets the document and gives back another."""
        kind, more = fault
        if kind == "change":
            return more["change"](body)
        raise AssertionError(f"no fault {kind} of {service}")

    # --- WattTime v3

    def serve_watttime(self, path, query, state):
        if path == "/login":
            wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            if self.headers.get("Authorization") != wanted:
                raise Refused(401, {"error": "Invalid username or password"})
            return {"token": state.new_token()}
        if not state.token_is_good(self.headers.get("Authorization", "")):
            raise Refused(401, {"error": "Token has expired", "message": "Token has expired"})
        if path == "/v3/my-access":
            return {"signal_types": [{"signal_type": "co2_moer", "regions": [
                {"region": zone, "region_full_name": zone, "parent": None, "data_point_period_seconds": 300,
                 "endpoints": []} for zone in ZONES["watttime"]]}]}
        zone, kind = query["region"][0], query["signal_type"][0]
        if zone not in ZONES["watttime"]:
            raise Refused(404, {"error": f"Region {zone} does not exist", "region": zone})
        minutes = 5 if kind == "co2_moer" else 60
        meta = {"data_point_period_seconds": minutes * 60, "region": zone, "signal_type": kind, "warnings": [],
                "model": {"date": "2023-03-01"}, "units": "lbs_co2_per_mwh"}
        if path == "/v3/forecast":
            now = datetime.now(timezone.utc)
            begin = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
            hours = int(query.get("horizon_hours", ["24"])[0])
            if not 0 <= hours <= 72:
                raise Refused(400, {"error": "horizon_hours must be between 0 and 72"})
            end = begin + max(timedelta(hours=hours), timedelta(minutes=5))
            meta |= {"generated_at_period_seconds": 300, "generated_at": begin.isoformat()}
        elif path == "/v3/historical":
            try:
                begin, end = instant(query["start"][0]), instant(query["end"][0])
            except ValueError:
                raise Refused(400, {"error": "start and end must carry a time zone"}) from None
            if end - begin > timedelta(days=32):
                raise Refused(400, {"error": "the window is longer than 32 days"})
        else:
            raise Refused(404, {"error": "Not found"})
        points = steps(begin, end, minutes, inclusive=path == "/v3/historical")
        data = [{"point_time": at.isoformat(), "value": value(at, state.scale)} for at in points]
        return {"data": data, "meta": meta}

    # --- Electricity Maps v3

    def serve_emaps(self, path, query, state):
        path = path.removeprefix("/v3")
        if self.headers.get("auth-token") != TOKEN:
            raise Refused(401, {"message": "Unauthorized: invalid auth-token", "status": "error"})
        if path == "/zones":
            return {zone: {"zoneName": zone, "access": ["*"]} for zone in ZONES["emaps"]}
        zone = query["zone"][0]
        if zone not in ZONES["emaps"]:
            if query.get("shouldUseFallbackCallerLookup") == ["false"]:
                raise Refused(404, {"message": f"Zone '{zone}' does not exist", "status": "error"})
            zone = "DE"  # the caller's own
        if query.get("temporalGranularity", ["hourly"]) != ["hourly"]:
            raise Refused(400, {"message": "only hourly here", "status": "error"})
        scope = query.get("emissionFactorType", ["lifecycle"])[0]

        def shown(at):
            return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")

        def item(at):
            return {"zone": zone, "carbonIntensity": value(at, state.scale), "datetime": shown(at),
                    "updatedAt": "2024-03-07T19:00:00.000Z", "createdAt": "2024-03-04T19:00:00.000Z",
                    "emissionFactorType": scope, "isEstimated": False, "estimationMethod": None}

        now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        if path == "/carbon-intensity/latest":
            return item(now)
        if path == "/carbon-intensity/past-range":
            begin, end = instant(query["start"][0]), instant(query["end"][0])
            if end - begin > timedelta(days=10):
                raise Refused(400, {"message": "the range is longer than 10 days", "status": "error"})
            return {"zone": zone, "data": [item(at) for at in steps(begin, end, 60)]}
        if path == "/carbon-intensity/forecast":
            hours = int(query["horizonHours"][0])
            if hours not in (6, 24, 48, 72):
                raise Refused(400, {"message": "horizonHours is 6, 24, 48 or 72", "status": "error"})
            points = steps(now, now + timedelta(hours=hours), 60, inclusive=True)
            return {"zone": zone, "forecast": [{"carbonIntensity": value(at), "datetime": shown(at)} for at in points],
                    "updatedAt": shown(now)}
        raise Refused(404, {"message": "Endpoint not available", "status": "error"})

    # --- the Carbon Intensity API of Great Britain

    def serve_uk(self, path, query, state):
        def bad(message):
            raise Refused(400, {"error": {"code": "400 Bad Request", "message": message}})

        now = datetime.now(timezone.utc)
        half = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)

        def item(at, regional=False):
            end = at + timedelta(minutes=30)
            intensity = {"forecast": value(at, state.scale), "index": "moderate"}
            if not regional:
                intensity["actual"] = value(at, state.scale) if end <= now else None
            return {"from": f"{at:%Y-%m-%dT%H:%MZ}", "to": f"{end:%Y-%m-%dT%H:%MZ}", "intensity": intensity}

        if path == "/intensity":
            return {"data": [item(half)]}
        found = re.fullmatch(r"(/regional)?/intensity/([^/]+)/([^/]+)(?:/regionid/(\d+))?", path)
        if not found or bool(found[1]) != bool(found[4]):
            bad("Please enter a valid path")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", found[2]):
            bad("Please enter a valid date in ISO8601 format YYYY-MM-DDThh:mmZ")
        begin = instant(found[2])
        if found[3] in ("fw24h", "fw48h"):
            end = begin + timedelta(hours=int(found[3][2:4]))
        else:
            end = instant(found[3])
        if end - begin > timedelta(days=14):
            bad("Date range is too large, 14 days at most")
        # The half hour that ends at `begin` comes too.
        points = [at for at in steps(begin - timedelta(minutes=30), end, 30)]
        if not found[1]:
            return {"data": [item(at) for at in points]}
        region = int(found[4])
        if not 1 <= region <= 17:
            bad("Please enter a valid regionid")
        data = [{**item(at, True), "generationmix": [{"fuel": "gas", "perc": 52.1}]} for at in points]
        return {"data": {"regionid": region, "dnoregion": f"DNO {region}", "shortname": f"Region {region}",
                         "data": data}}

    # --- EIA v2

    def serve_eia(self, path, query, state):
        if query.get("api_key") != [KEY]:
            raise Refused(403, {"error": {"code": "API_KEY_INVALID", "message": "An invalid api_key was supplied."}})
        if path == "/v2/electricity/rto/fuel-type-data/facet/respondent/":
            return {"response": {"totalFacets": 2, "facets": [{"id": zone, "name": zone} for zone in ZONES["eia"]]}}
        if path != "/v2/electricity/rto/fuel-type-data/data/":
            raise Refused(404, {"error": "Not found.", "code": 404})
        begin = datetime.strptime(query["start"][0], "%Y-%m-%dT%H").replace(tzinfo=timezone.utc)
        end = datetime.strptime(query["end"][0], "%Y-%m-%dT%H").replace(tzinfo=timezone.utc)
        zone = query["facets[respondent][]"][0]
        rows = []
        if zone in ZONES["eia"]:
            for at in steps(begin, end, 60, inclusive=True):
                # By the hour's end; the shares change from hour to hour.
                rows += [{"period": f"{at:%Y-%m-%dT%H}", "respondent": zone, "respondent-name": zone, "fueltype": fuel,
                          "type-name": fuel, "value": str(mean + at.hour * (i + 1) * state.scale),
                          "value-units": "megawatthours"} for i, (fuel, mean) in enumerate(sorted(FUELS.items()))]
        offset, length = int(query["offset"][0]), min(int(query["length"][0]), state.page_rows)
        return {"response": {"total": str(len(rows)), "dateFormat": "YYYY-MM-DD\"T\"HH24", "frequency": "hourly",
                             "data": rows[offset:offset + length], "description": "made up"}, "apiVersion": "2.1.8"}

    # --- plain files

    def serve_files(self, path, query, state):
        if path not in state.files:
            raise Refused(404, {"error": "no such file"})
        return state.files[path]


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.reset()

    def reset(self):
        with self.lock:
            self.faults, self.requests, self.files = [], [], {}
            self.tokens, self.token_uses = {}, None
            self.scale, self.page_rows, self.recent, self.refused_as_too_fast = 1.0, 5000, deque(), 0

    def note(self, service, path, query, headers, raw):
        with self.lock:
            self.requests.append({"service": service, "path": path, "query": query, "headers": headers, "raw": raw,
                                  "at": time.monotonic(), "wall": datetime.now(timezone.utc)})

    def fault_for(self, path):
        with self.lock:
            for fault in self.faults:
                if fault["after"] > 0 and re.search(fault["path"], path):
                    fault["after"] -= 1
                    continue
                if fault["times"] > 0 and re.search(fault["path"], path):
                    fault["times"] -= 1
                    return fault["kind"], fault["more"]
        return None

    def too_fast(self, service):
        """More than ten in a second: WattTime's limit, held for all."""
        with self.lock:
            now = time.monotonic()
            while self.recent and now - self.recent[0] > 1.0:
                self.recent.popleft()
            self.recent.append(now)
            # Two more than ten: both ends of the second, and one that arrives late.
            self.refused_as_too_fast += len(self.recent) > 12
            return len(self.recent) > 12

    def new_token(self):
        with self.lock:
            token = f"token-{len(self.tokens) + 1}-of-somebody"
            self.tokens[token] = 0
            return token

    def token_is_good(self, header):
        token = header.removeprefix("Bearer ")
        with self.lock:
            if token not in self.tokens or (self.token_uses is not None and self.tokens[token] >= self.token_uses):
                return False
            self.tokens[token] += 1
            return True


class GridServer:
    def __init__(self, tls=None):
        self.state = State()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.state = self.state
        self.scheme = "https" if tls else "http"
        if tls:
            self.http.socket = tls.wrap_socket(self.http.socket, server_side=True)
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.state.closing.set()
        self.http.shutdown()
        self.http.server_close()

    def address(self, service):
        suffix = "/v3" if service == "emaps" else ""
        return f"{self.scheme}://127.0.0.1:{self.http.server_address[1]}/{service}{suffix}"

    def misbehave(self, kind, times=10**9, path="intensity|historical|forecast|fuel-type", after=0, **more):
        """From now on, after `after` good answers, the next `times` requests whose path matches."""
        self.state.faults.append({"kind": kind, "times": times, "path": path, "after": after, "more": more})

    def asked(self, pattern):
        return [one for one in self.state.requests if re.search(pattern, one["path"])]
