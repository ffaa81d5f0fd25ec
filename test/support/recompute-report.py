"""Computes a report's population, roots, periods and sample again from an exported chain.

Written from docs/evidence-reports.md and docs/chain-format.md with nothing but the standard library, so that the figures are
checked by a program that shares no code with the one that made them.

usage: python3 recompute-report.py REPORT.json CHAIN.jsonl   prints {"compared": n, "differences": [...]}
"""

import calendar
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta, timezone

MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
DAYS = {"daily": 1, "weekly": 7}


def sha(data):
    return hashlib.sha256(data).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def root(inputs):
    """RFC 6962, by its recursive definition."""
    if not inputs:
        return None

    def tree(nodes):
        if len(nodes) == 1:
            return sha(b"\x00" + nodes[0])
        k = 1
        while k * 2 < len(nodes):
            k *= 2
        return sha(b"\x01" + tree(nodes[:k]) + tree(nodes[k:]))

    return tree(inputs)


def ranges(seqs):
    if len(seqs) > 250_000:
        return None
    parts = []
    for seq in seqs:
        if parts and parts[-1][1] == seq - 1:
            parts[-1][1] = seq
        else:
            parts.append([seq, seq])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def in_cell(seqs):
    """Section 2: a list as the table of populations has it."""
    text = ranges(seqs)
    if text is None:
        return "too many to list; the root stands for them"
    if len(text) <= 4000:
        return text
    return text[: text.rfind(",", 0, 4001)] + ", and further ones; the root stands for all of them"


