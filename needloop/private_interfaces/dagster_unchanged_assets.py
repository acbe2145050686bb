"""The output of an asset that a step looked at and left as it was: later steps go on, nothing is reported as made.

Dagster skips a step when an output that it hangs on is missing, and reports each output of an asset as a
materialization. The one exception, an output that says it was observed elsewhere, is a private key of Dagster's;
the canary test breaks when it changes.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.definitions.source_asset import SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION


def unchanged(context: dg.AssetExecutionContext, asset: dg.AssetKey) -> dg.Output[None]:
    """Lets later steps go on without an event in the asset's history."""
    name = context.assets_def.get_output_name_for_asset_key(asset)
    return dg.Output(None, output_name=name, metadata={SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION: True})
