"""The output of an asset that a step left unchanged: later steps run, but no materialization is reported.

Dagster skips a step when an output it depends on is missing, and reports each output of an asset as a materialization.
The one exception, an output marked as observed elsewhere, needs a private metadata key of Dagster's; the canary test
breaks when it changes.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.definitions.source_asset import SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION


def unchanged(context: dg.AssetExecutionContext, asset: dg.AssetKey) -> dg.Output[None]:
    """Let later steps run without an event in the asset's history."""
    name = context.assets_def.get_output_name_for_asset_key(asset)
    return dg.Output(None, output_name=name, metadata={SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION: True})