def when(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def add_months(anchor, months):
    month = anchor.month - 1 + months
    year, month = anchor.year + month // 12, month % 12 + 1
    return anchor.replace(year=year, month=month, day=min(anchor.day, calendar.monthrange(year, month)[1]))


def read_chain(path):
    """Records by their bytes: what a line says of their hash is not taken."""
    records = []
    with open(path, "rb") as file:
        for line in file:
            start = line.find(b',"record":')
            if not line.startswith(b'{"hash":"') or start < 0:
                continue
            data = line[start + len(b',"record":'):].rstrip(b"\n")[:-1]
            record = json.loads(data)
            records.append({"bytes": data, "hash": sha(data), "record": record, "seq": record["seq"], "time": record["time"]})
    return records


# Section 8: the rules of the controls, from their words.
def change_of(record):
    if record["action"] != "tenant.control_updated" or record["outcome"] in ("failure", "denied"):
        return None
    return record["data"].get("change") if record["data"].get("framework") == "causeway" else None


def check_holds(record, control):
    change = change_of(record)
    by_console = record["actor"]["type"] == "system" and record["actor"]["id"] == "causeway"
    if not change or change.get("kind") != "self-check" or not by_console:
        return False
    about = [one for one in change.get("results", []) if one["control"] == control]
    return bool(about) and about[-1]["result"] == "holds"


def simple(*terms):
    """Each term: an action, and the outcome it has to have, or None."""
    return lambda record, control: any(
        record["action"] == action and (outcome is None or record["outcome"] == outcome) for action, outcome in terms
    )


def performed(record, control):
    change = change_of(record)
    done = record["outcome"] == "success" and bool(change) and change["kind"] == "performed"
    return done and record["actor"]["type"] == "user" and record["data"]["control"] == control


def self_attack(record, control):
    data = record["data"]
    own = record["action"] == "tenant.control_updated" and data.get("framework") == "console"
    own = own and record["actor"]["type"] == "system" and record["actor"]["id"] == "causeway"
    held = own and data.get("control") == "audit-store-append-only" and record["outcome"] == "success"
    return (held and data["newStatus"] == "in-place") or check_holds(record, control)


def review_closed(record, control):
    return record["seq"] in REVIEWED


REVIEWED = set()


def count_reviews(records):
    """AR-01: a closing counts when records decide on everybody of the first opening's list."""
    behind, waiting, seen = {}, {}, set()

    def human(one):
        for _ in range(20):
            if one not in behind:
                break
            one = behind[one]
        return one

    for one in records:
        record = one["record"]
        data, actor = record["data"], record["actor"]
        if record["action"] == "auth.api_key_created" and record["outcome"] == "success":
            behind[data["apiKey"]] = actor["id"]
        if record["action"] == "tenant.configuration_changed" and data["setting"] == "people.alias":
            of = data["new"] if record["outcome"] == "success" else data["old"]
            if of:
                behind[record["target"]["id"]] = of
            else:
                behind.pop(record["target"]["id"], None)
        change = change_of(record)
        if not change or data["control"] != "AR-01":
            continue
        campaign = change.get("campaign")
        if change["kind"] == "review-opened" and campaign not in seen:
            seen.add(campaign)
            waiting[campaign] = {subject["id"] for subject in change["subjects"]}
        elif change["kind"] == "review-decided" and campaign in waiting and actor["type"] == "user":
            if human(change["subject"]) != human(actor["id"]):
                waiting[campaign].discard(change["subject"])
        elif change["kind"] == "review-closed" and campaign in waiting and not waiting.pop(campaign):
            REVIEWED.add(record["seq"])


def or_check(rule):
    return lambda record, control: rule(record, control) or check_holds(record, control)


def carried_out(record, control):
    if record["action"] == "remediation.executed":
        return record["outcome"] == "success"
    return record["action"] == "remediation.execution_failed" and len(record["data"]["steps"]) > 0


def with_digest(record, control):
    actions = ("tenant.audit_exported", "tenant.report_generated", "tenant.data_exported")
    data = record["data"]
    return (
        record["action"] in actions
        and record["outcome"] == "success"
        and "digest" in data
        and data.get("kind") != "sample-draw"
    )


def signed_in(record, control):
    if record["action"] == "auth.sign_in_failed":
        return record["outcome"] == "denied"
    by_person = record["action"] == "auth.user_signed_in" and record["actor"]["type"] == "user"
    return by_person and record["outcome"] == "success" and record["data"]["method"] != "unlock"


S, D = "success", "denied"
RULES = {
    "AC-01": lambda r, c: r["action"] == "auth.access_denied"
    or (r["action"] in ("tenant.user_added", "tenant.user_removed", "tenant.user_role_changed") and r["outcome"] != "failure"),
    "AC-02": simple(("tenant.user_removed", S)),
    "AC-03": simple(("credential.issued", S)),
    "AC-04": simple(("auth.rate_limited", None)),
    "AC-05": simple(("investigation.policy_decided", None)),
    "AU-01": self_attack,
    "AU-02": lambda r, c: r["action"] == "tenant.created"
    or (r["action"] == "credential.key_rotated" and r["outcome"] == S and r["data"]["purpose"] == "signing"),
    "AU-03": lambda r, c: r["action"] == "tenant.audit_verified" and r["data"]["subject"] == "store",
    "AU-05": with_digest,
    "CM-01": carried_out,
    "CM-04": simple(("remediation.verified", None), ("remediation.rolled_back", None)),
    "CP-01": simple(("tenant.backup_verified", S)),
    "IA-01": simple(("auth.token_issued", S), ("auth.token_rejected", D)),
    "IA-02": signed_in,
    "IA-03": simple(("auth.api_key_created", S), ("auth.api_key_revoked", S)),
    "IA-04": simple(("credential.issued", S)),
    "IR-01": simple(("incident.created", S)),
    "PT-01": simple(("investigation.data_masked", S)),
    "PT-02": or_check(simple(("tenant.retention_policy_changed", S))),
    "PT-03": simple(("tenant.erasure_completed", S)),
    "SC-02": check_holds,
    "SI-01": or_check(simple(("investigation.output_rejected", None))),
    "SI-02": simple(("notification.alert_sent", S), ("notification.approval_request_delivered", S)),
    "AR-01": review_closed,
    **{
        control: performed
        for control in "AT-01 CP-02 IR-02 PE-01 PL-01 PM-01 PM-02 PS-01 PT-04 PT-05 RA-01 RA-02 SI-03 SR-01".split()
    },
}
WEEKLY = ("AU-01", "AU-03", "PT-02", "SC-02", "SC-03", "SI-01")
CADENCE = {
    **{control: "weekly" for control in WEEKLY},
    **{control: "quarterly" for control in ("AR-01", "PM-02", "SI-03")},
    **{c: "annual" for c in "AU-02 AT-01 CP-02 IR-02 PE-01 PL-01 PM-01 PS-01 PT-04 PT-05 RA-01 RA-02 SR-01".split()},
    "CP-01": "monthly",
}
ORGANIZATIONAL = {c for c, rule in RULES.items() if rule in (performed, review_closed)}


RARITY = ["daily", "weekly", "monthly", "quarterly", "semiannual", "annual", "event"]


def put_in_order(records):
    """Section 4: the latest time so far, and whether the record's clock was put back or ran ahead."""
    minutes, day = timedelta(minutes=5), timedelta(days=1)
    latest, jumps, returning = None, [], None

    def follow(one):
        """A record that is not put back."""
        nonlocal latest
        if latest is not None and when(one["time"]) > when(latest) + day:
            jumps.append({"before": latest, "first": one["time"], "records": []})
        latest = one["time"] if latest is None else max(latest, one["time"])
        if jumps:
            jumps[-1]["records"].append(one)
            if sum(len(jump["records"]) for jump in jumps) > 1000:
                jumps.pop(0)

    for place, one in enumerate(records):
        time = when(one["time"])
        one["back"] = latest is not None and time < when(latest) - minutes
        if not one["back"]:
            returning = None
            follow(one)
        else:
            behind = [index for index, jump in enumerate(jumps) if time >= when(jump["before"]) - minutes]
            jump = jumps[behind[-1]] if behind else None
            if jump and time < when(jump["first"]):
                key, before = jump["records"][0]["seq"], when(jump["before"])
                if returning and returning[0] == key:
                    returning = (key, returning[1] + 1)
                elif time - before < when(jump["first"]) - time and (
                    time <= before + 7 * day or when(jump["first"]) - before > 366 * day
                ):
                    returning = (key, 1)
                else:
                    returning = None
            else:
                returning = None
            ahead = [each for each_jump in jumps[behind[-1]:] for each in each_jump["records"]] if returning else []
            if returning and returning[1] >= len(ahead):
                latest = jump["before"]
                del jumps[behind[-1]:]
                for each in ahead:
                    each["back"] = True
                for each in records[:place]:
                    each["latest"] = min(each["latest"], latest)
                one["back"], returning = False, None
                follow(one)
        one["latest"] = latest


def counts_as_of(one, rule):
    """None for a record that meets no period."""
    on = change_of(one["record"]).get("on", one["time"]) if rule is performed else one["time"]
    return None if one["back"] else min(on, one["time"])


def cadence_changes(records, control):
    found, defined = [], CADENCE.get(control, "event")
    for one in records:
        change = change_of(one["record"])
        if change and change["kind"] == "cadence" and one["record"]["data"]["control"] == control:
            if (change["next"] == "event") == (defined == "event"):
                found.append((one["latest"], change["next"]))
    return found


def tightened(changes, running, start, end):
    for index, (time, following) in enumerate(changes):
        last_word = index + 1 == len(changes) or changes[index + 1][0] != time
        if start < time < end and last_word and RARITY.index(following) < RARITY.index(running):
            return time
    return None


def cadence_at(control, changes, moment):
    current = CADENCE.get(control, "event")
    for time, following in changes:
        if time <= moment:
            current = following
    return current


def in_force(records, control):
    if control not in ORGANIZATIONAL:
        return records[0]["time"]
    for one in records:
        record, change = one["record"], change_of(one["record"])
        taken_up = change and change["kind"] in ("owner", "performed", "cadence") and record["outcome"] == S
        if taken_up and record["data"]["control"] == control:
            return one["latest"]
    return None


def periods(records, control, times, window):
    """Section 4."""
    changes = cadence_changes(records, control)
    since, newest = in_force(records, control), records[-1]["latest"]
    found, start, anchor, followed, number = [], window["from"], window["from"], None, 0
    while start < window["to"]:
        cadence = cadence_at(control, changes, start)
        if cadence == "event":
            start, followed = min([time for time, _ in changes if time > start] + [window["to"]]), None
            continue
        if cadence != followed:
            anchor, followed, number = start, cadence, 0
        number += 1
        if cadence in DAYS:
            end = text_of(when(anchor) + timedelta(days=DAYS[cadence] * number))
        else:
            end = text_of(add_months(when(anchor), MONTHS[cadence] * number))
        cut = tightened(changes, cadence, start, min(end, window["to"]))
        end = cut or end
        count = sum(1 for time in times if start <= time < min(end, window["to"]))
        if count > 0:
            state = "met"
        elif since is None or start < since:
            state = "no-data"
        else:
            state = "not-due" if cut or end > min(window["to"], newest) else "missed"
        found.append({"from": start, "to": end, "count": count, "state": state})
        start = end
    return found


def draw(seed, control, population, size):
    """Section 5."""
    count, drawn, number = len(population), [], 0
    while len(drawn) < min(size, count):
        value = int.from_bytes(sha(seed + control.encode("ascii") + b"\x00" + number.to_bytes(4, "big"))[:8], "big")
        number += 1
        if value >= 2**64 - (2**64 % count):
            continue
        if value % count not in drawn:
            drawn.append(value % count)
    return [population[place] for place in drawn]


def earlier_draws(records, window):
    """Section 5: draws over windows that overlap this one, and what the first page is to say of them."""
    seen = []
    for one in records:
        record, data = one["record"], one["record"]["data"]
        if record["action"] != "tenant.report_generated" or record["outcome"] != S or data.get("kind") != "sample-draw":
            continue
        if data["from"] < window["to"] and data["to"] > window["from"]:
            seen.append((one["seq"], data["digest"]))
    starts = [seq for place, (seq, seed) in enumerate(seen) if place == 0 or seed != seen[place - 1][1]]
    return {"draws": len(starts), "records": [seq for seq, _ in seen[:15]], "more": max(0, len(seen) - 15)}


def warned_draws(warnings):
    lines = [line for line in warnings if line.startswith("Of this window, or of one that overlaps it, a sample was drawn ")]
    if not lines:
        return {"draws": 0, "records": [], "more": 0}
    times = re.search(r"drawn (once|(\d+) times) before", lines[0])
    more = re.search(r" and (\d+) more records?\. Ask", lines[0])
    return {
        "draws": int(times.group(2) or 1),
        "records": [int(seq) for seq in re.findall(r"record (\d+) \(", lines[0])],
        "more": int(more.group(1)) if more else 0,
    }


def main(report_path, chain_path):
    with open(report_path, "rb") as file:
        signed = json.loads(file.read())
    document = signed["document"]
    population, window, request = document["population"], document["window"], document["query"]["request"]
    differences, compared = [], 0

    def see(where, report, again):
        nonlocal compared
        compared += 1
        if report != again:
            differences.append({"where": where, "report": report, "recomputed": again})

    records = read_chain(chain_path)[: population["range"]["last"]]
    see("digest", signed["digest"], sha(canonical(document)).hex())
    see("parameters", document["query"]["digest"], sha(canonical(request)).hex())
    see("window", window, request["window"])
    prev = "0" * 64
    for one in records:
        see(f"link of record {one['seq']}", one["record"]["prev"], prev)
        prev = one["hash"].hex()
    see("head", population["head"], prev)
    see("as of", document["asOf"], {"seq": records[-1]["seq"], "time": records[-1]["time"]})
    checkpoint = population["checkpoint"]
    if checkpoint:
        import base64

        leaves = [one["bytes"] for one in records[: checkpoint["size"]]]
        see("checkpoint", checkpoint["root"], base64.b64encode(root(leaves)).decode("ascii"))

    put_in_order(records)
    count_reviews(records)
    actors = request.get("filter", {}).get("actors")
    by_actor = lambda one: actors is None or one["record"]["actor"]["id"] in actors
    counts, scope = {"before": 0, "after": 0, "action": 0, **({} if actors is None else {"filter": 0})}, []
    for one in records:
        if one["time"] < window["from"]:
            counts["before"] += 1
        elif one["time"] >= window["to"]:
            counts["after"] += 1
        elif one["record"]["action"] not in population["actions"]:
            counts["action"] += 1
        elif not by_actor(one):
            counts["filter"] += 1
        else:
            scope.append(one)
    see("records", population["records"], len(records))
    see("in scope", population["inScope"], len(scope))
    see("excluded", [e["count"] for e in population["excluded"]], list(counts.values()))
    hashes = lambda some: [one["hash"] for one in some]
    as_hex = lambda value: None if value is None else value.hex()
    see("root", population["root"], as_hex(root(hashes(scope))))
    see("record numbers", population["seqs"], ranges([one["seq"] for one in scope]))

    sample = document["sample"]
    seed = None
    if sample:
        seed = sha(bytes.fromhex(population["head"]) + request["sample"]["number"].encode("ascii"))
        see("seed", sample["seed"], seed.hex())
        see("earlier draws", warned_draws(document["warnings"]), earlier_draws(records, window))
    blocks = {block["id"]: block for block in document["blocks"]}
    tables = {row["id"]: row["cells"] for row in blocks["populations"]["rows"]}
    squares = {row["id"]: row["periods"] for row in blocks["calendar"]["rows"]}
    drawn = {one["control"]: one for one in (sample or {"drawn": []})["drawn"]}
    controls = {row["id"]: row["cells"] for row in blocks["controls"]["rows"]}
    columns = [column["id"] for column in blocks["controls"]["columns"]]
    for control, rule in RULES.items():
        if control not in tables:
            continue
        within = [one for one in records if window["from"] <= one["time"] < window["to"] and rule(one["record"], control)]
        own = [one for one in within if by_actor(one)]
        see(f"{control} population", tables[control][2], len(own))
        see(f"{control} root", tables[control][3], as_hex(root(hashes(own))))
        see(f"{control} record numbers", tables[control][5], in_cell([one["seq"] for one in own]))
        times = [counts_as_of(one, rule) for one in records if rule(one["record"], control)]
        found = periods(records, control, [time for time in times if time is not None], window)
        see(f"{control} periods", squares.get(control, []), found)
        if found:
            met = sum(1 for period in found if period["state"] == "met")
            missed = sum(1 for period in found if period["state"] == "missed")
            see(f"{control} expected", controls[control][columns.index("expected")], met + missed)
            see(f"{control} actual", controls[control][columns.index("actual")], met)
        if sample and own:
            cadence = cadence_at(control, cadence_changes(records, control), window["to"])
            size = request["sample"]["profile"]["sizes"][cadence]
            seqs = draw(seed, control, [one["seq"] for one in own], size)
            again = {"control": control, "population": len(own), "root": as_hex(root(hashes(own))), "asked": size, "seqs": seqs}
            see(f"{control} sample", drawn.get(control), again)
    print(json.dumps({"compared": compared, "differences": differences}))


main(sys.argv[1], sys.argv[2])
