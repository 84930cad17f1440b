"""Who tells of device firmware and how: the DSP, CSP North and four SMETS1 Service Providers (CR1421, CR1440)."""

from dataclasses import dataclass

from tocsin.estate.senders.table_file import TableLayout

STAMPS = ("observed_at", "execution_at")


@dataclass(frozen=True)
class FirmwareLayout:
    """A sender's layout; `stages` are those it can see, `name` its files, with {day}."""

    sender: str
    name: str
    stages: tuple[str, ...]
    table: TableLayout


LAYOUTS: tuple[FirmwareLayout, ...] = (
    FirmwareLayout(
        "DSP",
        "DSP_FIRMWARE_{day}.csv.gz",
        ("F0", "F1", "F2", "F3", "F4", "F5", "F6"),
        TableLayout(
            {
                "request": "request_id", "stage_request": "stage_request_id", "device": "device_id", "stage": "stage", "at": "observed_at",
                "result": "result", "srv": "srv", "response_code": "response_code", "alert": "alert_code", "evidence": "evidence",
                "image_version": "image_version", "version_found": "version_found", "execution": "execution_at", "type": "device_type",
                "model": "model", "cohort": "cohort", "hub": "comms_hub_id", "region": "region", "provider": "service_provider",
            },
            "csv.gz",
            stamps=STAMPS,
        ),
    ),
    FirmwareLayout(
        "CSPN",
        "ARQ-FWIMAGE-{day}.csv.gz",
        ("F2",),
        TableLayout(
            {"Image Request": "request_id", "Target GUID": "device_id", "CH GUID": "comms_hub_id", "Image": "image_version",
             "Date Time": "observed_at", "Outcome": "result"},
            "csv.gz",
            delimiter=";",
            stamps=STAMPS,
            stamp="%d/%m/%Y %H:%M:%S",
            values={"result": {"ok": "DELIVERED", "failed": "NOT DELIVERED"}},
        ),
    ),
    FirmwareLayout(
        "S1SP-SECURE",
        "secure_firmware_{day}.parquet",
        ("F2", "F3", "F5"),
        TableLayout(
            {"Request": "request_id", "Device": "device_id", "Step": "stage", "Time": "observed_at", "Success": "result",
             "Version": "image_version", "Model": "model"},
            "parquet",
            stamps=STAMPS,
            values={"stage": {"F2": "UPLOAD_HUB", "F3": "UPLOAD_DEVICE", "F5": "ACTIVATE"}, "result": {"ok": "Y", "failed": "N"}},
        ),
    ),
    FirmwareLayout(
        "S1SP-DXC",
        "dxc.firmware.{day}.tsv.gz",
        ("F2", "F3", "F5"),
        TableLayout(
            {"req": "request_id", "dev": "device_id", "ev": "stage", "ts": "observed_at", "rc": "result", "img": "image_version",
             "typ": "device_type"},
            "csv.gz",
            delimiter="\t",
            stamps=STAMPS,
            stamp="epoch_ms",
            values={"stage": {"F2": "110", "F3": "120", "F5": "130"}, "result": {"ok": "0", "failed": "1"}},
        ),
    ),
    # Knows no request of the DSP's: device and version are its key.
    FirmwareLayout(
        "S1SP-CGI",
        "CGI_S1SP_FW_{day}.psv.gz",
        ("F2", "F3", "F5"),
        TableLayout(
            {"GUID": "device_id", "PHASE": "stage", "STAMP": "observed_at", "OUTCOME": "result", "IMAGE": "image_version"},
            "csv.gz",
            delimiter="|",
            stamps=STAMPS,
            stamp="%Y-%m-%d %H:%M:%SZ",
            values={"stage": {"F2": "HUB", "F3": "HAN", "F5": "ACTIVATION"}},
        ),
    ),
    # Its devices give no alert of receipt over the HAN (CR1440: "if relevant and available").
    FirmwareLayout(
        "S1SP-TRILLIANT",
        "TRL-FIRMWARE-{day}.csv.gz",
        ("F2", "F5"),
        TableLayout(
            {"Reference": "request_id", "EUI": "device_id", "Milestone": "stage", "When": "observed_at", "Status": "result",
             "Firmware": "image_version"},
            "csv.gz",
            stamps=STAMPS,
            stamp="%d/%m/%Y %H:%M:%S",
            values={"stage": {"F2": "hub", "F5": "active"}, "result": {"ok": "done", "failed": "error"}},
        ),
    ),
)  # fmt: skip
