"""The bank's alerts.yml as objects: targets, routes, times, limits."""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from expectations.check import Severity
from needloop.settings import Settings

Language = Literal["zh", "en"]
Service = Literal["mail", "wecom", "dingtalk", "feishu", "slack", "webhook"]

SHIPPED = Path(__file__).with_name("alerts.yml")


class AlertsConfigurationError(Exception):
    """alerts.yml cannot be used; the message says what to fix and quotes no value of the file."""


def _clock(value: object) -> object:
    if isinstance(value, int) and 0 <= value < 24 * 60:
        return time(*divmod(value, 60))  # YAML reads an unquoted 20:00 as a number of base 60
    return datetime.strptime(value, "%H:%M").time() if isinstance(value, str) else value  # noqa: DTZ007 - no date


Clock = Annotated[time, BeforeValidator(_clock)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Target(_Strict):
    """A recipient of notifications."""

    service: Service
    address: str = Field(description="name of the environment variable that holds the address")
    language: Language | None = None
    gateway: str | None = Field(None, description="http(s) address of the bank's relay, instead of the service's own")

    @field_validator("address")
    @classmethod
    def _is_variable_name(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            raise ValueError("must be the name of an environment variable; keep the address itself out of this file")
        return value

    @field_validator("gateway")
    @classmethod
    def _is_base_url(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/@\s?#]+(/[^@\s?#]*)?", value):
            raise ValueError("must look like https://relay.bank.example, without credentials or query")
        return value.rstrip("/") if value else None


class Route(_Strict):
    """Which incidents go to which targets. None matches everything."""

    name: str
    severity: tuple[Severity, ...] | None = None
    system: tuple[str, ...] | None = None
    owner: tuple[str, ...] | None = None
    targets: tuple[str, ...] = Field(min_length=1)

    def matches(self, severity: Severity, system: str, owner: str) -> bool:
        """Whether such an incident matches; an owner matches by a part of the name, ignoring case."""
        return (
            (self.severity is None or severity in self.severity)
            and (self.system is None or system in self.system)
            and (self.owner is None or any(part.casefold() in owner.casefold() for part in self.owner))
        )


class DigestRoute(_Strict):
    """Which departments' digests go to which targets. None matches everything."""

    department: tuple[str, ...] | None = None
    targets: tuple[str, ...] = Field(min_length=1)


class Digest(_Strict):
    """The daily digest to the departments."""

    not_before: Clock = Field(time(8, 30), alias="from")
    complaints_go_to: str = "customer_service"
    routes: tuple[DigestRoute, ...] = ()


class Reminders(_Strict):
    """Hours after which a reminder of an open incident is sent."""

    blocking: float = Field(4, gt=0)
    warning: float = Field(72, gt=0)

    def hours(self, severity: Severity) -> float:
        """The hours for a severity."""
        return self.blocking if severity == "blocking" else self.warning


class QuietHours(_Strict):
    """When warnings are held back, in the bank's time zone."""

    start: Clock
    end: Clock
    workdays_only: bool = True


class RateLimit(_Strict):
    """The maximum number of messages to a target in a time window."""

    messages: int = Field(12, ge=1)
    minutes: float = Field(60, gt=0)


SECONDS_FOR_A_TRY = 15
"""Timeout of one delivery attempt."""


class Delivery(_Strict):
    """Retries of a delivery."""

    tries: int = Field(3, ge=1, le=10)
    seconds_between: float = Field(2, ge=0, le=30)
    give_up_after_hours: float = Field(24, gt=0)

    @property
    def seconds_at_most(self) -> float:
        """How long all attempts take when a target does not answer; it then gets no further message."""
        return self.tries * SECONDS_FOR_A_TRY + self.seconds_between * sum(range(self.tries))


class Limits(_Strict):
    """Limits of the installation, watched besides the data checks."""

    free_disk_gib: float = Field(5, ge=0)
    release_age_hours: float = Field(72, gt=0)


class AlertsConfiguration(_Strict):
    """All of alerts.yml."""

    language: Language = "zh"
    data_docs: str | None = None
    reminders: Reminders = Reminders()
    quiet_hours: QuietHours | None = None
    rate_limit: RateLimit = RateLimit()
    delivery: Delivery = Delivery()
    limits: Limits = Limits()
    targets: dict[str, Target] = {}
    routes: tuple[Route, ...] = ()
    digest: Digest = Digest()

    @model_validator(mode="after")
    def _targets_exist(self) -> Self:
        lists = [route.targets for route in self.routes] + [route.targets for route in self.digest.routes]
        if missing := sorted({target for targets in lists for target in targets} - set(self.targets)):
            raise ValueError(f"routes name targets that are not defined: {', '.join(missing)}")
        return self

    def language_of(self, target: str) -> Language:
        """The language of messages to the target."""
        return self.targets[target].language or self.language

    def targets_for(self, severity: Severity, system: str, owner: str) -> tuple[str, ...]:
        """The targets of all matching routes, without duplicates, in the order of the file."""
        matching = (route for route in self.routes if route.matches(severity, system, owner))
        return tuple(dict.fromkeys(target for route in matching for target in route.targets))

    def digest_targets(self, department: str) -> tuple[str, ...]:
        """The targets that get the department's digest."""
        matching = (r for r in self.digest.routes if r.department is None or department in r.department)
        return tuple(dict.fromkeys(target for route in matching for target in route.targets))


def load_configuration(settings: Settings) -> AlertsConfiguration:
    """Reads the file that the settings name, or the shipped one. Raises AlertsConfigurationError."""
    file = settings.alerts or SHIPPED
    try:
        return AlertsConfiguration.model_validate(yaml.safe_load(file.read_text("utf-8")) or {})
    except OSError as error:
        raise AlertsConfigurationError(
            f"{file} cannot be read ({error.strerror}). Name your file in NEEDLOOP_ALERTS, or unset it."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark is not None else ""
        raise AlertsConfigurationError(
            f"{file} is not valid YAML{line}. Fix it; docs/alerts.md shows the format."
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise AlertsConfigurationError(
            f"{file}: {place}: {first['msg'].removeprefix('Value error, ')}. Fix it; docs/alerts.md shows the format."
        ) from None
