"""Effects planted in the sample bank, so an analysis can be checked against the truth.

Here belong the size of each planted effect and the rate of each planted fault, nothing else.
docs/sample-bank.md explains them to users.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effects:
    """Sizes of the planted effects. A factor of 1 and an uplift of 0 mean: no effect."""

    training_complaint_factor: float = 0.55
    """Complaints about sales and contacts made after the confirmation training, against those made before."""
    training_second_sale_uplift: float = 0.10
    """Added to the probability that an opportunity of an already insured customer is won."""
    training_response_factor: float = 0.70
    """Hours until the first response to a contact."""
    training_step_factor: float = 0.65
    """Hours between the steps of a follow-up."""
    training_csat_uplift: float = 0.35
    """Added to the latent csat (1 to 5)."""
    training_lapse_factor: float = 0.65
    """Lapse hazard of the policies sold after the training."""
    training_appraisal_uplift: float = 4.0
    """Points added to supervisors' and teams' scores."""
    training_learning_points: float = 24.0
    """Points between the test before and the test after, in a module that is taught well."""
    weak_module_learning_points: float = 6.0
    """The same in clause_interpretation, which is lectured, not practised."""
    clause_complaint_factor: float = 1.8
    """Complaints about unit-linked and participating policies whose seller has not mastered clause_interpretation."""
    clause_surrender_factor: float = 1.8
    """Surrender hazard of the same policies."""
    e1_speed_factor: float = 0.60
    """Working time until resolution in the treatment arm of E1 (proactive follow-up)."""
    e1_unresolved_factor: float = 0.45
    """Share of needs that E1's treatment arm leaves unresolved, against the control arm."""
    e3_treatment_share: float = 0.62
    """Share of E3's needs that really land in treatment; 0.5 was planned."""

    @classmethod
    def none(cls) -> Effects:
        """A bank in which training changes nothing, no module is weak and no experiment works or is broken."""
        return cls(
            training_complaint_factor=1.0,
            training_second_sale_uplift=0.0,
            training_response_factor=1.0,
            training_step_factor=1.0,
            training_csat_uplift=0.0,
            training_lapse_factor=1.0,
            training_appraisal_uplift=0.0,
            training_learning_points=0.0,
            weak_module_learning_points=0.0,
            clause_complaint_factor=1.0,
            clause_surrender_factor=1.0,
            e1_speed_factor=1.0,
            e1_unresolved_factor=1.0,
            e3_treatment_share=0.5,
        )


@dataclass(frozen=True)
class FaultRates:
    """Shares of rows with faults typical of real bank data; all of them load, and quality checks report them."""

    orphan_customer: float = 0.001
    """Interactions, complaints and transactions whose customer is not in the customers table."""
    orphan_product: float = 0.002
    """Policies whose product is not on the shelf."""
    orphan_policy: float = 0.0005
    """Premiums whose policy is not in the policies table."""
    missing_branch: float = 0.004
    """Policies, complaints and needs without a branch."""
    missing_seller: float = 0.02
    """Policies without a seller."""
    missing_income: float = 0.04
    """Customers without an income."""
    unassessed: float = 0.04
    """Customers without a risk level."""
    contradictory_dates: float = 0.0005
    """Interactions that close before they open."""


FAULTS = FaultRates()
