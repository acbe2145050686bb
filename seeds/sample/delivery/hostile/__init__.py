"""The hostile delivery: the same rows, delivered as badly as banks do, and what a loader should report."""

from seeds.sample.delivery.hostile.deliver import HostileDelivery

__all__ = ["HostileDelivery"]
