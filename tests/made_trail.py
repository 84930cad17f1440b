"""Made rows of the audit trail in the estate's form: of every Service Provider, with every fault, some without a RequestID."""

import numpy as np

from tocsin.estate.block import EMPTY, Block
from tocsin.estate.chance import chance
from tocsin.estate.faults.kinds import ROW_FAULTS
from tocsin.estate.words import WORDS, number
from tocsin.vocabulary.instants import DAY_US, SECOND_US

USERS = np.array([0x90B3D51F30000000 + place for place in range(5)], np.uint64)
CODED = ("time_point", "message_class", "srv", "response_code", "device_result", "device_type", "region", "service_provider")
POINTS = ("RX_DSP", "TX_CSP", "TX_USER")
DCO_POINTS = ("RX_DSP", "RX_CSP", "TX_DEV")
YEAR_3000_AT = 32_503_680_000_000_000


def made_rows(day: int, requests: int = 600, faulty: float = 0.15, from_ms: int = 0, until_ms: int = 86_390_000) -> Block:
    """Three rows a request, stamped within so many milliseconds of a UTC day and 7 s after; the same for the same arguments."""
    random = chance(7, "made rows", day)
    request, step = np.repeat(np.arange(requests), 3), np.tile(np.arange(3), requests)
    count = len(request)

    def of_request(values: np.ndarray) -> np.ndarray:
        return values[request]

    provider = of_request(random.integers(1, len(WORDS["service_provider"]), requests))
    run = of_request(random.random(requests) < 0.3)
    in_dcc = of_request(random.random(requests) < 0.1) & ~run
    device = of_request(np.uint64(0x00DB123456000000) + random.integers(0, 1 << 24, requests).astype(np.uint64))
    user = of_request(random.integers(0, len(USERS), requests))
    started = of_request(random.integers(from_ms, until_ms, requests)) * 1000
    # What a request's rows tell alike, and what each tells for itself.
    coded = {name: of_request(random.integers(1, len(WORDS[name]), requests)).astype(np.int16) for name in CODED}
    coded["message_class"] = np.where(step == 0, number("message_class", "request"), number("message_class", "response")).astype(np.int16)
    for name in ("response_code", "device_result"):
        coded[name] = random.integers(0, len(WORDS[name]), count).astype(np.int16)
    is_dcos = provider == number("service_provider", "DCO")
    points = [np.array([number("time_point", word) for word in words], np.int16)[step] for words in (DCO_POINTS, POINTS)]
    return Block(
        {
            **coded,
            "request": request,
            "originator": USERS[user],
            "target": np.where(in_dcc, np.uint64(0x90B3D51F3FFFFFFF), device),
            "counter": np.where(request % 2 == 0, np.uint64(1 << 63), np.uint64(1000)) + request.astype(np.uint64),
            "has_request": ~run,
            "stamp": day * DAY_US + started + step * 3 * SECOND_US,
            "time_point": np.where(is_dcos, *points),
            "service_provider": provider.astype(np.int16),
            "command_variant": of_request(random.integers(0, 9, requests)).astype(np.int8),
            "user": np.where(of_request(random.random(requests)) < 0.1, -1, user).astype(np.int32),
            "device": np.where(in_dcc, np.uint64(0), device),
            "execution_us": np.where(random.random(count) < 0.2, YEAR_3000_AT, EMPTY),
            "scheduled_us": np.where(run, day * DAY_US + 3600 * SECOND_US, EMPTY),
            "schedule": np.where(run, 9_000_000_000 + request, 0),
            "instruction_no": np.where(run, 0, 1).astype(np.int8),
            "instruction_total": np.where(run, 0, 2).astype(np.int8),
            "fault": np.where(random.random(count) < faulty, random.integers(1, len(ROW_FAULTS), count), 0).astype(np.int8),
        }
    )
