"""Firmware tracking: the stages of a device's image, how each ends and what says so (CR1421, CR1440; domain.md 8.2)."""

# In order. F0 to F3 are the way of the image (CPM 6B), F4 to F6 its activation (CPM 6C).
FIRMWARE_STAGES = {
    "F0": "accepted by the DSP for the device",
    "F1": "sent to the CSP or S1SP",
    "F2": "delivered to the Communications Hub",
    "F3": "delivered over the HAN to the device",
    "F4": "activation requested",
    "F5": "activation answered",
    "F6": "version confirmed",
}

# How a stage ended. `refused`: the device was left out of the request it stood in (domain.md 8.1).
STAGE_RESULTS = ("ok", "failed", "refused")

# What the stamp of a stage rests on: an answer, an alert (SECMP0007), the Service Provider's own log, a change of the inventory.
EVIDENCE = ("response", "alert", "provider_log", "inventory")

# How the download of an image to a Communications Hub stands (CR1423).
DOWNLOAD_RESULTS = ("ok", "failed", "in_progress")
