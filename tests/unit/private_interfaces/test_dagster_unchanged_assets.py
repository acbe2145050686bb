"""A canary for a private key of Dagster's: an output that lets later steps go on and reports nothing as made."""

from collections.abc import Iterator

import dagster as dg

from needloop.private_interfaces.dagster_unchanged_assets import unchanged


def test_what_is_unchanged_is_not_materialized_and_skips_nothing() -> None:
    @dg.multi_asset(specs=[dg.AssetSpec("made"), dg.AssetSpec("left")], can_subset=True)
    def step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.Output[None]]:
        yield dg.MaterializeResult(asset_key="made")
        yield unchanged(context, dg.AssetKey("left"))

    @dg.asset(deps=["made", "left"])
    def later() -> None: ...

    result = dg.materialize([step, later])
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert made == {dg.AssetKey("made"), dg.AssetKey("later")}
