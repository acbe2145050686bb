"""The hostile delivery: the same rows as badly as banks deliver them, and what a loader should report about it."""

from seeds.sample.delivery.hostile.deliver import HostileDelivery

__all__ = ["HostileDelivery"]
